using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Peony.Book;
using Peony.Merchants;

namespace Peony.Gateway.Keys;

/// <summary>The platform's keys, ready to use.</summary>
/// <param name="PublicKey">Base64 of the SubjectPublicKeyInfo.</param>
/// <param name="CertificateSerial">The serial number (SN) of <paramref name="Certificate"/>, as clients compute it.</param>
/// <param name="RootSerial">That of the CA's certificate.</param>
internal sealed record PlatformSigner(RsaKey Key, string PublicKey, X509Certificate2 Certificate, string CertificateSerial, X509Certificate2 Root, string RootSerial);

/// <summary>Finds the platform's keys, or makes them when the instance has none yet.</summary>
internal sealed class PlatformKeys(IBook book, IBookReader reader, Secrets secrets, TimeProvider clock)
{
    private const string Signing = "signing";
    private const string Root = "root";
    private volatile PlatformSigner? _signer;

    /// <summary>The keys. They never change, so they are read once.</summary>
    public async ValueTask<PlatformSigner> GetAsync(CancellationToken cancel = default) =>
        _signer ??= Open(await reader.FindAsync<PlatformKey>(PlatformKey.TheOne, cancel) ?? (await book.RunAsync(new KeepPlatformKey(Make()), cancel: cancel)).Value);

    /// <summary>A certificate for an app's public key, of five years by the wall clock.</summary>
    /// <param name="publicKey">RSA of 2048 bits or more.</param>
    /// <exception cref="CryptographicException">The key is none of that kind.</exception>
    public async Task<X509Certificate2> IssueAsync(string app, PublicKey publicKey, CancellationToken cancel = default)
    {
        await GetAsync(cancel);
        var record = await reader.FindAsync<PlatformKey>(PlatformKey.TheOne, cancel) ?? throw new InvalidOperationException("The platform's keys were made and cannot be read.");
        using var ca = PlatformCertificates.Import(PlatformKey.Open(secrets, Root, record.SealedRootKey));
        using var root = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(record.RootCertificate)).CopyWithPrivateKey(ca);
        return PlatformCertificates.ForApp(root, app, publicKey, clock.GetUtcNow());
    }

    /// <summary>Certifies the newest key of an app that has no certificate yet.</summary>
    public async Task<AppView> CertifyAsync(AppView app, CancellationToken cancel = default)
    {
        using var certificate = await IssueAsync(app.Id.Value, PublicKey.CreateFromSubjectPublicKeyInfo(Convert.FromBase64String(app.PublicKeys[0]), out _), cancel);
        return (await book.RunAsync(new CertifyAppKey(app.Id, app.PublicKeys[0], CertificateSerial.Of(certificate), certificate.ExportCertificatePem()), cancel: cancel)).Value;
    }

    private PlatformKey Make()
    {
        using var ca = RSA.Create(PlatformCertificates.KeyBits);
        using var key = RSA.Create(PlatformCertificates.KeyBits);
        using var root = PlatformCertificates.MakeRoot(ca, clock.GetUtcNow());
        using var signing = PlatformCertificates.ForPlatform(root, key, clock.GetUtcNow());
        return new PlatformKey(Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()), PlatformKey.Seal(secrets, Signing, key.ExportPkcs8PrivateKey()),
            Convert.ToBase64String(signing.RawData), Convert.ToBase64String(root.RawData), PlatformKey.Seal(secrets, Root, ca.ExportPkcs8PrivateKey()), default);
    }

    private PlatformSigner Open(PlatformKey record)
    {
        var certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(record.Certificate));
        var root = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(record.RootCertificate));
        var key = PlatformKey.Open(secrets, Signing, record.SealedKey);
        return new PlatformSigner(new RsaKey(() => PlatformCertificates.Import(key)), record.PublicKey, certificate, CertificateSerial.Of(certificate), root, CertificateSerial.OfBundle([root]));
    }
}
