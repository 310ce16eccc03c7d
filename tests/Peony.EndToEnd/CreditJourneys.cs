using System.Globalization;

namespace Peony.EndToEnd;

/// <summary>Months on the credit line, as the sandbox's clock lets them pass.</summary>
public sealed class CreditJourneys(Chromium chromium, SqliteServer server)
{
    public static TheoryData<string> Languages => ["zh-CN", "en"];

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task What_paying_less_would_cost_is_what_the_next_statement_charges(string language)
    {
        await using var walk = await Walk.StartAsync(chromium, server, language);
        await walk.SignUpWithPasswordAsync();
        await walk.SettleInAsync();
        await walk.Sandbox.AdvanceToDayAsync(5);
        await BuyAsync(walk, "800");

        // The statement comes.
        await walk.Sandbox.AdvanceToDayAsync(2);
        await walk.GoAsync("/app/statements");
        await walk.Page.Locator("a.item[href^='/app/statements/']").First.ClickAsync();
        await walk.ArriveAsync("/app/statements/st_");
        await walk.ExpectAsync("#statement-lines");
        var csv = await (await walk.Page.APIRequest.GetAsync(new Uri(walk.Page.Url).AbsolutePath + ".csv")).TextAsync();
        Assert.Contains(",800.00,CNY", csv, StringComparison.Ordinal);
        Assert.Contains("BEGIN:VEVENT", await (await walk.Page.APIRequest.GetAsync("/app/bill.ics")).TextAsync(), StringComparison.Ordinal);

        // Only the minimum is paid, after a look at what that costs.
        await walk.GoAsync("/app/repay");
        var costs = walk.Page.Locator("#repay-costs li");
        await walk.ExpectAsync("#repay-costs li:nth-child(1) .good");
        var minimum = Digits(await costs.Nth(1).Locator("a").InnerTextAsync());
        var told = Digits((await costs.Nth(1).Locator(".warn").InnerTextAsync()).Split('¥')[1].Split(' ')[0]);
        Assert.Equal(80.00m, minimum);
        await walk.Form("repay").Locator("[name=from]").First.CheckAsync();
        await walk.SendAsync("repay", "/app/repayments/", ("amount", minimum.ToString("0.00", CultureInfo.InvariantCulture)), ("pin", Person.Pin));
        await walk.SeeAsync("#repayment .disc.good");

        // The next statement charges it to the cent.
        await walk.Sandbox.AdvanceToDayAsync(2);
        await walk.GoAsync("/app/ledger/credit-interest");
        Assert.Equal(told, Digits(await walk.Page.Locator("section.card .amount span[aria-hidden]").First.InnerTextAsync()));

        // Nothing more is paid: overdue, with its way out.
        await walk.Sandbox.AdvanceToDayAsync(11);
        await walk.GoAsync("/app/credit");
        await walk.ExpectAsync("#bill .note.bad");
    }

    [Fact]
    public async Task A_purchase_and_a_statement_are_paid_in_instalments_and_one_of_them_is_paid_off()
    {
        await using var walk = await Walk.StartAsync(chromium, server, "zh-CN", width: 1280, height: 800);
        await walk.SignUpWithPasswordAsync();
        await walk.SettleInAsync();
        await walk.Sandbox.AdvanceToDayAsync(5);
        await BuyAsync(walk, "400");
        await walk.GoAsync("/app/shop/instalments?shop=bookshop&amount=600");
        await walk.Page.Locator("#offers input[value='3']").CheckAsync();
        await walk.Form("buy").Locator("[name=agree]").CheckAsync();
        await walk.SendAsync("buy", "/app/instalments", ("pin", Person.Pin));

        await walk.Sandbox.AdvanceToDayAsync(2);
        await walk.GoAsync("/app/instalments?amount=400");
        await walk.Page.Locator("#offers input[value='6']").CheckAsync();
        await walk.SendAsync("turn", "/app/instalments/plan_", ("pin", Person.Pin));

        await walk.GoAsync("/app/top-up");
        await walk.SendAsync("top-up", "/app/top-ups/", ("amount", "1000"), ("pin", Person.Pin));
        await walk.SeeAsync(".disc.good");
        await walk.GoAsync("/app/instalments");
        await walk.Page.Locator("a.item[href^='/app/instalments/pur_']").ClickAsync();
        await walk.ArriveAsync("/app/instalments/pur_");
        await walk.SendAsync("payoff", "/app/repayments/", ("pin", Person.Pin));
        await walk.SeeAsync("#repayment .disc.good");
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Who_cannot_pay_asks_for_more_time_and_two_operators_move_the_due_day(string language)
    {
        await using var walk = await Walk.StartAsync(chromium, server, language);
        await walk.SignUpWithPasswordAsync();
        await walk.SettleInAsync();
        await walk.Sandbox.AdvanceToDayAsync(5);
        await BuyAsync(walk, "800");
        await walk.GoAsync("/app/hardship");

        // The statement came, and its due day was missed yesterday.
        await walk.Sandbox.AdvanceToDayAsync(2);
        await walk.Sandbox.AdvanceToDayAsync(11);
        await walk.GoAsync("/app/credit");
        await walk.ExpectAsync("#bill .note.bad");
        await walk.Page.Locator("#bill a[href='/app/hardship']").ClickAsync();
        await walk.ArriveAsync("/app/hardship");
        await walk.Page.Locator("#plan select").SelectOptionAsync("6");
        await walk.Page.Locator("#plan button").ClickAsync();
        await walk.ArriveAsync("kind=plan");
        await walk.ExpectAsync("#preview dl > div:nth-child(6)");
        await walk.Page.Locator("#extension select").SelectOptionAsync("10");
        await walk.Page.Locator("#extension button").ClickAsync();
        await walk.ArriveAsync("kind=extension");
        await walk.LookAsync("hardship-preview");
        await walk.Form("ask").Locator("[name=reason]").SelectOptionAsync("illness");
        await walk.SendAsync("ask", "done=asked");
        await walk.ExpectAsync("#waiting");
        await walk.LookAsync("hardship-waiting");

        // While it waits nobody may contact the customer; one operator prepares, another one approves.
        await using var first = await Walk.StartAsync(chromium, server, language, width: 1280, height: 800);
        await first.GoAsync("/ops/sign-in");
        await first.SendAsync("demo", "/ops$");
        await first.GoAsync("/ops/hardship");
        var file = first.Page.Locator("section.panel[id^=hs_]").Last;
        var id = await file.GetAttributeAsync("id");
        await file.Locator("[name=words]").FillAsync("e2e " + language);
        await file.Locator("button.button").ClickAsync();
        await first.ArriveAsync("done=prepared");
        Assert.Equal(0, await first.Page.Locator($"#{id} button[value=approve]").CountAsync());
        await first.Page.Locator($"#{id} a[href^='/ops/customers/']").ClickAsync();
        await first.ArriveAsync("/ops/customers/cus_");
        var customer = new Uri(first.Page.Url).AbsolutePath;
        await first.ExpectAsync("#contacts");
        Assert.Equal(0, await first.Form("contact").CountAsync());
        await first.LookAsync("customer-spared");

        await using var second = await Walk.StartAsync(chromium, server, language);
        await second.GoAsync("/ops/sign-in");
        await second.SendAsync("second-demo", "/ops$");
        await second.GoAsync("/ops/hardship");
        await second.Page.Locator($"#{id} button[value=approve]").ClickAsync();
        await second.ArriveAsync("done=decided");
        await second.ExpectAsync("#ended");
        await second.LookAsync("hardship-ended");

        // The customer sees the new due day, and nothing is overdue any more.
        await walk.GoAsync("/app/hardship");
        await walk.ExpectAsync("#requests article[data-state=Granted]");
        await walk.ExpectAsync("text=e2e " + language);
        await walk.GoAsync("/app/credit");
        Assert.Equal(0, await walk.Page.Locator("#bill .note.bad").CountAsync());

        // It passes as well, and then the customer is contacted, and sees by whom.
        await walk.Sandbox.AdvanceToDayAsync(21);
        await walk.Sandbox.AdvanceAsync("PT10H");
        await first.GoAsync(customer);
        await first.Form("contact").Locator("select").SelectOptionAsync("Sms/sent");
        await first.SendAsync("contact", "done=contacted");
        await first.ExpectAsync("#contacts .item");
        await walk.GoAsync("/app/credit/contacts");
        await walk.ExpectAsync("#contacts .item:has-text('demo')");
    }

    private static async Task BuyAsync(Walk walk, string amount)
    {
        await walk.GoAsync("/app/credit");
        await walk.Form("open").Locator("[name=accept]").CheckAsync();
        await walk.SendAsync("open", "/app/credit\\?");
        await walk.GoAsync("/app/shop");
        await walk.Form("buy").Locator("[name=shop]").First.CheckAsync();
        await walk.SendAsync("buy", "done=bought", ("amount", amount), ("pin", Person.Pin));
    }

    private static decimal Digits(string text) => decimal.Parse(string.Concat(text.Where(one => char.IsAsciiDigit(one) || one == '.')), CultureInfo.InvariantCulture);
}
