using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Peony.Gateway;
using Peony.Gateway.Keys;

namespace Peony.Tests.Gateway;

/// <summary>Whatever stands in an answer, every client library cuts the same text out of it and finds it signed.</summary>
public sealed class EnvelopeTests
{
    private const string Root = "alipay_trade_query_response";
    private static readonly RSA Rsa = RSA.Create(2048);
    private static readonly PlatformSigner Signer = SignerOf(Rsa);

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    /// <summary>Pieces that have broken somebody's reader, and any characters besides.</summary>
    private static readonly Gen<string> Hostile = Gen.OneOf(
        OneOf("{", "}", "\"", "\\", "\\\"", "\"sign\"", "\"sign\":\"", Root, Root + "\"", $"\"{Root}\":{{", "error_response", "/", "\\/", "<", "&", "'", "😀", "牡丹", "\u2028", "\0", "\n",
            "\r\n", "\t", "é", "\ud83d", "alipay_cert_sn", "}}", "{{", "\\u0022", ",\"sign\":\"x\"}", " "),
        Gen.Char.Select(character => character.ToString())).Array[0, 12].Select(string.Concat);

    private static readonly Gen<JsonObject> Node = Gen.Select(Gen.Select(OneOf("subject", "body", "sign", "out_trade_no", Root, "passback_params"), Hostile).Array[0, 4], Hostile)
        .Select((pairs, inner) =>
        {
            var node = new JsonObject();
            foreach (var (name, value) in pairs)
            {
                node.With(name, value);
            }

            return node.With("fund_bill_list", new JsonArray(new JsonObject { ["fund_channel"] = inner }));
        });

    [Fact]
    public void Both_ways_of_cutting_give_the_signed_text() => Gen.Select(Node, Gen.Bool, Gen.Bool).Sample((node, isLegacy, isCertified) =>
    {
        var envelope = new GatewayEnvelope { Method = MethodOf(Root), SignType = isLegacy ? SignType.Rsa : SignType.Rsa2, IsCertified = isCertified };
        var bytes = envelope.Seal(GatewayEnvelope.NodeOf(new NodeReply((JsonObject)node.DeepClone())), Signer);
        var read = WireClients.Check(bytes, Encoding.UTF8, Root, Signer.PublicKey, isLegacy ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256);
        Assert.Equal("10000", read.GetProperty("code").GetString());
        foreach (var (name, value) in node)
        {
            if (value is JsonValue)
            {
                Assert.Equal(Whole(value.GetValue<string>()), read.GetProperty(name).GetString());
            }
        }

        Assert.Equal(isCertified, Encoding.UTF8.GetString(bytes).Contains($"}},\"alipay_cert_sn\":\"{Signer.CertificateSerial}\",\"sign\":", StringComparison.Ordinal));
    }, iter: 1000);

    [Fact]
    public void In_gbk_no_character_is_lost() => Hostile.Sample(subject =>
    {
        var charset = GatewayCharset.Find("GBK")!;
        var envelope = new GatewayEnvelope { Method = MethodOf(Root), Charset = charset };
        var bytes = envelope.Seal(GatewayEnvelope.NodeOf(new NodeReply(new JsonObject().With("subject", subject))), Signer);
        // The reader's GBK is one without our escapes.
        var gbk = CodePagesEncodingProvider.Instance.GetEncoding(936)!;
        var read = WireClients.Check(bytes, gbk, Root, Signer.PublicKey);
        Assert.Equal(Whole(subject), subject.Length == 0 ? "" : read.GetProperty("subject").GetString());
    }, iter: 500);

    [Fact]
    public void Errors_with_a_hostile_text_are_cut_the_same() => Hostile.Sample(text =>
    {
        var bytes = new GatewayEnvelope { Method = MethodOf(Root) }.Seal(GatewayEnvelope.NodeOf(GatewayError.SignatureInvalid(text)), Signer);
        var read = WireClients.Check(bytes, Encoding.UTF8, Root, Signer.PublicKey);
        Assert.Equal(("40002", "Invalid Arguments", "isv.invalid-signature"), (read.GetProperty("code").GetString(), read.GetProperty("msg").GetString(), read.GetProperty("sub_code").GetString()));
        Assert.EndsWith(Whole(text), System.Net.WebUtility.HtmlDecode(read.GetProperty("sub_msg").GetString()), StringComparison.Ordinal);
    }, iter: 300);

    [Fact]
    public void An_encrypted_node_is_signed_with_its_quotes()
    {
        byte[] key = [.. Enumerable.Range(0, 16).Select(value => (byte)value)];
        var bytes = new GatewayEnvelope { Method = MethodOf(Root), AesKey = key }.Seal(GatewayEnvelope.NodeOf(new NodeReply(new JsonObject().With("subject", "牡丹"))), Signer);
        var cut = WireClients.CutAsNet(Encoding.UTF8.GetString(bytes), Root)!;
        Assert.Equal(('"', '"'), (cut[0], cut[^1]));
        Assert.Equal("牡丹", WireClients.Check(bytes, Encoding.UTF8, Root, Signer.PublicKey, aesKey: key).GetProperty("subject").GetString());
    }

    [Fact]
    public void Slashes_and_chinese_stay_as_they_are()
    {
        var body = Encoding.UTF8.GetString(new GatewayEnvelope { Method = MethodOf(Root) }.Seal(GatewayEnvelope.NodeOf(new NodeReply(new JsonObject().With("qr_code", "http://h/牡丹?a=b&c=<d>"))), Signer));
        Assert.StartsWith("""{"alipay_trade_query_response":{"code":"10000","msg":"Success","qr_code":"http://h/牡丹?a=b&c=<d>"},"sign":""", body, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_waits_for_the_buyer_has_no_sub_code()
    {
        var node = GatewayEnvelope.NodeOf(new NodeReply(new JsonObject(), IsWaiting: true));
        Assert.Equal("""{"code":"10003","msg":"order success pay inprocess"}""", WireText.Write(node));
    }

    private static GatewayMethod MethodOf(string root) => new(root[..^"_response".Length].Replace('_', '.'), IsPage: false, (_, _) => throw new NotSupportedException());

    /// <summary>Half a surrogate pair is no character; JSON carries the sign for that instead.</summary>
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static PlatformSigner SignerOf(RSA rsa)
    {
        var root = PlatformCertificates.MakeRoot(rsa, DateTimeOffset.UnixEpoch.AddYears(56));
        return new PlatformSigner(new RsaKey(() => PlatformCertificates.Import(rsa.ExportPkcs8PrivateKey())), Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo()), root,
            CertificateSerial.Of(root), root, CertificateSerial.OfBundle([root]));
    }
}
