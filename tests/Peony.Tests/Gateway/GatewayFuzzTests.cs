using System.Text;
using System.Text.Json;
using CsCheck;
using Peony.Gateway;

namespace Peony.Tests.Gateway;

/// <summary>Whatever comes in, it is read or refused, and never a defect.</summary>
public sealed class GatewayFuzzTests
{
    private static readonly Gen<string> Json = Gen.OneOf(
        OneOf("{", "}", "[", "]", ":", ",", "\"", "\\", "\"out_trade_no\"", "\"total_amount\"", "\"subject\"", "\"extend_params\"", "\"query_options\"", "\"trade_no\"", "\"auth_code\"", "\"a1\"", "\"1.00\"",
            "\"\\ud83d\"", "\"\\ud83d\":1", "\"\\udc00\\ud800\"", "null", "true", "1", "-0", "1e400", "9223372036854775808", "{}", "[]", "\"enable_pay_channels\":[\"\\ud83d\"]", "\u0000", "\ufeff", "//", "😀"),
        Gen.Char.Select(character => character.ToString())).Array[0, 14].Select(string.Concat);

    [Fact]
    public void Any_bytes_are_parameters_or_none() => Gen.Select(Gen.OneOf(Gen.Byte, Gen.Const((byte)'&'), Gen.Const((byte)'='), Gen.Const((byte)'%')).Array[0, 200], Gen.String).Sample((form, query) =>
    {
        var parameters = GatewayParameters.Parse(query, form);
        Assert.DoesNotContain("", parameters.All.Keys);
        Assert.NotEmpty(SigningText.OfRequest(parameters.All));
    }, iter: 3000);

    [Fact]
    public void Any_content_is_fields_or_an_invalid_parameter() => Gen.Select(Json, Gen.Bool).Sample((piece, isWhole) =>
    {
        var text = isWhole ? $$"""{"out_trade_no":"a1","total_amount":"1.00","subject":"s","auth_code":"28",{{piece}}:{{piece}}}""" : piece;
        foreach (var read in (Func<GatewayCall, object>[])[TradeFields.Pay, TradeFields.Precreate, TradeFields.Create, TradeFields.Cancel, TradeFields.Refund, TradeFields.SelectRefund,
            call => TradeAnswers.RefundQuery(call, new RefundFound(new RefundSelector(new Peony.Trades.TradeSelector("1", null), "r"), null, null))])
        {
            try
            {
                read(TradeFieldsTests.Call(text));
            }
            catch (GatewayException refused)
            {
                Assert.Contains(refused.Error.Code, (string[])["40002", "40004", "40006"]);
            }
        }
    }, iter: 5000);

    [Fact]
    public async Task Any_request_is_answered_with_200_and_an_envelope()
    {
        await using var world = await GatewayWorld.StartAsync();
        var names = OneOf("app_id", "method", "charset", "sign_type", "timestamp", "version", "sign", "format", "biz_content", "encrypt_type", "app_cert_sn", "x");
        var values = Gen.OneOf(OneOf("", world.App.Id.Value, "alipay.trade.query", "alipay.trade.page.pay", "alipay.fund.account.query", "utf-8", "gbk", "RSA2", "RSA", "1.0", "JSON", "2026-03-05 10:00:00", "AES", "AAAA"), Json);
        await Gen.Select(names, values).Array[0, 14].SampleAsync(async pairs =>
        {
            var (body, response) = await world.PostAsync("", GatewayWorld.Encode(pairs.Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2)), Encoding.UTF8));
            var text = Encoding.UTF8.GetString(body);
            Assert.True(text.StartsWith("<!DOCTYPE html>", StringComparison.Ordinal) || JsonDocument.Parse(text).RootElement.EnumerateObject().First().Name.EndsWith("_response", StringComparison.Ordinal), text);
            Assert.DoesNotContain("isp.unknow-error", text, StringComparison.Ordinal);
            response.Dispose();
        }, iter: 300, threads: 1);
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);
}
