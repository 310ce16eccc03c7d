using System.Text;
using System.Text.Json;
using Peony.Edge;
using Peony.Ledger;
using Peony.Wallet;
using Peony.Wallet.Disbursements;

namespace Peony.Tests.Wallet;

public sealed class DisbursementBodyTests
{
    private const string Lin = "cus_01jabcdefghjkmnpqrstvwxyz0";
    private const string Chen = "cus_01jabcdefghjkmnpqrstvwxyz1";

    [Fact]
    public void Json_is_read_in_any_order_of_members_and_unknown_ones_are_passed_over()
    {
        var (purpose, lines) = DisbursementBody.ReadJson(Encoding.UTF8.GetBytes(
            $$$"""
            {"sent_by": {"lines": [1]}, "lines": [
              {"customer": "{{{Lin}}}", "amount": {"amount": 1250, "currency": "CNY"}},
              {"amount": {"currency": "USD", "amount": -1, "note": [{}]}, "staff": 7, "customer": "{{{Chen}}}"},
              {"customer": "{{{Lin}}}", "amount": {"amount": 1}}
            ], "purpose": "三月餐补"}
            """));
        Assert.Equal("三月餐补", purpose);
        Assert.Equal([To(Lin, Money.Cny(1250)), To(Chen, new Money(-1, Currency.Usd)), To(Lin, Money.Cny(1))], lines);
        Assert.Equal(Lin, WalletAccounts.CustomerOf(lines[0].Wallet).Value);
    }

    [Theory]
    [InlineData("[]", "body")]
    [InlineData("""{"lines": []}""", "purpose")]
    [InlineData("""{"purpose": 1, "lines": []}""", "purpose")]
    [InlineData("""{"purpose": "a", "lines": {}}""", "lines")]
    [InlineData("""{"purpose": "a", "lines": [7]}""", "lines[0]")]
    [InlineData("""{"purpose": "a", "lines": [{"amount": {"amount": 1}}]}""", "lines[0].customer")]
    [InlineData("""{"purpose": "a", "lines": [{"customer": "cus_1", "amount": {"amount": 1}}]}""", "lines[0].customer")]
    [InlineData("""{"purpose": "a", "lines": [OK, {"customer": "cus_01jabcdefghjkmnpqrstvwxyz0"}]}""", "lines[1].amount")]
    [InlineData("""{"purpose": "a", "lines": [OK, OK, {"customer": "cus_01jabcdefghjkmnpqrstvwxyz0", "amount": 1}]}""", "lines[2].amount")]
    [InlineData("""{"purpose": "a", "lines": [{"customer": "cus_01jabcdefghjkmnpqrstvwxyz0", "amount": {"amount": 1.5}}]}""", "lines[0].amount.amount")]
    [InlineData("""{"purpose": "a", "lines": [{"customer": "cus_01jabcdefghjkmnpqrstvwxyz0", "amount": {"amount": 1, "currency": "XXX"}}]}""", "lines[0].amount.currency")]
    [InlineData("""{"purpose": "\ud800", "lines": []}""", "body")]
    public void What_cannot_be_read_is_named(string json, string field)
    {
        var text = json.Replace("OK", $$$"""{"customer": "{{{Lin}}}", "amount": {"amount": 1}}""", StringComparison.Ordinal);
        Assert.Equal(field, Assert.Throws<InvalidRequestException>(() => DisbursementBody.ReadJson(Encoding.UTF8.GetBytes(text))).Field);
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"purpose": "a", "lines": [""")]
    [InlineData("""{"purpose": "a", "lines": []} {}""")]
    public void What_is_no_json_is_not_read(string json) => Assert.ThrowsAny<JsonException>(() => DisbursementBody.ReadJson(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void More_lines_than_one_entry_takes_are_not_gathered()
    {
        var line = $$$"""{"customer":"{{{Lin}}}","amount":{"amount":1}}""";
        Assert.Equal(8190, DisbursementBody.ReadJson(Encoding.UTF8.GetBytes($$"""{"purpose":"a","lines":[{{string.Join(',', Enumerable.Repeat(line, 8190))}}] }""")).Lines.Length);
        var tooMany = Encoding.UTF8.GetBytes($$"""{"purpose":"a","lines":[{{string.Join(',', Enumerable.Repeat(line, 8191))}}] }""");
        Assert.Equal("lines", Assert.Throws<InvalidRequestException>(() => DisbursementBody.ReadJson(tooMany)).Field);
    }

    [Theory]
    [InlineData("\n", "")]
    [InlineData("\r\n", "\uFEFF")]
    public void Csv_is_read_with_either_line_end_and_with_or_without_a_mark_at_its_start(string end, string mark)
    {
        var lines = DisbursementBody.ReadCsv(Encoding.UTF8.GetBytes($"{mark}customer,amount{end}{Lin},12.50{end}{Chen},8{end}{end}"));
        Assert.Equal([To(Lin, Money.Cny(12_50)), To(Chen, Money.Cny(8_00))], lines);
    }

    [Theory]
    [InlineData("who,what\n", "line 1")]
    [InlineData("customer,amount\nLIN\n", "line 2")]
    [InlineData("customer,amount\nLIN,1\n13800138000,1\n", "line 3")]
    [InlineData("customer,amount\nLIN,1.005\n", "line 2")]
    [InlineData("customer,amount\n\"LIN\",1\n", "line 2")]
    [InlineData("customer,amount\nLIN,\"1\"\n", "line 2")]
    public void A_line_of_csv_that_cannot_be_read_is_named_by_its_number(string csv, string line) =>
        Assert.Equal(line, Assert.Throws<InvalidRequestException>(() => DisbursementBody.ReadCsv(Encoding.UTF8.GetBytes(csv.Replace("LIN", Lin, StringComparison.Ordinal)))).Field);

    private static DisbursementLine To(string customer, Money amount) => DisbursementLine.To(new(customer), amount);
}
