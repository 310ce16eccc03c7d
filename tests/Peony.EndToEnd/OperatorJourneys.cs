namespace Peony.EndToEnd;

/// <summary>What the operator's console does while customers move money.</summary>
public sealed class OperatorJourneys(Chromium chromium, SqliteServer server)
{
    [Theory]
    [InlineData("zh-CN", "approve", "Paid")]
    [InlineData("en", "decline", "Declined")]
    public async Task A_withdrawal_held_for_review_waits_for_an_operator_who_gives_a_reason(string language, string verdict, string ends)
    {
        await using var walk = await Walk.StartAsync(chromium, server, language);
        await walk.SignUpWithPasswordAsync();
        await walk.SettleInAsync();
        await walk.OverpayAsync("950");
        await walk.RedeemAsync(await walk.AskAsync("900"));
        await walk.SeeStateAsync("InReview");
        var id = new Uri(walk.Page.Url).Segments[^1];

        await using var console = await Walk.StartAsync(chromium, server, language, width: 1280, height: 800);
        await console.GoAsync("/ops/sign-in");
        await console.SendAsync("demo", "/ops$");
        await console.GoAsync("/ops/reviews");
        var review = console.Page.Locator($"form:has(input[value={id}])");
        await review.Locator("[name=words]").FillAsync("e2e");
        await review.Locator($"button[value={verdict}]").ClickAsync();
        await console.ArriveAsync("done=decided");
        await console.GoAsync("/ops/withdrawals/" + id);

        // The customer's page is told; nobody reloads it.
        await walk.SeeStateAsync(ends);
        await walk.LookAsync("after-review-" + verdict);
    }

    [Fact]
    public async Task An_operator_sees_what_went_to_the_bank_and_what_came_back()
    {
        await using var walk = await Walk.StartAsync(chromium, server, "en");
        await walk.SignUpWithPasswordAsync();
        await walk.SettleInAsync();
        await walk.OverpayAsync("700");
        await walk.RedeemAsync(await walk.AskAsync("100"));
        await walk.SeeStateAsync("Paid");
        var id = new Uri(walk.Page.Url).Segments[^1];

        await using var console = await Walk.StartAsync(chromium, server, "zh-CN", width: 1280, height: 800);
        await console.GoAsync("/ops/sign-in");
        await console.SendAsync("demo", "/ops$");
        await console.GoAsync("/ops/payouts");
        await console.GoAsync("/ops/withdrawals/" + id);
        await console.Page.Locator("a[href^='/ops/payouts/']").ClickAsync();
        await console.ArriveAsync("/ops/payouts/po_");
        await console.SendAsync("open", "/ops/payouts/po_", ("reason", "case 4712"));
        await console.ExpectAsync("pre:has-text('pain.001.001.09')");
        await console.ExpectAsync("pre:has-text('ACSC')");
        await console.GoAsync("/ops/audit");
        await console.ExpectAsync("text=case 4712");
    }

    [Theory]
    [InlineData("zh-CN", true)]
    [InlineData("en", false)]
    public async Task Two_operators_fill_the_fund_and_a_list_is_checked_before_it_is_paid(string language, bool hasScript)
    {
        await using var first = await Walk.StartAsync(chromium, server, language, hasScript, width: 1280, height: 800);
        await first.GoAsync("/ops/sign-in");
        await first.SendAsync("demo", "/ops$");
        await first.GoAsync("/ops/disbursements");
        await first.SendAsync("fund", "done=prepared", ("amount", "25.00"), ("note", "e2e " + language));

        await using var second = await Walk.StartAsync(chromium, server, language, hasScript);
        await second.GoAsync("/ops/sign-in");
        await second.SendAsync("second-demo", "/ops$");
        await second.GoAsync("/ops/disbursements");
        var funding = second.Page.Locator("article:has-text('e2e " + language + "')");
        await funding.Locator("button[value=approve]").ClickAsync();
        await second.ArriveAsync("done=decided");

        // Lin has a wallet, Chen has none yet, and the third number is nobody's.
        await first.GoAsync("/ops/disbursements");
        await first.Form("review").Locator("[name=purpose]").FillAsync("e2e " + language);
        await first.Form("review").Locator("[name=lines]").FillAsync("13800138000,1.00\n13900139000,1.00\n13812345678,1.00");
        await first.PressAsync("review");
        await first.ExpectAsync("#draft >> text=13812345678");
        await first.LookAsync("disbursement-draft");
        await first.SendAsync("pay", "/ops/disbursements/dis_");
        await first.ExpectAsync("#refused td");
        await first.Page.Locator("a[href^='/ops/ledger?entry=']").ClickAsync();
        await first.ArriveAsync("/ops/ledger");

        await using var lin = await Walk.StartAsync(chromium, server, language);
        await lin.GoAsync("/");
        await lin.SendAsync("lin", "done=lin");
        await lin.GoAsync("/app/ledger/wallet");
        await lin.ExpectAsync("text=e2e " + language);
    }

    [Fact]
    public async Task A_look_at_personal_data_is_recorded_before_it_is_shown()
    {
        await using var console = await Walk.StartAsync(chromium, server, "en", width: 1280, height: 800);
        await console.GoAsync("/ops/sign-in");
        await console.SendAsync("demo", "/ops$");
        await console.GoAsync("/ops/customers?q=13800138000");
        await console.ArriveAsync("/ops/customers/cus_");
        await console.Page.Locator("summary").First.ClickAsync();
        await console.SendAsync("open", "/ops/customers/cus_", ("reason", "case 4711"));
        await console.ExpectAsync("text=+8613800138000");
        await console.GoAsync("/ops/audit");
        await console.ExpectAsync("text=case 4711");
    }
}
