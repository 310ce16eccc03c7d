using Microsoft.AspNetCore.Http;

namespace Peony.Web.Consumer;

/// <summary>The ticket between the code of a sign-up and its last step: in a cookie of that path, because a secret has no place in an address.</summary>
internal static class SignUpTicket
{
    private const string Name = "peony_sign_up";

    public static void Keep(HttpContext http, string ticket) => http.Response.Cookies.Append(Name, ticket, Options(http));

    public static string Read(HttpContext http) => http.Request.Cookies[Name] ?? "";

    public static void Forget(HttpContext http) => http.Response.Cookies.Delete(Name, Options(http));

    private static CookieOptions Options(HttpContext http) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = http.Request.IsHttps,
        Path = "/app/sign-up",
        MaxAge = TimeSpan.FromHours(1),
        IsEssential = true,
    };
}
