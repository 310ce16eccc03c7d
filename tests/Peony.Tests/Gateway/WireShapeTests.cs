using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Peony.Gateway;
using Peony.Merchants;

namespace Peony.Tests.Gateway;

/// <summary>Requests in the shapes of the client libraries: which side each puts its parameters on, what it signs, how it encodes.</summary>
public sealed class WireShapeTests
{
    private static readonly string[] NodeQuery = ["method", "app_id", "charset", "version", "sign_type", "timestamp", "sign", "notify_url", "return_url", "app_cert_sn", "alipay_root_cert_sn"];

    [Theory]
    [InlineData("RSA2", "utf-8")]
    [InlineData("RSA", "utf-8")]
    [InlineData("RSA2", "GBK")]
    [InlineData("RSA", "gb2312")]
    public async Task The_shape_of_dotnet_has_all_in_the_body_and_the_character_set_on_both_sides(string type, string charset)
    {
        await using var world = await GatewayWorld.StartAsync();
        var encoding = GatewayCharset.Find(charset)!.Encoding;
        var parameters = Signed(world, type, charset, encoding);
        var (body, response) = await world.PostAsync($"charset={charset}", GatewayWorld.Encode(parameters, encoding), $"application/x-www-form-urlencoded;charset={charset}");
        Demand(world, body, encoding, type);
        Assert.Equal($"text/html;charset={charset.ToLowerInvariant()}", response.Content.Headers.NonValidated["Content-Type"].ToString());
        Assert.NotEmpty(response.Headers.GetValues("trace_id").Single());
    }

    [Theory]
    [InlineData("RSA2", "utf-8")]
    [InlineData("RSA", "GBK")]
    public async Task The_shape_of_java_has_the_content_in_the_body_and_the_rest_in_the_query(string type, string charset)
    {
        await using var world = await GatewayWorld.StartAsync();
        var encoding = GatewayCharset.Find(charset)!.Encoding;
        var parameters = Signed(world, type, charset, encoding, ("alipay_sdk", "alipay-sdk-java-4.39.0.ALL"));
        var (body, _) = await world.PostAsync(GatewayWorld.Encode(parameters.Where(pair => pair.Key != "biz_content"), encoding),
            GatewayWorld.Encode(parameters.Where(pair => pair.Key == "biz_content"), encoding), $"application/x-www-form-urlencoded;charset={charset}");
        Demand(world, body, encoding, type);
    }

    [Fact]
    public async Task The_shape_of_node_signs_empty_values_and_has_the_protocol_in_the_query()
    {
        await using var world = await GatewayWorld.StartAsync();
        var parameters = world.Parameters("alipay.trade.query", """{"out_trade_no":"a1","subject":"牡丹"}""");
        parameters.Remove("format");
        parameters["notify_url"] = "";
        parameters["sign"] = GatewayWorld.SignatureOf(parameters, world.Key, withEmpty: true);
        var (query, form) = (parameters.Where(pair => NodeQuery.Contains(pair.Key)), parameters.Where(pair => !NodeQuery.Contains(pair.Key)));
        var (body, _) = await world.PostAsync(string.Join('&', query.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}")),
            string.Join('&', form.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}")), "application/x-www-form-urlencoded;charset=UTF-8");
        Demand(world, body, Encoding.UTF8, "RSA2");
    }

    [Fact]
    public async Task An_upload_signs_its_texts_and_not_its_files()
    {
        await using var world = await GatewayWorld.StartAsync();
        var parameters = Signed(world, "RSA2", "utf-8", Encoding.UTF8);
        using var content = new MultipartFormDataContent();
        foreach (var (name, value) in parameters.Where(pair => !NodeQuery.Contains(pair.Key)))
        {
            content.Add(new StringContent(value), name);
        }

        content.Add(new ByteArrayContent([1, 2, 3]) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } }, "image_content", "photo.png");
        using var client = world.Client();
        using var response = await client.PostAsync("/gateway.do?" + string.Join('&', parameters.Where(pair => NodeQuery.Contains(pair.Key)).Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}")), content);
        Demand(world, await response.Content.ReadAsByteArrayAsync(), Encoding.UTF8, "RSA2");
    }

    [Fact]
    public async Task A_get_has_all_in_the_query_and_no_accept_header_changes_the_answer()
    {
        await using var world = await GatewayWorld.StartAsync();
        using var client = world.Client();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "text/plain,text/xml,text/javascript,text/html");
        using var response = await client.GetAsync("/gateway.do?" + GatewayWorld.Encode(Signed(world, "RSA2", "utf-8", Encoding.UTF8), Encoding.UTF8));
        Demand(world, await response.Content.ReadAsByteArrayAsync(), Encoding.UTF8, "RSA2");
        Assert.Equal("text/html;charset=utf-8", response.Content.Headers.NonValidated["Content-Type"].ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("=&=&&")]
    [InlineData("method=alipay.trade.pay.twice&app_id=1&sign=x&sign_type=RSA2&timestamp=x&version=1.0")]
    public async Task What_cannot_be_read_is_answered_signed_under_the_root_of_errors(string form)
    {
        await using var world = await GatewayWorld.StartAsync();
        var (body, _) = await world.PostAsync("", form);
        Assert.StartsWith("4000", WireClients.Check(body, Encoding.UTF8, "error_response", world.Platform.PublicKey).GetProperty("code").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_shows_no_signature_of_its_own_gets_signed_errors_only_so_often()
    {
        await using var world = await GatewayWorld.StartAsync();
        var signed = 0;
        for (var request = 0; request < 1500 && signed == request; request++)
        {
            signed += await IsSignedAsync("app_id=1") ? 1 : 0;
        }

        Assert.InRange(signed, 600, 1200);
        // Whoever signs is answered as ever.
        Assert.Equal("ACQ.TRADE_NOT_EXIST", (await world.CallAsync("alipay.trade.query", new { out_trade_no = "a1" })).GetProperty("sub_code").GetString());

        async Task<bool> IsSignedAsync(string form)
        {
            var (body, _) = await world.PostAsync("", form);
            var text = Encoding.UTF8.GetString(body);
            Assert.StartsWith("""{"error_response":{"code":"40001",""", text, StringComparison.Ordinal);
            return text.Contains("\"sign\":", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_with_200()
    {
        await using var world = await GatewayWorld.StartAsync();
        var (body, _) = await world.PostAsync("", "a=" + new string('x', GatewayParameters.MostBytes));
        Assert.Equal("isv.invalid-parameter", WireClients.Check(body, Encoding.UTF8, "error_response", world.Platform.PublicKey).GetProperty("sub_code").GetString());
    }

    [Fact]
    public async Task Contents_are_encrypted_both_ways_and_errors_too()
    {
        await using var world = await GatewayWorld.StartAsync();
        var cipher = ContentCipher.Encrypt(world.AesKey, Encoding.UTF8.GetBytes("""{"out_trade_no":"a1","subject":"牡丹"}"""));
        var node = await world.CallAsync("alipay.trade.query", cipher, ("encrypt_type", "AES"));
        Assert.Equal("ACQ.TRADE_NOT_EXIST", node.GetProperty("sub_code").GetString());
        var precreate = ContentCipher.Encrypt(world.AesKey, Encoding.UTF8.GetBytes("""{"out_trade_no":"a1","subject":"牡丹","total_amount":"1.00"}"""));
        Assert.Equal("10000", (await world.CallAsync("alipay.trade.precreate", precreate, ("encrypt_type", "AES"))).GetProperty("code").GetString());
    }

    [Fact]
    public async Task An_app_with_certificates_names_its_own_and_is_answered_with_the_platforms()
    {
        await using var world = await GatewayWorld.StartAsync();
        world.ChangeApp(AppKeyMode.Certificate, [new AppKey(GatewayWorld.PublicKeyOf(world.Key), "aa11", world.Book.Now, null), new AppKey(GatewayWorld.PublicKeyOf(world.OtherKey), "bb22", world.Book.Now, null)]);
        (string, string)[] own = [("app_cert_sn", "aa11"), ("alipay_root_cert_sn", world.Platform.RootSerial)];
        Assert.Equal("ACQ.TRADE_NOT_EXIST", await SubCodeAsync(own));
        Assert.Equal("isv.missing-app-cert-sn", await SubCodeAsync());
        Assert.Equal("isv.missing-alipay-root-cert-sn", await SubCodeAsync(own[0]));
        Assert.Equal("isv.invalid-alipay-root-cert-sn", await SubCodeAsync(own[0], ("alipay_root_cert_sn", "00")));
        Assert.Equal("isv.app-cert-not-exist", await SubCodeAsync(("app_cert_sn", "cc33"), own[1]));
        // The key of the other certificate signed nothing here.
        Assert.Equal("isv.invalid-signature", await SubCodeAsync(("app_cert_sn", "bb22"), own[1]));

        var parameters = Signed(world, "RSA2", "utf-8", Encoding.UTF8, own);
        var (body, _) = await world.PostAsync("", GatewayWorld.Encode(parameters, Encoding.UTF8));
        Assert.Contains($",\"alipay_cert_sn\":\"{world.Platform.CertificateSerial}\",\"sign\":", Encoding.UTF8.GetString(body), StringComparison.Ordinal);

        var found = await world.CallAsync("alipay.open.app.alipaycert.download", new { alipay_cert_sn = world.Platform.CertificateSerial }, own);
        var pem = Encoding.UTF8.GetString(Convert.FromBase64String(found.GetProperty("alipay_cert_content").GetString()!));
        Assert.Equal(world.Platform.Certificate.RawData, System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(pem).RawData);
        Assert.Equal("INVALID_PARAMETER", (await world.CallAsync("alipay.open.app.alipaycert.download", new { alipay_cert_sn = "00" }, own)).GetProperty("sub_code").GetString());

        async Task<string?> SubCodeAsync(params (string, string)[] more) => (await world.CallAsync("alipay.trade.query", new { out_trade_no = "a1" }, more)).GetProperty("sub_code").GetString();
    }

    [Fact]
    public async Task While_one_key_follows_another_both_may_sign()
    {
        await using var world = await GatewayWorld.StartAsync();
        world.ChangeApp(keys: [new AppKey(GatewayWorld.PublicKeyOf(world.OtherKey), null, world.Book.Now, null), new AppKey(GatewayWorld.PublicKeyOf(world.Key), null, world.Book.Now, world.Book.Now.AddDays(1))]);
        Assert.Equal("ACQ.TRADE_NOT_EXIST", (await world.CallAsync("alipay.trade.query", new { out_trade_no = "a1" })).GetProperty("sub_code").GetString());
        world.Book.Advance(TimeSpan.FromDays(2));
        Assert.Equal("isv.invalid-signature", (await world.CallAsync("alipay.trade.query", new { out_trade_no = "a1" })).GetProperty("sub_code").GetString());
    }

    [Fact]
    public async Task An_app_that_was_switched_off_may_do_nothing()
    {
        await using var world = await GatewayWorld.StartAsync();
        world.ChangeApp(isActive: false);
        Assert.Equal("isv.insufficient-isv-permissions", (await world.CallAsync("alipay.trade.query", new { out_trade_no = "a1" })).GetProperty("sub_code").GetString());
    }

    [Fact]
    public async Task Where_we_are_wrong_the_outcome_is_unknown_and_said_so_signed()
    {
        await using var world = await GatewayWorld.StartAsync();
        // A key that is none makes the check throw.
        world.ChangeApp(keys: [new AppKey("no key", null, world.Book.Now, null)]);
        var node = await world.CallAsync("alipay.trade.query", new { out_trade_no = "a1" });
        Assert.Equal(("20000", "Service Currently Unavailable", "isp.unknow-error"), (node.GetProperty("code").GetString(), node.GetProperty("msg").GetString(), node.GetProperty("sub_code").GetString()));
        using var response = await world.RestAsync(HttpMethod.Post, "/v3/alipay/trade/query", """{"out_trade_no":"a1"}""");
        Assert.Equal(500, (int)response.StatusCode);
        Assert.Contains("\"code\":\"unknow-error\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alipay.fund.trans.uni.transfer")]
    [InlineData("zhima.credit.payafteruse.creditbizorder.order")]
    [InlineData("alipay.trade.order.settle")]
    public async Task A_method_of_the_protocol_that_is_not_built_is_a_product_that_is_not_enabled(string method)
    {
        await using var world = await GatewayWorld.StartAsync();
        var node = await world.CallAsync(method, new { });
        Assert.Equal(("40006", "Insufficient Permissions", "isv.insufficient-isv-permissions"),
            (node.GetProperty("code").GetString(), node.GetProperty("msg").GetString(), node.GetProperty("sub_code").GetString()));
    }

    private static SortedDictionary<string, string> Signed(GatewayWorld world, string type, string charset, Encoding encoding, params (string Name, string Value)[] more)
    {
        var parameters = world.Parameters("alipay.trade.query", """{"out_trade_no":"a1","subject":"牡丹 + 1/2"}""", type, charset);
        foreach (var (name, value) in more)
        {
            parameters[name] = value;
        }

        parameters["sign"] = GatewayWorld.SignatureOf(parameters, world.Key, encoding);
        return parameters;
    }

    /// <summary>The signature was right, so the trade was looked for.</summary>
    private static void Demand(GatewayWorld world, byte[] body, Encoding encoding, string type)
    {
        var node = WireClients.Check(body, encoding, "alipay_trade_query_response", world.Platform.PublicKey, type == "RSA" ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256);
        Assert.Equal(("40004", "Business Failed", "ACQ.TRADE_NOT_EXIST", "交易不存在"), (node.GetProperty("code").GetString(), node.GetProperty("msg").GetString(),
            node.GetProperty("sub_code").GetString(), node.GetProperty("sub_msg").GetString()));
    }
}
