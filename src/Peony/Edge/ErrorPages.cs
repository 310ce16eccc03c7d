using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Peony.Edge;

/// <summary><c>/docs/errors/{code}</c>: the page a problem's <c>doc_url</c> leads to, in both languages, from the same texts.</summary>
internal static class ErrorPages
{
    public static void MapErrorPages(this IEndpointRouteBuilder app)
    {
        app.MapGet("/docs/errors/{code}", (string code) => RefusalTexts.All.FirstOrDefault(row => row.Code == code) is { } row
            ? Results.Content(Page(row), "text/html; charset=utf-8")
            : Results.NotFound()).AllowAnonymous().ExcludeFromDescription();
    }

    private static string Page(RefusalText row)
    {
        var status = RefusalTexts.Declared.TryGetValue(row.Code, out var refusal) ? HttpStatuses.Of(refusal) : StatusCodes.Status422UnprocessableEntity;
        return new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>")
            .Append(WebUtility.HtmlEncode(row.Code)).Append("</title></head><body><main><h1><code>").Append(WebUtility.HtmlEncode(row.Code)).Append("</code></h1><p>HTTP ")
            .Append(status).Append("</p><section><h2>").Append(WebUtility.HtmlEncode(row.En)).Append("</h2><p>").Append(WebUtility.HtmlEncode(row.EnDetail))
            .Append("</p></section><section lang=\"zh-CN\"><h2>").Append(row.Zh).Append("</h2><p>").Append(row.ZhDetail)
            .Append("</p></section><p><a href=\"/docs\">/docs</a></p></main></body></html>").ToString();
    }
}
