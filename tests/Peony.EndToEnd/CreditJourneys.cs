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
        var statement = new Uri(walk.Page.Url).AbsolutePath;
        await walk.Page.Locator("#statement-lines a[href$='/purchases']").ClickAsync();
        await walk.ArriveAsync(statement + "/purchases");
        Assert.Equal(800.00m, Digits(await walk.Page.Locator("#behind-sum span[aria-hidden]").InnerTextAsync()));
        await walk.GoAsync(statement);
        await walk.ExpectAsync("#spending svg[aria-hidden=true] circle");
        Assert.Equal(800.00m, Digits(await walk.Page.Locator("#spending tfoot .amount span[aria-hidden]").InnerTextAsync()));
        var csv = await (await walk.Page.APIRequest.GetAsync(new Uri(walk.Page.Url).AbsolutePath + ".csv")).TextAsync();
        Assert.Contains(",800.00,CNY", csv, StringComparison.Ordinal);
        var paper = await walk.Page.APIRequest.GetAsync(new Uri(walk.Page.Url).AbsolutePath + ".pdf");
        Assert.Equal("application/pdf", paper.Headers["content-type"]);
        Assert.StartsWith("%PDF-", System.Text.Encoding.Latin1.GetString(await paper.BodyAsync()), StringComparison.Ordinal);
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

        // Automatic repayment runs on the due day and the bank does not pay: overdue, with its way out.
        await walk.GoAsync("/app/auto-repay");
        await walk.Form("set").Locator("[name=card]").Nth(1).CheckAsync();
        await walk.SendAsync("set", "done=saved", ("pin", Person.Pin));
        await walk.Sandbox.BankAsync(new { reject = "AM04" });
        await walk.Sandbox.AdvanceToDayAsync(11);
        await walk.Sandbox.BankAsync(new { });
        await walk.GoAsync("/app/credit");
        await walk.ExpectAsync("#bill .note.bad");

        // A month later it does, and nothing is overdue any more.
        await walk.Sandbox.AdvanceToDayAsync(2);
        await walk.Sandbox.AdvanceToDayAsync(11);
        await walk.GoAsync("/app/credit");
        Assert.Equal(0, await walk.Page.Locator("#bill .note.bad").CountAsync());
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

        // What is due when: the first instalment of the purchase on the statement, five statements with one or two instalments each to come, and the statement after.
        await walk.GoAsync("/app/dues");
        Assert.Equal(7, await walk.Page.Locator("#dues li").CountAsync());
        await walk.Page.Locator("#dues li a[href^='/app/instalments/plan_']").First.ClickAsync();
        await walk.ArriveAsync("/app/instalments/plan_");

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
    [InlineData("en")]
    public async Task Cash_is_taken_at_a_price_shown_first_a_refund_shortens_instalments_and_a_repayment_is_taken_back(string language)
    {
        await using var walk = await Walk.StartAsync(chromium, server, language);
        await walk.SignUpWithPasswordAsync();
        await walk.SettleInAsync();
        await OpenAsync(walk);
        await walk.GoAsync("/app/shop/instalments?shop=bookshop&amount=600");
        await walk.Page.Locator("#offers input[value='3']").CheckAsync();
        await walk.Form("buy").Locator("[name=agree]").CheckAsync();
        await walk.SendAsync("buy", "/app/instalments", ("pin", Person.Pin));

        // The refund is previewed, and the last instalment goes.
        await walk.GoAsync("/app/credit");
        await walk.Page.Locator("a.item[href^='/app/purchases/']").First.ClickAsync();
        await walk.ArriveAsync("/app/purchases/pur_");
        await walk.GoAsync(new Uri(walk.Page.Url).AbsolutePath + "/refund?amount=200");
        await walk.LookAsync("refund");
        await walk.Page.Locator("#choices input[value='Shorten']").CheckAsync();
        await walk.SendAsync("refund", "done=refunded");

        // Cash, with fee, interest and rate shown before the code is asked for.
        await walk.GoAsync("/app/withdraw?from=cash_advance");
        await walk.LookAsync("advance");
        await walk.Page.Locator("[name=amount]").FillAsync("150");
        await walk.Page.Locator("[name=for]").SelectOptionAsync("daily");
        await walk.Page.Locator("[name=to]").First.CheckAsync();
        await walk.Page.Locator("form[action='/app/withdraw/review'] button:not([type=button])").ClickAsync();
        await walk.ArriveAsync("/app/withdraw/review");
        await walk.ExpectAsync("#price");
        await walk.LookAsync("advance-review");
        await walk.SendAsync("ask", "/app/withdrawals/wd_", ("pin", Person.Pin));
        await walk.RedeemAsync(await walk.Sandbox.CodeAsync(walk.Person.Phone, 8));
        await walk.SeeStateAsync("Paid");

        // A repayment that the bank takes back.
        await walk.Sandbox.BankAsync(new { return_after = "PT10M" });
        await walk.GoAsync("/app/repay");
        await walk.Form("repay").Locator("[name=from]").First.CheckAsync();
        await walk.SendAsync("repay", "/app/repayments/", ("amount", "50"), ("pin", Person.Pin));
        await walk.SeeAsync("#repayment .disc.good");
        await walk.Sandbox.BankAsync(new { });
        await walk.Sandbox.AdvanceAsync("PT30M");
        await walk.SeeAsync("#repayment .disc.bad");
        await walk.LookAsync("taken-back");
    }

    [Theory]
    [InlineData("zh-CN", true)]
    [InlineData("en", false)]
    public async Task A_limit_that_two_operators_lower_is_told_with_its_reason_and_a_cap_of_ones_own_holds(string language, bool hasScript)
    {
        await using var walk = await Walk.StartAsync(chromium, server, language, hasScript);
        await walk.SignUpWithPasswordAsync();
        await walk.SettleInAsync();
        await BuyAsync(walk, "400");

        await using var first = await Walk.StartAsync(chromium, server, language, hasScript, width: 1280, height: 800);
        await first.GoAsync("/ops/sign-in");
        await first.SendAsync("demo", "/ops$");
        await first.GoAsync("/ops/customers?q=" + walk.Person.Phone);
        await first.ArriveAsync("/ops/customers/cus_");
        await first.Page.Locator("#line summary").ClickAsync();
        await first.Form("change").Locator("[name=kind]").SelectOptionAsync("Limit");
        await first.Form("change").Locator("[name=reason_code]").SelectOptionAsync("paid_late");
        await first.SendAsync("change", "done=change_prepared", ("limit", "300"), ("note", "e2e " + language));
        await first.ExpectAsync("#line .note.info");

        await using var second = await Walk.StartAsync(chromium, server, language, hasScript);
        await second.GoAsync("/ops/sign-in");
        await second.SendAsync("second-demo", "/ops$");
        await second.GoAsync("/ops/reviews");
        await second.Page.Locator("#line-changes a.item:has-text('e2e " + language + "')").ClickAsync();
        await second.ArriveAsync("/ops/customers/cus_");
        await second.LookAsync("line-change-" + language);
        await second.Page.Locator("#line button[value=approve]").ClickAsync();
        await second.ArriveAsync("done=decided");

        // More is owed than the limit: said on the line's page, with the reason in its history.
        await walk.GoAsync("/app/credit");
        await walk.ExpectAsync(".note.warn");
        await walk.ExpectAsync("#limit-history li:nth-child(2)");
        await walk.LookAsync("limit-lowered-" + language);
        await walk.GoAsync("/app/credit/close");
        await walk.ExpectAsync("a.item[href='/app/repay']");

        // A cap is set at once; to raise it the PIN is asked for.
        await walk.GoAsync("/app/credit/cap");
        await walk.SendAsync("set", "done=cap_set", ("most", "500"));
        await walk.Form("set").Locator("[name=most]").FillAsync("900");
        await walk.PressAsync("set");
        await walk.ExpectAsync("#problem[data-code='credit.cap_needs_pin']");
        await walk.SendAsync("set", "done=cap_set", ("most", "900"), ("pin", Person.Pin));
        await walk.LookAsync("cap-" + language);

        // What operators read adds up.
        foreach (var report in (string[])["trial", "ageing", "income"])
        {
            await first.GoAsync("/ops/reports?report=" + report);
            await first.ExpectAsync("#tie-outs .badge.good");
            Assert.Equal(0, await first.Page.Locator("#tie-outs .badge.bad").CountAsync());
            Assert.Contains(",reported,ledger,difference,currency", await (await first.Page.APIRequest.GetAsync($"/ops/reports/{report}.csv")).TextAsync(), StringComparison.Ordinal);
            await first.LookAsync("report-" + report);
        }

        await first.GoAsync("/ops/watch");
        await first.ExpectAsync("#day-close");
    }

    [Fact]
    public async Task A_customer_confirms_a_mail_address_and_the_statement_comes_by_mail_and_not_by_sms()
    {
        const string Address = "journey@peony.example";
        await using var walk = await Walk.StartAsync(chromium, server, "en");
        await walk.SignUpWithPasswordAsync();
        await walk.SettleInAsync();
        await walk.GoAsync("/app/me/email");
        await walk.SendAsync("order", "/app/me/email", ("email", Address));
        await walk.ExpectAsync("#waiting");
        await walk.SendAsync("confirm", "/app/me/notices", ("code", await walk.Sandbox.MailCodeAsync(Address)));
        Assert.True(await walk.Page.Locator("[name='sms.security']").IsDisabledAsync());
        await walk.Page.Locator("[name='sms.bill_ready']").UncheckAsync();
        await walk.SendAsync("choose", "done=saved");
        Assert.False(await walk.Page.Locator("[name='sms.bill_ready']").IsCheckedAsync());

        await walk.Sandbox.AdvanceToDayAsync(5);
        await BuyAsync(walk, "200");
        await walk.Sandbox.AdvanceToDayAsync(2);
        Assert.Equal(1, await walk.Sandbox.MailsAsync(Address, "Statement ready"));
        await walk.GoAsync("/sandbox/mail");
        await walk.ExpectAsync("#mail article");
        await walk.GoAsync("/sandbox/sms");
        Assert.DoesNotContain("Your statement asks for ¥200.00", await walk.Page.Locator("#sms").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zh-CN")]
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

    private static async Task OpenAsync(Walk walk)
    {
        await walk.GoAsync("/app/credit");
        await walk.Form("open").Locator("[name=accept]").CheckAsync();
        await walk.SendAsync("open", "/app/credit\\?");
    }

    private static async Task BuyAsync(Walk walk, string amount)
    {
        await OpenAsync(walk);
        await walk.GoAsync("/app/shop");
        await walk.Form("buy").Locator("[name=shop]").First.CheckAsync();
        await walk.SendAsync("buy", "done=bought", ("amount", amount), ("pin", Person.Pin));
    }

    private static decimal Digits(string text) => decimal.Parse(string.Concat(text.Where(one => char.IsAsciiDigit(one) || one == '.')), CultureInfo.InvariantCulture);
}
