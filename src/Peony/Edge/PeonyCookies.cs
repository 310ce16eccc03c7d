using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;

namespace Peony.Edge;

/// <summary>
/// Cookie names with the <c>__Host-</c> prefix on https, where a browser then holds them to this host, path and TLS (RFC 6265bis, 4.1.3.2), and without it on plain http to
/// localhost, where browsers refuse the prefix.
/// </summary>
internal sealed class PeonyCookies : ICookieManager
{
    private readonly ChunkingCookieManager _inner = new();

    public static string NameFor(HttpContext http, string name) => http.Request.IsHttps ? "__Host-" + name : name;

    public string? GetRequestCookie(HttpContext context, string key) => _inner.GetRequestCookie(context, NameFor(context, key));

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
        _inner.AppendResponseCookie(context, NameFor(context, key), value, options);

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) => _inner.DeleteCookie(context, NameFor(context, key), options);
}
