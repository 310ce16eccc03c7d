using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace Peony.Edge;

/// <summary>How the three services outside (bank, SMS gateway, identity bureau) are called: each with its own client, timeouts and breaker, and the shared key in a header.</summary>
internal static class Providers
{
    /// <summary>The header that carries <see cref="PeonyOptions.ProviderKey"/>, in both directions.</summary>
    public const string KeyHeader = "X-Provider-Key";

    /// <summary>Adds the named client. Only what is safe to repeat (GET) is tried again here; everything else is the effect's own decision.</summary>
    public static void AddProvider(this IServiceCollection services, string name) =>
        services.AddHttpClient(name, client => client.MaxResponseContentBufferSize = 1 << 20)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
            .AddStandardResilienceHandler(resilience =>
            {
                resilience.Retry.DisableForUnsafeHttpMethods();
                resilience.Retry.MaxRetryAttempts = 1;
                resilience.Retry.Delay = TimeSpan.FromMilliseconds(200);
                resilience.Retry.BackoffType = DelayBackoffType.Constant;
                resilience.AttemptTimeout.Timeout = TimeSpan.FromSeconds(10);
                resilience.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(25);
            });

    /// <summary>A client that is set to the service's address; addresses are read late because the sandbox knows them only once its simulators listen.</summary>
    /// <exception cref="HttpRequestException">No address is configured.</exception>
    public static HttpClient Client(IHttpClientFactory clients, string name, Uri? address, string key)
    {
        var client = clients.CreateClient(name);
        client.BaseAddress = address ?? throw new HttpRequestException($"No address is configured for {name}.");
        client.DefaultRequestHeaders.Add(KeyHeader, key);
        return client;
    }
}

/// <summary>Tells trouble on the way to a service from our own defects and from our own stopping.</summary>
internal static class Outage
{
    public static bool Is(Exception exception, CancellationToken cancel) => !cancel.IsCancellationRequested
        && exception is HttpRequestException or IOException or TaskCanceledException or ExecutionRejectedException or System.Text.Json.JsonException;
}
