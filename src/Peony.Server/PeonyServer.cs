using System.Net;
using Microsoft.Extensions.Logging.Console;
using Peony.Book;
using Peony.Credit;
using Peony.Customers.Mail;
using Peony.Edge;
using Peony.Gateway;
using Peony.Gateway.Keys;
using Peony.Payouts;
using Peony.Operators;
using Peony.Sandbox;
using Peony.Simulators;
using Peony.Web;

namespace Peony.Server;

/// <summary>The whole program as one object: simulators (in the sandbox), web application, Book. Tests start it as <c>serve</c> does.</summary>
internal sealed class PeonyServer : IAsyncDisposable
{
    private readonly WebApplication? _simulators;
    private readonly Instance _instance;

    private PeonyServer(Instance instance, WebApplication? simulators, WebApplication app)
    {
        (_instance, _simulators, App) = (instance, simulators, app);
        Book = app.Services.GetRequiredService<BookHost>();
    }

    public WebApplication App { get; }

    public BookHost Book { get; }

    public CreditProducts CreditProducts => App.Services.GetRequiredService<CreditProducts>();

    public Instance Instance => _instance;

    /// <summary>The one-time link by which the first operator enrols; null once there is one.</summary>
    public string? FirstOperatorPath { get; private set; }

    /// <summary>The address it listens at.</summary>
    public Uri Address => new(App.Urls.First().Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal));

    /// <summary>Starts listening; <c>/readyz</c> answers 503 until <see cref="ServeAsync"/> has the Book.</summary>
    /// <param name="configure">Changes services, for tests.</param>
    /// <param name="map">Adds routes of whoever hosts it, behind the whole pipeline.</param>
    public static async Task<PeonyServer> StartAsync(PeonyOptions options, string urls, Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? map = null)
    {
        RefuseUnsafe(options);
        WebApplication? simulators = null;
        if (options.IsSandbox && options.BankUrl is null)
        {
            options.ProviderKey = options.ProviderKey.Length >= 16 ? options.ProviderKey : Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));
            simulators = SimulatorsApp.Build("http://127.0.0.1:0", new SimulatorOptions { ProviderKey = options.ProviderKey });
            await simulators.StartAsync();
            var address = new Uri(simulators.Urls.First());
            (options.BankUrl, options.SmsUrl, options.BureauUrl) = (new Uri(address, "/bank/"), new Uri(address, "/sms/"), new Uri(address, "/bureau/"));
            options.SmtpUrl ??= SimulatorsApp.SmtpAddressOf(simulators);
        }

        var instance = new Instance(options);
        var app = Build(instance, urls, configure, map);
        await app.StartAsync();
        if (simulators is not null)
        {
            await app.Services.GetRequiredService<SimulatorControl>().SendReportsToAsync(new Uri(new PeonyServer(instance, simulators, app).Address, BankCallback.Path));
        }

        return new PeonyServer(instance, simulators, app);
    }

    /// <summary>Takes the Book (standing by while another process has it), then prepares the sandbox.</summary>
    public async Task ServeAsync(CancellationToken cancel = default)
    {
        await Book.StartAsync(cancel);
        // Made here once, so that no merchant's first request waits for them.
        await App.Services.GetRequiredService<PlatformKeys>().GetAsync(cancel);
        using (var scope = App.Services.CreateScope())
        {
            var operators = scope.ServiceProvider.GetRequiredService<OperatorFlow>();
            await operators.EnsureDemoAsync(cancel);
            FirstOperatorPath = await operators.InviteFirstAsync(cancel) is { } token ? OperatorFlow.PathOf(token) : null;
        }

        if (_instance.Options.IsSandbox)
        {
            await App.Services.GetRequiredService<SandboxWorld>().PrepareAsync(cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await Book.DisposeAsync();
        await App.DisposeAsync();
        if (_simulators is not null)
        {
            await _simulators.StopAsync();
            await _simulators.DisposeAsync();
        }

        await _instance.Vault.DisposeAsync();
    }

    private static WebApplication Build(Instance instance, string urls, Action<WebApplicationBuilder>? configure, Action<WebApplication>? map)
    {
        var options = instance.Options;
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, EnvironmentName = "Production", ApplicationName = "Peony.Server" });
        builder.WebHost.UseUrls(urls);
        builder.WebHost.UseStaticWebAssets();
        // A program that was built and not published would serve assets as they lie in the sources, compressed anew and not at all: four times the bytes.
        builder.Configuration["ReloadStaticAssetsAtRuntime"] = "false";
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
            console.TimestampFormat = "HH:mm:ss ";
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning).AddFilter("Polly", LogLevel.Error);

        var services = builder.Services;
        services.AddPeonyEdge(options);
        services.AddSingleton(instance.Secrets);
        services.AddSingleton<IVault>(instance.Vault);
        services.AddSingleton(instance.Schema);
        services.AddSingleton(provider => new BookHost(instance.Schema, instance.Secrets, instance.Journal, instance.Tables, instance.Seal, provider.GetRequiredService<TimeProvider>(),
            new BookOptions { Book = Instance.BookName, MayAdvanceClock = options.IsSandbox }, provider.GetServices<EffectRegistration>, provider.GetRequiredService<ILogger<BookHost>>()));
        services.AddSingleton<IBook>(provider => provider.GetRequiredService<BookHost>());
        services.AddSingleton(provider => provider.GetRequiredService<BookHost>().Reader);
        services.AddSingleton(provider => provider.GetRequiredService<BookHost>().Rows);
        services.AddSingleton<IReadiness, BookReadiness>();
        ApiReference.Add(services);
        Telemetry.Add(builder);
        services.AddPeonyWeb();
        foreach (var module in instance.Modules)
        {
            module.AddServices(services, options);
        }

        configure?.Invoke(builder);
        var app = builder.Build();
        app.Use(SandboxDoor.OpenAsync);
        app.UsePeonyEdge();
        app.Use(DocsPolicy.ApplyAsync);
        app.MapPeonyApi(instance.Modules);
        ApiReference.Map(app);
        GatewayDoors.Map(app);
        app.MapPeonyWeb();
        map?.Invoke(app);
        return app;
    }

    /// <summary>Production refuses what only a sandbox may have.</summary>
    internal static void RefuseUnsafe(PeonyOptions options)
    {
        if (options.IsSandbox)
        {
            return;
        }

        (bool IsThere, string What)[] needed =
        [
            (options.BankUrl is not null, "PEONY_BANK_URL (the bank that takes ISO 20022 files)"),
            (options.SmsUrl is not null, "PEONY_SMS_URL (the SMS gateway)"),
            (options.BureauUrl is not null, "PEONY_BUREAU_URL (the identity bureau)"),
            (options.ProviderKey.Length >= 16, "PEONY_PROVIDER_KEY (16 characters or more)"),
            (options.OperatorName.Length > 0, "PEONY_OPERATOR_NAME (the payer's name as its bank knows it)"),
            (options.OperatorAccount.Length > 0, "PEONY_OPERATOR_ACCOUNT (the account payouts are paid from)"),
            (options.OperatorBank.Length > 0, "PEONY_OPERATOR_BANK (the bank of that account)"),
        ];
        var missing = needed.Where(one => !one.IsThere).Select(one => one.What).ToList();
        foreach (var address in new[] { options.BankUrl, options.SmsUrl, options.BureauUrl }.OfType<Uri>())
        {
            if (address.IsLoopback || !string.Equals(address.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal))
            {
                missing.Add($"an https address outside this machine instead of {address}");
            }
        }

        // Mail is optional; where it is sent it is sent over TLS.
        if (options.SmtpUrl is { } smtp)
        {
            if (smtp.IsLoopback || smtp.Scheme is not ("smtp" or "smtps"))
            {
                missing.Add($"an smtp or smtps address outside this machine instead of {smtp}");
            }

            if (!EmailAddress.TryParse(options.MailFrom, out _))
            {
                missing.Add("PEONY_MAIL_FROM (the address mail comes from)");
            }
        }

        if (missing.Count > 0)
        {
            throw new StartRefusedException("Production does not start without " + string.Join(", ", missing) + ".");
        }
    }
}
