using CsCheck;
using Peony.Credit;
using Peony.Ledger;

namespace Peony.Tests.Credit.Schedules;

public sealed class AnnualisedRateTests
{
    [Fact]
    public void The_rate_found_makes_the_flows_worth_nothing() => Gen.Select(Gen.Int[1, 100_000], Gen.Int[0, 100_000].Array[1, 60]).Sample((lent, repaid) =>
    {
        if (repaid.Sum() == 0)
        {
            return true;
        }

        var rate = AnnualisedRate.PerPeriod([new(-lent, 0), .. repaid.Select((amount, index) => new Flow(amount, index + 1))]);
        var worth = repaid.Aggregate((Value: -(decimal)lent, Factor: 1m), (sum, amount) => (sum.Value + (amount * (sum.Factor / (1 + rate))), sum.Factor / (1 + rate))).Value;
        return Math.Abs(worth) < 0.000_001m * lent;
    }, iter: 300, writeLine: TestContext.Current.TestOutputHelper!.WriteLine);

    [Fact]
    public void A_fee_raises_the_rate() => Gen.Select(Gen.Long[10_000, 10_000_000], Gen.Int[1, 24], Gen.Int[0, 200_000], Gen.Int[1_000, 200_000]).Sample((fen, periods, parts, more) =>
    {
        var principal = Money.Cny(fen);
        decimal RateAt(int fee) => FeeInstalments.Annualised(principal, FeeInstalments.Of(principal, new Rate(fee).Of(principal, Rounding.HalfUp), periods)).Compound;
        return RateAt(parts) < RateAt(parts + more);
    }, iter: 200, writeLine: TestContext.Current.TestOutputHelper!.WriteLine);

    [Fact]
    public void Nothing_gained_is_a_rate_of_zero() => Assert.Equal(0, AnnualisedRate.EffectiveAnnual([new(100, 0), new(-60, 1), new(-40, 7)], 12));

    [Fact]
    public void A_loss_is_a_rate_below_zero() => Assert.Equal(-0.0955m, AnnualisedRate.PerPeriod([new(-100, 0), new(74, 3)]), 4);

    [Fact]
    public void Of_several_rates_the_one_nearest_zero_is_taken() =>
        Assert.Equal(0.0886m, AnnualisedRate.PerPeriod([new(-5, 0), new(10.5m, 1), new(1, 2), new(-8, 3), new(1, 4)]), 4);

    [Fact]
    public void A_large_rate_is_found_too() => Assert.Equal(99_999m, AnnualisedRate.PerPeriod([new(-1, 0), new(100_000, 1)]), 6);

    [Theory]
    [InlineData(100, 100)]
    [InlineData(-100, -1)]
    [InlineData(0, 0)]
    [InlineData(-1, 100_000_000)]
    [InlineData(100, -300, 250)]
    public void Where_no_rate_fits_the_error_says_so(params int[] flows) =>
        Assert.StartsWith("No rate fits", Assert.Throws<NoSuchRateException>(() => AnnualisedRate.PerPeriod([.. flows.Select((amount, period) => new Flow(amount, period))])).Message, StringComparison.Ordinal);

    [Fact]
    public void Flows_out_of_time_are_refused()
    {
        Assert.Throws<ArgumentException>(() => AnnualisedRate.PerPeriod([]));
        Assert.Throws<ArgumentException>(() => AnnualisedRate.PerPeriod([new(1, 0), new(-1, -1)]));
        Assert.Throws<ArgumentException>(() => AnnualisedRate.PerPeriod([new(1, 0), new(-1, 1, 1)]));
        Assert.ThrowsAny<ArgumentException>(() => AnnualisedRate.EffectiveAnnual([new(1, 0), new(-1, 1)], 0));
        Assert.ThrowsAny<ArgumentException>(() => AnnualisedRate.UsActuarial([new(1, 0), new(-1, 1)], 0));
    }

    [Fact]
    public void Days_left_over_beside_months_are_divided_by_the_year_that_ends_with_them()
    {
        // 20 January to 10 March 2024: one month back from 10 March, then 21 days to 10 February; that year has 365 days.
        var rate = AnnualisedRate.EffectiveAnnual([(new DateOnly(2024, 1, 20), 100m), (new DateOnly(2024, 3, 10), -101m)]);
        Assert.Equal((decimal)Math.Pow(1.01, 1 / ((1 / 12.0) + (21 / 365.0))) - 1, rate, 10);
    }

    [Fact]
    public void Months_between_dates_are_equal_months() => Assert.Equal(
        AnnualisedRate.EffectiveAnnual([new(1000, 0), new(-600, 1), new(-450, 2)], 12),
        AnnualisedRate.EffectiveAnnual([(new DateOnly(2026, 1, 15), 1000m), (new DateOnly(2026, 2, 15), -600m), (new DateOnly(2026, 3, 15), -450m)]), 12);

    [Theory]
    [InlineData("1978-02-10", "1978-04-01", 1, "Months", 1, 19 / 30.0)]
    [InlineData("1978-03-20", "1978-04-21", 1, "Weeks", 4, 4 / 7.0)]
    [InlineData("1978-03-18", "1978-04-20", 4, "Weeks", 1, 5 / 28.0)]
    [InlineData("1978-04-03", "1978-04-11", 2, "Weeks", 0, 8 / 14.0)]
    [InlineData("2026-01-01", "2026-01-31", 1, "Months", 1, 0)]
    [InlineData("2026-01-10", "2026-06-25", 3, "Months", 1, 75 / 90.0)]
    [InlineData("2026-01-10", "2027-04-10", 1, "Years", 1, 3 / 12.0)]
    [InlineData("2026-01-10", "2027-04-11", 1, "Years", 1, 91 / 365.0)]
    public void Unit_periods_are_counted_back_from_the_later_day(string from, string to, int every, string unit, int whole, double part)
    {
        var (gotWhole, gotPart) = AnnualisedRate.UnitPeriods(DateOnly.Parse(from, null), DateOnly.Parse(to, null), every, Enum.Parse<PeriodUnit>(unit));
        Assert.Equal(whole, gotWhole);
        Assert.Equal((decimal)part, gotPart, 10);
    }

    [Fact]
    public void A_level_instalment_is_worth_the_principal() => Gen.Select(Gen.Long[1, 100_000_000], Gen.Int[0, 100_000].Array[1, 360], Gen.Bool).Sample((principal, parts, atStart) =>
    {
        var rates = parts.Select(part => part / 1_000_000m).ToList();
        var payment = LevelInstalment.Of(principal, rates, 0, atStart);
        decimal owed = principal;
        foreach (var rate in rates)
        {
            owed = atStart ? (owed - payment) * (1 + rate) : (owed * (1 + rate)) - payment;
        }

        // What is left of rounding in the last decimals grows with the balance.
        return Math.Abs(owed) < 0.000_001m * principal * rates.Aggregate(1m, (growth, rate) => Math.Min(1_000_000_000_000, growth * (1 + rate)));
    }, iter: 300, writeLine: TestContext.Current.TestOutputHelper!.WriteLine);
}
