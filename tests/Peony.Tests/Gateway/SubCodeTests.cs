using System.Reflection;
using System.Text.RegularExpressions;
using Peony.Book;
using Peony.Gateway;
using Peony.Merchants;
using Peony.Trades;

namespace Peony.Tests.Gateway;

public sealed partial class SubCodeTests
{
    [Theory]
    [InlineData(typeof(TradesRefusals))]
    [InlineData(typeof(MerchantsRefusals))]
    public void Every_refusal_of_trades_and_merchants_has_a_sub_code(Type refusals)
    {
        var declared = refusals.GetFields(BindingFlags.Static | BindingFlags.Public).Select(field => (Refusal)field.GetValue(null)!).ToList();
        Assert.NotEmpty(declared);
        Assert.DoesNotContain(declared, refusal => !SubCodes.Has(refusal));
    }

    [Fact]
    public void A_refusal_without_a_row_makes_the_caller_query_in_the_protocols_own_spelling()
    {
        var strange = new Refusal("strange.thing", RefusalKind.Refused);
        Assert.Equal("ACQ.SYSTEM_ERROR", SubCodes.Of(strange, "alipay.trade.pay").SubCode);
        Assert.Equal("AQC.SYSTEM_ERROR", SubCodes.Of(strange, "alipay.trade.cancel").SubCode);
        Assert.Equal("SYSTEM_ERROR", SubCodes.Of(strange, "alipay.open.app.alipaycert.download").SubCode);
    }

    [Fact]
    public void What_is_wrong_with_an_order_is_named() =>
        Assert.Equal("参数有误：subject", SubCodes.Of(TradesRefusals.OrderInvalid.With("field", "subject"), "alipay.trade.pay").SubMessage);

    [Theory]
    [InlineData("isv.invalid-signature", "40002", "invalid-signature", 400)]
    [InlineData("isv.missing-signature", "40001", "missing-signature", 401)]
    [InlineData("aop.invalid-app-auth-token", "20001", "invalid-app-auth-token", 401)]
    [InlineData("isv.insufficient-isv-permissions", "40006", "insufficient-isv-permissions", 403)]
    [InlineData("isp.unknow-error", "20000", "unknow-error", 500)]
    [InlineData("ACQ.TRADE_NOT_EXIST", "40004", "ACQ.TRADE_NOT_EXIST", 400)]
    public void V3_has_the_codes_without_prefix_and_a_status(string subCode, string code, string restCode, int status)
    {
        var error = new GatewayError(code, subCode, "");
        Assert.Equal((restCode, status), (error.RestCode, error.RestStatus));
        Assert.Equal(404, GatewayError.MethodUnknown.RestStatus);
    }

    [Fact]
    public void Every_error_of_the_gateway_itself_is_spelt_as_the_protocol_does()
    {
        var errors = typeof(GatewayError).GetFields(BindingFlags.Static | BindingFlags.Public).Where(field => field.FieldType == typeof(GatewayError)).Select(field => (GatewayError)field.GetValue(null)!).ToList();
        Assert.True(errors.Count > 10);
        Assert.All(errors, error => Assert.Matches(Spelling(), error.SubCode));
        Assert.All(errors, error => Assert.Contains(error.Code, (string[])["20000", "20001", "40001", "40002", "40006"]));
    }

    [GeneratedRegex("^(isv|isp|aop)\\.[a-z0-9-]+$")]
    private static partial Regex Spelling();
}
