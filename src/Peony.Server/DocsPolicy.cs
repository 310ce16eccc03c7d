using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Peony.Server;

/// <summary>
/// The API reference is the one page we do not write: it starts by a script in the page and styles itself. Its policy allows exactly that script, by its hash, and styles;
/// every other page keeps the strict one.
/// </summary>
internal static partial class DocsPolicy
{
    public static Task ApplyAsync(HttpContext http, RequestDelegate next) =>
        HttpMethods.IsGet(http.Request.Method) && http.Request.Path.Value?.TrimEnd('/') == "/docs" ? ShowAsync(http, next) : next(http);

    private static async Task ShowAsync(HttpContext http, RequestDelegate next)
    {
        var body = http.Response.Body;
        using var page = new MemoryStream();
        http.Response.Body = page;
        try
        {
            await next(http);
        }
        finally
        {
            http.Response.Body = body;
        }

        var text = Encoding.UTF8.GetString(page.ToArray());
        var hashes = InlineScript().Matches(text).Select(match => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(match.Groups[1].Value.ReplaceLineEndings("\n"))))}'");
        http.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self' {string.Join(' ', hashes)}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
            + "frame-ancestors 'none'; form-action 'none'; base-uri 'none'";
        await body.WriteAsync(page.ToArray(), http.RequestAborted);
    }

    [GeneratedRegex("<script(?![^>]*\\ssrc=)[^>]*>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex InlineScript();
}
