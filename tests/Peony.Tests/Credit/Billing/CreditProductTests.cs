using Peony.Credit;
using Peony.Ledger;

namespace Peony.Tests.Credit.Billing;

public sealed class CreditProductTests
{
    private static readonly string Json = File.ReadAllText(Path.Combine(Repository.Root, "src", "Peony", "Credit", "credit-product.json"));

    [Fact]
    public void The_shipped_file_says_what_the_terms_are()
    {
        var product = CreditProduct.Shipped();
        Assert.Equivalent(product, CreditProduct.Parse(Json, "credit-product.json"), strict: true);
        Assert.Equal((Currency.Cny, "Asia/Shanghai"), (product.Currency, product.TimeZone));
        Assert.Equal(new CycleTerms(1, 9, 0), product.Cycle);
        Assert.Equal(new InterestTerms(500, 500, 150, Rounding.HalfUp), product.Interest);
        Assert.Equal([3, 6, 12], product.Instalments.Plans.Select(plan => plan.Periods));
        Assert.Equal(Enum.GetValues<DebtKind>(), product.RepaymentOrder);
    }

    [Theory]
    [InlineData("\"version\"", "\"verzion\"", "line 2: ")]
    [InlineData("\"version\": ", "\"version\": \"\", // ", "line 2, version: ")]
    [InlineData("\"version\": ", "\"version\": null, // ", "line 2: ")]
    [InlineData("\"CNY\"", "\"XXX\"", "line 3, currency: 'XXX' is not a currency known here.")]
    [InlineData("Asia/Shanghai", "Asia/Peony", "line 4, timeZone: there is no time zone Asia/Peony.")]
    [InlineData("\"statementDay\": 1", "\"statementDay\": 0", "line 5, statementDay: ")]
    [InlineData("\"statementDay\": 1", "\"statementDay\": 29", "line 5, statementDay: ")]
    [InlineData("\"statementDay\": 1", "\"statementDay\": 1.5", "line 5: ")]
    [InlineData("\"statementDay\": 1,", "", "line 5: ")]
    [InlineData("\"dueAfterDays\": 9", "\"dueAfterDays\": 4", "line 5, dueAfterDays: ")]
    [InlineData("\"dueAfterDays\": 9", "\"dueAfterDays\": 26", "line 5, dueAfterDays: ")]
    [InlineData("\"graceDays\": 0", "\"graceDays\": -1", "line 5, dueAfterDays: ")]
    [InlineData("\"graceDays\": 0", "\"graceDays\": 6", "line 5, dueAfterDays: ")]
    [InlineData("9, \"graceDays\": 0", "25, \"graceDays\": 3", "line 5, dueAfterDays: ")]
    [InlineData("\"share\": 100000", "\"share\": -1", "line 6, minimum: ")]
    [InlineData("\"share\": 100000", "\"share\": 1000001", "line 6, minimum: ")]
    [InlineData("\"least\": 1000 ", "\"least\": -1 ", "line 6, minimum: ")]
    [InlineData("\"purchasesPerDay\": 500", "\"purchasesPerDay\": -1", "line 7, interest: ")]
    [InlineData("\"advancesPerDay\": 500", "\"advancesPerDay\": -1", "line 7, interest: ")]
    [InlineData("\"latePerDay\": 150", "\"latePerDay\": -1", "line 7, interest: ")]
    [InlineData("\"latePerDay\": 150", "\"latePerDay\": 9000000000000000000", "line 7, interest: ")]
    [InlineData("\"half_up\"", "\"half_down\"", "line 7: ")]
    [InlineData("\"half_up\"", "9", "line 7, interest: ")]
    [InlineData("\"purchasesPerDay\": 500", "\"purchasesPerDay\": 508", "line 45, costMost: interest comes to 24.017% a year, above the most of 24%.")]
    [InlineData("\"advancesPerDay\": 500", "\"advancesPerDay\": 508", "line 45, costMost: ")]
    [InlineData("\"share\": 50000", "\"share\": -1", "line 8, lateFee: ")]
    [InlineData("\"share\": 50000", "\"share\": 1000001", "line 8, lateFee: ")]
    [InlineData("\"least\": 500,", "\"least\": -1,", "line 8, lateFee: ")]
    [InlineData("\"most\": 5000", "\"most\": 499", "line 8, lateFee: ")]
    [InlineData("\"mostInAll\": 20000", "\"mostInAll\": 4999", "line 8, lateFee: ")]
    [InlineData("\"least\": 10000", "\"least\": 0", "line 9, instalments: ")]
    [InlineData("\"payoffFee\": 0", "\"payoffFee\": -1", "line 9, instalments: ")]
    [InlineData("\"payoffFee\": 0", "\"payoffFee\": 1000001", "line 9, instalments: ")]
    [InlineData("\"periods\": 3", "\"periods\": 1", "line 12, plans: a plan has 2 to 36 periods, a fee of 0 to 1,000,000 and a bearer; one has 1 and 23000.")]
    [InlineData("\"periods\": 3", "\"periods\": 37", "line 12, plans: ")]
    [InlineData("\"fee\": 23000", "\"fee\": -1", "line 12, plans: ")]
    [InlineData("\"fee\": 23000, \"bearer\": \"buyer\"", "\"fee\": 23000, \"bearer\": 3", "line 12, plans: ")]
    [InlineData("\"periods\": 3", "\"periods\": 6", "line 12, plans: there are two plans of 6 periods.")]
    [InlineData("\"fee\": 88000", "\"fee\": 135000", "line 45, costMost: the plan of 12 periods costs more a year than the most of 24%.")]
    [InlineData("\"costMost\": 240000", "\"costMost\": -1", "line 45, costMost: ")]
    [InlineData("\"shareOfLimit\": 300000", "\"shareOfLimit\": 1000001", "line 18, advances: ")]
    [InlineData("\"fee\": 4000", "\"fee\": -1", "line 18, advances: ")]
    [InlineData("\"feeLeast\": 0", "\"feeLeast\": -1", "line 18, advances: ")]
    [InlineData("\"feeLeast\": 0", "\"feeLeast\": 100", "line 45, costMost: a cash advance of a month comes to 30.416")]
    [InlineData("\"code\": \"home\"", "\"code\": \"daily\"", "line 20, purposes: ")]
    [InlineData("\"mostOfDay\": 500000", "\"mostOfDay\": -1", "line 18, advances: ")]
    [InlineData("\"fromDays\": 1 ", "\"fromDays\": 2 ", "line 31, overdue: ")]
    [InlineData("\"fromDays\": 31", "\"fromDays\": 61", "line 31, overdue: ")]
    [InlineData("\"chargeOffAfterDays\": 120", "\"chargeOffAfterDays\": 29", "line 31, overdue: ")]
    [InlineData("\"past_fees\", ", "", "line 40, repaymentOrder: every kind of debt stands in it once; missing: PastFees")]
    [InlineData("\"past_fees\", ", "\"past_fees\", \"past_fees\", ", "line 40, repaymentOrder: ")]
    [InlineData("\"past_fees\", ", "\"past_fees\", 13, ", "line 40, repaymentOrder: ")]
    [InlineData("\"costMost\": 240000", "\"costMost\": 240000, \"costLeast\": 0", "line 45: ")]
    [InlineData("\"extensionDays\": 14", "\"extensionDays\": 0", "line 46, hardship: ")]
    [InlineData("\"extensionDays\": 14", "\"extensionDays\": 26", "line 46, hardship: ")]
    [InlineData("\"extensionsOfYear\": 2", "\"extensionsOfYear\": 13", "line 46, hardship: ")]
    [InlineData("\"afterDueDays\": 10", "\"afterDueDays\": -1", "line 46, hardship: ")]
    [InlineData("\"periods\": [3,", "\"periods\": [1,", "line 46, hardship: plans have 2 to 36 periods, no two the same.")]
    [InlineData("\"periods\": [3,", "\"periods\": [6,", "line 46, hardship: plans have")]
    [InlineData("\"decideWithinDays\": 5", "\"decideWithinDays\": 0", "line 46, hardship: a request is decided within")]
    [InlineData("\"code\": \"illness\"", "\"code\": \"income\"", "line 46, hardship: there is a reason to ask, and no two have the same code.")]
    [InlineData("\"cycle\":", "\"cycle\": null, \"cycles\":", "line 5: ")]
    public void A_file_that_contradicts_itself_is_refused_with_its_line_and_why(string from, string to, string said)
    {
        Assert.Contains(from, Json, StringComparison.Ordinal);
        var at = Json.IndexOf(from, StringComparison.Ordinal);
        var exception = Assert.Throws<InvalidOperationException>(() => CreditProduct.Parse(Json[..at] + to + Json[(at + from.Length)..], "own.json"));
        Assert.StartsWith("own.json, " + said, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{ \"version\": ")]
    public void What_is_no_product_at_all_is_refused_as_well(string json) =>
        Assert.StartsWith("own.json, line 1: ", Assert.Throws<InvalidOperationException>(() => CreditProduct.Parse(json, "own.json")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"fee\": 88000", "\"fee\": 134000")] // at 2 % a month its parts are worth 99.94 % of the principal
    [InlineData("\"fee\": 88000, \"bearer\": \"buyer\"", "\"fee\": 500000, \"bearer\": \"merchant\"")]
    public void A_plan_may_cost_the_buyer_up_to_the_most(string from, string to) =>
        Assert.Equal(3, CreditProduct.Parse(Json.Replace(from, to, StringComparison.Ordinal), "own.json").Instalments.Plans.Count);

    [Theory]
    [InlineData("2026-03-04T15:59:59Z", "2026-03-04")]
    [InlineData("2026-03-04T16:00:00Z", "2026-03-05")]
    public void A_business_day_begins_at_midnight_of_the_products_time_zone(string moment, string day)
    {
        var product = CreditProduct.Shipped();
        var when = DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(day, product.DayOf(when).ToString("O", System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(product.DayOf(when).AddDays(1), product.DayOf(product.EndOf(product.DayOf(when))));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "M1")]
    [InlineData(30, "M1")]
    [InlineData(31, "M2")]
    [InlineData(1_000, "M4")]
    public void A_stage_lasts_until_the_next_begins(int daysPastDue, string stage) => Assert.Equal(stage, CreditProduct.Shipped().StageOf(daysPastDue));
}
