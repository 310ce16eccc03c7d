using System.Diagnostics;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Peony.Book;

namespace Peony.Server;

/// <summary>
/// Sends metrics and traces over OTLP when the standard variables of OpenTelemetry name a receiver (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, or one each for traces and metrics); without
/// them nothing is gathered and nothing is sent. Protocol, headers, interval, sampling and resource are read from the standard variables too.
/// </summary>
internal static class Telemetry
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Besides the Book's own: the framework's meters, which name no person and have few tags.</summary>
    private static readonly string[] Meters =
        [BookMeter.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting", "System.Net.Http", "System.Runtime", "Npgsql"];

    public static void Add(WebApplicationBuilder builder)
    {
        var settings = builder.Configuration;
        var (traces, metrics) = (IsWanted(settings, "TRACES"), IsWanted(settings, "METRICS"));
        if ((!traces && !metrics) || settings.GetValue("OTEL_SDK_DISABLED", false))
        {
            return;
        }

        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource =>
        {
            if (settings["OTEL_SERVICE_NAME"] is null)
            {
                resource.AddService("peony", serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3));
            }
        });
        if (metrics)
        {
            telemetry.WithMetrics(meters => meters.AddMeter(Meters).AddOtlpExporter());
        }

        if (traces)
        {
            telemetry.WithTracing(sources => sources
                .AddSource(BookMeter.Name, "System.Net.Http")
                .AddAspNetCoreInstrumentation(requests =>
                {
                    requests.Filter = http => http.Request.Path.Value is not ("/healthz" or "/readyz");
                    requests.EnrichWithHttpRequest = Strip;
                    requests.EnrichWithHttpResponse = (activity, response) => activity.SetTag("peony.request.id", response.HttpContext.TraceIdentifier);
                })
                .AddOtlpExporter());
        }
    }

    private static bool IsWanted(ConfigurationManager settings, string signal) =>
        (settings[Endpoint] ?? settings[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"]) is { Length: > 0 }
        && !string.Equals(settings[$"OTEL_{signal}_EXPORTER"], "none", StringComparison.OrdinalIgnoreCase);

    /// <summary>What may tell a person: the browser's name and what was asked for in the address. The route stays, and the request id that problems show.</summary>
    private static void Strip(Activity activity, HttpRequest request) => activity.SetTag("user_agent.original", null).SetTag("url.query", null).SetTag("client.address", null);
}
