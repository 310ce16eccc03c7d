using System.Net;
using System.Security.Cryptography;
using System.Text;
using Peony.Gateway;
using Peony.Gateway.Notify;
using Peony.Trades;

namespace Peony.Tests.Gateway;

public sealed class NotifyTests
{
    private const string Url = "https://shop.example/notify?own=1";

    [Fact]
    public async Task A_payment_and_each_refund_is_told_with_a_signature_over_all_but_its_type()
    {
        await using var world = await GatewayWorld.StartAsync();
        await PayAsync(world);
        await world.CallAsync("alipay.trade.refund", new { out_trade_no = "a1", refund_amount = "3.00", out_request_no = "r1" });
        await world.CallAsync("alipay.trade.refund", new { out_trade_no = "a1", refund_amount = "7.00", out_request_no = "r2" });
        world.Book.Settle();

        var got = world.Receiver.Got.Select(one => Read(one.Body)).OrderBy(one => one.GetValueOrDefault("out_biz_no", "")).ToList();
        Assert.Equal(3, got.Count);
        Assert.All(world.Receiver.Got, one => Assert.Equal((Url, "application/x-www-form-urlencoded; charset=utf-8"), (one.Url, one.Type)));
        Assert.All(got, one => Assert.True(IsGenuine(world, one)));
        Assert.All(got, one => Assert.DoesNotContain(one, pair => pair.Value.Length == 0));
        var (paid, part, whole) = (got[0], got[1], got[2]);
        Assert.Equal(("trade_status_sync", "TRADE_SUCCESS", "10.00", "10.00", "牡丹 \"+\" 100％", world.App.SellerNumber, world.App.Id.Value, "a%3Db", "2026-03-05 10:00:00"),
            (paid["notify_type"], paid["trade_status"], paid["total_amount"], paid["receipt_amount"], paid["subject"], paid["seller_id"], paid["app_id"], paid["passback_params"], paid["gmt_payment"]));
        Assert.Equal("""[{"amount":"10.00","fundChannel":"ALIPAYACCOUNT"}]""", paid["fund_bill_list"]);
        Assert.DoesNotContain("refund_fee", paid.Keys);
        Assert.DoesNotContain("gmt_close", paid.Keys);
        Assert.Equal(("TRADE_SUCCESS", "r1", "3.00", "2026-03-05 10:00:00.000"), (part["trade_status"], part["out_biz_no"], part["refund_fee"], part["gmt_refund"]));
        Assert.Equal(("TRADE_CLOSED", "r2", "10.00"), (whole["trade_status"], whole["out_biz_no"], whole["refund_fee"]));
        Assert.Equal(3, got.Select(one => one["notify_id"]).Distinct().Count());
    }

    [Fact]
    public async Task What_is_not_acknowledged_goes_out_eight_times_within_25_hours_under_one_id()
    {
        await using var world = await GatewayWorld.StartAsync();
        world.Receiver.Answer = () => Receiver.Said("fail");
        await PayAsync(world);
        world.Book.Settle();
        var minutes = new List<int> { 0 };
        var start = world.Book.Now;
        for (var minute = 1; minute <= 26 * 60; minute++)
        {
            world.Book.Advance(TimeSpan.FromMinutes(1));
            if (world.Receiver.Got.Count > minutes.Count)
            {
                minutes.Add((int)(world.Book.Now - start).TotalMinutes);
            }
        }

        Assert.Equal([0, 4, 14, 24, 84, 204, 564, 1464], minutes);
        var got = world.Receiver.Got.Select(one => Read(one.Body)).ToList();
        Assert.Single(got.Select(one => one["notify_id"]).Distinct());
        Assert.Equal(8, got.Select(one => one["notify_time"]).Distinct().Count());
        Assert.All(got, one => Assert.True(IsGenuine(world, one)));
        Assert.Equal(NotifyStatus.GivenUp, Assert.Single(await world.Book.Reader.ListAllAsync<NotifyDelivery>()).Status);
    }

    [Theory]
    [InlineData(200, "success", true)]
    [InlineData(200, " SUCCESS\r\n", true)]
    [InlineData(200, "fail", false)]
    [InlineData(200, "", false)]
    [InlineData(200, "success!", false)]
    [InlineData(200, "<html>success</html>", false)]
    [InlineData(201, "success", false)]
    [InlineData(302, "success", false)]
    [InlineData(500, "success", false)]
    public async Task Only_the_word_with_200_is_an_acknowledgement(int status, string said, bool isAcknowledged)
    {
        await using var world = await GatewayWorld.StartAsync();
        world.Receiver.Answer = () => Receiver.Said(said, (HttpStatusCode)status);
        await PayAsync(world);
        world.Book.Settle();
        Assert.Equal(isAcknowledged ? NotifyStatus.Acknowledged : NotifyStatus.Open, Assert.Single(await world.Book.Reader.ListAllAsync<NotifyDelivery>()).Status);
        world.Receiver.Answer = () => Receiver.Said("success");
        world.Book.Advance(TimeSpan.FromDays(2));
        Assert.Equal(isAcknowledged ? 1 : 2, world.Receiver.Got.Count);
        Assert.Equal(NotifyStatus.Acknowledged, Assert.Single(await world.Book.Reader.ListAllAsync<NotifyDelivery>()).Status);
    }

    [Fact]
    public async Task The_character_set_of_the_acknowledgement_does_not_matter()
    {
        await using var world = await GatewayWorld.StartAsync();
        world.Receiver.Answer = () =>
        {
            var said = Receiver.Said("success");
            said.Content.Headers.Remove("Content-Type");
            said.Content.Headers.TryAddWithoutValidation("Content-Type", "text/html;charset=GBK");
            return said;
        };
        await PayAsync(world);
        world.Book.Settle();
        Assert.Equal(NotifyStatus.Acknowledged, Assert.Single(await world.Book.Reader.ListAllAsync<NotifyDelivery>()).Status);
    }

    [Theory]
    [InlineData(typeof(HttpRequestException))]
    [InlineData(typeof(TaskCanceledException))]
    [InlineData(typeof(IOException))]
    public async Task A_server_that_is_away_or_slow_is_tried_again(Type trouble)
    {
        await using var world = await GatewayWorld.StartAsync();
        var isAway = true;
        world.Receiver.Answer = () => isAway ? throw (Exception)Activator.CreateInstance(trouble)! : Receiver.Said("success");
        await PayAsync(world);
        world.Book.Settle();
        Assert.Equal(trouble.Name, Assert.Single(Assert.Single(await world.Book.Reader.ListAllAsync<NotifyDelivery>()).Tries).Answer.Said);
        isAway = false;
        world.Book.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(NotifyStatus.Acknowledged, Assert.Single(await world.Book.Reader.ListAllAsync<NotifyDelivery>()).Status);
    }

    [Fact]
    public async Task A_notice_is_in_the_character_set_of_the_order()
    {
        await using var world = await GatewayWorld.StartAsync();
        var gbk = GatewayCharset.Find("gbk")!.Encoding;
        var parameters = world.Parameters("alipay.trade.pay", new { out_trade_no = "a1", total_amount = "10.00", subject = "牡丹ñ", auth_code = world.PayCode(world.Join()) }, "RSA", "gbk");
        parameters["biz_content"] = parameters["biz_content"].Replace("ñ", "\\u00f1", StringComparison.Ordinal);
        parameters["notify_url"] = Url;
        parameters["sign"] = GatewayWorld.SignatureOf(parameters, world.Key, gbk);
        var (answer, _) = await world.PostAsync("charset=gbk", GatewayWorld.Encode(parameters, gbk));
        Assert.Contains("\"code\":\"10000\"", gbk.GetString(answer), StringComparison.Ordinal);
        world.Book.Settle();
        var (_, body, type) = Assert.Single(world.Receiver.Got);
        Assert.Equal("application/x-www-form-urlencoded; charset=gbk", type);
        // A receiver's GBK has no escapes of ours; what it lacks came as text.
        var plain = CodePagesEncodingProvider.Instance.GetEncoding(936)!;
        var got = body.Split('&').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => plain.GetString(BytesOf(pair[1])));
        Assert.Equal(("RSA", "牡丹\\u00f1"), (got["sign_type"], got["subject"]));
        Assert.True(IsGenuine(world, got, plain, HashAlgorithmName.SHA1));
    }

    [Fact]
    public async Task Without_an_address_nobody_is_told_and_the_apps_own_stands_in_for_the_orders()
    {
        await using var world = await GatewayWorld.StartAsync();
        await world.CallAsync("alipay.trade.pay", new { out_trade_no = "a1", total_amount = "1.00", subject = "s", auth_code = world.PayCode(world.Join()) });
        world.Book.Settle();
        Assert.Empty(world.Receiver.Got);
        world.ChangeApp(notifyUrl: "https://app.example/all");
        await world.CallAsync("alipay.trade.pay", new { out_trade_no = "a2", total_amount = "1.00", subject = "s", auth_code = world.PayCode(world.Join()) });
        world.Book.Settle();
        Assert.Equal("https://app.example/all", Assert.Single(world.Receiver.Got).Url);
    }

    [Theory]
    [InlineData("https://shop.example/back", "https://shop.example/back?")]
    [InlineData("https://shop.example/back?x=1", "https://shop.example/back?x=1&")]
    [InlineData("https://shop.example/back?", "https://shop.example/back?")]
    [InlineData("https://shop.example/back?x=1#top", "https://shop.example/back?x=1&")]
    public async Task The_way_back_keeps_the_shops_address_and_is_signed(string given, string front)
    {
        await using var world = await GatewayWorld.StartAsync();
        await world.CallAsync("alipay.trade.pay", new { out_trade_no = "a1", total_amount = "1.00", subject = "s", auth_code = world.PayCode(world.Join()) }, ("return_url", given));
        var trade = (await new TradeReader(world.Book.Reader).FindAsync(world.App.Merchant, new TradeSelector(null, "a1")))!;
        var address = TradeNotice.ReturnAddress(trade, world.Platform, world.Book.Now)!;
        Assert.StartsWith(front, address, StringComparison.Ordinal);
        Assert.Equal(given.EndsWith("#top", StringComparison.Ordinal), address.EndsWith("#top", StringComparison.Ordinal));
        var parameters = Read(new Uri(address).Query[1..]);
        parameters.Remove("x");
        Assert.True(IsGenuine(world, parameters));
        Assert.Equal(("alipay.trade.pay.return", "a1", trade.Number, "1.00", world.App.SellerNumber), (parameters["method"], parameters["out_trade_no"], parameters["trade_no"], parameters["total_amount"],
            parameters["seller_id"]));
        Assert.Null(TradeNotice.ReturnAddress(trade with { Order = trade.Order with { Labels = null } }, world.Platform, world.Book.Now));
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("ff02::1", false)]
    public void Notices_reach_nothing_behind_our_own_doors(string address, bool isPublic) => Assert.Equal(isPublic, NotifyClient.IsPublic(IPAddress.Parse(address)));

    private static Task<System.Text.Json.JsonElement> PayAsync(GatewayWorld world) => world.CallAsync("alipay.trade.pay",
        new { out_trade_no = "a1", total_amount = "10.00", subject = "牡丹 \"+\" 100%", auth_code = world.PayCode(world.Join()), passback_params = "a%3Db" }, ("notify_url", Url));

    private static Dictionary<string, string> Read(string form) => form.Split('&').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));

    /// <summary>As receivers check: sign and sign_type taken out, the rest sorted and joined.</summary>
    private static bool IsGenuine(GatewayWorld world, Dictionary<string, string> got, Encoding? encoding = null, HashAlgorithmName? hash = null) => WireClients.IsSigned(
        (encoding ?? Encoding.UTF8).GetBytes(string.Join('&', got.Where(pair => pair.Key is not ("sign" or "sign_type")).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"))),
        got["sign"], world.Platform.PublicKey, hash ?? HashAlgorithmName.SHA256);

    private static byte[] BytesOf(string escaped) => Encoding.Latin1.GetBytes(System.Text.RegularExpressions.Regex.Replace(escaped, "%([0-9A-F]{2})",
        match => ((char)Convert.ToByte(match.Groups[1].Value, 16)).ToString()));
}
