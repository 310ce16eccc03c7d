using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Peony.EndToEnd;

/// <summary>
/// A person's browser on a journey. Forms are found by the act they carry, never by their words, so the same journey runs in every language.
/// <see cref="LookAsync"/> is called on every page: axe finds nothing, nothing scrolls sideways, the console is clean.
/// </summary>
public sealed partial class Walk : IAsyncDisposable
{
    /// <summary>
    /// What is to be touched and is smaller than 44 px (WCAG 2.5.5), on a screen as narrow as a phone's. A link inside a sentence may be as high as its line; a box is as large as
    /// its label.
    /// </summary>
    private const string SmallTargets =
        """
        () => innerWidth > 480 ? [] : [...document.querySelectorAll("a, button, input, select, textarea, summary, [role=button]")].filter(one => {
            const label = one.closest("label");
            const box = (one.matches("[type=checkbox], [type=radio], [type=file]") && label ? label : one).getBoundingClientRect();
            const style = getComputedStyle(one);
            const isSeen = box.width > 1 && box.height > 1 && style.visibility !== "hidden" && style.opacity !== "0" && !one.closest("[inert], .sr, .skip");
            const isInText = one.matches("a") && style.display === "inline" && one.closest("p, li, dd, td, label, .small, code");
            return isSeen && !isInText && (box.height < 43.5 || box.width < 43.5);
        }).map(one => `${Math.round(one.getBoundingClientRect().width)} x ${Math.round(one.getBoundingClientRect().height)}  ${one.outerHTML.slice(0, 140)}`)
        """;

    /// <summary>What a page is built of: elements with everything but their texts, addresses and values; of like ones beside each other, one.</summary>
    private const string Build =
        """
        () => {
            const spoken = one => [...one.attributes].filter(a => !/^(href|src|id|for|value|d|points|x|y|cx|cy|r|width|height|transform|data-|aria-(label|describedby|controls)|name$|content$|nonce)/.test(a.name)).map(a => `${a.name}=${a.value}`).join();
            const build = one => `${one.tagName}[${spoken(one)}](${[...new Set([...one.children].map(build))].join("")})`;
            return build(document.documentElement);
        }
        """;

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    private static readonly ConcurrentDictionary<string, bool> Heard = new();

    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];
    private readonly string _language;
    private readonly ColorScheme _theme;
    private readonly bool _hasScript;

    /// <summary>The smallest phone differs in what fits; languages and looks are heard by axe on the others.</summary>
    private readonly bool _isForLayout;

    private Walk(IBrowserContext context, IPage page, Uri address, string language, ColorScheme theme, bool hasScript, bool isForLayout)
    {
        (_context, Page, _language, _theme, _hasScript, _isForLayout) = (context, page, language, theme, hasScript, isForLayout);
        Sandbox = new Sandbox(address);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.Contains("status of 4", StringComparison.Ordinal) && !message.Text.Contains("ERR_INTERNET_DISCONNECTED", StringComparison.Ordinal))
            {
                _complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => _complaints.Add(error);
    }

    public IPage Page { get; }

    public Sandbox Sandbox { get; }

    public Person Person { get; } = Person.New();

    public static async Task<Walk> StartAsync(Chromium chromium, JourneyServer server, string language, bool hasScript = true, int width = 390, int height = 844, ColorScheme theme = ColorScheme.Light,
        float scale = 1)
    {
        var context = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = server.Address.ToString(),
            Locale = language,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            JavaScriptEnabled = hasScript,
            ColorScheme = theme,
            DeviceScaleFactor = scale,
        });
        context.SetDefaultTimeout(45_000);
        return new Walk(context, await context.NewPageAsync(), server.Address, language, theme, hasScript, isForLayout: width < 390);
    }

    /// <summary>Gives the device a platform authenticator with a user who is always there.</summary>
    public async Task AddAuthenticatorAsync()
    {
        var session = await _context.NewCDPSessionAsync(Page);
        await session.SendAsync("WebAuthn.enable");
        await session.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
    }

    public async Task GoAsync(string path)
    {
        var response = await Page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.Commit });
        Assert.True(response?.Ok, $"{path} answered {response?.Status}.");
        await LoadedAsync();
        await LookAsync(path);
    }

    /// <summary>Presses the button of the form with this act.</summary>
    public Task PressAsync(string act) => Form(act).Locator("button:not([type=button])").First.ClickAsync();

    public ILocator Form(string act) => Page.Locator($"form:has(> input[name=_act][value={act}])");

    /// <summary>Fills fields by name and sends the form; then waits for the address.</summary>
    public async Task SendAsync(string act, string arrives, params (string Field, string Value)[] fields)
    {
        foreach (var (field, value) in fields)
        {
            await FillAsync(Form(act).Locator($"[name={field}]"), value);
        }

        await PressAsync(act);
        await ArriveAsync(arrives);
    }

    public async Task ArriveAsync(string address)
    {
        await UntilAsync("location.href", href => Regex.IsMatch(href, address), "is not " + address);
        await LoadedAsync();
        await LookAsync(address);
    }

    private Task LoadedAsync() => UntilAsync("document.readyState", state => state == "complete", "is not loaded");

    /// <summary>Asks the page itself: of the driver's own events one is lost now and then on a busy machine, and it would wait for ever.</summary>
    private async Task UntilAsync(string what, Func<string, bool> holds, string otherwise)
    {
        for (var since = Stopwatch.StartNew(); !holds(await AskAsync(what)); await Task.Delay(20))
        {
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(45), $"{Page.Url} {otherwise}.");
        }
    }

    private async Task<string> AskAsync(string what)
    {
        try
        {
            return await Page.EvaluateAsync<string>(what);
        }
        catch (PlaywrightException)
        {
            // It is just going to another page.
            return "";
        }
    }

    /// <summary>True when no page built like this one was heard before in this language, look and width: whole journeys begin alike.</summary>
    private async Task<bool> IsNewAsync() => Heard.TryAdd($"{_language} {_theme} {Page.ViewportSize!.Width} {await Page.EvaluateAsync<string>(Build)}", true);

    /// <summary>What axe finds. It runs in the page itself: no page has a frame, so nothing needs to be put together from several.</summary>
    private async Task<string[]> HearAxeAsync()
    {
        await Page.EvaluateAsync(Axe);
        return await Page.EvaluateAsync<string[]>(
            "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map(one => `${one.id}: ${one.nodes.slice(0, 3).map(node => node.html).join(' | ')}`)");
    }

    /// <summary>What every page must be.</summary>
    public async Task LookAsync(string what)
    {
        if (_hasScript && !_isForLayout)
        {
            var faults = await IsNewAsync() ? await HearAxeAsync() : [];
            Assert.True(faults.Length == 0, $"axe on {what} ({_language}):\n{string.Join('\n', faults)}");
        }

        if (_hasScript)
        {
            var width = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            Assert.True(width <= 0, $"{what} ({_language}) scrolls sideways by {width} px.");
            var small = await Page.EvaluateAsync<string[]>(SmallTargets);
            Assert.True(small.Length == 0, $"{what} ({_language}) has what a thumb misses, below 44 px:\n{string.Join('\n', small)}");
        }

        Assert.True(_complaints.Count == 0, $"The console on {what}: {string.Join('\n', _complaints)}");
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "screens", _language + (_hasScript ? "" : "-no-script")));
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder.FullName, Unsafe().Replace(what, "-").Trim('-') + ".png") });
    }

    public async Task ExpectAsync(string selector) => await Expect(Page.Locator(selector).First).ToBeVisibleAsync(new LocatorAssertionsToBeVisibleOptions { Timeout = 30_000 });

    /// <summary>Waits until the page shows it: by itself with script, by asking again without.</summary>
    public async Task SeeAsync(string selector)
    {
        for (var tries = 0; !_hasScript && tries < 60 && await Page.Locator(selector).CountAsync() == 0; tries++)
        {
            await Task.Delay(250);
            await Page.ReloadAsync();
        }

        await ExpectAsync(selector);
    }

    /// <summary>The state the withdrawal's page says it is in.</summary>
    public Task SeeStateAsync(string state) => SeeAsync($"#withdrawal[data-state={state}]");

    /// <summary>What a scanner reads off the screen: a program of somebody else's looks at a picture of the code.</summary>
    public async Task<string> ScanAsync(string selector)
    {
        var picture = Path.Combine(Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "screens")).FullName, $"{Guid.NewGuid():N}.png");
        await Page.Locator(selector).ScreenshotAsync(new LocatorScreenshotOptions { Path = picture });
        using var scanner = Process.Start(new ProcessStartInfo("zbarimg", ["-q", "--raw", picture]) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException("zbarimg did not start.");
        var read = await scanner.StandardOutput.ReadToEndAsync();
        await scanner.WaitForExitAsync();
        File.Delete(picture);
        return read.Trim();
    }

    public async Task<string> ProblemAsync() => await Page.Locator("#problem").GetAttributeAsync("data-code") ?? "";

    public async Task SignUpWithPasswordAsync()
    {
        await SignUpToLastStepAsync();
        await SendAsync("password", "/app/home", ("password", Person.Password));
    }

    public async Task SignUpWithPasskeyAsync()
    {
        await AddAuthenticatorAsync();
        await SignUpToLastStepAsync();
        await PressAsync("passkey");
        await ArriveAsync("/app/home");
    }

    /// <summary>Signs in as a demo customer.</summary>
    public async Task SignInAsync(string phone)
    {
        await GoAsync("/app/sign-in");
        await SendAsync("password", "/app/home", ("phone", phone), ("password", "peony-demo-2026"));
    }

    /// <summary>Opens the credit line.</summary>
    public async Task OpenLineAsync()
    {
        await GoAsync("/app/credit");
        await Form("open").Locator("[name=accept]").CheckAsync();
        await SendAsync("open", "/app/credit\\?");
    }

    /// <summary>Verified, with a PIN and a debit card.</summary>
    public async Task SettleInAsync()
    {
        await GoAsync("/app/security/pin");
        await SendAsync("set", "/app/security", ("pin", Person.Pin), ("again", Person.Pin));
        await GoAsync("/app/verify");
        await SendAsync("verify", "/app/verify", ("name", Person.Name), ("id_number", Person.IdNumber));
        await GoAsync("/app/cards/new");
        await SendAsync("bind", "/app/cards\\?", ("number", Person.CardNumber), ("phone", Person.Phone));
    }

    /// <summary>Opens the credit line and pays more than is owed, so that a credit balance is left.</summary>
    public async Task OverpayAsync(string amount)
    {
        await OpenLineAsync();
        await GoAsync("/app/repay");
        await Form("repay").Locator("[name=from]").First.CheckAsync();
        await SendAsync("repay", "/app/repayments/", ("amount", amount), ("pin", Person.Pin));
        await SeeAsync("#repayment .disc.good");
    }

    /// <summary>Asks for a withdrawal of credit balance to the first card and gives its code.</summary>
    public async Task<string> AskAsync(string amount, string? not = null)
    {
        await GoAsync("/app/withdraw?from=credit_balance");
        await Page.Locator("[name=amount]").FillAsync(amount);
        await Page.Locator("[name=to]").First.CheckAsync();
        await Page.Locator("form[action='/app/withdraw/review'] button:not([type=button])").ClickAsync();
        await ArriveAsync("/app/withdraw/review");
        await SendAsync("ask", "/app/withdrawals/wd_", ("pin", Person.Pin));
        await SeeStateAsync("AwaitingCode");
        return await Sandbox.CodeAsync(Person.Phone, 8, not);
    }

    public async Task RedeemAsync(string code)
    {
        await FillAsync(Form("redeem").Locator("[name=code]"), code);
        await PressAsync("redeem");
    }

    /// <summary>What the customer's credit balance is, as the ledger page says it.</summary>
    public async Task<string> CreditBalanceAsync()
    {
        await GoAsync("/app/ledger/credit-balance");
        return await Page.Locator("main .amount.xl > span[aria-hidden]").InnerTextAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Sandbox.Dispose();
        await _context.DisposeAsync();
    }

    private async Task SignUpToLastStepAsync()
    {
        await GoAsync("/app");
        await GoAsync("/app/sign-up");
        await SendAsync("send", "/app/sign-up/sup_", ("phone", Person.Phone));
        await SendAsync("confirm", "/finish", ("code", await Sandbox.CodeAsync(Person.Phone, 6)));
    }

    private static Task FillAsync(ILocator field, string value) => field.FillAsync(value);

    [GeneratedRegex(@"[^a-z0-9]+", RegexOptions.IgnoreCase)]
    private static partial Regex Unsafe();
}
