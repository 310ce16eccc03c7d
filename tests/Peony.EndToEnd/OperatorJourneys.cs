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

    [Fact]
    public async Task A_look_at_personal_data_is_recorded_before_it_is_shown()
    {
        await using var console = await Walk.StartAsync(chromium, server, "en", width: 1280, height: 800);
        await console.GoAsync("/ops/sign-in");
        await console.SendAsync("demo", "/ops$");
        await console.GoAsync("/ops/customers?q=13800138000");
        await console.ArriveAsync("/ops/customers/cus_");
        await console.Page.Locator("summary").ClickAsync();
        await console.SendAsync("open", "/ops/customers/cus_", ("reason", "case 4711"));
        await console.ExpectAsync("text=+8613800138000");
        await console.GoAsync("/ops/audit");
        await console.ExpectAsync("text=case 4711");
    }
}
