using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Peony.Gateway.Keys;

/// <summary>
/// Peony's own small CA: a root, the certificate the platform signs with, one for each app. Subjects are plain (country, organisation, unit, name; ASCII, no commas), because
/// client libraries write them in orders and escapes of their own and compare a digest of the text.
/// </summary>
internal static class PlatformCertificates
{
    public const int KeyBits = 2048;

    private const int RootYears = 30;
    private const int PlatformYears = 20;
    private const int AppYears = 5;

    public static X509Certificate2 MakeRoot(RSA key, DateTimeOffset now)
    {
        var request = new CertificateRequest(Subject("Certification Authority", "Peony Root CA"), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(Start(now), now.AddYears(RootYears));
    }

    public static X509Certificate2 ForPlatform(X509Certificate2 root, RSA key, DateTimeOffset now) =>
        Sign(root, new CertificateRequest(Subject("Platform", "Peony Gateway"), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), now, PlatformYears);

    /// <exception cref="CryptographicException">The key is no RSA of enough bits.</exception>
    public static X509Certificate2 ForApp(X509Certificate2 root, string app, PublicKey publicKey, DateTimeOffset now)
    {
        using var rsa = publicKey.GetRSAPublicKey() ?? throw new CryptographicException("The key of an app is RSA.");
        return rsa.KeySize < KeyBits
            ? throw new CryptographicException($"The key of an app has at least {KeyBits} bits.")
            : Sign(root, new CertificateRequest(Subject("App", app), publicKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), now, AppYears);
    }

    /// <summary>The public key of a request for a certificate (PKCS#10). What else it asks for is not granted.</summary>
    /// <param name="pem">The request, whose own signature must be right.</param>
    /// <exception cref="CryptographicException">It is none, or not signed by its own key.</exception>
    public static PublicKey PublicKeyOf(string pem)
    {
        try
        {
            return CertificateRequest.LoadSigningRequestPem(pem, HashAlgorithmName.SHA256, signerSignaturePadding: RSASignaturePadding.Pkcs1).PublicKey;
        }
        catch (ArgumentException exception)
        {
            throw new CryptographicException("The text is no request for a certificate.", exception);
        }
    }

    public static RSA Import(byte[] pkcs8)
    {
        var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(pkcs8, out _);
        return rsa;
    }

    private static X509Certificate2 Sign(X509Certificate2 root, CertificateRequest request, DateTimeOffset now, int years)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var serial = RandomNumberGenerator.GetBytes(16);
        // Positive, and as long as it is.
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        return request.Create(root, Start(now), now.AddYears(years), serial);
    }

    /// <summary>A day earlier, for clients whose clocks are slow.</summary>
    private static DateTimeOffset Start(DateTimeOffset now) => now.AddDays(-1);

    private static X500DistinguishedName Subject(string unit, string name)
    {
        // What is added last is written first.
        var subject = new X500DistinguishedNameBuilder();
        subject.Add("2.5.4.3", name, UniversalTagNumber.PrintableString);
        subject.Add("2.5.4.11", unit, UniversalTagNumber.PrintableString);
        subject.Add("2.5.4.10", "Peony", UniversalTagNumber.PrintableString);
        subject.AddCountryOrRegion("CN");
        return subject.Build();
    }
}
