using System.Security.Cryptography;
using System.Text;
using Peony.Gateway;

namespace Peony.Tests.Gateway;

/// <summary>Requests as they are read and as they are signed; the signatures and the cipher text were made with OpenSSL.</summary>
public sealed class SigningTests
{
    private const string PublicKey = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAmrKtXuS+zz/Fj7mhuCKpFgJ7F7vpjI5WJfAc5nLnKOM2uwPfVm18AlQzTw3JujTIHmHJueF+pPSYnUovBlFEjablmdSc6BhloJHtcZcTD6pLyVP+McjrNAo5blHAeaSSgb3g7+wi/z097+cMlY8TwAJMruNht7u88VMjZ2AjnZGCoOlUhuw9vwcXm0eEHMmZa1jrYg7J/ZaDTNgoVP52akrRhYZ4ILCgUhP9iwQEmmO6QPpMmzjGcNcQjox9221r5ma6/JdoWYUItrloltP2ZU7LTKkGNANZ9+TuaMJlPeLCc6L83qQnSHG1KpdCI4iGCfMP6OCmborZz5icwP5sdwIDAQAB";
    private const string Rsa2 = "AjZeLoYpEDa+1s03jVLp5LMNMt9YYHOgH/JhnsYowjBIQatdHs+JflaR6JtQyJ+uZZ44+L4u+OOvrlkMKcoPag/zV/9iFTUSYm9rGSIHOOqyqJqAk0+8YnQtlL+bbdChnmdFbLoBm6zleNo/k2lujQlfjlHbSMamyBso5oB0TBgcbO2JPKMmB0qcsLDAHhe8Ajs843OA/AfG6/OM4kxwSbpxR3lET7CFF2ajh8Gq0gW2Vj+pAALJcAibL41fTNyHBFsW6IAVcsoy/3yszg3C43/JiXzjuj9YC5DwMqYK3dF8kez3Rcd4VuGAzTbnvDmG8ThYAWnefxGLcivneSiREw==";
    private const string Rsa = "Zgj0HawccipTYycohqFX7sZdh1LgHS4RynZLEALtF9wrkDcsrNseWXa4xBs9hVBxkISXArFE8RMSiacuT+u4FVv4HeBFv/IKGHpU0eW8EOOuqUNp1WflBOMcV9CHTpuQkh086Rdz7OiQy0rEPBJIZ86O6k4aeV9EJFTMsA6KnIYrJrc+JiDB7Kny6aP53C/thPrFqss8FEXCAACTGEq0kpjqw3IR84hSqz2xTJZTcoRbSZLwIK92XksQt6Z+eHrOe/nMb/Ngx3ufUph/H41RB6suD0JA5nEqwa2JMFu5q0JAaYPb/p44FWyRaecACL5e6ovoih1Ff2/IaMIQwgHITQ==";
    private const string Gbk = "OTqwwopwLk13pAOxmgvIvqIJ8xO1FJ+DQDGohY8yXUAPCG5qQ0KAKGIyMtowYgPsFOiqgnjgaVC4lrrJRsZAj4N01x5WcJpijATsP/Xcvfy9d+pc/8HRhkwHb3ClhlcVIrFznIT21FJCLuBZKAXFwJbDtinxDM0h1CJ0vyYvw7ULuO3hZI2ycv7UbLiOVbkr65I+096jDMPrfTBs6zBCnmaPbkSkysF2BXtKnS48HA3SjT4qgwg3NxeIehwzR8KPkHvAxCaR6bw2ZYCW2klzu3CqToyN/EIHxanktGpuOZIgzShK/6djYpPXpodlZTpvTPpZJhuJKxhbLtMANbpGVw==";

    private static readonly byte[] AesKey = "0123456789abcdef"u8.ToArray();

    [Theory]
    [InlineData(Rsa2, "RSA2", "utf-8", true)]
    [InlineData(Rsa, "RSA", "utf-8", true)]
    [InlineData(Gbk, "RSA2", "gbk", true)]
    [InlineData(Rsa2, "RSA", "utf-8", false)]
    [InlineData(Rsa, "RSA2", "utf-8", false)]
    [InlineData(Rsa2, "RSA2", "gbk", false)]
    [InlineData("", "RSA2", "utf-8", false)]
    [InlineData(" " + Rsa2, "RSA2", "utf-8", false)]
    public void A_signature_made_elsewhere_is_genuine_in_its_own_form_only(string signature, string type, string charset, bool isGenuine)
    {
        const string text = """app_id=2021000000000001&biz_content={"out_trade_no":"a1","subject":"牡丹"}&charset=utf-8&method=alipay.trade.query&sign_type=RSA2&timestamp=2026-03-05 10:00:00&version=1.0""";
        Assert.Equal(isGenuine, new AppKeys().Of(PublicKey).IsGenuine(GatewayCharset.Find(charset)!.Encoding.GetBytes(text), signature, SignTypes.Find(type)!.Value));
    }

    [Fact]
    public void Names_are_sorted_by_code_unit_the_signature_is_left_out_and_its_type_is_not()
    {
        var parameters = GatewayParameters.Parse("sign=x&b=2&B=1&sign_type=RSA2&a_b=4&aa=5&a=3", []);
        Assert.Equal(["B=1&a=3&a_b=4&aa=5&b=2&sign_type=RSA2"], SigningText.OfRequest(parameters.All));
        Assert.Equal("B=1&a=3&a_b=4&aa=5&b=2", SigningText.OfNotice(parameters.All));
    }

    [Fact]
    public void Empty_values_may_be_signed_or_not() => Assert.Equal(["a=1", "a=1&b="], SigningText.OfRequest(GatewayParameters.Parse("a=1&b=", []).All));

    [Fact]
    public void Query_and_body_are_one_and_each_is_decoded_once()
    {
        var parameters = GatewayParameters.Parse("a=x%2By&charset=utf-8", "b=%E7%89%A1+%E4%B8%B9&charset=utf-8&c=%2541&d=100%&e=%zz&=lost&f"u8);
        Assert.Equal("a=x+y&b=牡 丹&c=%41&charset=utf-8&d=100%&e=%zz", SigningText.OfRequest(parameters.All)[0]);
        Assert.Null(parameters.Conflict);
        Assert.Null(parameters["f"]);
    }

    [Theory]
    [InlineData("a=1", "a=1", null)]
    [InlineData("a=1", "a=2", "a")]
    [InlineData("a=1&a=2", "", "a")]
    [InlineData("a=", "a=1", "a")]
    [InlineData("a=%41", "a=A", null)]
    public void What_comes_twice_comes_with_one_value(string query, string body, string? conflict) =>
        Assert.Equal(conflict, GatewayParameters.Parse(query, Encoding.ASCII.GetBytes(body)).Conflict);

    [Theory]
    [InlineData("charset=GBK", "s=%C4%B5%B5%A4", "牡丹")]
    [InlineData("", "charset=gb2312&s=%C4%B5%B5%A4", "牡丹")]
    [InlineData("", "s=%E7%89%A1%E4%B8%B9", "牡丹")]
    public void The_character_set_is_found_in_either_place(string query, string body, string value) =>
        Assert.Equal(value, GatewayParameters.Parse(query, Encoding.ASCII.GetBytes(body))["s"]);

    [Fact]
    public void Contents_are_encrypted_as_openssl_does_it()
    {
        const string text = """{"subject":"牡丹 1/2","a":"b"}""", cipher = "jAeG+QZN7eUaVd2psnF0yWalJsIMxSFXlBNQiHTlEyRv/QONIPlO3uWZaX/Hk93W";
        Assert.Equal(cipher, ContentCipher.Encrypt(AesKey, Encoding.UTF8.GetBytes(text)));
        Assert.Equal(text, Encoding.UTF8.GetString(ContentCipher.Decrypt(AesKey, cipher)!));
        Assert.Null(ContentCipher.Decrypt(AesKey, "jAeG"));
        Assert.Null(ContentCipher.Decrypt(AesKey, "no base64"));
        Assert.Null(ContentCipher.Decrypt([.. AesKey.Reverse()], cipher));
    }

    [Fact]
    public void A_key_serves_many_at_once()
    {
        using var rsa = RSA.Create(2048);
        var key = new RsaKey(() =>
        {
            var copy = RSA.Create();
            copy.ImportParameters(rsa.ExportParameters(true));
            return copy;
        });
        Parallel.For(0, 64, number =>
        {
            byte[] text = [(byte)number];
            Assert.True(key.IsGenuine(text, key.Sign(text, SignType.Rsa2), SignType.Rsa2));
        });
    }

    [Theory]
    [InlineData("ALIPAY-SHA256withRSA app_id=1,nonce=2,timestamp=3,sign=a+/=", "app_id=1,nonce=2,timestamp=3", "a+/=")]
    [InlineData("ALIPAY-SHA256withRSA timestamp=3,app_id=1,expired_seconds=600,nonce=2,sign=x", "timestamp=3,app_id=1,expired_seconds=600,nonce=2", "x")]
    [InlineData("ALIPAY-SHA256withRSA app_id=1,sign=a,nonce=2,sign=b", "app_id=1,sign=a,nonce=2", "b")]
    [InlineData("ALIPAY-SHA256withRSA app_id=1", "app_id=1", null)]
    [InlineData("ALIPAY-SHA256withRSA app_id=1,sign=", "app_id=1", null)]
    public void An_authorization_header_is_split_before_its_last_signature(string header, string text, string? signature)
    {
        var shown = RestAuthorization.Parse(header)!;
        Assert.Equal((text, signature, "1"), (shown.Text, shown.Signature, shown["app_id"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer x")]
    [InlineData("ALIPAY-SM2withSM3 app_id=1,sign=x")]
    public void Other_schemes_are_no_authorization(string header) => Assert.Null(RestAuthorization.Parse(header));

    [Fact]
    public void What_v3_signs_is_the_header_the_verb_the_target_and_the_body_each_on_its_line()
    {
        Assert.Equal("a=1,b=2\nPOST\n/v3/x?y=%20z\n{}\n", Encoding.UTF8.GetString(RestAuthorization.SignedText("a=1,b=2", "POST", "/v3/x?y=%20z", "{}"u8, null)));
        Assert.Equal("a\nGET\n/v3\n\ntoken\n", Encoding.UTF8.GetString(RestAuthorization.SignedText("a", "GET", "/v3", [], "token")));
        Assert.Equal("1\nn\n{}\n", Encoding.UTF8.GetString(RestAuthorization.SignedAnswer("1", "n", "{}"u8)));
    }
}
