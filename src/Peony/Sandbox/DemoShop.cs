using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Peony.Book;
using Peony.Customers;
using Peony.Gateway.Keys;
using Peony.Identifiers;
using Peony.Merchants;
using Peony.Trades;

namespace Peony.Sandbox;

/// <summary>The app of the demo merchant with the private key its programs sign with, sealed. Outside the sandbox nobody's private key is kept.</summary>
internal sealed record DemoApp(AppId App, string SealedKey) : IRecord
{
    public const string TheKey = "demo";

    [System.Text.Json.Serialization.JsonIgnore]
    public string Key => TheKey;
}

/// <summary>Opens the demo merchant, once.</summary>
internal sealed record OpenDemoShop(string PublicKey, string SealedKey, CustomerId? Owner) : ICommand<DemoApp>
{
    /// <summary>The fee on a payment, 0.6 %.</summary>
    private const long Rate = 6_000;

    public Result<DemoApp> Handle(IWork work)
    {
        if (work.Find<DemoApp>(DemoApp.TheKey) is { } open)
        {
            return open;
        }

        if (new OpenSandboxMerchant("清心茶馆", MerchantCategory.Dining, Rate, PublicKey, Owner).Handle(work).IsRefused(out var refusal, out var app))
        {
            return refusal;
        }

        var made = new DemoApp(app.Id, SealedKey);
        work.Save(made);
        return made;
    }
}

/// <summary>Everything an SDK is configured with to act for the demo merchant. The names are those of the SDKs' settings.</summary>
/// <param name="Gateway">The address of version 2.</param>
/// <param name="Endpoint">The address of version 3.</param>
/// <param name="PrivateKey">PKCS#1, base64 on one line: Node, .NET.</param>
/// <param name="PrivateKeyPkcs8">PKCS#8, base64 on one line: Java.</param>
/// <param name="AlipayPublicKey">The platform's public key, base64 on one line; not the app's.</param>
/// <param name="AppCertificate">The app's certificate, the platform's and the root, PEM: certificate mode takes these instead of the platform's key; the demo app works in both modes.</param>
internal sealed record SandboxKeysView(string Gateway, string Endpoint, string AppId, string SellerId, string PrivateKey, string PrivateKeyPkcs8, string AppPublicKey, string AlipayPublicKey, string AesKey,
    string AppCertificate, string AlipayCertificate, string AlipayRootCertificate);

/// <param name="Code">23 digits; good for a minute, for one payment.</param>
internal sealed record SandboxPayCodeView(string Code, DateTimeOffset ExpiresAt);

/// <summary>The demo merchant's keys, and pay codes of a demo customer's phone, so that a merchant's test needs no phone.</summary>
internal sealed class DemoShop(IBook book, IBookReader reader, Secrets secrets, PlatformKeys platform, AppReader apps, PayCodes codes, TradeReader trades, IServer server)
{
    private const string Purpose = "demo-app";
    private const int Sequences = 1000;

    /// <summary>So many that two thousand codes a second are all different.</summary>
    private const int Spare = 20;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _spare = new();
    private int _sequence = RandomNumberGenerator.GetInt32(Sequences * Spare);

    public async Task OpenAsync(CancellationToken cancel = default)
    {
        if (await reader.FindAsync<DemoApp>(DemoApp.TheKey, cancel) is null)
        {
            using var key = RSA.Create(PlatformCertificates.KeyBits);
            await book.RunAsync(new OpenDemoShop(Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()), PlatformKey.Seal(secrets, Purpose, key.ExportPkcs8PrivateKey()),
                (await PersonAsync(MobileNumber.Parse(DemoPeople.Chen.Phone).Number!, cancel))?.Id), cancel: cancel);
        }

        if (await reader.FindAsync<DemoApp>(DemoApp.TheKey, cancel) is { } demo && await apps.FindAsync(demo.App, cancel) is { Certificate: null } app)
        {
            await platform.CertifyAsync(app, cancel);
        }
    }

    /// <summary>The keys, or null as long as the demo data are being made.</summary>
    public async Task<SandboxKeysView?> KeysAsync(CancellationToken cancel = default)
    {
        if (await reader.FindAsync<DemoApp>(DemoApp.TheKey, cancel) is not { } demo || await apps.FindAsync(demo.App, cancel) is not { Certificate: not null } app)
        {
            return null;
        }

        using var key = PlatformCertificates.Import(PlatformKey.Open(secrets, Purpose, demo.SealedKey));
        var signer = await platform.GetAsync(cancel);
        var forms = KeyFormats.PrivateFormsOf(key);
        var origin = SandboxWorld.AddressOf(server).ToString().TrimEnd('/');
        return new SandboxKeysView($"{origin}/gateway.do", origin, app.Id.Value, app.SellerNumber, forms.Pkcs1, forms.Pkcs8, app.PublicKeys[0], signer.PublicKey,
            Convert.ToBase64String(AppSecrets.AesKey(secrets, app.Id, app.KeyVersion)), app.Certificate!, signer.Certificate.ExportCertificatePem(), signer.Root.ExportCertificatePem());
    }

    /// <summary>A fresh pay code of the phone of this number, or null when nobody makes pay codes with it.</summary>
    public async Task<SandboxPayCodeView?> PayCodeAsync(MobileNumber phone, CancellationToken cancel = default)
    {
        if (await PersonAsync(phone, cancel) is not { } customer || await trades.PhoneOfAsync(customer.Id, cancel) is not { } number)
        {
            return null;
        }

        var spare = _spare.GetValueOrDefault(number) ?? (_spare[number] = (await book.RunAsync(new AddSparePayCodeKeys(number, Spare), cancel: cancel)).Value);
        var turn = (uint)Interlocked.Increment(ref _sequence);
        return new SandboxPayCodeView(codes.Make(spare[(int)(turn / Sequences % (uint)spare.Count)], reader.Now, (int)(turn % Sequences)), reader.Now + Life);
    }

    private async Task<Customer?> PersonAsync(MobileNumber phone, CancellationToken cancel) =>
        await reader.ListAsync<Customer>("phone", PersonalHashes.Phone(secrets, phone), new Page(1), cancel) is [var customer] ? customer : null;
}
