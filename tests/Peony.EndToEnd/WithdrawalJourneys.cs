using Peony.Testing;

namespace Peony.EndToEnd;

/// <summary>Withdrawals with a code, from the first visit on, as a person with a phone lives through them.</summary>
public sealed class WithdrawalJourneys(Chromium chromium, SqliteServer server, PostgresCluster cluster)
{
    public static TheoryData<string> Languages => ["zh-CN", "en"];

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Who_signed_up_with_a_passkey_overpays_and_withdraws_it_with_the_code_from_the_phone(string language)
    {
        await using var walk = await Walk.StartAsync(chromium, server, language);
        await WithdrawOnceAsync(walk);
        await SignOutAndInAsync(walk);
    }

    [Fact]
    public async Task The_same_on_PostgreSQL()
    {
        await using var postgres = await PostgresServer.StartAsync(cluster);
        await using var walk = await Walk.StartAsync(chromium, postgres, "en");
        await WithdrawOnceAsync(walk);
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Three_wrong_codes_are_told_apart_from_the_right_one_and_change_nothing(string language)
    {
        await using var walk = await ReadyAsync(language);
        var code = await walk.AskAsync("300");
        foreach (var wrong in WrongCodes(code).Take(3))
        {
            await walk.RedeemAsync(wrong);
            await walk.ExpectAsync("#problem[data-code='withdrawal.code_wrong']");
            await walk.LookAsync("wrong-code");
            await walk.SeeStateAsync("AwaitingCode");
        }

        await walk.RedeemAsync(code);
        await walk.SeeStateAsync("Paid");
        Assert.Equal("¥500.00", await walk.CreditBalanceAsync());
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_code_that_ran_out_frees_the_money_and_one_tap_asks_again(string language)
    {
        await using var walk = await ReadyAsync(language);
        var first = await walk.AskAsync("300");
        await walk.Sandbox.AdvanceAsync("PT6M");
        await walk.SeeStateAsync("Expired");
        await walk.LookAsync("expired");
        await walk.Page.Locator("#withdrawal a.button").ClickAsync();
        await walk.ArriveAsync("/app/withdraw/review");
        await walk.SendAsync("ask", "/app/withdrawals/wd_", ("pin", Person.Pin));
        await walk.RedeemAsync(await walk.Sandbox.CodeAsync(walk.Person.Phone, 8, first));
        await walk.SeeStateAsync("Paid");
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_cancelled_withdrawal_gives_everything_back(string language)
    {
        await using var walk = await ReadyAsync(language);
        await walk.AskAsync("300");
        await walk.SendAsync("cancel", "done=cancelled");
        await walk.SeeStateAsync("Cancelled");
        Assert.Equal("¥800.00", await walk.CreditBalanceAsync());
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Money_that_the_bank_returns_is_back_on_the_balance_and_the_owner_is_told(string language)
    {
        await using var walk = await ReadyAsync(language);
        var code = await walk.AskAsync("300");
        await walk.Sandbox.BankAsync(new { return_after = "PT10M" });
        await walk.RedeemAsync(code);
        await walk.SeeStateAsync("Paid");
        await walk.Sandbox.BankAsync(new { });
        await walk.Sandbox.AdvanceAsync("PT30M");
        await walk.SeeStateAsync("Returned");
        await walk.LookAsync("returned");
        Assert.Equal("¥800.00", await walk.CreditBalanceAsync());
        await walk.GoAsync("/app/inbox");
    }

    [Fact]
    public async Task Forty_days_later_the_browser_is_still_signed_in_and_the_open_payout_arrives()
    {
        await using var walk = await ReadyAsync("zh-CN");
        var code = await walk.AskAsync("300");
        await walk.Sandbox.BankAsync(new { settle_after = "P41D" });
        await walk.RedeemAsync(code);
        await walk.SeeStateAsync("Ordered");
        await walk.Sandbox.BankAsync(new { });
        await walk.Sandbox.AdvanceAsync("P40D");
        await walk.GoAsync(new Uri(walk.Page.Url).AbsolutePath);
        await walk.SeeStateAsync("Ordered");
        await walk.Sandbox.AdvanceAsync("P2D");
        await walk.SeeStateAsync("Paid");
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Everything_works_without_script_by_password_and_PIN(string language)
    {
        await using var walk = await Walk.StartAsync(chromium, server, language, hasScript: false);
        await walk.SignUpWithPasswordAsync();
        await walk.SettleInAsync();
        await walk.OverpayAsync("800");
        await walk.RedeemAsync(await walk.AskAsync("300"));
        await walk.SeeStateAsync("Paid");
        await walk.GoAsync("/app/security");
        await walk.SendAsync("freeze", "done=freeze");
        await walk.SendAsync("unfreeze", "done=unfreeze", ("password", Person.Password), ("pin", Person.Pin));
        await walk.GoAsync("/app/me");
        await walk.SendAsync("sign-out", "/app$");
        await walk.GoAsync("/app/sign-in");
        await walk.SendAsync("password", "/app/home", ("phone", walk.Person.Phone), ("password", Person.Password));
    }

    [Fact]
    public async Task A_double_press_and_the_back_button_pay_once()
    {
        await using var walk = await ReadyAsync("en");
        var code = await walk.AskAsync("300");
        var address = walk.Page.Url;
        await walk.RedeemAsync(code);
        await walk.SeeStateAsync("Paid");
        await walk.Page.GoBackAsync();
        await walk.Page.GotoAsync(address);
        await walk.SeeStateAsync("Paid");
        Assert.Equal(0, await walk.Form("redeem").CountAsync());
        Assert.Equal("¥500.00", await walk.CreditBalanceAsync());
    }

    /// <summary>A customer with a card and 800.00 of credit balance.</summary>
    private async Task<Walk> ReadyAsync(string language)
    {
        var walk = await Walk.StartAsync(chromium, server, language);
        await walk.SignUpWithPasswordAsync();
        await walk.SettleInAsync();
        await walk.OverpayAsync("800");
        return walk;
    }

    private static async Task WithdrawOnceAsync(Walk walk)
    {
        await walk.SignUpWithPasskeyAsync();
        await walk.SettleInAsync();
        await walk.OverpayAsync("800");
        await walk.RedeemAsync(await walk.AskAsync("300"));
        await walk.SeeStateAsync("Paid");
        await walk.LookAsync("paid");
        Assert.Equal("¥500.00", await walk.CreditBalanceAsync());
        await walk.GoAsync("/app/withdrawals");
        await walk.GoAsync("/app/inbox");
    }

    /// <summary>The passkey may sign in by itself as soon as the page offers it.</summary>
    private static async Task SignOutAndInAsync(Walk walk)
    {
        await walk.GoAsync("/app/me");
        await walk.SendAsync("sign-out", "/app$");
        await walk.Page.GotoAsync("/app/sign-in");
        await walk.ArriveAsync("/app/home");
    }

    private static IEnumerable<string> WrongCodes(string code) => new[] { "00000000", "11111111", "22222222", "33333333" }.Where(wrong => wrong != code);
}
