using System.Globalization;
using Microsoft.Playwright;

namespace Peony.EndToEnd;

/// <summary>The demo shop's owner at the till, and the people who buy there.</summary>
public sealed class MerchantJourneys(Chromium chromium, SqliteServer server)
{
    private const string Owner = "13900139000";

    public static TheoryData<string> Languages => ["zh-CN", "en"];

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_till_shows_a_code_the_buyer_pays_it_and_both_see_it_paid(string language)
    {
        await using var till = await Walk.StartAsync(chromium, server, language, width: 1280, height: 800);
        var shop = await OpenShopAsync(till);
        await using var buyer = await BuyerAsync(language);

        await till.GoAsync(shop + "/cashier");
        await TapAsync(till, "28.5");
        await till.SendAsync("show", shop + "/cashier/trd_");
        await till.ExpectAsync("#till[data-state=Prepared] svg.qr");
        var address = await till.ScanAsync("#till svg.qr");

        await buyer.GoAsync(new Uri(address).AbsolutePath);
        await buyer.SendAsync("pay", "/app/pay/trd_", ("pin", Person.Pin));
        await buyer.SeeAsync("#trade[data-state=Paid]");
        await till.SeeAsync("#till[data-state=Paid] #paid");
        await till.LookAsync("cashier-paid");

        // Nothing is left to pay for whoever opens the code a second time.
        await buyer.GoAsync(new Uri(address).AbsolutePath);
        Assert.Equal(0, await buyer.Form("pay").CountAsync());
        await buyer.GoAsync("/app/pay-code");
        await buyer.ExpectAsync($"#payments a[href='{new Uri(address).AbsolutePath}']");
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_pay_code_pays_once_and_a_large_amount_asks_the_phone(string language)
    {
        await using var till = await Walk.StartAsync(chromium, server, language);
        var shop = await OpenShopAsync(till);
        await using var buyer = await BuyerAsync(language);
        await buyer.GoAsync("/app/pay-code");
        await buyer.SendAsync("enable", "/app/pay-code", ("pin", Person.Pin));
        await buyer.ExpectAsync("#pay-code svg.qr");
        var code = await buyer.ScanAsync("#pay-code svg.qr");

        await ScanAsync(till, shop, "12.00", code);
        await till.ExpectAsync("#till[data-state=Paid]");
        await ScanAsync(till, shop, "12.00", code, expects: "trade.pay_code_invalid");

        await buyer.GoAsync("/app/pay-code");
        var next = string.Concat((await buyer.Page.Locator("#pay-code code").InnerTextAsync()).Where(char.IsAsciiDigit));
        Assert.NotEqual(code, next);
        await ScanAsync(till, shop, "1200.00", next);
        await till.ExpectAsync("#till[data-state=Waiting]");
        await buyer.SeeAsync("#payments a[href^='/app/pay/trd_'] .disc.warn");
        await buyer.Page.Locator("#payments a[href^='/app/pay/trd_']:has(.disc.warn)").ClickAsync();
        await buyer.ArriveAsync("/app/pay/trd_");
        await buyer.SendAsync("pay", "/app/pay/trd_", ("pin", Person.Pin));
        await till.SeeAsync("#till[data-state=Paid]");
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_phone_without_a_network_pays_with_a_code_of_its_own_once_and_for_a_minute(string language)
    {
        await using var till = await Walk.StartAsync(chromium, server, language);
        var shop = await OpenShopAsync(till);
        await using var buyer = await BuyerAsync(language);
        await buyer.GoAsync("/app/pay-code");
        await buyer.SendAsync("enable", "/app/pay-code", ("pin", Person.Pin));
        await buyer.ExpectAsync("#pay-code svg.qr");
        Assert.Equal(0, await buyer.Page.Locator("#pay-key").CountAsync());

        await buyer.Page.Context.SetOfflineAsync(true);
        await buyer.ExpectAsync("#pay-code svg.barcode");
        await buyer.ExpectAsync("#pay-code [data-offline]");
        var code = await buyer.ScanAsync("#pay-code svg.barcode");
        Assert.Equal(code, string.Concat((await buyer.Page.Locator("#pay-code code").InnerTextAsync()).Where(char.IsAsciiDigit)));
        await ScanAsync(till, shop, "18.00", code);
        await till.ExpectAsync("#till[data-state=Paid]");
        await ScanAsync(till, shop, "18.00", code, expects: "trade.pay_code_invalid");

        // It makes another one by and by; a minute later by the Book's clock that is old.
        await Assertions.Expect(buyer.Page.Locator("#pay-code code")).Not.ToHaveTextAsync(string.Join(' ', code.Chunk(4).Select(four => new string(four))), new LocatorAssertionsToHaveTextOptions { Timeout = 40_000 });
        var next = await buyer.ScanAsync("#pay-code svg.barcode");
        await till.Sandbox.AdvanceAsync("PT2M");
        await ScanAsync(till, shop, "18.00", next, expects: "trade.pay_code_invalid");
        await buyer.Page.Context.SetOfflineAsync(false);
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_payment_in_instalments_is_refunded_in_part_and_the_plan_shrinks(string language)
    {
        await using var till = await Walk.StartAsync(chromium, server, language);
        var shop = await OpenShopAsync(till);
        await using var buyer = await BuyerAsync(language);
        await till.GoAsync(shop + "/cashier");
        await till.SendAsync("show", shop + "/cashier/trd_", ("amount", "900"), ("subject", "自行车"));
        var trade = new Uri(till.Page.Url).AbsolutePath.Split('/')[^1];

        await buyer.GoAsync("/app/pay/" + trade);
        await buyer.Form("pay").Locator("[name=periods][value='3']").CheckAsync();
        await buyer.Form("pay").Locator("[name=agree]").CheckAsync();
        await buyer.SendAsync("pay", "/app/pay/trd_", ("pin", Person.Pin));
        await buyer.SeeAsync("#trade[data-state=Paid]");
        await buyer.GoAsync("/app/instalments");
        var before = await PlanAsync(buyer);

        await till.GoAsync($"{shop}/trades/{trade}");
        await till.SendAsync("refund", "done=given_back", ("amount", "300"), ("reason", "少买一件"));
        Assert.Contains("300.00", await till.Page.Locator("#refunds .list").InnerTextAsync(), StringComparison.Ordinal);
        await buyer.GoAsync("/app/instalments");
        var after = await PlanAsync(buyer);
        Assert.InRange(before - after, 300m, 310m);
        await buyer.GoAsync("/app/pay/" + trade);
        Assert.Contains("300.00", await buyer.Page.Locator("#trade dl").InnerTextAsync(), StringComparison.Ordinal);

        await till.GoAsync($"{shop}/trades/{trade}");
        await till.Form("refund").Locator("[name=amount]").FillAsync("600.01");
        await till.Form("refund").Locator("[name=reason]").FillAsync("多退");
        await till.PressAsync("refund");
        await till.ExpectAsync("#problem");
        Assert.Equal("trade.refund_too_much", await till.ProblemAsync());
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Somebody_new_on_the_staff_sees_what_their_role_reaches(string language)
    {
        await using var till = await Walk.StartAsync(chromium, server, language);
        var shop = await OpenShopAsync(till);
        await using var cashier = await BuyerAsync(language);
        await cashier.GoAsync("/merchant");
        await cashier.ExpectAsync(".empty");
        Assert.Equal(404, (await cashier.Page.GotoAsync(shop))!.Status);

        await till.GoAsync(shop + "/staff");
        await till.Form("add").Locator("[name=role][value=Cashier]").CheckAsync();
        await till.SendAsync("add", "done=saved", ("phone", cashier.Person.Phone), ("name", "小王"));
        await cashier.GoAsync("/merchant");
        await cashier.Page.Locator($"a[href='{shop}']").ClickAsync();
        await cashier.ArriveAsync(shop);
        Assert.Equal(0, await cashier.Page.Locator($".side a[href='{shop}/staff']").CountAsync());
        Assert.Equal(404, (await cashier.Page.GotoAsync(shop + "/staff"))!.Status);
        await cashier.GoAsync(shop + "/trades");

        await till.GoAsync(shop + "/staff");
        var member = till.Page.Locator("#staff .item", new PageLocatorOptions { HasText = "小王" });
        await member.Locator("button[name=leave]").First.ClickAsync();
        await till.ArriveAsync("done=saved");
        Assert.Equal(404, (await cashier.Page.GotoAsync(shop + "/trades"))!.Status);

        // The last owner stays.
        await till.Form("change").First.Locator("button[name=leave]").ClickAsync();
        await till.ExpectAsync("#problem");
        Assert.Equal("merchant.staff_last_owner", await till.ProblemAsync());
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Somebody_applies_sells_at_once_in_the_sandbox_and_two_operators_decide(string language)
    {
        await using var owner = await BuyerAsync(language);
        await owner.GoAsync("/merchant/apply");
        await owner.Form("who").Locator("[name=kind][value=Company]").CheckAsync();
        await owner.SendAsync("who", "step=2", ("name", "牡丹书店 " + language));
        await owner.SendAsync("business", "/merchant/apply", ("registration", "91350100M000100Y44"), ("legal_name", "牡丹文化有限公司"), ("address", "福州市鼓楼区茶亭街 1 号"));
        Assert.Equal("application.invalid", await owner.ProblemAsync());
        await owner.SendAsync("business", "step=3", ("registration", "91350100M000100Y43"));
        await owner.Form("submit").Locator("[name=product][value=Instalments]").CheckAsync();
        await owner.Form("submit").Locator("[name=agree]").CheckAsync();
        await owner.SendAsync("submit", "done=asked");
        await owner.ExpectAsync("#application[data-state=Submitted]");
        await owner.GoAsync("/merchant");
        await owner.Page.Locator("a[href^='/merchant/2088']").First.ClickAsync();
        await owner.ArriveAsync("/merchant/2088");
        var shop = new Uri(owner.Page.Url).AbsolutePath;
        await owner.GoAsync(shop + "/cashier");
        await owner.SendAsync("show", shop + "/cashier/trd_", ("amount", "5"));

        await using var first = await Walk.StartAsync(chromium, server, language, width: 1280, height: 800);
        await first.GoAsync("/ops/sign-in");
        await first.SendAsync("demo", "/ops$");
        await first.GoAsync("/ops/merchants");
        await first.Page.Locator("#waiting a", new PageLocatorOptions { HasText = "牡丹书店 " + language }).ClickAsync();
        await first.ArriveAsync("/ops/merchants/apl_");
        await first.SendAsync("propose", "done=prepared", ("rate", "0.38"), ("words", "执照真实"));
        Assert.Equal(0, await first.Form("decide").CountAsync());
        await using var second = await Walk.StartAsync(chromium, server, language);
        await second.GoAsync("/ops/sign-in");
        await second.SendAsync("second-demo", "/ops$");
        await second.GoAsync(new Uri(first.Page.Url).AbsolutePath);
        await second.SendAsync("decide", "done=decided");
        await owner.GoAsync("/merchant/apply");
        await owner.ExpectAsync("#application[data-state=Approved]");
        Assert.Contains("0.38%", await owner.Page.Locator("#application").InnerTextAsync(), StringComparison.Ordinal);
    }

    private static async Task<string> OpenShopAsync(Walk till)
    {
        await till.SignInAsync(Owner);
        await till.GoAsync("/merchant");
        var link = till.Page.Locator("a[href^='/merchant/2088']").First;
        var shop = await link.GetAttributeAsync("href") ?? "";
        await link.ClickAsync();
        await till.ArriveAsync(shop);
        return shop;
    }

    /// <summary>Somebody new with a credit line.</summary>
    private async Task<Walk> BuyerAsync(string language)
    {
        // As fine as a phone's screen, for scanners.
        var buyer = await Walk.StartAsync(chromium, server, language, scale: 3);
        await buyer.SignUpWithPasswordAsync();
        await buyer.SettleInAsync();
        await buyer.OpenLineAsync();
        return buyer;
    }

    private static async Task TapAsync(Walk till, string keys)
    {
        foreach (var key in keys)
        {
            await till.Page.Locator($".keypad button[value='{key}']").ClickAsync();
        }

        Assert.Equal(keys, await till.Page.Locator("#amount").InputValueAsync());
    }

    private static async Task ScanAsync(Walk till, string shop, string amount, string code, string? expects = null)
    {
        await till.GoAsync(shop + "/cashier");
        await till.Page.Locator("form details summary").ClickAsync();
        await till.Form("show").Locator("[name=amount]").FillAsync(amount);
        await till.Form("show").Locator("[name=code]").FillAsync(code);
        await till.Form("show").Locator("button[value=scan]").ClickAsync();
        if (expects is null)
        {
            await till.ArriveAsync(shop + "/cashier/trd_");
        }
        else
        {
            await till.ExpectAsync("#problem");
            Assert.Equal(expects, await till.ProblemAsync());
        }
    }

    private static async Task<decimal> PlanAsync(Walk buyer)
    {
        var text = await buyer.Page.Locator("a.item[href^='/app/instalments/'] .amount span[aria-hidden]").First.InnerTextAsync();
        return decimal.Parse(string.Concat(text.Where(character => char.IsAsciiDigit(character) || character == '.')), CultureInfo.InvariantCulture);
    }
}
