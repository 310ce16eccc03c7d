using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peony.Simulators.Bank;
using Peony.Simulators.Bureau;
using Peony.Simulators.Mail;
using Peony.Simulators.Sms;

namespace Peony.Simulators;

/// <summary>
/// The world outside a sandbox in one small web application: a bank below <c>/bank/</c>, an SMS carrier below <c>/sms/</c>, an identity bureau below <c>/bureau/</c>, a mail server on a port of its own, and
/// <c>/control/</c> to switch faults on, move the clock and look at what came in. Nothing is stored on disk or logged.
/// </summary>
public static class SimulatorsApp
{
    /// <summary>The header of the shared secret, in both directions.</summary>
    public const string KeyHeader = "X-Provider-Key";

    private const int LargestBody = 12 << 20;   // photos of an ID card and a face

    /// <summary>Builds the application; the caller starts it. Port 0 in the address takes a free one.</summary>
    /// <param name="url">A loopback address, such as <c>http://127.0.0.1:0</c>.</param>
    public static WebApplication Build(string url, SimulatorOptions options)
    {
        if (options.ProviderKey.Length < 16)
        {
            throw new ArgumentException("The provider key has fewer than 16 characters.", nameof(options));
        }

        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.WebHost.UseUrls(url);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = LargestBody);
        builder.Logging.ClearProviders();
        builder.Services.ConfigureHttpJsonOptions(json => SimulatorJson.Configure(json.SerializerOptions));
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<SimulatorClock>();
        builder.Services.AddSingleton<BankSimulator>();
        builder.Services.AddSingleton<BankReports>();
        builder.Services.AddHostedService(services => services.GetRequiredService<BankReports>());
        builder.Services.AddSingleton<SmsSimulator>();
        builder.Services.AddSingleton<BureauSimulator>();
        builder.Services.AddSingleton<MailSimulator>();
        builder.Services.AddSingleton<SmtpListener>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SmtpListener>());

        var app = builder.Build();
        app.Use((context, next) => CheckKeyAsync(context, next, options.ProviderKey));
        BankApi.Map(app);
        SmsApi.Map(app);
        BureauApi.Map(app);
        ControlApi.Map(app);
        return app;
    }

    /// <summary>Where the mail server of a started application listens.</summary>
    public static Uri SmtpAddressOf(WebApplication simulators) => new($"smtp://127.0.0.1:{simulators.Services.GetRequiredService<SmtpListener>().Port}");

    private static Task CheckKeyAsync(HttpContext context, RequestDelegate next, string key)
    {
        var given = context.Request.Headers[KeyHeader].ToString();
        if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(key)))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }
}
