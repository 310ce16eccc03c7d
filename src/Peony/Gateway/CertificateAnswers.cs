using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Peony.Gateway.Keys;

namespace Peony.Gateway;

/// <summary>The platform's certificate for a client that knows its serial number only.</summary>
internal static class CertificateAnswers
{
    public static X509Certificate2? Find(PlatformSigner platform, string serial) => serial == platform.CertificateSerial ? platform.Certificate : null;

    public static NodeReply Download(GatewayCall call, X509Certificate2? certificate) => certificate is null
        ? throw call.Fields.Invalid("alipay_cert_sn", "不是平台证书的序列号")
        : new NodeReply(new JsonObject().With("alipay_cert_content", KeyFormats.Download(certificate)));
}
