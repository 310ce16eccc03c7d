using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peony.Book;
using Peony.Customers;
using Peony.Customers.Verification;
using Peony.Edge;
using Peony.Gateway;
using Peony.Identifiers;
using Peony.Notices;

namespace Peony.Tests.Edge;

/// <summary>The edge and the capabilities given over HTTP in this process, on a Book without threads; messages, bureau and keys live in memory.</summary>
internal sealed class EdgeWorld : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _folder = Directory.CreateTempSubdirectory("peony-test").FullName;
    private int _keys;

    private EdgeWorld(Action<IServiceCollection>? more, IModule[] others)
    {
        var options = new PeonyOptions { DataDirectory = _folder, SmtpUrl = new Uri("smtp://mail.example") };
        IModule[] modules = [new CustomersModule(), .. others];
        var schema = new BookSchema();
        foreach (var module in modules)
        {
            module.Describe(schema);
        }

        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Test" });
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddPeonyEdge(options);
        foreach (var module in modules)
        {
            module.AddServices(builder.Services, options);
        }

        var secrets = new Secrets(new byte[32]);
        builder.Services.AddSingleton(secrets);
        builder.Services.AddSingleton<IVault>(Vault);
        builder.Services.AddSingleton<ISmsProvider>(Sms);
        builder.Services.AddSingleton<IMailProvider>(Mail);
        builder.Services.AddSingleton<IIdentityBureau>(Bureau);
        builder.Services.AddSingleton(services => new SteppedBook(schema, secrets, effects: Enumerable.Range(0, 1).SelectMany(_ => services.GetServices<EffectRegistration>())));
        builder.Services.AddSingleton<IBook>(services => new Turns(services.GetRequiredService<SteppedBook>()));
        builder.Services.AddSingleton(services => services.GetRequiredService<SteppedBook>().Reader);
        // Slow on purpose in the product; a test signs in hundreds of times.
        builder.Services.Configure<Microsoft.AspNetCore.Identity.PasswordHasherOptions>(hasher => hasher.IterationCount = 1000);
        more?.Invoke(builder.Services);
        _app = builder.Build();
        _app.UsePeonyEdge();
        _app.MapPeonyApi(modules);
        if (modules.Any(module => module is GatewayModule))
        {
            GatewayDoors.Map(_app);
        }
    }

    public MemoryVault Vault { get; } = new();

    public MemorySms Sms { get; } = new();

    public MemoryMail Mail { get; } = new();

    public FakeBureau Bureau { get; } = new();

    public SteppedBook Book => _app.Services.GetRequiredService<SteppedBook>();

    public IServiceProvider Services => _app.Services;

    public string Folder => _folder;

    public static async Task<EdgeWorld> StartAsync(Action<IServiceCollection>? more = null, params IModule[] others)
    {
        var world = new EdgeWorld(more, others);
        await world._app.StartAsync();
        return world;
    }

    public HttpClient Client(string? token = null, string language = "en")
    {
        var client = _app.GetTestClient();
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        if (token is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return client;
    }

    /// <summary>A browser: it keeps cookies and says which site a write comes from.</summary>
    public (HttpClient Client, CookieContainer Cookies) Browser(string site = "same-origin", CookieContainer? cookies = null)
    {
        var jar = cookies ?? new CookieContainer();
        var client = new HttpClient(new Jar(jar, _app.GetTestServer().CreateHandler())) { BaseAddress = _app.GetTestServer().BaseAddress };
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", site);
        return (client, jar);
    }

    public string NextKey() => $"key-{Interlocked.Increment(ref _keys)}";

    /// <summary>Sends a write with a key of its own.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpClient client, HttpMethod method, string path, object? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Idempotency-Key", key ?? NextKey());
        if (body is not null)
        {
            request.Content = body as HttpContent ?? JsonContent.Create(body);
        }

        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text));
    }

    public Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(HttpClient client, string path, object? body = null, string? key = null) =>
        SendAsync(client, HttpMethod.Post, path, body, key);

    /// <summary>Signs a customer up by phone and password, and gives the bearer token.</summary>
    public async Task<string> SignUpAsync(string phone = "13800138000", string password = "correct horse", string? device = null)
    {
        var client = Client();
        var (status, started) = await PostAsync(client, "/api/v1/sign-ups", new { phone });
        Assert.Equal(HttpStatusCode.Created, status);
        var id = started.GetProperty("id").GetString();
        var (_, session) = await PostAsync(client, $"/api/v1/sign-ups/{id}/finish",
            new { code = CodeSentTo(phone), password, device = device is null ? null : new { secret = device, name = "Phone" } });
        return session.GetProperty("token").GetString() ?? throw new InvalidOperationException(session.ToString());
    }

    /// <summary>The digits of the last message to the phone.</summary>
    public string CodeSentTo(string phone)
    {
        Book.Settle();
        var text = Sms.Messages.Last(message => message.To.EndsWith(phone, StringComparison.Ordinal)).Text;
        return System.Text.RegularExpressions.Regex.Match(text, "[0-9]{6}").Value;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class Jar(CookieContainer cookies, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (cookies.GetCookieHeader(request.RequestUri!) is { Length: > 0 } header)
            {
                request.Headers.Add("Cookie", header);
            }

            var response = await base.SendAsync(request, cancellationToken);
            foreach (var cookie in response.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
            {
                cookies.SetCookies(request.RequestUri!, cookie);
            }

            return response;
        }
    }

    /// <summary>The stepped Book has no threads of its own, so callers take turns.</summary>
    private sealed class Turns(SteppedBook book) : IBook
    {
        private readonly Lock _lock = new();

        public Task<Result<TReply>> RunAsync<TReply>(ICommand<TReply> command, CallKey? key = null, CancellationToken cancel = default)
        {
            lock (_lock)
            {
                return Task.FromResult(book.Run(command, key));
            }
        }

        public Task<DryRun<TReply>> DryRunAsync<TReply>(ICommand<TReply> command, CancellationToken cancel = default)
        {
            lock (_lock)
            {
                return Task.FromResult(book.DryRun(command));
            }
        }
    }
}

/// <summary>Keys in memory: an envelope is the text's base64 behind its owner's name.</summary>
internal sealed class MemoryVault : IVault
{
    private readonly HashSet<string> _owners = [];
    private readonly HashSet<string> _erased = [];

    public Task EnsureKeyAsync(string owner, CancellationToken cancel = default)
    {
        if (_erased.Contains(owner))
        {
            throw new InvalidOperationException("The key was destroyed.");
        }

        _owners.Add(owner);
        return Task.CompletedTask;
    }

    public Task<Sealed> SealAsync(string owner, string text, CancellationToken cancel = default) => _owners.Contains(owner)
        ? Task.FromResult(new Sealed($"{owner}|{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text))}"))
        : throw new InvalidOperationException("There is no key.");

    public Task<string?> OpenAsync(string owner, Sealed envelope, CancellationToken cancel = default)
    {
        var parts = envelope.Envelope.Split('|');
        return Task.FromResult(_owners.Contains(owner) && parts[0] == owner ? System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(parts[1])) : null);
    }

    public Task DestroyKeyAsync(string owner, CancellationToken cancel = default)
    {
        _owners.Remove(owner);
        _erased.Add(owner);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> ErasedAsync(CancellationToken cancel = default) => Task.FromResult<IReadOnlyList<string>>([.. _erased]);
}

/// <summary>A carrier that keeps what it was given.</summary>
internal sealed class MemorySms : ISmsProvider
{
    public List<(string Id, string To, string Text)> Messages { get; } = [];

    public Task<SmsReceipt> SendAsync(string clientMessageId, string to, string text, CancellationToken cancel)
    {
        if (!Messages.Exists(message => message.Id == clientMessageId))
        {
            Messages.Add((clientMessageId, to, text));
        }

        return Task.FromResult(new SmsReceipt(clientMessageId, SmsState.Delivered, null));
    }

    public Task<SmsReceipt?> StatusAsync(string providerId, CancellationToken cancel) => Task.FromResult<SmsReceipt?>(new SmsReceipt(providerId, SmsState.Delivered, null));
}

/// <summary>A mailbox in memory; it can be told to take nothing.</summary>
internal sealed class MemoryMail : IMailProvider
{
    public List<(string Id, string To, string Subject, string Text)> Messages { get; } = [];

    public Task<MailReceipt> SendAsync(string messageId, string to, string subject, string text, CancellationToken cancel)
    {
        if (!Messages.Exists(message => message.Id == messageId))
        {
            Messages.Add((messageId, to, subject, text));
        }

        return Task.FromResult(new MailReceipt(MailState.Taken));
    }
}

/// <summary>A bureau that says yes to everybody not on its list.</summary>
internal sealed class FakeBureau : IIdentityBureau
{
    public HashSet<string> Strangers { get; } = [];

    public int Asked { get; private set; }

    public Task<BureauAnswer> CheckAsync(string reference, string name, ResidentId id, CancellationToken cancel)
    {
        Asked++;
        return Task.FromResult(new BureauAnswer(Strangers.Contains(name) ? BureauVerdict.Differs : BureauVerdict.Agrees, reference));
    }

    public Task<BureauAnswer> CheckPhotosAsync(string reference, string name, ResidentId id, IdentityPhotos photos, CancellationToken cancel) =>
        Task.FromResult(new BureauAnswer(BureauVerdict.Agrees, reference));
}
