using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Peony.Web.Shared;

/// <summary>
/// Language and look of a browser. <c>?lang=en</c> and <c>?theme=dark</c> on any page store the choice in a cookie and come back without the query,
/// so the switches are links that work without script.
/// </summary>
internal static class Preferences
{
    public static readonly IReadOnlyList<CultureInfo> Languages = [CultureInfo.GetCultureInfo("zh-CN"), CultureInfo.GetCultureInfo("en")];

    private const string LanguageCookie = "peony_lang";
    private const string ThemeCookie = "peony_theme";

    public static string ThemeOf(HttpContext http) => http.Request.Cookies[ThemeCookie] is { } theme && IsTheme(theme) ? theme : "auto";

    public static async Task ApplyAsync(HttpContext http, RequestDelegate next)
    {
        if (HttpMethods.IsGet(http.Request.Method) && TryChoose(http))
        {
            var kept = http.Request.Query.Where(pair => pair.Key is not ("lang" or "theme"))
                .SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create(pair.Key, value));
            http.Response.Redirect(QueryHelpers.AddQueryString(http.Request.PathBase + http.Request.Path, kept));
            return;
        }

        var language = LanguageOf(http.Request);
        CultureInfo.CurrentCulture = language;
        CultureInfo.CurrentUICulture = language;
        await next(http);
    }

    private static bool TryChoose(HttpContext http)
    {
        var options = new CookieOptions { MaxAge = TimeSpan.FromDays(365), HttpOnly = true, SameSite = SameSiteMode.Lax, IsEssential = true, Secure = http.Request.IsHttps, Path = "/" };
        var isChosen = false;
        if (Languages.FirstOrDefault(language => language.Name == http.Request.Query["lang"]) is { } chosen)
        {
            http.Response.Cookies.Append(LanguageCookie, chosen.Name, options);
            isChosen = true;
        }

        if (http.Request.Query["theme"].ToString() is var theme && IsTheme(theme))
        {
            http.Response.Cookies.Append(ThemeCookie, theme, options);
            isChosen = true;
        }

        return isChosen;
    }

    /// <summary>The stored choice, else the first language of the browser that we speak, else Chinese.</summary>
    private static CultureInfo LanguageOf(HttpRequest request)
    {
        if (Languages.FirstOrDefault(language => language.Name == request.Cookies[LanguageCookie]) is { } stored)
        {
            return stored;
        }

        foreach (var wanted in request.GetTypedHeaders().AcceptLanguage.OrderByDescending(value => value.Quality ?? 1))
        {
            var two = wanted.Value.ToString().Split('-')[0];
            if (Languages.FirstOrDefault(language => language.TwoLetterISOLanguageName == two) is { } spoken)
            {
                return spoken;
            }
        }

        return Languages[0];
    }

    private static bool IsTheme(string theme) => theme is "auto" or "light" or "dark";
}
