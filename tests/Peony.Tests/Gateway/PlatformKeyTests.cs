using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Peony.Book;
using Peony.Gateway.Keys;

namespace Peony.Tests.Gateway;

public sealed class PlatformKeyTests
{
    /// <summary>A certificate made with OpenSSL, and its serial number computed by another program.</summary>
    private const string Foreign = """
        -----BEGIN CERTIFICATE-----
        MIIDkTCCAnmgAwIBAgIQSx2Of2pcTT4vGgucjX5vUDANBgkqhkiG9w0BAQsFADBa
        MQswCQYDVQQGEwJDTjESMBAGA1UECgwJSGlsbCBCYW5rMSAwHgYDVQQLDBdDZXJ0
        aWZpY2F0aW9uIEF1dGhvcml0eTEVMBMGA1UEAwwMSGlsbCBSb290IENBMB4XDTI2
        MTEyNDAyNTkyOFoXDTQ2MTExOTAyNTkyOFowWjELMAkGA1UEBhMCQ04xEjAQBgNV
        BAoMCUhpbGwgQmFuazEgMB4GA1UECwwXQ2VydGlmaWNhdGlvbiBBdXRob3JpdHkx
        FTATBgNVBAMMDEhpbGwgUm9vdCBDQTCCASIwDQYJKoZIhvcNAQEBBQADggEPADCC
        AQoCggEBALKvMQSABL3rBNi/c1/Br2Cj0+jNajGn5iL+xM0CFAwrufXPfj2e7wup
        ngmWVx8O3Rqtovd03wMfel1noX3atBEDjdsXTi1K6DTHdoPVxNSbMNJx3oZamlNj
        TUeHByrqTDYtXFGmE7+EcwncbE9Rq/QoE8cGd9S/GGTAwGLe1HgjsNK/bf08jhCb
        LqtF+8nj44+Q5rDd0BS7OjynkEcJ3NS5uuvIyiu2qv7RdQ6J0MuozYSNSbmORAk/
        ZtAuXylHy+byi9Pakal5qo0hSdjbC4Oo8/BlPB21dnwEfhu5zCO4nkrR+o2uwrVd
        2fwUGZHEJYu3FpwKsLFMEsWSwbpMrkUCAwEAAaNTMFEwHQYDVR0OBBYEFLzsgTto
        8/J9GgE7qPSsTo2WPWf2MB8GA1UdIwQYMBaAFLzsgTto8/J9GgE7qPSsTo2WPWf2
        MA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQELBQADggEBABy+X/mEY+y1dzs2
        A9N1TzVJiPzkTyoQd9wehKP5Sgfk8+SZEthqpbGTLRBqeqq4A8AnR4iFx47x57n5
        QiBUv+vOejdZZmGUbbjYKHE380+g8FY8/ODLnWZKhXr2f5gVyo2Ci8csKGl0mtoS
        BvyC+zPSMN2P+yaNacUr1D/8H8GZQrJ6Li7Gl4tv2bLBbNRoiXubE68ZQdsX1k7N
        jsg8TVntdzqHko3D0NZVrbZTbveoDd13B3gyylmWs1ccZyMqtgcEbeD++iLH3kdg
        mk4DKivaTgxErrx3TcRRWlPa+b9JL0YrROsstvAsAWmhFCNuWedU69xC+PGWTIRF
        uvH2vqU=
        -----END CERTIFICATE-----
        """;

    private static readonly DateTimeOffset Now = new(2026, 3, 5, 2, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_certificates_serial_number_is_the_digest_others_compute()
    {
        using var certificate = X509Certificate2.CreateFromPem(Foreign);
        Assert.Equal("317a015cc8fb3f517525f42080740d2d", CertificateSerial.Of(certificate));
        Assert.Equal("317a015cc8fb3f517525f42080740d2d_317a015cc8fb3f517525f42080740d2d", CertificateSerial.OfBundle([certificate, certificate]));
    }

    [Fact]
    public void Our_issuers_name_begins_with_the_common_name_and_its_der_ends_with_it()
    {
        using var key = RSA.Create(2048);
        using var root = PlatformCertificates.MakeRoot(key, Now);
        using var signing = PlatformCertificates.ForPlatform(root, key, Now);
        var number = new System.Numerics.BigInteger(signing.SerialNumberBytes.Span, isUnsigned: true, isBigEndian: true);
#pragma warning disable CA5351 // the protocol's rule
        Assert.Equal(Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes($"CN=Peony Root CA,OU=Certification Authority,O=Peony,C=CN{number}"))), CertificateSerial.Of(signing));
#pragma warning restore CA5351
        var der = Encoding.Latin1.GetString(root.SubjectName.RawData);
        Assert.True(der.IndexOf("Certification Authority", StringComparison.Ordinal) is var unit and > 0 && der.IndexOf("Peony Root CA", StringComparison.Ordinal) > unit);
    }

    [Fact]
    public void Certificates_of_platform_and_apps_lead_to_the_root_and_no_further()
    {
        using var key = RSA.Create(2048);
        using var appKey = RSA.Create(2048);
        using var root = PlatformCertificates.MakeRoot(key, Now);
        var csr = new CertificateRequest("CN=whatever,O=Someone Else", appKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem();
        using var app = PlatformCertificates.ForApp(root, "2021000000000001", PlatformCertificates.PublicKeyOf(csr), Now);
        Assert.Equal("CN=2021000000000001, OU=App, O=Peony, C=CN", app.Subject);
        Assert.Equal(appKey.ExportSubjectPublicKeyInfo(), app.PublicKey.ExportSubjectPublicKeyInfo());
        Assert.True(LeadsTo(root, app));

        using var other = PlatformCertificates.MakeRoot(appKey, Now);
        Assert.False(LeadsTo(other, app));
        // An app signs a certificate for another one.
        using var forged = new CertificateRequest("CN=2021000000000002,OU=App,O=Peony,C=CN", appKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .Create(app.SubjectName, X509SignatureGenerator.CreateForRSA(appKey, RSASignaturePadding.Pkcs1), Now.AddDays(-1), Now.AddYears(1), [1, 2, 3]);
        Assert.False(LeadsTo(root, forged, app));
    }

    [Fact]
    public void A_request_that_its_own_key_did_not_sign_gets_no_certificate()
    {
        using var key = RSA.Create(2048);
        var pem = new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem();
        var lines = pem.Split('\n');
        var changed = string.Join('\n', lines.Select((line, number) => number == lines.Length - 3 ? (line[0] == 'A' ? 'B' : 'A') + line[1..] : line));
        Assert.Throws<CryptographicException>(() => PlatformCertificates.PublicKeyOf(changed));
        Assert.Throws<CryptographicException>(() => PlatformCertificates.PublicKeyOf("no request"));
    }

    [Fact]
    public void A_short_key_or_one_of_another_kind_gets_no_certificate()
    {
        using var key = RSA.Create(2048);
        using var root = PlatformCertificates.MakeRoot(key, Now);
        using var small = RSA.Create(1024);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Throws<CryptographicException>(() => PlatformCertificates.ForApp(root, "2021000000000001", new PublicKey(small), Now));
        Assert.Throws<CryptographicException>(() => PlatformCertificates.ForApp(root, "2021000000000001", new PublicKey(curve), Now));
    }

    [Fact]
    public async Task Two_starts_at_once_make_one_key_and_its_private_half_is_nowhere_in_clear()
    {
        var schema = new BookSchema();
        new Peony.Gateway.GatewayModule().Describe(schema);
        var book = new SteppedBook(schema);
        var made = await new PlatformKeys(book, book.Reader, book.Secrets, TimeProvider.System).GetAsync();
        // The other start found nothing and made its own before this one's were kept.
        var late = new PlatformKey("another", "", "", "", "", default);
        Assert.Equal(made.PublicKey, book.Run(new KeepPlatformKey(late)).Value.PublicKey);
        var keys = new PlatformKeys(book, book.Reader, book.Secrets, TimeProvider.System);
        var (one, two) = (made, await keys.GetAsync());
        Assert.Equal((one.PublicKey, one.CertificateSerial, one.RootSerial), (two.PublicKey, two.CertificateSerial, two.RootSerial));
        Assert.True(WireClients.IsSigned("x"u8.ToArray(), two.Key.Sign("x"u8.ToArray(), Peony.Gateway.SignType.Rsa2), one.PublicKey, HashAlgorithmName.SHA256));

        var record = (await book.Reader.FindAsync<PlatformKey>(PlatformKey.TheOne))!;
        var pkcs8 = PlatformKey.Open(book.Secrets, "signing", record.SealedKey);
        Assert.DoesNotContain(Convert.ToBase64String(pkcs8)[40..80], record.ToString(), StringComparison.Ordinal);
        Assert.ThrowsAny<CryptographicException>(() => PlatformKey.Open(book.Secrets, "root", record.SealedKey));
        Assert.ThrowsAny<CryptographicException>(() => PlatformKey.Open(new Secrets([.. Enumerable.Repeat((byte)1, 32)]), "signing", record.SealedKey));
        Assert.True(LeadsTo(one.Root, one.Certificate));

        using var appKey = RSA.Create(2048);
        using var issued = await keys.IssueAsync("2021000000000001", new PublicKey(appKey));
        Assert.True(LeadsTo(one.Root, issued));
    }

    [Fact]
    public void Keys_are_given_in_each_form_that_clients_ask_for()
    {
        using var key = RSA.Create(2048);
        var forms = KeyFormats.PrivateFormsOf(key);
        foreach (var import in (Action<RSA>[])
        [
            rsa => rsa.ImportRSAPrivateKey(Convert.FromBase64String(forms.Pkcs1), out _), rsa => rsa.ImportPkcs8PrivateKey(Convert.FromBase64String(forms.Pkcs8), out _),
            rsa => rsa.ImportFromPem(forms.Pkcs1Pem), rsa => rsa.ImportFromPem(forms.Pkcs8Pem),
        ])
        {
            using var read = RSA.Create();
            import(read);
            Assert.Equal(key.ExportSubjectPublicKeyInfo(), read.ExportSubjectPublicKeyInfo());
        }

        var line = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
        Assert.Equal((line, key.ExportSubjectPublicKeyInfoPem()), (KeyFormats.PublicFormsOf(line).Line, KeyFormats.PublicFormsOf(line).Pem));
        Assert.DoesNotContain('\n', forms.Pkcs1 + forms.Pkcs8);
    }

    private static bool LeadsTo(X509Certificate2 root, X509Certificate2 certificate, params X509Certificate2[] between)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.ExtraStore.AddRange(between);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = certificate.NotBefore.AddDays(2);
        return chain.Build(certificate);
    }
}
