using Microsoft.AspNetCore.Http;

namespace Peony.Sandbox;

/// <summary>
/// <c>/sandbox/…</c> is a page for people and an API for programs. Who does not ask for HTML is led to the same address below <c>/api/v1</c>, before routing.
/// </summary>
internal static class SandboxDoor
{
    public static Task OpenAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Path.StartsWithSegments("/sandbox", StringComparison.Ordinal, out var rest)
            && !http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            http.Request.Path = "/api/v1/sandbox" + rest;
        }

        return next(http);
    }
}
