using System.Text.Json.Nodes;
using Peony.Gateway.Keys;

namespace Peony.Gateway;

/// <summary>
/// A v2 answer: <c>{"&lt;root&gt;":&lt;node&gt;,"alipay_cert_sn":"…","sign":"…"}</c>. The node is written once and its very bytes are signed, because clients cut it out of the text again, each in
/// its own way: it stands first, its root's name does not occur after it, and the signature is last.
/// </summary>
internal sealed class GatewayEnvelope
{
    /// <summary>The root of an answer to what could not be read, or to a method that does not exist.</summary>
    public const string ErrorRoot = "error_response";

    /// <summary>The method asked for; null as long as it is not known, or when there is none.</summary>
    public GatewayMethod? Method { get; set; }

    public GatewayCharset Charset { get; set; } = GatewayCharset.Utf8;

    public SignType SignType { get; set; } = SignType.Rsa2;

    /// <summary>Set once it is known that the caller wants the content encrypted, and under which key: errors too, because some clients take a plain one for success.</summary>
    public byte[]? AesKey { get; set; }

    /// <summary>True once it is known that the caller has certificates.</summary>
    public bool IsCertified { get; set; }

    /// <summary>The answer whole.</summary>
    /// <param name="signer">Null to leave it unsigned: errors only, and only when there is no other way.</param>
    public byte[] Seal(JsonObject node, PlatformSigner? signer)
    {
        var inner = WireText.Write(node);
        var signed = Charset.Encoding.GetBytes(AesKey is null ? inner : $"\"{ContentCipher.Encrypt(AesKey, Charset.Encoding.GetBytes(inner))}\"");
        var certificate = IsCertified && signer is not null ? $",\"alipay_cert_sn\":\"{signer.CertificateSerial}\"" : "";
        var signature = signer is null ? "" : $",\"sign\":\"{signer.Key.Sign(signed, SignType)}\"";
        // What a client finds it by: the method's name, for its errors too.
        return [.. Charset.Encoding.GetBytes($"{{\"{Method?.Root ?? ErrorRoot}\":"), .. signed, .. Charset.Encoding.GetBytes($"{certificate}{signature}}}")];
    }

    /// <summary>The node of a success.</summary>
    public static JsonObject NodeOf(NodeReply reply)
    {
        var node = new JsonObject { ["code"] = reply.IsWaiting ? "10003" : "10000", ["msg"] = reply.IsWaiting ? "order success pay inprocess" : "Success" };
        foreach (var (name, value) in reply.Fields)
        {
            node[name] = value?.DeepClone();
        }

        return node;
    }

    public static JsonObject NodeOf(GatewayError error) =>
        new JsonObject { ["code"] = error.Code, ["msg"] = error.Message }.With("sub_code", error.SubCode).With("sub_msg", error.SubMessage);
}
