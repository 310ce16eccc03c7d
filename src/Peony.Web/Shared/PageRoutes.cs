using System.Reflection;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peony.Book;

namespace Peony.Web.Shared;

/// <summary>Maps every page of this assembly to the addresses in its <c>@page</c> lines, for GET and POST; a POST needs an antiforgery token.</summary>
internal static partial class PageRoutes
{
    /// <summary>In these words, because the antiforgery service would otherwise overwrite them with a warning on every form.</summary>
    private const string NotKept = "no-cache, no-store";

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Post];

    public static void Map(IEndpointRouteBuilder routes, Func<Type, bool> isServed)
    {
        foreach (var page in typeof(PageRoutes).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(PeonyPage)) && !type.IsAbstract && isServed(type)))
        {
            foreach (var route in page.GetCustomAttributes<RouteAttribute>())
            {
                foreach (var method in Methods)
                {
                    MapOne(routes, page, route.Template, method);
                }
            }
        }
    }

    public static async Task ShowAsync(HttpContext http, Type page)
    {
        http.Response.Headers.CacheControl = NotKept;
        try
        {
            await RenderAsync(http, page, http.Request.RouteValues.ToDictionary(pair => pair.Key, pair => pair.Value));
        }
        catch (PageMissingException) when (!http.Response.HasStarted)
        {
            await ShowProblemAsync(http, Problem.NotFound(http.TraceIdentifier));
        }
        catch (BookUnavailableException unavailable) when (!http.Response.HasStarted)
        {
            http.Response.Headers.RetryAfter = unavailable.RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            await ShowProblemAsync(http, Problem.Unavailable(http.TraceIdentifier));
        }
        catch (Exception defect) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            LogDefect(http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Peony.Web"), http.TraceIdentifier, defect);
            await ShowProblemAsync(http, Problem.Defect(http.TraceIdentifier, HttpMethods.IsGet(http.Request.Method)));
        }
    }

    /// <summary>The page of a problem, in a scope of its own: a scope's renderer renders once.</summary>
    public static async Task ShowProblemAsync(HttpContext http, Problem problem)
    {
        var services = http.RequestServices;
        await using var scope = services.CreateAsyncScope();
        http.RequestServices = scope.ServiceProvider;
        try
        {
            http.Response.Headers.CacheControl = NotKept;

            // The renderer adds its own header each time and does not look whether it is there.
            http.Response.Headers.Remove("blazor-enhanced-nav");
            http.Response.StatusCode = problem.Status;
            await RenderAsync(http, typeof(ProblemPage), new Dictionary<string, object?> { [nameof(ProblemPage.Problem)] = problem });
        }
        finally
        {
            http.RequestServices = services;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Page of request {RequestId} failed by a defect.")]
    private static partial void LogDefect(ILogger logger, string requestId, Exception exception);

    /// <summary>Reading costs no more than any page; what checks a password or code is behind the brakes its page names.</summary>
    private static void MapOne(IEndpointRouteBuilder routes, Type page, string template, string method)
    {
        var endpoint = routes.MapMethods(template, [method], (RequestDelegate)(http => ShowAsync(http, page)))
            .WithMetadata(new PageMetadata(page)).WithDisplayName($"{method} {template}");
        var isPost = method == HttpMethods.Post;
        if (isPost)
        {
            endpoint.WithMetadata(new RequireAntiforgeryTokenAttribute());
        }

        foreach (var attribute in page.GetCustomAttributes().Where(attribute => attribute is not RouteAttribute && (isPost || attribute is not EnableRateLimitingAttribute)))
        {
            endpoint.WithMetadata(attribute);
        }
    }

    private static Task RenderAsync(HttpContext http, Type page, IReadOnlyDictionary<string, object?> parameters) =>
        new RazorComponentResult(page, parameters) { PreventStreamingRendering = true, StatusCode = null }.ExecuteAsync(http);
}

/// <summary>Which page an endpoint shows; tests walk these.</summary>
internal sealed record PageMetadata(Type Page);
