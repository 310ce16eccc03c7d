using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Peony.Gateway.Keys;

/// <summary>
/// The serial number (SN) by which the protocol names a certificate: MD5 in lower-case hex over the issuer's name (most specific part first, as <c>CN=…,OU=…,O=…,C=…</c>) and the
/// certificate's own serial number in decimal. MD5 names here and protects nothing.
/// </summary>
internal static class CertificateSerial
{
    private const string RsaSignatures = "1.2.840.113549.1.1";

    public static string Of(X509Certificate2 certificate)
    {
        var number = new BigInteger(certificate.SerialNumberBytes.Span, isUnsigned: true, isBigEndian: true).ToString(CultureInfo.InvariantCulture);
#pragma warning disable CA5351 // the protocol's rule
        return Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(NameOf(certificate.IssuerName) + number)));
#pragma warning restore CA5351
    }

    /// <summary>That of a bundle of roots: those signed with RSA, joined by underscores.</summary>
    public static string OfBundle(IEnumerable<X509Certificate2> roots) =>
        string.Join('_', roots.Where(root => root.SignatureAlgorithm.Value?.StartsWith(RsaSignatures, StringComparison.Ordinal) == true).Select(Of));

    private static string NameOf(X500DistinguishedName name) => string.Join(',', name.EnumerateRelativeDistinguishedNames(reversed: true)
        .Select(part => $"{ShortNameOf(part.GetSingleElementType())}={part.GetSingleElementValue()}"));

    private static string ShortNameOf(Oid type) => type.Value switch
    {
        "2.5.4.3" => "CN",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        var other => other ?? "",
    };
}
