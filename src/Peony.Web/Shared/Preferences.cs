using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Peony.Edge;

namespace Peony.Web.Shared;

/// <summary>
/// Language and look of a browser. <c>?lang=en</c> and <c>?theme=dark</c> on any page store the choice in a cookie and come back without the query,
/// so the switches are links that work without script.
/// </summary>
internal static class Preferences
{
    private const string ThemeCookie = "peony_theme";

    public static string ThemeOf(HttpContext http) => http.Request.Cookies[ThemeCookie] is { } theme && IsTheme(theme) ? theme : "auto";

    public static Task ApplyAsync(HttpContext http, RequestDelegate next)
    {
        if (!HttpMethods.IsGet(http.Request.Method) || PeonyEdge.AnswersPrograms(http) || !TryChoose(http))
        {
            return next(http);
        }

        var kept = http.Request.Query.Where(pair => pair.Key is not ("lang" or "theme"))
            .SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create(pair.Key, value));
        http.Response.Redirect(QueryHelpers.AddQueryString(http.Request.PathBase + http.Request.Path, kept));
        return Task.CompletedTask;
    }

    private static bool TryChoose(HttpContext http)
    {
        var options = new CookieOptions { MaxAge = TimeSpan.FromDays(365), HttpOnly = true, SameSite = SameSiteMode.Lax, IsEssential = true, Secure = http.Request.IsHttps, Path = "/" };
        var isChosen = false;
        if (http.Request.Query["lang"].ToString() is Languages.Chinese or Languages.English)
        {
            http.Response.Cookies.Append(Languages.Cookie, http.Request.Query["lang"].ToString(), options);
            isChosen = true;
        }

        if (http.Request.Query["theme"].ToString() is var theme && IsTheme(theme))
        {
            http.Response.Cookies.Append(ThemeCookie, theme, options);
            isChosen = true;
        }

        return isChosen;
    }

    private static bool IsTheme(string theme) => theme is "auto" or "light" or "dark";
}
