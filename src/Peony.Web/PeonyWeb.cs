using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Peony.Edge;
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

        // The static renderer takes this singleton; without it every Chinese character of an expression becomes an entity of eight bytes.
        services.Replace(ServiceDescriptor.Singleton(HtmlEncoder.Create(UnicodeRanges.All)));
        return services;
    }

    public static void MapPeonyWeb(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<PeonyOptions>();
        app.Use(Preferences.ApplyAsync);
        app.UseAntiforgery();
        app.MapStaticAssets();
        PageRoutes.Map(app, page => options.IsSandbox || !page.IsDefined(typeof(SandboxOnlyAttribute), inherit: true));
    }
}
