using System.Security.Cryptography;
using System.Text;
using Peony.Book;

namespace Peony.Gateway.Keys;

/// <summary>
/// The platform's own keys, made once in the life of an instance: the pair that signs answers and notices, and the small CA above it. Private keys lie sealed under a key derived
/// from the master key. The pair is not any app's: a client that finds its own public key here refuses to start.
/// </summary>
/// <param name="PublicKey">Base64 of the SubjectPublicKeyInfo: what merchants keep as the platform's public key.</param>
/// <param name="SealedKey">The PKCS#8 of its private key, sealed.</param>
/// <param name="Certificate">Base64 of the signing certificate, DER.</param>
/// <param name="RootCertificate">Base64 of the CA's own certificate, DER.</param>
/// <param name="SealedRootKey">The PKCS#8 of the CA's private key, sealed.</param>
internal sealed record PlatformKey(string PublicKey, string SealedKey, string Certificate, string RootCertificate, string SealedRootKey, DateTimeOffset MadeAt) : IRecord
{
    public const string TheOne = "platform";

    private const string Purpose = "platform-keys";
    private const int Nonce = 12;
    private const int Tag = 16;

    public string Key => TheOne;

    /// <param name="name">Which key: it does not open under another's name.</param>
    public static string Seal(Secrets secrets, string name, byte[] text)
    {
        var (nonce, tag, cipher) = (RandomNumberGenerator.GetBytes(Nonce), new byte[Tag], new byte[text.Length]);
        using var aes = new AesGcm(secrets.Key(Purpose), Tag);
        aes.Encrypt(nonce, text, cipher, tag, Encoding.UTF8.GetBytes(name));
        return Convert.ToBase64String([.. nonce, .. tag, .. cipher]);
    }

    /// <exception cref="CryptographicException">It was sealed under another master key or name, or was changed.</exception>
    public static byte[] Open(Secrets secrets, string name, string envelope)
    {
        var bytes = Convert.FromBase64String(envelope);
        var text = new byte[bytes.Length - Nonce - Tag];
        using var aes = new AesGcm(secrets.Key(Purpose), Tag);
        aes.Decrypt(bytes.AsSpan(0, Nonce), bytes.AsSpan(Nonce + Tag), bytes.AsSpan(Nonce, Tag), text, Encoding.UTF8.GetBytes(name));
        return text;
    }
}

/// <summary>Keeps the platform's keys. Of two starts at once the first one's are kept and both get those.</summary>
internal sealed record KeepPlatformKey(PlatformKey Made) : ICommand<PlatformKey>
{
    public Result<PlatformKey> Handle(IWork work)
    {
        if (work.Find<PlatformKey>(PlatformKey.TheOne) is { } kept)
        {
            return kept;
        }

        var made = Made with { MadeAt = work.Now };
        work.Save(made);
        return made;
    }
}
