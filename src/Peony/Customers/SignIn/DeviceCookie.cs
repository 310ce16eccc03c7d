using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Peony.Book;
using Peony.Edge;

namespace Peony.Customers.SignIn;

/// <summary>
/// The browser's own secret, in a cookie apart from the sign-in: it outlives sign-outs, so the device is known again, and a sign-in cookie copied to another browser is worth nothing there.
/// </summary>
internal static class DeviceCookie
{
    private const string Name = "peony_device";

    /// <summary>400 days is the most browsers keep a cookie.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromDays(400);

    public static string? Read(HttpContext http) =>
        http.Request.Cookies[PeonyCookies.NameFor(http, Name)] is { Length: 43 } secret ? secret : null;

    /// <summary>The device at hand for a sign-in from a page; gives the browser its secret if it has none.</summary>
    public static DeviceAtHand Ensure(HttpContext http, Secrets secrets)
    {
        var secret = Read(http) ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        http.Response.Cookies.Append(PeonyCookies.NameFor(http, Name), secret, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = http.Request.IsHttps,
            Path = "/",
            MaxAge = Life,
            IsEssential = true,
        });
        return new DeviceAtHand(PersonalHashes.Browser(secrets, secret), DeviceNames.Of(http.Request.Headers.UserAgent.ToString()));
    }
}

/// <summary>What an owner calls a device: browser and system, no version and no model, so that it is no fingerprint.</summary>
internal static class DeviceNames
{
    private static readonly (string Mark, string Name)[] Browsers =
        [("MicroMessenger", "WeChat"), ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari")];

    private static readonly (string Mark, string Name)[] Systems =
        [("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux")];

    public static string Of(string userAgent)
    {
        var browser = Browsers.FirstOrDefault(known => userAgent.Contains(known.Mark, StringComparison.Ordinal)).Name;
        var system = Systems.FirstOrDefault(known => userAgent.Contains(known.Mark, StringComparison.Ordinal)).Name;
        return (browser, system) switch
        {
            (null, null) => "API",
            (null, _) => system,
            (_, null) => browser,
            _ => $"{browser} · {system}",
        };
    }
}
