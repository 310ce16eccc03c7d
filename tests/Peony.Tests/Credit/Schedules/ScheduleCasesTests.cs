using Peony.Identifiers;
using Peony.Server.Verbs;

namespace Peony.Tests.Credit.Schedules;

public sealed class ScheduleCasesTests
{
    [Fact]
    public async Task Every_reference_case_agrees_and_functions_without_a_use_are_counted_apart()
    {
        ConformCounts? counts = null;
        var (exit, text) = await RunAsync(Path.Combine(AppContext.BaseDirectory, "data", "schedules.json"), counted => counts = counted);
        Assert.Equal("""
            3 cases of kinds without a place in the product: tvm_cumipmt 1, tvm_nper 1, tvm_ppmt 1
            36 of 36 agree
            """, text);
        Assert.Equal(ConformRunner.AllAgree, exit);
        Assert.Equal((36, 36, 3), (counts!.Ran, counts.Agreed, counts.Unplaced.Values.Sum()));
    }

    [Fact]
    public async Task A_value_that_disagrees_is_named_with_what_came_out()
    {
        var (exit, text) = await RunTextAsync("""
            { "cases": [ { "id": "L", "kind": "level_installment_schedule", "input": { "annual_rate_percent": "12", "days_in_year": "DAYS_360", "days_in_month": "DAYS_30", "repay_every": 1,
              "frequency": "MONTHS", "disbursements": [ { "date": "2026-01-31", "amount": "100" } ], "number_of_installments": 2 },
              "expected": { "rows": [ { "nr": 1, "due": "2026-02-28", "interest": "1.01" }, { "nr": 2, "due": "2026-03-31" } ], "total_interest": "1.50" } } ] }
            """);
        Assert.Equal(ConformRunner.SomeDisagree, exit);
        Assert.Equal("""
            case 1 level_installment_schedule L: expected row 1 interest 1.01, got row 1 interest 1.00
            0 of 1 agree
            """, text);
    }

    [Theory]
    [InlineData("tvm_irr", """{ "flows": ["1", "2"] }""", """{ "value": "0.1" }""", "the flows all go one way")]
    [InlineData("tvm_irr", """{ "flows": ["-1", "x"] }""", """{ "value": "0.1" }""", "\"x\" is no number")]
    [InlineData("tvm_irr", """{}""", """{ "value": "0.1" }""", "it has no \"flows\"")]
    [InlineData("tvm_effect", """{ "nominal": "0.1", "npery": 0 }""", """{ "value": "0.1" }""", "at least one period")]
    [InlineData("tvm_pmt", """{ "rate": "0", "nper": 0, "pv": "1" }""", """{ "value": "0.1" }""", "at least one period")]
    [InlineData("fee_installment_annualised", """{ "principal": "-1.00", "periods": 3, "total_fee_percent": "2" }""", """{ "annualised_simple_percent": "1" }""", "principal")]
    [InlineData("fee_installment_annualised", """{ "principal": "100.00", "periods": 3, "total_fee_percent": "2" }""", """{ "monthly": "1" }""", "expects \"monthly\", which is not understood")]
    [InlineData("apr_effective_annual", """{ "credit": "1000", "rule": "as agreed" }""", """{ "apr_percent": "1" }""", "rule is not understood")]
    [InlineData("apr_us_actuarial", """{ "amount_financed": "1", "unit_period": "1 moon", "payment_streams": [] }""", """{ "apr_percent": "1" }""", "unit-period is not understood")]
    public async Task Input_that_is_refused_disagrees_unless_a_refusal_is_expected(string kind, string input, string expected, string why)
    {
        var (exit, text) = await RunTextAsync($$"""{ "cases": [ { "id": "R", "kind": "{{kind}}", "input": {{input}}, "expected": {{expected}} } ] }""");
        Assert.Equal(ConformRunner.SomeDisagree, exit);
        Assert.Contains("refused (", text, StringComparison.Ordinal);
        Assert.Contains(why, text, StringComparison.Ordinal);

        (exit, _) = await RunTextAsync($$"""{ "cases": [ { "id": "R", "kind": "{{kind}}", "input": {{input}}, "expected": { "reject": true } } ] }""");
        Assert.Equal(ConformRunner.AllAgree, exit);
    }

    [Theory]
    [InlineData("apr_effective_annual", """{ "flows": [ { "t_days": 0, "amount": "1000" }, { "t_days": 546, "amount": "-1200" } ] }""", """{ "apr_percent": "12.96" }""")]
    [InlineData("apr_effective_annual", """{ "flows": [ { "date": "2024-01-10", "amount": "1000" }, { "date": "2026-01-10", "amount": "-1210" } ] }""", """{ "apr_percent": "10" }""")]
    [InlineData("apr_effective_annual", """{ "flows": [ { "t_months": 0, "amount": "100" }, { "t_months": 1.5, "amount": "-101" } ] }""", """{ "apr_percent": "8.29" }""")]
    [InlineData("apr_effective_annual", """{ "credit": "1000", "fee_at_0": "20", "quarterly": "250 + 15", "n": 4 }""", """{ "apr_percent": "13.49" }""")]
    [InlineData("fee_installment_annualised", """{ "principal": "1000.00", "periods": 3, "fee_percent_per_period": "0.5", "fee_collected": "once, with the first installment" }""", """{ "annualised_simple_percent": "9.05" }""")]
    [InlineData("tvm_rate", """{ "nper": 2, "pmt": "-50", "pv": "100", "when": "begin" }""", """{ "value": "0" }""")]
    public async Task Input_comes_in_several_forms(string kind, string input, string expected)
    {
        var (exit, text) = await RunTextAsync($$"""{ "cases": [ { "id": "F", "kind": "{{kind}}", "tolerance": "0.01", "input": {{input}}, "expected": {{expected}} } ] }""");
        Assert.Equal((ConformRunner.AllAgree, "1 of 1 agree"), (exit, text));
    }

    [Fact]
    public async Task Odd_periods_are_found_from_dates_where_they_are_not_given()
    {
        var (exit, text) = await RunTextAsync("""
            { "cases": [ { "kind": "apr_us_actuarial", "tolerance": "0.005", "input": { "amount_financed": "6000", "advance_date": "1978-02-10", "first_payment_date": "1978-04-01", "unit_period": "1 month",
              "unit_periods_per_year": 12, "payment_streams": [ { "from_payment": 1, "count": 36, "amount": "200.00" } ] }, "expected": { "apr_percent": "11.82" } } ] }
            """);
        Assert.Equal((ConformRunner.AllAgree, "1 of 1 agree"), (exit, text));
    }

    private static async Task<(int Exit, string Text)> RunTextAsync(string json)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, json);
            return await RunAsync(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<(int Exit, string Text)> RunAsync(string file, Action<ConformCounts>? counted = null)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var exit = await ConformRunner.RunAsync(file, writer, counted: counted, more: ScheduleCases.Kinds);
        return (exit, writer.ToString().TrimEnd('\n'));
    }
}
