using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Peony.Edge;

/// <summary>One thing that must be so before traffic comes: the Book serves, the applier is current, the clocks agree.</summary>
internal interface IReadiness
{
    /// <summary>Why it is not ready, in a few words for the operator, or null.</summary>
    ValueTask<string?> NotReadyAsync(CancellationToken cancel);

    /// <summary>What an operator ought to know although traffic may come: a slow disk. Taking what is slow out of service would make nothing faster.</summary>
    IReadOnlyList<string> Concerns => [];
}

/// <summary><c>/healthz</c> says that the process runs, <c>/readyz</c> that it takes work.</summary>
internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", () => Results.Json(new { status = "ok" })).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/readyz", async (HttpContext http) =>
        {
            var reasons = new List<string>();
            foreach (var check in http.RequestServices.GetServices<IReadiness>())
            {
                if (await check.NotReadyAsync(http.RequestAborted) is { } reason)
                {
                    reasons.Add(reason);
                }
            }

            var concerns = http.RequestServices.GetServices<IReadiness>().SelectMany(check => check.Concerns).ToList();
            http.Response.Headers.CacheControl = "no-store";
            return reasons.Count == 0
                ? concerns.Count == 0 ? Results.Json(new { status = "ready" }) : Results.Json(new { status = "ready", concerns })
                : Results.Json(new { status = "not ready", reasons }, statusCode: StatusCodes.Status503ServiceUnavailable);
        }).AllowAnonymous().ExcludeFromDescription();
    }
}
