using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Edge;

namespace Peony.Sandbox;

/// <summary>What makes an instance a complete sandbox: demo people, a clock that can be advanced, the phone, and the switches of the bank, the carrier and the bureau.</summary>
internal sealed class SandboxModule : IModule
{
    public void Describe(BookSchema schema)
    {
        schema.Record<DemoWorld>("demo_world");
        schema.Command<NoteDemoWorld>("sandbox.note_demo_world");
    }

    public void AddServices(IServiceCollection services, PeonyOptions options)
    {
        if (options.IsSandbox)
        {
            services.AddHttpClient(SimulatorControl.ClientName);
            services.AddHttpClient(SandboxWorld.ClientName);
            services.AddSingleton<SimulatorControl>();
            services.AddSingleton<SandboxClock>();
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
