using Microsoft.Playwright;

namespace Peony.EndToEnd;

/// <summary>The browser of all journeys: <c>PEONY_TEST_BROWSER</c> or Debian's Chromium without windows, driven by Playwright. Nothing is downloaded.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Flags =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public IBrowser Browser => _browser ?? throw new InvalidOperationException("The browser has not started.");

    public async ValueTask InitializeAsync()
    {
        var path = Environment.GetEnvironmentVariable("PEONY_TEST_BROWSER") is { Length: > 0 } named ? named : "/usr/bin/chromium-headless-shell";
        Assert.True(File.Exists(path), $"There is no browser at {path}; name one by PEONY_TEST_BROWSER.");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = path, Args = Flags });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
