using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Peony.Gateway.Keys;

/// <summary>An app's private key in each form that clients ask for.</summary>
/// <param name="Pkcs1">PKCS#1, base64 in one line: Node as it comes, .NET.</param>
/// <param name="Pkcs8">PKCS#8, base64 in one line: Java, and Node with <c>keyType</c>.</param>
internal sealed record PrivateKeyForms(string Pkcs1, string Pkcs1Pem, string Pkcs8, string Pkcs8Pem);

/// <summary>A public key in each form that clients ask for.</summary>
/// <param name="Line">SubjectPublicKeyInfo, base64 in one line: accepted by all.</param>
internal sealed record PublicKeyForms(string Line, string Pem);

internal static class KeyFormats
{
    public static PrivateKeyForms PrivateFormsOf(RSA key) => new(Convert.ToBase64String(key.ExportRSAPrivateKey()), key.ExportRSAPrivateKeyPem(),
        Convert.ToBase64String(key.ExportPkcs8PrivateKey()), key.ExportPkcs8PrivateKeyPem());

    /// <param name="publicKey">Base64 of the SubjectPublicKeyInfo.</param>
    public static PublicKeyForms PublicFormsOf(string publicKey) => new(publicKey, PemEncoding.WriteString("PUBLIC KEY", Convert.FromBase64String(publicKey)));

    /// <summary>The reply to a client that looks a certificate up by its serial number: base64 of the PEM.</summary>
    public static string Download(X509Certificate2 certificate) => Convert.ToBase64String(Encoding.UTF8.GetBytes(certificate.ExportCertificatePem()));
}
