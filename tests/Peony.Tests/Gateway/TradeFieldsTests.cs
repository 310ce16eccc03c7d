using System.Text;
using System.Text.Json.Nodes;
using Peony.Gateway;
using Peony.Ledger;
using Peony.Merchants;
using Peony.Trades;

namespace Peony.Tests.Gateway;

/// <summary>From fields to commands, without HTTP.</summary>
public sealed class TradeFieldsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 5, 2, 0, 0, TimeSpan.Zero);

    private static readonly AppView App = new(new AppId("2021000000000001"), new MerchantId("mer_1"), "2088700000000001", "Shop", AppKeyMode.Key, [], [], null, 1, null, IsActive: true);

    [Fact]
    public void An_order_is_read_as_it_came()
    {
        var pay = TradeFields.Pay(Call("""
            {"out_trade_no":"a1","total_amount":"88.50","subject":"牡丹 😀","body":"b","auth_code":"281234567890123456","scene":"bar_code","product_code":"X","store_id":"S1","terminal_id":"T1",
             "passback_params":"a%3Db","unknown_field":{"a":[1,2]},"discountable_amount":"1.00","extend_params":{"sys_service_provider_id":"2088"}}
            """));
        Assert.Equal(("a1", Money.Cny(88_50), "牡丹 😀", "b", "X"), (pay.Order.OutTradeNo, pay.Order.Total, pay.Order.Subject, pay.Order.Body, pay.Order.Product));
        Assert.Equal((App.Id, "281234567890123456"), (((AppProof)pay.Seller).App, pay.PayCode));
        Assert.Null(pay.Order.Instalments);
        Assert.Null(pay.Order.Allowed);
        Assert.Null(pay.Order.Life);
        Assert.Equal("app_id=2021000000000001 charset=utf-8 method=alipay.trade.pay notify_url=https://shop.example/n passback_params=a%3Db sign_type=RSA2 store_id=S1 terminal_id=T1",
            string.Join(' ', pay.Order.Labels!.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}")));
    }

    [Fact]
    public void Camel_case_is_read_too_and_numbers_as_their_text()
    {
        var pay = TradeFields.Pay(Call("""{"outTradeNo":"a1","totalAmount":88.5,"subject":"s","authCode":"28","extendParams":{"hbFqNum":3,"hbFqSellerPercent":"100"}}"""));
        Assert.Equal(("a1", Money.Cny(88_50), new TradeInstalments(3, InstalmentFeeBearer.Merchant)), (pay.Order.OutTradeNo, pay.Order.Total, pay.Order.Instalments));
    }

    [Theory]
    [InlineData("""{"hb_fq_num":"6","hb_fq_seller_percent":"0"}""", 6, InstalmentFeeBearer.Buyer)]
    [InlineData("""{"hb_fq_num":"12","hb_fq_seller_percent":"100"}""", 12, InstalmentFeeBearer.Merchant)]
    public void Instalments_are_named_by_both_fields(string extended, int periods, InstalmentFeeBearer bearer) =>
        Assert.Equal(new TradeInstalments(periods, bearer), Order($"\"extend_params\":{extended}").Instalments);

    [Theory]
    [InlineData("""{"hb_fq_num":"6"}""")]
    [InlineData("""{"hb_fq_seller_percent":"0"}""")]
    [InlineData("""{"hb_fq_num":"6","hb_fq_seller_percent":"50"}""")]
    [InlineData("""{"hb_fq_num":"six","hb_fq_seller_percent":"0"}""")]
    [InlineData("\"text\"")]
    public void Half_of_them_is_refused(string extended) => Assert.Equal("ACQ.INVALID_PARAMETER", CodeOf(() => Order($"\"extend_params\":{extended}")));

    [Theory]
    [InlineData("enable_pay_channels", "pcredit,pcreditpayInstallment", "CreditLine")]
    [InlineData("enable_pay_channels", "balance", "Wallet CreditBalance")]
    [InlineData("enable_pay_channels", "credit_group,balance,bankPay", "Wallet CreditBalance CreditLine")]
    [InlineData("enable_pay_channels", "bankPay,moneyFund", "")]
    [InlineData("disable_pay_channels", "pcredit", "Wallet CreditBalance")]
    [InlineData("disable_pay_channels", "credit_group,creditCard", "Wallet CreditBalance")]
    [InlineData("disable_pay_channels", "balance", "CreditLine")]
    [InlineData("disable_pay_channels", "pcreditpayInstallment", "Wallet CreditBalance CreditLine")]
    public void Channels_are_what_it_may_be_paid_from(string field, string channels, string allowed) =>
        Assert.Equal(allowed, string.Join(' ', Order($"\"{field}\":\"{channels}\"").Allowed!));

    [Fact]
    public void Channels_are_enabled_or_disabled_and_not_both() =>
        Assert.Equal("ACQ.INVALID_PARAMETER", CodeOf(() => Order("\"enable_pay_channels\":\"balance\",\"disable_pay_channels\":\"pcredit\"")));

    [Theory]
    [InlineData("\"timeout_express\":\"90m\"", 90)]
    [InlineData("\"timeout_express\":\"3h\"", 180)]
    [InlineData("\"timeout_express\":\"15d\"", 15 * 24 * 60)]
    [InlineData("\"timeout_express\":\"1c\"", 14 * 60)]
    [InlineData("\"qr_code_timeout_express\":\"5m\",\"timeout_express\":\"90m\"", 5)]
    [InlineData("\"time_expire\":\"2026-03-05 10:30:00\",\"timeout_express\":\"90m\"", 30)]
    public void The_buyers_time_is_a_duration_or_a_moment(string fields, int minutes) => Assert.Equal(TimeSpan.FromMinutes(minutes), Order(fields).Life);

    [Theory]
    [InlineData("\"timeout_express\":\"0m\"")]
    [InlineData("\"timeout_express\":\"16d\"")]
    [InlineData("\"timeout_express\":\"1.5h\"")]
    [InlineData("\"timeout_express\":\"2c\"")]
    [InlineData("\"timeout_express\":\"90\"")]
    [InlineData("\"time_expire\":\"2026-03-05T10:30:00\"")]
    [InlineData("\"total_amount\":\"88.505\"")]
    [InlineData("\"total_amount\":\"1e2\"")]
    [InlineData("\"total_amount\":\"\"")]
    [InlineData("\"total_amount\":true")]
    [InlineData("\"out_trade_no\":null")]
    [InlineData("\"subject\":\"\\ud83d\"")]
    [InlineData("\"trans_currency\":\"USD\"")]
    public void What_cannot_be_read_is_an_invalid_parameter(string fields) => Assert.Equal("ACQ.INVALID_PARAMETER", CodeOf(() => Order(fields)));

    [Fact]
    public void A_moment_that_has_passed_has_a_code_of_its_own() =>
        Assert.Equal("ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR", CodeOf(() => Order("\"time_expire\":\"2026-03-05 10:00:00\"")));

    [Theory]
    [InlineData("\"agreement_params\":{\"agreement_no\":\"1\"}")]
    [InlineData("\"auth_no\":\"1\"")]
    [InlineData("\"scene\":\"ZHIMA_CREDIT_CODE\"")]
    [InlineData("\"royalty_info\":{}")]
    [InlineData("\"settle_info\":{\"settle_detail_infos\":[]}")]
    public void Products_nobody_has_are_not_permitted(string fields) => Assert.Equal("isv.insufficient-isv-permissions", CodeOf(() => Order(fields)));

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("/relative")]
    [InlineData("file:///etc/passwd")]
    public void Addresses_are_of_the_web(string address) =>
        Assert.Equal("isv.invalid-parameter", CodeOf(() => TradeFields.PagePay(Call("""{"out_trade_no":"a1","total_amount":"1","subject":"s"}""") with { ReturnUrl = address })));

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("\"text\"")]
    [InlineData("""{"a":1,"a":2}""")]
    public void Content_is_one_object_and_names_each_field_once(string json) => Assert.Equal("isv.invalid-parameter", CodeOf(() => Call(json)));

    [Fact]
    public void A_trade_is_named_by_either_number()
    {
        Assert.Equal(new TradeSelector("28", null), TradeFields.Select(Call("""{"trade_no":"28"}""").Fields));
        Assert.Equal(new TradeSelector(null, "a"), TradeFields.Select(Call("""{"out_trade_no":"a"}""").Fields));
        Assert.Equal("ACQ.INVALID_PARAMETER", CodeOf(() => TradeFields.Select(Call("{}").Fields)));
    }

    [Theory]
    [InlineData("POST", "alipay/trade/pay", "alipay.trade.pay")]
    [InlineData("POST", "alipay/trade/fastpay/refund/query", "alipay.trade.fastpay.refund.query")]
    [InlineData("GET", "ant/merchant/order/2026", "ant.merchant.expand.order.query")]
    [InlineData("PATCH", "ant/merchant/shop", "ant.merchant.expand.shop.modify")]
    [InlineData("POST", "ant/merchant/shop", "ant.merchant.expand.shop.create")]
    [InlineData("GET", "alipay/merchant/tradecomplain/123", "alipay.merchant.tradecomplain.query")]
    [InlineData("POST", "alipay/merchant/tradecomplain/reply", "alipay.merchant.tradecomplain.reply.submit")]
    public void A_path_of_v3_names_a_method(string verb, string path, string method) => Assert.Equal(method, RestPaths.MethodOf(verb, path));

    [Fact]
    public void Paths_that_are_shaped_otherwise_lead_to_methods_that_exist() => Assert.All(
        (string[])["ant/merchant/indirect/image", "ant/merchant/shop"], path => Assert.NotNull(OtherMethods.Find(RestPaths.MethodOf("POST", path))));

    private static TradeOrder Order(string fields)
    {
        var node = JsonNode.Parse("""{"out_trade_no":"a1","total_amount":"1.00","subject":"s","auth_code":"28"}""")!.AsObject();
        // A raw text, because half a character has no place in a node.
        var names = JsonNode.Parse("{" + fields.Replace("\\ud83d", "x", StringComparison.Ordinal) + "}")!.AsObject().Select(pair => pair.Key);
        foreach (var name in names)
        {
            node.Remove(name);
        }

        var rest = node.ToJsonString().Trim('{', '}');
        return TradeFields.Pay(Call("{" + fields + (rest.Length == 0 ? "" : "," + rest) + "}")).Order;
    }

    private static string CodeOf(Func<object> read) => Assert.Throws<GatewayException>(() => _ = read()).Error.SubCode;

    internal static GatewayCall Call(string json) => new(App, "alipay.trade.pay", Fields.Parse(Encoding.UTF8.GetBytes(json), "alipay.trade.pay"), "https://shop.example/n", null, "utf-8",
        SignType.Rsa2, "http://localhost", Now);
}
