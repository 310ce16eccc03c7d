using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Peony.Gateway;

namespace Peony.Tests.Gateway;

/// <summary>A genuine request, changed in one place: each change is refused, with the sub code that the protocol documents for it.</summary>
public sealed class SignatureMutationTests
{
    private const string Content = """{"out_trade_no":"a1","subject":"牡丹 + 1/2 = ?"}""";

    [Fact]
    public async Task Every_change_is_refused_as_documented()
    {
        await using var world = await GatewayWorld.StartAsync();
        var wrong = new List<string>();
        var count = 0;
        foreach (var (what, change, expected) in Changes())
        {
            count++;
            var request = new Request(world);
            change(request);
            var (body, _) = await world.PostAsync("", GatewayWorld.Encode(request.Pairs, request.Encoding));
            var answered = SubCodeOf(world, body);
            if (answered != expected)
            {
                wrong.Add($"{what}: {answered} instead of {expected}");
            }
        }

        Assert.True(count >= 60, $"Only {count} changes.");
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task What_was_not_changed_passes()
    {
        await using var world = await GatewayWorld.StartAsync();
        foreach (var prepare in (Action<Request>[])
        [
            _ => { }, request => request.Sign(), request => request.Sign("RSA"), request => request.Set("extra", "").Sign(), request => request.Set("extra", "").SignWithEmpty(),
            request => request.Set("extra", "x").Sign(), request => request.Set("format", "json").Sign(), request => request.Remove("format").Sign(), request => request.Repeat("charset"),
            request => request.Repeat("sign"), request => request.Set("biz_content", " " + Content + "\n").Sign(), request => request.Set("timestamp", "1999-01-01 00:00:00").Sign(),
            request => request.InGbk().Sign(),
        ])
        {
            var request = new Request(world);
            prepare(request);
            var (body, _) = await world.PostAsync("", GatewayWorld.Encode(request.Pairs, request.Encoding));
            // The signature is right, so the trade is looked for, and there is none.
            Assert.Equal("ACQ.TRADE_NOT_EXIST", SubCodeOf(world, body));
        }
    }

    [Fact]
    public async Task The_text_that_the_gateway_computed_goes_back_to_the_integrator()
    {
        await using var world = await GatewayWorld.StartAsync();
        var request = new Request(world).Set("sign", GatewayWorld.SignatureOf(world.Parameters("alipay.trade.query", Content), world.OtherKey));
        var (body, _) = await world.PostAsync("", GatewayWorld.Encode(request.Pairs, Encoding.UTF8));
        var node = WireClients.Check(body, Encoding.UTF8, "alipay_trade_query_response", world.Platform.PublicKey);
        Assert.EndsWith($"app_id={world.App.Id}&amp;biz_content={{&quot;out_trade_no&quot;:&quot;a1&quot;,&quot;subject&quot;:&quot;牡丹 + 1/2 = ?&quot;}}&amp;charset=utf-8&amp;format=JSON&amp;method=alipay.trade.query"
            + "&amp;sign_type=RSA2&amp;timestamp=2026-03-05 10:00:00&amp;version=1.0", node.GetProperty("sub_msg").GetString(), StringComparison.Ordinal);
    }

    private static IEnumerable<(string What, Action<Request> Change, string Expected)> Changes()
    {
        const string invalid = "isv.invalid-signature";
        // The signature.
        yield return ("no signature", request => request.Remove("sign"), "isv.missing-signature");
        yield return ("an empty signature", request => request.Set("sign", ""), "isv.missing-signature");
        yield return ("another app's key", request => request.Sign(key: request.World.OtherKey), invalid);
        yield return ("first digit", request => request.Sign(text => (text[0] == 'A' ? 'B' : 'A') + text[1..]), invalid);
        yield return ("digit in the middle", request => request.Sign(text => text[..100] + (text[100] == 'A' ? 'B' : 'A') + text[101..]), invalid);
        yield return ("bits behind the last byte", request => request.Sign(BitsBehind), invalid);
        yield return ("cut short", request => request.Sign(text => text[..^4]), invalid);
        yield return ("without padding", request => request.Sign(text => text.TrimEnd('=')), invalid);
        yield return ("more padding", request => request.Sign(text => text + "===="), invalid);
        yield return ("a space before", request => request.Sign(text => " " + text), invalid);
        yield return ("a line behind", request => request.Sign(text => text + "\n"), invalid);
        yield return ("lines of 76", request => request.Sign(text => string.Join('\n', text.Chunk(76).Select(line => new string(line)))), invalid);
        yield return ("plus signs that became spaces", request => request.SignUntil('+', text => text.Replace('+', ' ')), invalid);
        yield return ("base64 for addresses", request => request.SignUntil('+', text => text.Replace('+', '-').Replace('/', '_')), invalid);
        yield return ("hexadecimal", request => request.Sign(text => Convert.ToHexString(Convert.FromBase64String(text))), invalid);
        yield return ("zeros", request => request.Set("sign", Convert.ToBase64String(new byte[256])), invalid);
        yield return ("one", request => request.Set("sign", Convert.ToBase64String([.. new byte[255], 1])), invalid);
        yield return ("a byte too few", request => request.Sign(text => Convert.ToBase64String(Convert.FromBase64String(text)[1..])), invalid);
        yield return ("a byte too many", request => request.Sign(text => Convert.ToBase64String([0, .. Convert.FromBase64String(text)])), invalid);
        yield return ("backwards", request => request.Sign(text => Convert.ToBase64String([.. Convert.FromBase64String(text).AsEnumerable().Reverse()])), invalid);
        yield return ("in lower case", request => request.Sign(text => text.ToLowerInvariant()), invalid);
        yield return ("twice in a row", request => request.Sign(text => text + text), invalid);
        yield return ("a word", request => request.Set("sign", "null"), invalid);
        yield return ("no base64", request => request.Set("sign", "%%%%"), invalid);
        yield return ("padding of PSS", request => request.SignRaw(text => request.World.Key.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)), invalid);
        yield return ("SHA-512", request => request.SignRaw(text => request.World.Key.SignData(text, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1)), invalid);
        yield return ("SHA-1 as RSA2", request => request.SignRaw(text => request.World.Key.SignData(text, HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1)), invalid);
        yield return ("SHA-256 as RSA", request => request.Set("sign_type", "RSA").SignRaw(text => request.World.Key.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)), invalid);
        yield return ("RSA2 said to be RSA", request => request.Set("sign_type", "RSA"), invalid);
        yield return ("a hash alone", request => request.SignRaw(SHA256.HashData), invalid);
        yield return ("an HMAC under the public key", request => request.SignRaw(text => HMACSHA256.HashData(request.World.Key.ExportSubjectPublicKeyInfo(), text)), invalid);
        yield return ("two signatures", request => request.Pairs.Add(KeyValuePair.Create("sign", "AAAA")), "isv.invalid-parameter");
        // The text that is signed.
        yield return ("a text of other order", request => request.SignText(text => string.Join('&', text.Split('&').Reverse())), invalid);
        yield return ("other joints", request => request.SignText(text => text.Replace("&", "\r\n", StringComparison.Ordinal)), invalid);
        yield return ("a joint at the end", request => request.SignText(text => text + "&"), invalid);
        yield return ("values as on the wire", request => request.SignText(text => string.Join('&', text.Split('&').Select(pair => pair.Split('=', 2)[0] + "=" + Uri.EscapeDataString(pair.Split('=', 2)[1])))), invalid);
        yield return ("values in quotes", request => request.SignText(text => text.Replace("=", "=\"", StringComparison.Ordinal)), invalid);
        yield return ("in lower case", request => request.SignText(text => text.ToLowerInvariant()), invalid);
        yield return ("nothing", request => request.SignText(_ => ""), invalid);
        yield return ("the content only", request => request.SignText(_ => Content), invalid);
        yield return ("without the type", request => request.SignText(text => text.Replace("&sign_type=RSA2", "", StringComparison.Ordinal)), invalid);
        yield return ("with an empty signature in it", request => request.SignText(text => text.Replace("&sign_type", "&sign=&sign_type", StringComparison.Ordinal)), invalid);
        yield return ("in UTF-16", request => request.SignRaw(text => Signed(request, Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(text)))), invalid);
        yield return ("in GBK though it says UTF-8", request => request.SignRaw(text => Signed(request, GatewayCharset.Find("gbk")!.Encoding.GetBytes(Encoding.UTF8.GetString(text)))), invalid);
        yield return ("with a mark of UTF-8", request => request.SignRaw(text => Signed(request, [0xEF, 0xBB, 0xBF, .. text])), invalid);
        // The type of signature.
        yield return ("no type", request => request.Remove("sign_type"), "isv.missing-signature-type");
        yield return ("an empty type", request => request.Set("sign_type", ""), "isv.missing-signature-type");
        foreach (var type in (string[])["rsa2", "RSA2 ", "RSA256", "SM2", "MD5", "none", "HMAC"])
        {
            yield return ($"type {type}", request => request.Set("sign_type", type).SignText(text => text), "isv.invalid-signature-type");
        }

        // Who asks.
        yield return ("no app", request => request.Remove("app_id").Sign(), "isv.missing-app-id");
        yield return ("an app that is not there", request => request.Set("app_id", "2021999999999999").Sign(), "isv.invalid-app-id");
        yield return ("a space behind the app", request => request.Set("app_id", request.World.App.Id + " ").Sign(), "isv.invalid-app-id");
        yield return ("a long app", request => request.Set("app_id", new string('2', 33)).Sign(), "isv.invalid-app-id");
        yield return ("a zero character in the app", request => request.Set("app_id", "2021\0").Sign(), "isv.invalid-app-id");
        yield return ("another app", request => request.Set("app_id", request.World.Other.Id.Value), invalid);
        yield return ("another app, signed by ours", request => request.Set("app_id", request.World.Other.Id.Value).Sign(), invalid);
        yield return ("a certificate of an app with keys", request => request.Set("app_cert_sn", "00").Sign(), "isv.app-cert-not-exist");
        // What is asked.
        yield return ("no method", request => request.Remove("method").Sign(), "isv.missing-method");
        yield return ("another method", request => request.Set("method", "alipay.trade.refund"), invalid);
        yield return ("a method nobody knows", request => request.Set("method", "alipay.trade.pay.twice").Sign(), "isv.invalid-method");
        yield return ("a method in capitals", request => request.Set("method", "ALIPAY.TRADE.QUERY").Sign(), "isv.invalid-method");
        yield return ("another content", request => request.Set("biz_content", Content.Replace("a1", "a2", StringComparison.Ordinal)), invalid);
        yield return ("a space in the content", request => request.Set("biz_content", Content + " "), invalid);
        yield return ("the content in other order", request => request.Set("biz_content", """{"subject":"牡丹 + 1/2 = ?","out_trade_no":"a1"}"""), invalid);
        yield return ("the content in other letters", request => request.Set("biz_content", Content.Replace("牡", "\\u7261", StringComparison.Ordinal)), invalid);
        yield return ("no content", request => request.Remove("biz_content"), invalid);
        yield return ("a content twice", request => request.Pairs.Add(KeyValuePair.Create("biz_content", "{}")), "isv.invalid-parameter");
        yield return ("a name in other letters", request => request.Rename("biz_content", "Biz_content"), invalid);
        yield return ("two values in each other's place", request => request.Swap("version", "format"), "isv.invalid-format");
        yield return ("a value that takes in the next one", request => request.Set("charset", "utf-8&format=JSON").Remove("format"), "isv.invalid-charset");
        yield return ("a content that takes in the next one", request => request.Set("biz_content", Content + "&charset=utf-8").Remove("charset"), "isv.invalid-parameter");
        // How it is asked.
        yield return ("no time", request => request.Remove("timestamp").Sign(), "isv.missing-timestamp");
        yield return ("another time", request => request.Set("timestamp", "2026-03-05 10:00:01"), invalid);
        foreach (var time in (string[])["2026-03-05T10:00:00", "2026-02-30 10:00:00", "1772676000000", "2026-3-5 10:00:00", "2026-03-05 24:00:00"])
        {
            yield return ($"time {time}", request => request.Set("timestamp", time).Sign(), "isv.invalid-timestamp");
        }

        yield return ("no version", request => request.Remove("version").Sign(), "isv.missing-version");
        yield return ("another version", request => request.Set("version", "2.0").Sign(), "isv.invalid-parameter");
        yield return ("another character set", request => request.Set("charset", "gbk"), invalid);
        yield return ("a character set nobody speaks", request => request.Set("charset", "utf-16").Sign(), "isv.invalid-charset");
        yield return ("XML", request => request.Set("format", "xml").Sign(), "isv.invalid-format");
        yield return ("a parameter more", request => request.Set("extra", "x"), invalid);
        yield return ("an address for notices", request => request.Set("notify_url", "https://thief.example/"), invalid);
        yield return ("another address for notices", request => request.Set("notify_url", "https://shop.example/").Sign().Set("notify_url", "https://thief.example/"), invalid);
        yield return ("a token of another app, not signed", request => request.Set("app_auth_token", "t"), invalid);
        yield return ("a token of another app", request => request.Set("app_auth_token", "t").Sign(), "aop.invalid-app-auth-token");
        yield return ("a token of a user", request => request.Set("auth_token", "t").Sign(), "aop.invalid-auth-token");
        yield return ("another cipher", request => request.Set("encrypt_type", "DES").Sign(), "isv.invalid-encrypt-type");
        yield return ("no cipher text", request => request.Set("encrypt_type", "AES").Sign(), "isv.decryption-error-unknown");
        yield return ("said to be encrypted, not signed", request => request.Set("encrypt_type", "AES"), invalid);
        yield return ("cipher text that is not said to be", request => request.Set("biz_content", ContentCipher.Encrypt(request.World.AesKey, "{}"u8.ToArray())).Sign(), "isv.decryption-error-missing-encrypt-type");
    }

    /// <summary>The last digit before the padding has bits that belong to no byte; decoders that do not look accept four of them.</summary>
    private static string BitsBehind(string text)
    {
        const string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        var last = text.TrimEnd('=').Length - 1;
        return text[..last] + digits[digits.IndexOf(text[last], StringComparison.Ordinal) + 1] + text[(last + 1)..];
    }

    private static byte[] Signed(Request request, byte[] text) => request.World.Key.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    private static string? SubCodeOf(GatewayWorld world, byte[] body)
    {
        var text = Encoding.UTF8.GetString(body);
        var root = JsonDocument.Parse(text).RootElement.EnumerateObject().First().Name;
        var encoding = text.Contains("验签", StringComparison.Ordinal) || !text.Contains('\uFFFD', StringComparison.Ordinal) ? Encoding.UTF8 : GatewayCharset.Find("gbk")!.Encoding;
        var hash = new[] { HashAlgorithmName.SHA256, HashAlgorithmName.SHA1 };
        foreach (var one in hash)
        {
            try
            {
                return WireClients.Check(body, encoding, root, world.Platform.PublicKey, one, world.AesKey).GetProperty("sub_code").GetString();
            }
            catch (Xunit.Sdk.TrueException) when (one == HashAlgorithmName.SHA256)
            {
                // The request asked for the legacy type.
            }
        }

        return null;
    }

    /// <summary>A request that was signed, and can be changed after that.</summary>
    private sealed class Request
    {
        public Request(GatewayWorld world)
        {
            World = world;
            Pairs = [.. world.Parameters("alipay.trade.query", Content)];
            Sign();
        }

        public GatewayWorld World { get; }

        public List<KeyValuePair<string, string>> Pairs { get; }

        public Encoding Encoding { get; private set; } = Encoding.UTF8;

        private string Text => string.Join('&', Pairs.Where(pair => pair.Key != "sign" && pair.Value.Length > 0).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));

        public Request Remove(string name)
        {
            Pairs.RemoveAll(pair => pair.Key == name);
            return this;
        }

        public Request Set(string name, string value)
        {
            Remove(name);
            Pairs.Add(KeyValuePair.Create(name, value));
            return this;
        }

        public Request Repeat(string name)
        {
            Pairs.Add(Pairs.Find(pair => pair.Key == name));
            return this;
        }

        public Request Rename(string name, string other) => Set(other, ValueOf(name)).Remove(name);

        public Request Swap(string name, string other)
        {
            var (one, two) = (ValueOf(name), ValueOf(other));
            return Set(name, two).Set(other, one);
        }

        public Request InGbk()
        {
            Encoding = GatewayCharset.Find("gbk")!.Encoding;
            return Set("charset", "GBK");
        }

        public Request Sign(string type = "RSA2", RSA? key = null)
        {
            Set("sign_type", type);
            return Set("sign", GatewayWorld.Sign(key ?? World.Key, Encoding.GetBytes(Text), type == "RSA" ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256));
        }

        public Request Sign(Func<string, string> change) => Set("sign", change(ValueOf("sign")));

        public Request SignWithEmpty() => Set("sign", GatewayWorld.SignatureOf(Pairs.Where(pair => pair.Key != "sign").ToDictionary(), World.Key, withEmpty: true));

        /// <summary>Signs other contents until the signature has the digit.</summary>
        public Request SignUntil(char digit, Func<string, string> change)
        {
            for (var number = 0; !ValueOf("sign").Contains(digit, StringComparison.Ordinal); number++)
            {
                Set("extra", $"{number}").Sign();
            }

            return Sign(change);
        }

        public Request SignText(Func<string, string> change) => SignRaw(_ => World.Key.SignData(Encoding.GetBytes(change(Text)), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

        public Request SignRaw(Func<byte[], byte[]> sign) => Set("sign", Convert.ToBase64String(sign(Encoding.GetBytes(Text))));

        private string ValueOf(string name) => Pairs.Find(pair => pair.Key == name).Value;
    }
}
