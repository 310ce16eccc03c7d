using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Peony.Book;
using Peony.Edge;
using Polly;

namespace Peony.Sandbox;

/// <summary>What makes an instance a complete sandbox: demo people, a clock that can be advanced, the phone, and the switches of the bank, the carrier and the bureau.</summary>
internal sealed class SandboxModule : IModule
{
    public void Describe(BookSchema schema)
    {
        schema.Record<DemoWorld>("demo_world");
        schema.Record<DemoApp>("demo_app");
        schema.Command<NoteDemoWorld>("sandbox.note_demo_world");
        schema.Command<OpenDemoShop>("sandbox.open_demo_shop");
    }

    public void AddServices(IServiceCollection services, PeonyOptions options)
    {
        if (options.IsSandbox)
        {
            services.AddHttpClient(SimulatorControl.ClientName);
            // A busy machine answers 503 now and then; every step has a key, so it is taken again.
            services.AddHttpClient(SandboxWorld.ClientName).AddResilienceHandler("again", again => again.AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = 30,
                Delay = TimeSpan.FromMilliseconds(200),
                MaxDelay = TimeSpan.FromSeconds(2),
            }));
            services.AddSingleton<SimulatorControl>();
            services.AddSingleton<SandboxClock>();
            services.AddSingleton<DemoShop>();
            services.AddSingleton<SandboxWorld>();
            services.AddSingleton<IReadiness>(provider => provider.GetRequiredService<SandboxWorld>());
        }
    }

    public void MapApi(IEndpointRouteBuilder api)
    {
        if (api.ServiceProvider.GetRequiredService<PeonyOptions>().IsSandbox)
        {
            SandboxApi.Map(api);
        }
    }
}
