using System.Text.Json;
using Microsoft.Playwright;

namespace Peony.EndToEnd;

/// <summary>Every page that can be seen without a story of its own, in both languages and both looks, on a phone, a small phone and a desk.</summary>
public sealed class PagesTests(Chromium chromium, SqliteServer server)
{
    private static readonly string[] Visitor = ["/app", "/app/sign-in", "/app/sign-up", "/ops/sign-in", "/gallery", "/sandbox/customers", "/sandbox/clock", "/sandbox/keys", "/sandbox/sms", "/sandbox/mail", "/sandbox/bank", "/docs/errors", "/docs/errors/withdrawal.code_expired"];

    private static readonly string[] Customer =
    [
        "/app/home", "/app/withdraw", "/app/withdrawals", "/app/cards", "/app/cards/new", "/app/inbox", "/app/me", "/app/me/notices", "/app/me/email", "/app/verify", "/app/credit", "/app/credit/cap", "/app/credit/close", "/app/top-up", "/app/repay", "/app/shop", "/app/statements",
        "/app/instalments", "/app/dues", "/app/spending", "/app/auto-repay", "/app/hardship", "/app/credit/contacts", "/app/shop/instalments?amount=300",
        "/app/ledger/wallet", "/app/ledger/credit-owed", "/app/ledger/credit-interest", "/app/ledger/credit-fees", "/app/ledger/credit-balance", "/app/pay-code", "/merchant", "/merchant/apply", "/app/security", "/app/security/pin", "/app/security/password", "/app/security/passkeys",
    ];

    private static readonly string[] Operator =
    [
        "/ops", "/ops/customers", "/ops/merchants", "/ops/withdrawals", "/ops/reviews", "/ops/hardship", "/ops/payouts", "/ops/disbursements", "/ops/reports", "/ops/reports?report=ageing", "/ops/reports?report=income", "/ops/parked", "/ops/book", "/ops/watch", "/ops/watch?range=hour", "/ops/ledger", "/ops/audit",
        "/ops/operators",
    ];

    public static TheoryData<string, ColorScheme, int, int> Looks => new()
    {
        { "zh-CN", ColorScheme.Light, 390, 844 },
        { "en", ColorScheme.Dark, 1280, 800 },
        { "en", ColorScheme.Light, 320, 568 },
    };

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Pages_of_visitors_have_nothing_that_axe_finds(string language, ColorScheme theme, int width, int height)
    {
        await using var walk = await Walk.StartAsync(chromium, server, language, width: width, height: height, theme: theme);
        foreach (var page in Visitor)
        {
            await walk.GoAsync(page);
        }
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Pages_of_a_customer_have_nothing_that_axe_finds(string language, ColorScheme theme, int width, int height)
    {
        await using var walk = await Walk.StartAsync(chromium, server, language, width: width, height: height, theme: theme);
        await walk.GoAsync("/");
        await walk.SendAsync("lin", "done=lin");
        foreach (var page in Customer)
        {
            await walk.GoAsync(page);
        }

        await walk.GoAsync((await walk.Page.GotoAsync("/app/cards"))!.Ok ? await walk.Page.Locator("a.bank").First.GetAttributeAsync("href") ?? "" : "");
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Pages_of_an_operator_have_nothing_that_axe_finds(string language, ColorScheme theme, int width, int height)
    {
        await using var walk = await Walk.StartAsync(chromium, server, language, width: width, height: height, theme: theme);
        await walk.GoAsync("/ops/sign-in");
        await walk.SendAsync("demo", "/ops$");
        foreach (var page in Operator)
        {
            await walk.GoAsync(page);
        }

        await walk.Page.GotoAsync("/ops/customers");
        await walk.GoAsync(await walk.Page.Locator("td a").First.GetAttributeAsync("href") ?? "");
    }

    [Fact]
    public async Task The_first_load_of_the_home_page_is_small_and_asks_nobody_else()
    {
        await using var walk = await Walk.StartAsync(chromium, server, "zh-CN");
        await walk.GoAsync("/");
        await walk.SendAsync("lin", "done=lin");
        var bytes = await MeasureAsync(walk, "/app/home");
        Assert.InRange(bytes, 1, 75_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"first load of the home page: {bytes} bytes");
    }

    [Fact]
    public async Task The_charts_draw_themselves_anew_are_small_and_leave_what_is_unfolded()
    {
        await using var walk = await Walk.StartAsync(chromium, server, "en", width: 1280, height: 800);
        await walk.GoAsync("/ops/sign-in");
        await walk.SendAsync("demo", "/ops$");
        await walk.GoAsync("/ops/watch");
        await walk.ExpectAsync("#chart-append svg[role=img]:has(path.line)");
        await walk.Page.Locator("#chart-append summary").ClickAsync();
        await walk.ExpectAsync("#chart-append table.figures td");
        await walk.LookAsync("watch-table");
        await walk.Page.EvaluateAsync("document.activeElement.blur()");
        var before = await walk.Page.Locator("#words").InnerTextAsync();
        await walk.Page.WaitForFunctionAsync("before => document.querySelector('#words').innerText !== before", before);
        Assert.True(await walk.Page.Locator("#chart-append details").EvaluateAsync<bool>("details => details.open"));
        var bytes = await MeasureAsync(walk, "/ops/watch?range=hour");
        Assert.InRange(bytes, 1, 75_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"first load of the charts: {bytes} bytes");
    }

    [Theory]
    [InlineData("/app/withdrawals/wd_00000000000000000000000000")]
    [InlineData("/app/nothing")]
    [InlineData("/nothing")]
    public async Task What_is_not_there_is_a_page_with_a_way_on(string path)
    {
        await using var walk = await Walk.StartAsync(chromium, server, "en");
        await walk.GoAsync("/");
        await walk.SendAsync("lin", "done=lin");
        var response = await walk.Page.GotoAsync(path);
        Assert.Equal(404, response!.Status);
        await walk.ExpectAsync("main a.button");
        await walk.LookAsync("not-found");
    }

    [Fact]
    public async Task Keyboard_alone_reaches_the_amount_and_continues()
    {
        await using var walk = await Walk.StartAsync(chromium, server, "en");
        await walk.GoAsync("/");
        await walk.SendAsync("lin", "done=lin");
        await walk.GoAsync("/app/withdraw");
        for (var presses = 0; presses < 30 && await walk.Page.EvaluateAsync<string>("document.activeElement.name ?? ''") != "amount"; presses++)
        {
            await walk.Page.Keyboard.PressAsync("Tab");
        }

        await walk.Page.Keyboard.TypeAsync("100");
        await walk.Page.Keyboard.PressAsync("Enter");
        await walk.ArriveAsync("/app/withdraw/review");
    }

    /// <summary>What crosses the wire for the first visit: everything the page needs, with nothing in the cache.</summary>
    private static async Task<double> MeasureAsync(Walk walk, string path)
    {
        var session = await walk.Page.Context.NewCDPSessionAsync(walk.Page);
        await session.SendAsync("Network.enable");
        await session.SendAsync("Network.setCacheDisabled", new Dictionary<string, object> { ["cacheDisabled"] = true });
        var bytes = 0.0;
        var strangers = new List<string>();
        session.Event("Network.loadingFinished").OnEvent += (_, json) => bytes += json!.Value.GetProperty("encodedDataLength").GetDouble();
        session.Event("Network.requestWillBeSent").OnEvent += (_, json) =>
        {
            var url = new Uri(json!.Value.GetProperty("request").GetProperty("url").GetString()!);
            if (url.Host is not "localhost" and not "")
            {
                strangers.Add(url.Host);
            }
        };
        await walk.Page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.Load });
        await Task.Delay(1000);
        Assert.Empty(strangers);
        return bytes;
    }
}
