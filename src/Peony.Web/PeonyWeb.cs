using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Peony.Edge;
using Peony.Web.Consumer;
using Peony.Web.Operator;
using Peony.Web.Shared;

namespace Peony.Web;

/// <summary>The pages of Peony: the two lines the server needs.</summary>
internal static class PeonyWeb
{
    public static IServiceCollection AddPeonyWeb(this IServiceCollection services)
    {
        services.AddLocalization();
        services.AddRazorComponents();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "peony_form";
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.SuppressXFrameOptionsHeader = true;
        });
        services.AddSingleton<AssetAddresses>();
        services.AddTransient<StatementPaper>();

        // The static renderer takes this singleton; without it every Chinese character of an expression becomes an entity of eight bytes.
        services.Replace(ServiceDescriptor.Singleton(HtmlEncoder.Create(UnicodeRanges.All)));

        // The edge answers brakes as problems for programs; people get a page.
        services.PostConfigure<RateLimiterOptions>(limits =>
        {
            var forPrograms = limits.OnRejected;
            limits.OnRejected = async (context, cancel) =>
            {
                if (forPrograms is not null && PeonyEdge.AnswersPrograms(context.HttpContext))
                {
                    await forPrograms(context, cancel);
                }
                else
                {
                    var refusal = EdgeRefusals.TooMany.With("seconds", 10);
                    context.HttpContext.Response.Headers.RetryAfter = "10";
                    await PageRoutes.ShowProblemAsync(context.HttpContext, Problem.Of(refusal, context.HttpContext.TraceIdentifier));
                }
            };
        });
        return services;
    }

    /// <summary>Maps the pages. Call it after <see cref="PeonyEdge.UsePeonyEdge"/>.</summary>
    public static void MapPeonyWeb(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<PeonyOptions>();
        app.Use(Preferences.ApplyAsync);
        app.UseAntiforgery();
        app.MapStaticAssets();
        LiveStreams.Map(app, options);
        CustomerFiles.Map(app);
        ReportFiles.Map(app);
        StatementPaper.Map(app);
        PageRoutes.Map(app, page => options.IsSandbox || !page.IsDefined(typeof(SandboxOnlyAttribute), inherit: true));
        if (!options.IsSandbox)
        {
            app.MapGet("/", () => Results.Redirect("/app")).ExcludeFromDescription();
        }

        app.MapFallback((RequestDelegate)(http => PageRoutes.ShowProblemAsync(http, Problem.NotFound(http.TraceIdentifier))));
    }
}
