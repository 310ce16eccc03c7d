using System.Net;
using System.Text;
using System.Text.Json;
using Peony.Customers;
using Peony.Gateway;
using Peony.Ledger;
using Peony.Tests.Edge;
using Peony.Trades;
using Peony.Wallet;

namespace Peony.Tests.Gateway;

/// <summary>What a merchant does with trades, over the gateway and back.</summary>
public sealed class GatewayTradeTests
{
    [Fact]
    public async Task A_pay_code_pays_once_and_the_query_sees_it_at_once()
    {
        await using var world = await GatewayWorld.StartAsync();
        var person = world.Join();
        var content = new { out_trade_no = "a1", total_amount = "88.50", subject = "牡丹 \"}{\\ sign 😀", auth_code = world.PayCode(person), scene = "bar_code", store_id = "S1", passback_params = "a%3Db" };
        var paid = await world.CallAsync("alipay.trade.pay", content);
        Assert.Equal(("10000", "Success", "a1", "88.50", "88.50", "88.50", "0.00"), (Of(paid, "code"), Of(paid, "msg"), Of(paid, "out_trade_no"), Of(paid, "total_amount"), Of(paid, "receipt_amount"),
            Of(paid, "buyer_pay_amount"), Of(paid, "point_amount")));
        Assert.Matches("^20260305[0-9]{20}$", Of(paid, "trade_no"));
        Assert.Matches("^2088[0-9]{12}$", Of(paid, "buyer_user_id"));
        Assert.Equal("2026-03-05 10:00:00", Of(paid, "gmt_payment"));
        Assert.Equal("""[{"fund_channel":"ALIPAYACCOUNT","amount":"88.50","real_amount":"88.50"}]""", paid.GetProperty("fund_bill_list").GetRawText());
        Assert.Equal("""[{"charge_fee":"0.53","original_charge_fee":"0.53","charge_type":"trade"}]""", paid.GetProperty("charge_info_list").GetRawText());

        var again = await world.CallAsync("alipay.trade.pay", content);
        Assert.Equal(("10000", Of(paid, "trade_no")), (Of(again, "code"), Of(again, "trade_no")));
        Assert.Equal(1_000_00 - 88_50, (await world.Book.Reader.AccountAsync(WalletAccounts.Of(person.Customer)))!.State.Balance);

        var other = await world.CallAsync("alipay.trade.pay", new { out_trade_no = "a1", total_amount = "88.51", subject = "牡丹", auth_code = world.PayCode(person) });
        Assert.Equal(("40004", "ACQ.CONTEXT_INCONSISTENT"), (Of(other, "code"), Of(other, "sub_code")));

        var found = await world.CallAsync("alipay.trade.query", new { trade_no = Of(paid, "trade_no"), out_trade_no = "something else" });
        Assert.Equal(("10000", "TRADE_SUCCESS", "2026-03-05 10:00:00", "S1", "a%3Db", content.subject), (Of(found, "code"), Of(found, "trade_status"), Of(found, "send_pay_date"), Of(found, "store_id"),
            Of(found, "passback_params"), Of(found, "subject")));
    }

    [Fact]
    public async Task What_the_merchant_is_owed_is_its_account_and_no_others()
    {
        await using var world = await GatewayWorld.StartAsync();
        await world.CallAsync("alipay.trade.pay", new { out_trade_no = "a1", total_amount = "10.00", subject = "s", auth_code = world.PayCode(world.Join()) });
        var account = await world.CallAsync("alipay.fund.account.query", new { account_type = "ACCTRANS_ACCOUNT", alipay_user_id = world.App.SellerNumber });
        Assert.Equal(("10000", "9.94", "0.00"), (Of(account, "code"), Of(account, "available_amount"), Of(account, "freeze_amount")));
        Assert.Equal("INVALID_PARAMETER", Of(await world.CallAsync("alipay.fund.account.query", new { alipay_user_id = world.Other.SellerNumber }), "sub_code"));
        Assert.Equal("INVALID_PARAMETER", Of(await world.CallAsync("alipay.fund.account.query", new { account_type = "OTHER" }), "sub_code"));
    }

    [Fact]
    public async Task Another_merchants_trade_is_none()
    {
        await using var world = await GatewayWorld.StartAsync();
        var paid = await world.CallAsync("alipay.trade.pay", new { out_trade_no = "a1", total_amount = "1.00", subject = "s", auth_code = world.PayCode(world.Join()) });
        var parameters = world.Parameters("alipay.trade.query", new { trade_no = Of(paid, "trade_no") });
        parameters["app_id"] = world.Other.Id.Value;
        parameters["sign"] = GatewayWorld.SignatureOf(parameters, world.OtherKey);
        var (body, _) = await world.PostAsync("", GatewayWorld.Encode(parameters, Encoding.UTF8));
        Assert.Equal("ACQ.TRADE_NOT_EXIST", Of(WireClients.Check(body, Encoding.UTF8, "alipay_trade_query_response", world.Platform.PublicKey), "sub_code"));
    }

    [Fact]
    public async Task Above_what_a_code_pays_alone_the_phone_is_asked_and_cancelling_ends_it()
    {
        await using var world = await GatewayWorld.StartAsync();
        var person = world.Join(5_000_00);
        var waits = await world.CallAsync("alipay.trade.pay", new { out_trade_no = "a1", total_amount = "2000.00", subject = "s", auth_code = world.PayCode(person) });
        Assert.Equal(("10003", "order success pay inprocess", false), (Of(waits, "code"), Of(waits, "msg"), waits.TryGetProperty("sub_code", out _)));
        Assert.Equal("WAIT_BUYER_PAY", Of(await world.CallAsync("alipay.trade.query", new { out_trade_no = "a1" }), "trade_status"));
        var cancelled = await world.CallAsync("alipay.trade.cancel", new { out_trade_no = "a1" });
        Assert.Equal(("10000", "close", "N"), (Of(cancelled, "code"), Of(cancelled, "action"), Of(cancelled, "retry_flag")));
        Assert.Equal("TRADE_CLOSED", Of(await world.CallAsync("alipay.trade.query", new { out_trade_no = "a1" }), "trade_status"));
    }

    [Fact]
    public async Task Cancelling_what_never_was_blocks_the_number()
    {
        await using var world = await GatewayWorld.StartAsync();
        var cancelled = await world.CallAsync("alipay.trade.cancel", new { out_trade_no = "a1" });
        Assert.Equal(("10000", "a1", false), (Of(cancelled, "code"), Of(cancelled, "out_trade_no"), cancelled.TryGetProperty("action", out _)));
        var paid = await world.CallAsync("alipay.trade.pay", new { out_trade_no = "a1", total_amount = "1.00", subject = "s", auth_code = world.PayCode(world.Join()) });
        Assert.Equal("ACQ.TRADE_HAS_CLOSE", Of(paid, "sub_code"));
    }

    [Fact]
    public async Task Refunds_add_up_and_a_repeat_moves_nothing()
    {
        await using var world = await GatewayWorld.StartAsync();
        await world.CallAsync("alipay.trade.pay", new { out_trade_no = "a1", total_amount = "10.00", subject = "s", auth_code = world.PayCode(world.Join()) });
        var first = await world.CallAsync("alipay.trade.refund", new { out_trade_no = "a1", refund_amount = "3.00", out_request_no = "r1", refund_reason = "坏了", query_options = new[] { "refund_detail_item_list" } });
        Assert.Equal(("10000", "Y", "3.00", "3.00"), (Of(first, "code"), Of(first, "fund_change"), Of(first, "refund_fee"), Of(first, "send_back_fee")));
        Assert.Equal("3.00", first.GetProperty("refund_detail_item_list")[0].GetProperty("amount").GetString());
        var again = await world.CallAsync("alipay.trade.refund", new { out_trade_no = "a1", refund_amount = "3.00", out_request_no = "r1" });
        Assert.Equal(("10000", "N", "3.00"), (Of(again, "code"), Of(again, "fund_change"), Of(again, "refund_fee")));
        Assert.Equal("ACQ.DISCORDANT_REPEAT_REQUEST", Of(await world.CallAsync("alipay.trade.refund", new { out_trade_no = "a1", refund_amount = "4.00", out_request_no = "r1" }), "sub_code"));
        Assert.Equal("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", Of(await world.CallAsync("alipay.trade.refund", new { out_trade_no = "a1", refund_amount = "7.01", out_request_no = "r2" }), "sub_code"));
        Assert.Equal("ACQ.INVALID_PARAMETER", Of(await world.CallAsync("alipay.trade.refund", new { out_trade_no = "a1", refund_amount = "1.00" }), "sub_code"));
        Assert.Equal("ACQ.TRADE_NOT_EXIST", Of(await world.CallAsync("alipay.trade.refund", new { out_trade_no = "a9", refund_amount = "1.00", out_request_no = "r2" }), "sub_code"));

        var known = await world.CallAsync("alipay.trade.fastpay.refund.query", new { out_trade_no = "a1", out_request_no = "r1", query_options = new[] { "gmt_refund_pay" } });
        Assert.Equal(("10000", "REFUND_SUCCESS", "3.00", "10.00", "坏了", "2026-03-05 10:00:00"), (Of(known, "code"), Of(known, "refund_status"), Of(known, "refund_amount"), Of(known, "total_amount"),
            Of(known, "refund_reason"), Of(known, "gmt_refund_pay")));
        var none = await world.CallAsync("alipay.trade.fastpay.refund.query", new { out_trade_no = "a1", out_request_no = "r2" });
        Assert.Equal(("10000", false, false), (Of(none, "code"), none.TryGetProperty("refund_status", out _), none.TryGetProperty("refund_amount", out _)));
        Assert.Equal("ACQ.TRADE_NOT_EXIST", Of(await world.CallAsync("alipay.trade.fastpay.refund.query", new { out_trade_no = "a9", out_request_no = "r1" }), "sub_code"));

        var rest = await world.CallAsync("alipay.trade.refund", new { out_trade_no = "a1", refund_amount = "7.00", out_request_no = "r3" });
        Assert.Equal(("Y", "10.00", "7.00"), (Of(rest, "fund_change"), Of(rest, "refund_fee"), Of(rest, "send_back_fee")));
        Assert.Equal("TRADE_CLOSED", Of(await world.CallAsync("alipay.trade.query", new { out_trade_no = "a1" }), "trade_status"));
    }

    [Fact]
    public async Task A_code_of_the_till_is_an_address_and_no_trade_until_a_buyer_opens_it()
    {
        await using var world = await GatewayWorld.StartAsync();
        var prepared = await world.CallAsync("alipay.trade.precreate", new { out_trade_no = "a1", total_amount = "5.00", subject = "s" });
        Assert.Equal(("10000", "a1"), (Of(prepared, "code"), Of(prepared, "out_trade_no")));
        var address = new Uri(Of(prepared, "qr_code")!);
        Assert.Equal("http", address.Scheme);
        Assert.StartsWith("/app/pay/", address.AbsolutePath, StringComparison.Ordinal);
        Assert.Equal("ACQ.TRADE_NOT_EXIST", Of(await world.CallAsync("alipay.trade.query", new { out_trade_no = "a1" }), "sub_code"));

        Assert.True(world.Confirm(world.Join(), new TradeId(address.Segments[^1])).IsDone);
        Assert.Equal("TRADE_SUCCESS", Of(await world.CallAsync("alipay.trade.query", new { out_trade_no = "a1" }), "trade_status"));
        Assert.Equal("ACQ.TRADE_HAS_SUCCESS", Of(await world.CallAsync("alipay.trade.precreate", new { out_trade_no = "a1", total_amount = "5.00", subject = "s" }), "sub_code"));
    }

    [Fact]
    public async Task A_trade_for_one_buyer_waits_and_is_closed()
    {
        await using var world = await GatewayWorld.StartAsync();
        var buyer = Of(await world.CallAsync("alipay.trade.pay", new { out_trade_no = "a0", total_amount = "1.00", subject = "s", auth_code = world.PayCode(world.Join()) }), "buyer_user_id");
        var made = await world.CallAsync("alipay.trade.create", new { out_trade_no = "a1", total_amount = "5.00", subject = "s", buyer_id = buyer });
        Assert.Equal(("10000", "a1"), (Of(made, "code"), Of(made, "out_trade_no")));
        Assert.Equal("WAIT_BUYER_PAY", Of(await world.CallAsync("alipay.trade.query", new { trade_no = Of(made, "trade_no") }), "trade_status"));
        Assert.Equal("10000", Of(await world.CallAsync("alipay.trade.close", new { out_trade_no = "a1" }), "code"));
        Assert.Equal("ACQ.TRADE_STATUS_ERROR", Of(await world.CallAsync("alipay.trade.close", new { out_trade_no = "a0" }), "sub_code"));
        Assert.Equal("ACQ.INVALID_PARAMETER", Of(await world.CallAsync("alipay.trade.create", new { out_trade_no = "a2", total_amount = "5.00", subject = "s", buyer_id = "2088000000000000" }), "sub_code"));
    }

    [Fact]
    public async Task Who_cannot_pay_is_said_so_in_the_protocols_words()
    {
        await using var world = await GatewayWorld.StartAsync();
        var poor = world.Join(1_00);
        Assert.Equal("ACQ.BUYER_BALANCE_NOT_ENOUGH", await PayAsync(world.PayCode(poor)));
        Assert.Equal("ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE", await PayAsync(world.PayCode(poor), channels: "bankPay"));
        Assert.Equal("ACQ.PAYMENT_AUTH_CODE_INVALID", await PayAsync("281234567890123456"));
        Assert.Equal("ACQ.INVALID_PARAMETER", await PayAsync(world.PayCode(poor), subject: "a=b"));
        var code = world.PayCode(poor);
        world.Book.Run(new PlantFreeze(poor.Customer, IsFrozen: true));
        Assert.Equal("ACQ.BUYER_ENABLE_STATUS_FORBID", await PayAsync(code));

        async Task<string?> PayAsync(string code, string? channels = null, string subject = "s") =>
            Of(await world.CallAsync("alipay.trade.pay", new { out_trade_no = "a1", total_amount = "5.00", subject, auth_code = code, enable_pay_channels = channels }), "sub_code");
    }

    [Fact]
    public async Task Instalments_ask_the_phone_first_and_then_stand_in_the_query_with_their_fee()
    {
        await using var world = await GatewayWorld.StartAsync();
        var person = world.JoinWithLine();
        Assert.Equal("10003", Of(await PayAsync("a1", "3", "100"), "code"));
        Assert.True(world.Confirm(person, (await world.FindAsync("a1")).Id).IsDone);
        var found = await world.CallAsync("alipay.trade.query", new { out_trade_no = "a1" });
        Assert.Equal("TRADE_SUCCESS", Of(found, "trade_status"));
        Assert.Equal("""{"user_install_num":"3","fq_amount":"300.00"}""", found.GetProperty("hb_fq_pay_info").GetRawText());
        Assert.Equal("PCREDIT", Of(found.GetProperty("fund_bill_list")[0], "fund_channel"));
        var fees = found.GetProperty("charge_info_list").EnumerateArray().ToDictionary(fee => Of(fee, "charge_type")!, fee => Of(fee, "charge_fee"));
        Assert.Equal(("1.80", (await world.FindAsync("a1")).InstalmentFee.Amount()), (fees["trade"], fees["hbfq"]));

        Assert.Equal("ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE", Of(await PayAsync("a2", "5", "0"), "sub_code"));

        Task<JsonElement> PayAsync(string number, string periods, string percent) => world.CallAsync("alipay.trade.pay",
            new { out_trade_no = number, total_amount = "300.00", subject = "s", auth_code = world.PayCode(person), extend_params = new { hb_fq_num = periods, hb_fq_seller_percent = percent } });
    }

    [Theory]
    [InlineData("alipay.trade.page.pay", true)]
    [InlineData("alipay.trade.page.pay", false)]
    [InlineData("alipay.trade.wap.pay", true)]
    [InlineData("alipay.trade.app.pay", true)]
    public async Task A_browser_is_led_to_the_page_on_which_the_trade_is_paid(string method, bool isGet)
    {
        await using var world = await GatewayWorld.StartAsync();
        using var response = await BrowseAsync(world, method, isGet, sign => sign);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.StartsWith("/app/pay/trd_", response.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_with_a_wrong_request_gets_a_page_that_names_the_error_and_the_text_to_sign()
    {
        await using var world = await GatewayWorld.StartAsync();
        using var response = await BrowseAsync(world, "alipay.trade.page.pay", isGet: true, sign => sign[..^8] + "AAAAAAA=");
        Assert.Equal("text/html;charset=utf-8", response.Content.Headers.NonValidated["Content-Type"].ToString());
        var page = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());
        Assert.Contains("无法打开付款页面", page, StringComparison.Ordinal);
        Assert.Contains("<code>invalid-signature</code>", page, StringComparison.Ordinal);
        Assert.Contains($"app_id={world.App.Id}&biz_content={{\"out_trade_no\":\"a1\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task V3_answers_the_same_as_v2_and_signs_it()
    {
        await using var world = await GatewayWorld.StartAsync();
        var json = JsonSerializer.Serialize(new { out_trade_no = "a1", total_amount = "5.00", subject = "牡丹", auth_code = world.PayCode(world.Join()), notify_url = "https://shop.example/n" });
        using var paid = await world.RestAsync(HttpMethod.Post, "/v3/alipay/trade/pay", json);
        Assert.Equal("a1", Of(await CheckAsync(world, paid), "out_trade_no"));
        using var found = await world.RestAsync(HttpMethod.Post, "/v3/alipay/trade/query", """{"out_trade_no":"a1"}""");
        var node = await CheckAsync(world, found);
        Assert.Equal(("TRADE_SUCCESS", false), (Of(node, "trade_status"), node.TryGetProperty("code", out _)));
        // The GET of a method by query, its target signed as it stands on the wire.
        using var got = await world.RestAsync(HttpMethod.Get, "/v3/alipay/trade/query?out_trade_no=a1&more=%2B+%E7%89%A1");
        Assert.Equal("TRADE_SUCCESS", Of(await CheckAsync(world, got), "trade_status"));
    }

    [Fact]
    public async Task V3_encrypts_both_ways_as_plain_text()
    {
        await using var world = await GatewayWorld.StartAsync();
        var cipher = ContentCipher.Encrypt(world.AesKey, """{"out_trade_no":"a1","total_amount":"5.00","subject":"s"}"""u8.ToArray());
        using var response = await world.RestAsync(HttpMethod.Post, "/v3/alipay/trade/precreate", cipher, null, ("alipay-encrypt-type", "AES"));
        var body = await response.Content.ReadAsStringAsync();
        Assert.Equal("text/plain", response.Content.Headers.NonValidated["Content-Type"].ToString());
        Assert.Contains("\"out_trade_no\":\"a1\"", Encoding.UTF8.GetString(ContentCipher.Decrypt(world.AesKey, body)!), StringComparison.Ordinal);
        Assert.True(IsSigned(world, response, body));
    }

    [Fact]
    public async Task V3_refuses_as_json_with_codes_and_statuses_of_its_own()
    {
        await using var world = await GatewayWorld.StartAsync();
        foreach (var (authorization, status, code) in ((string, int, string)[])
        [
            ("none", 401, "missing-signature"), ("nonce=1,timestamp=1,sign=x", 400, "missing-app-id"), ("app_id=1,nonce=1,sign=x", 400, "missing-timestamp"),
            ("app_id=1,nonce=1,timestamp=1", 401, "missing-signature"), ("app_id=1,nonce=1,timestamp=1,sign=x", 400, "invalid-app-id"), ("app_id={app},timestamp=1,sign=x", 400, "invalid-parameter"),
            ("app_id={app},nonce=1,timestamp=now,sign=x", 400, "invalid-timestamp"), ("app_id={app},nonce=1,timestamp=1,sign=AAAA", 400, "invalid-signature"),
            ("app_id={app},app_cert_sn=1,nonce=1,timestamp=1,sign=AAAA", 400, "app-cert-not-exist"), ("app_id={app},app_id={app},nonce=1,timestamp=1,sign=AAAA", 400, "missing-app-id"),
        ])
        {
            var header = authorization == "none" ? authorization : "ALIPAY-SHA256withRSA " + authorization.Replace("{app}", world.App.Id.Value, StringComparison.Ordinal);
            using var response = await world.RestAsync(HttpMethod.Post, "/v3/alipay/trade/query", """{"out_trade_no":"a1"}""", _ => header);
            await RefusedAsync(response, status, code);
        }

        foreach (var (path, json, status, code) in ((string, string, int, string)[])
        [
            ("/v3/alipay/trade/query", """{"out_trade_no":"a9"}""", 400, "ACQ.TRADE_NOT_EXIST"), ("/v3/alipay/trade/query", "[]", 400, "invalid-parameter"),
            ("/v3/alipay/trade/pay/twice", "{}", 404, "invalid-method"), ("/v3/alipay/trade/page/pay", "{}", 404, "invalid-method"),
            ("/v3/alipay/fund/trans/uni/transfer", "{}", 403, "insufficient-isv-permissions"), ("/v3", "{}", 404, "invalid-method"),
        ])
        {
            using var response = await world.RestAsync(HttpMethod.Post, path, json);
            await RefusedAsync(response, status, code);
        }
    }

    [Fact]
    public async Task V3_refuses_what_was_changed_after_signing_and_tokens_nobody_gave()
    {
        await using var world = await GatewayWorld.StartAsync();
        const string path = "/v3/alipay/trade/query", json = """{"out_trade_no":"a1"}""";
        using var nonce = await world.RestAsync(HttpMethod.Post, path, json, header => header.Replace("nonce=6f", "nonce=6e", StringComparison.Ordinal));
        await RefusedAsync(nonce, 400, "invalid-signature");
        using var order = await world.RestAsync(HttpMethod.Post, path, json, header => header.Replace("nonce=6f2b3c,timestamp=1772676000000", "timestamp=1772676000000,nonce=6f2b3c", StringComparison.Ordinal));
        await RefusedAsync(order, 400, "invalid-signature");
        using var token = await world.RestAsync(HttpMethod.Post, path, json, null, ("alipay-app-auth-token", "t"));
        await RefusedAsync(token, 401, "invalid-app-auth-token");
        using var cipher = await world.RestAsync(HttpMethod.Post, path, json, null, ("alipay-encrypt-type", "AES"));
        await RefusedAsync(cipher, 400, "decryption-error-unknown");
    }

    [Fact]
    public async Task An_endpoint_that_ends_in_the_gateways_address_is_told_so()
    {
        await using var world = await GatewayWorld.StartAsync();
        using var response = await world.RestAsync(HttpMethod.Post, "/gateway.do/v3/alipay/trade/query", "{}");
        await RefusedAsync(response, 404, "invalid-method");
        Assert.Contains("http://localhost", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> BrowseAsync(GatewayWorld world, string method, bool isGet, Func<string, string> change)
    {
        var parameters = world.Parameters(method, new { out_trade_no = "a1", total_amount = "5.00", subject = "牡丹", product_code = "FAST_INSTANT_TRADE_PAY" });
        parameters["return_url"] = "https://shop.example/back?x=1";
        parameters["sign"] = change(GatewayWorld.SignatureOf(parameters, world.Key));
        var form = GatewayWorld.Encode(parameters, Encoding.UTF8);
        using var client = world.Client();
        // A form on the shop's own site sent it.
        client.DefaultRequestHeaders.Add("Origin", "https://shop.example");
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");
        return isGet ? await client.GetAsync("/gateway.do?" + form)
            : await client.PostAsync("/gateway.do?charset=utf-8", new StringContent(form, Encoding.ASCII, "application/x-www-form-urlencoded"));
    }

    private static async Task<JsonElement> CheckAsync(GatewayWorld world, HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        Assert.True(IsSigned(world, response, body));
        return JsonDocument.Parse(body).RootElement;
    }

    private static bool IsSigned(GatewayWorld world, HttpResponseMessage response, string body) => WireClients.IsSigned(
        Encoding.UTF8.GetBytes($"{response.Headers.GetValues("alipay-timestamp").Single()}\n{response.Headers.GetValues("alipay-nonce").Single()}\n{body}\n"),
        response.Headers.GetValues("alipay-signature").Single(), world.Platform.PublicKey, System.Security.Cryptography.HashAlgorithmName.SHA256);

    private static async Task RefusedAsync(HttpResponseMessage response, int status, string code)
    {
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal((status, code), ((int)response.StatusCode, Of(body, "code")));
        Assert.NotEmpty(Of(body, "message")!);
        Assert.Equal(JsonValueKind.Array, body.GetProperty("links").ValueKind);
        Assert.NotEmpty(response.Headers.GetValues("alipay-trace-id").Single());
    }

    private static string? Of(JsonElement node, string name) => node.TryGetProperty(name, out var value) ? value.GetString() : null;
}
