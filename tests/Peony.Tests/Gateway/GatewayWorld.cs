using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Cards;
using Peony.Credit;
using Peony.Customers;
using Peony.Edge;
using Peony.Gateway;
using Peony.Gateway.Keys;
using Peony.Gateway.Notify;
using Peony.Ledger;
using Peony.Merchants;
using Peony.Operators;
using Peony.Payouts;
using Peony.Tests.Credit;
using Peony.Tests.Edge;
using Peony.Trades;
using Peony.Wallet;

namespace Peony.Tests.Gateway;

/// <summary>Changes an app as the portal will: its mode, its keys, whether it is switched on.</summary>
internal sealed record PlantApp(AppId App, AppKeyMode Mode, IReadOnlyList<AppKey> Keys, bool IsActive, string? NotifyUrl) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        work.Save(work.Get<MerchantApp>(App.Value) with { Mode = Mode, Keys = Keys, IsActive = IsActive, NotifyUrl = NotifyUrl });
        return new Done();
    }
}

/// <summary>Fills a wallet.</summary>
internal sealed record PlantMoney(CustomerId Customer, long Amount) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        WalletAccounts.Open(work, Customer);
        work.Post(new Entry(new EntryKey($"test/{Customer.Value}/{work.Now.Ticks}"), "test.money", PostingLine.Post(PayoutAccounts.Settlement, WalletAccounts.Of(Customer), Money.Cny(Amount))));
        return new Done();
    }
}

/// <summary>What tests plant, as a capability of their own.</summary>
internal sealed class PlantsModule : IModule
{
    public void Describe(BookSchema schema)
    {
        schema.Command<Plant>("test.plant");
        schema.Command<PlantFreeze>("test.freeze");
        schema.Command<PlantMoney>("test.money");
        schema.Command<PlantApp>("test.app");
    }

    public void AddServices(IServiceCollection services, PeonyOptions options)
    {
    }

    public void MapApi(IEndpointRouteBuilder api)
    {
    }
}

/// <summary>A merchant's server that notices are sent to; it answers what the test says.</summary>
internal sealed class Receiver : HttpMessageHandler
{
    public List<(string Url, string Body, string Type)> Got { get; } = [];

    public Func<HttpResponseMessage> Answer { get; set; } = () => Said("success");

    public static HttpResponseMessage Said(string text, HttpStatusCode status = HttpStatusCode.OK) => new(status) { Content = new StringContent(text) };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Got.Add((request.RequestUri!.AbsoluteUri, Encoding.ASCII.GetString(await request.Content!.ReadAsByteArrayAsync(cancellationToken)), request.Content.Headers.ContentType!.ToString()));
        return Answer();
    }
}

/// <summary>The gateway over HTTP in this process, with a merchant, its app, and a customer who has a phone that makes pay codes.</summary>
internal sealed class GatewayWorld : IAsyncDisposable
{
    private static readonly PayCodes Codes = new(new byte[32]);
    private static readonly RSA AppRsa = RSA.Create(2048);
    private static readonly RSA OtherRsa = RSA.Create(2048);
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static PlatformKey? _platformKey;
    private readonly EdgeWorld _edge;
    private int _codes;

    private GatewayWorld(EdgeWorld edge, AppView app, AppView other, PlatformSigner platform) => (_edge, App, Other, Platform) = (edge, app, other, platform);

    public AppView App { get; }

    /// <summary>An app of another merchant, with another key.</summary>
    public AppView Other { get; }

    public PlatformSigner Platform { get; }

    public RSA Key { get; } = AppRsa;

    public RSA OtherKey { get; } = OtherRsa;

    public SteppedBook Book => _edge.Book;

    public IServiceProvider Services => _edge.Services;

    public Receiver Receiver { get; private init; } = null!;

    public byte[] AesKey => AppSecrets.AesKey(Services.GetRequiredService<Secrets>(), App.Id, App.KeyVersion);

    public static async Task<GatewayWorld> StartAsync()
    {
        var receiver = new Receiver();
        var edge = await EdgeWorld.StartAsync(services =>
        {
            services.AddSingleton<ICardBureau, AgreeingCardBureau>().AddSingleton<ICardNumbers, NoCardNumbers>();
            services.AddHttpClient(NotifyEffect.ClientName).ConfigurePrimaryHttpMessageHandler(() => receiver);
        }, new CardsModule(), new WalletModule(), new CreditModule(), new PayoutsModule(), new OperatorsModule(), new MerchantsModule(), new TradesModule(TradeRules.Shipped(), Codes),
            new GatewayModule(), new PlantsModule());
        // Making keys is most of what a test would do; one instance's serve all.
        if (_platformKey is { } made)
        {
            edge.Book.Run(new KeepPlatformKey(made));
        }

        var platform = await edge.Services.GetRequiredService<PlatformKeys>().GetAsync();
        _platformKey = await edge.Book.Reader.FindAsync<PlatformKey>(PlatformKey.TheOne);
        return new GatewayWorld(edge, Open(edge, "牡丹书店", AppRsa), Open(edge, "Other Shop", OtherRsa), platform) { Receiver = receiver };
    }

    public static string PublicKeyOf(RSA key) => Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());

    public static string Sign(RSA key, byte[] text, HashAlgorithmName? hash = null) => Convert.ToBase64String(key.SignData(text, hash ?? HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    public HttpClient Client() => _edge.Client(language: "zh-CN");

    /// <summary>A customer with this much in the wallet.</summary>
    public Person Join(long money = 1_000_00)
    {
        var person = Book.Run(new Plant(VerificationLevel.Basic)).Value;
        Book.Run(new PlantMoney(person.Customer, money));
        return person;
    }

    /// <summary>A customer with a credit line and an empty wallet.</summary>
    public Person JoinWithLine()
    {
        var person = Book.Run(new Plant(VerificationLevel.Basic)).Value;
        var card = Book.Run(new BindCard(person.Session, MoneyWorld.Card("6226090000000001"), FourElementsAnswer.Agree)).Value;
        Assert.True(Book.Run(new OpenCreditLine(person.Session, card.Id, CreditTerms.Of(CreditProduct.Shipped()).Digest)).IsDone);
        return person;
    }

    /// <summary>What the person's phone shows now; each time another code.</summary>
    public string PayCode(Person person) => Codes.Make(Book.Run(new EnablePayCode(person.Session, MoneyWorld.Pin)).Value, Book.Now, ++_codes);

    public Result<TradeView> Confirm(Person person, TradeId trade) => Book.Run(new ConfirmTrade(person.Session, trade, MoneyWorld.Pin, new PaymentChoice(AgreesToInstalments: true)));

    public async Task<TradeView> FindAsync(string outTradeNo) => (await new TradeReader(Book.Reader).FindAsync(App.Merchant, new TradeSelector(null, outTradeNo)))!;

    public void ChangeApp(AppKeyMode mode = AppKeyMode.Key, IReadOnlyList<AppKey>? keys = null, bool isActive = true, string? notifyUrl = null) =>
        Book.Run(new PlantApp(App.Id, mode, keys ?? [new AppKey(PublicKeyOf(AppRsa), null, Book.Now, null)], isActive, notifyUrl));

    /// <summary>The parameters of a call, all but the signature.</summary>
    public SortedDictionary<string, string> Parameters(string method, object? content = null, string signType = "RSA2", string charset = "utf-8")
    {
        var parameters = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["app_id"] = App.Id.Value,
            ["method"] = method,
            ["format"] = "JSON",
            ["charset"] = charset,
            ["sign_type"] = signType,
            ["timestamp"] = "2026-03-05 10:00:00",
            ["version"] = "1.0",
        };
        if (content is not null)
        {
            parameters["biz_content"] = content as string ?? JsonSerializer.Serialize(content, Plain);
        }

        return parameters;
    }

    /// <summary>The signature as clients make it, written anew: all but <c>sign</c>, sorted, joined.</summary>
    public static string SignatureOf(IReadOnlyDictionary<string, string> parameters, RSA key, Encoding? encoding = null, bool withEmpty = false) => Sign(key,
        (encoding ?? Encoding.UTF8).GetBytes(string.Join('&', parameters.Where(pair => pair.Key != "sign" && (withEmpty || pair.Value.Length > 0))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"))),
        parameters["sign_type"] == "RSA" ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256);

    /// <summary>Calls a method as .NET does, and checks the answer as the libraries do.</summary>
    public async Task<JsonElement> CallAsync(string method, object? content = null, params (string Name, string Value)[] more)
    {
        var parameters = Parameters(method, content);
        foreach (var (name, value) in more)
        {
            parameters[name] = value;
        }

        parameters["sign"] = SignatureOf(parameters, Key);
        var (body, _) = await PostAsync("charset=utf-8", Encode(parameters, Encoding.UTF8));
        return WireClients.Check(body, Encoding.UTF8, method.Replace('.', '_') + "_response", Platform.PublicKey, aesKey: AesKey);
    }

    public async Task<(byte[] Body, HttpResponseMessage Response)> PostAsync(string query, string form, string contentType = "application/x-www-form-urlencoded;charset=utf-8")
    {
        using var content = new ByteArrayContent(Encoding.ASCII.GetBytes(form));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var client = Client();
        var response = await client.PostAsync($"/gateway.do{(query.Length == 0 ? "" : "?" + query)}", content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadAsByteArrayAsync(), response);
    }

    /// <summary>As forms are encoded: spaces as plus signs.</summary>
    public static string Encode(IEnumerable<KeyValuePair<string, string>> pairs, Encoding encoding) =>
        string.Join('&', pairs.Select(pair => $"{pair.Key}={Escape(pair.Value, encoding)}"));

    public static string Escape(string value, Encoding encoding) => string.Concat(encoding.GetBytes(value).Select(one =>
        char.IsAsciiLetterOrDigit((char)one) ? ((char)one).ToString() : one == ' ' ? "+" : $"%{one:X2}"));

    /// <summary>Calls v3, signed as its clients do.</summary>
    public async Task<HttpResponseMessage> RestAsync(HttpMethod verb, string target, string body = "", Func<string, string>? authorization = null, params (string Name, string Value)[] headers)
    {
        var shown = $"app_id={App.Id},nonce=6f2b3c,timestamp=1772676000000";
        var token = headers.FirstOrDefault(header => header.Name == "alipay-app-auth-token").Value;
        var text = $"{shown}\n{verb.Method}\n{target}\n{body}\n{(token is null ? "" : token + "\n")}";
        var header = $"ALIPAY-SHA256withRSA {shown},sign={Sign(Key, Encoding.UTF8.GetBytes(text))}";
        using var request = new HttpRequestMessage(verb, target);
        request.Headers.TryAddWithoutValidation("authorization", authorization?.Invoke(header) ?? header);
        request.Headers.TryAddWithoutValidation("accept", "application/json");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (body.Length > 0)
        {
            request.Content = new StringContent(body, Encoding.UTF8, headers.Any(one => one.Name == "alipay-encrypt-type") ? "text/plain" : "application/json");
        }

        using var client = Client();
        return await client.SendAsync(request);
    }

    public ValueTask DisposeAsync() => _edge.DisposeAsync();

    private static AppView Open(EdgeWorld edge, string name, RSA key) => edge.Book.Run(new OpenSandboxMerchant(name, MerchantCategory.Culture, 6_000, PublicKeyOf(key))).Value;
}
