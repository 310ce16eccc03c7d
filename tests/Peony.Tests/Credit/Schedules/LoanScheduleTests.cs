using System.Text.Json;
using CsCheck;
using Peony.Credit;
using Peony.Ledger;

namespace Peony.Tests.Credit.Schedules;

public sealed class LoanScheduleTests
{
    private static readonly JsonSerializerOptions Readable = new() { IncludeFields = true };

    private static readonly DateOnly Start = new(2026, 1, 31);

    private static readonly Gen<LoanTerms> SomeTerms = Gen.Select(
        Gen.Int[0, 1_500].Select(days => new DateOnly(2023, 1, 1).AddDays(days)),
        Gen.Int[1, 36], Gen.Int[1, 3], Gen.Enum<PeriodUnit>(), Gen.Int[0, 360_000], Gen.Enum<MonthLength>(), Gen.Enum<YearLength>(), Gen.Enum<PayoffInterest>(),
        (start, count, every, unit, rate, month, year, payoff) =>
            new LoanTerms(LoanTerms.PeriodsOf(start, count, every, unit), every, unit, new(rate), month, year, Rounding.HalfEven, payoff));

    private static readonly Gen<Money> SomePrincipal = Gen.Long[1, 100_000_000].Select(Money.Cny);

    /// <summary>A loan with repayments of any size on any day, and a day as of which it is looked at.</summary>
    private static readonly Gen<(LoanTerms Terms, LoanFacts Facts, DateOnly AsOf)> SomeHistory = Gen.Select(
        SomeTerms, SomePrincipal, Gen.Select(Gen.Double[0, 1.1], Gen.Double[0, 0.4]).Array[0, 8], Gen.Select(Gen.Double[0, 1], Gen.Int[0, 360_000]).Array[0, 3], Gen.Double[0, 1],
        Gen.Double[0, 1.1], (terms, principal, repaid, rates, second, asOf) =>
        {
            var (first, days) = (terms.Periods[0].From, terms.Periods[^1].Due.DayNumber - terms.Periods[0].From.DayNumber);
            DateOnly Day(double share) => first.AddDays((int)(share * days));
            return (terms, new LoanFacts(
                [new(first, principal), new(Day(second), Money.Cny(1 + (principal.Minor / 3)))],
                [.. repaid.Select(one => new DatedAmount(Day(one.Item1), Money.Cny(1 + (long)(one.Item2 * principal.Minor))))],
                [.. rates.Select(one => new RateChange(Day(one.Item1), new(one.Item2)))]), Day(asOf));
        });

    [Fact]
    public void A_schedule_repays_exactly_what_is_drawn() => Check(Gen.Select(SomeTerms, SomePrincipal), (terms, principal) =>
    {
        var schedule = LoanSchedule.Of(terms, LoanFacts.Drawn(terms.Periods[0].From, principal), terms.Periods[0].From);
        return Repays(schedule, principal) && schedule.Outstanding == schedule.TotalDue;
    });

    [Fact]
    public void Instalments_are_level_except_the_last() => Check(Gen.Select(SomeTerms.Where(terms => terms.Unit != PeriodUnit.Years), Gen.Long[1_000_000, 100_000_000]), (terms, fen) =>
    {
        var schedule = LoanSchedule.Of(terms, LoanFacts.Drawn(terms.Periods[0].From, Money.Cny(fen)), terms.Periods[0].From);
        return schedule.Instalments.SkipLast(1).Select(instalment => instalment.Total).Distinct().Count() <= 1;
    });

    [Fact]
    public void The_internal_rate_of_return_of_a_schedule_is_the_nominal_rate() => Check(Gen.Select(Gen.Long[1_000_000, 100_000_000], Gen.Int[2, 60], Gen.Int[0, 360_000]), (fen, count, rate) =>
    {
        var schedule = Plan(Thirty360(count, rate), fen);
        var monthly = AnnualisedRate.PerPeriod([new(-fen, 0), .. schedule.Instalments.Select(instalment => new Flow(instalment.Total.Minor, instalment.Number))]);
        return Math.Abs((monthly * 12) - (rate / 1_000_000m)) < 0.000_1m;
    });

    [Fact]
    public void The_payoff_on_the_last_due_day_is_the_last_instalment() => Check(Gen.Select(SomeTerms, SomePrincipal), (terms, principal) =>
    {
        var facts = OnTime(terms, principal, terms.Periods.Count - 1);
        var last = LoanSchedule.Of(terms, facts, terms.Periods[^1].Due).Instalments[^1];
        return LoanSchedule.Payoff(terms, facts, terms.Periods[^1].Due) == new Payoff(last.Principal, last.Interest);
    });

    [Fact]
    public void What_is_paid_on_time_is_as_planned() => Check(Gen.Select(SomeTerms, SomePrincipal), (terms, principal) =>
    {
        var facts = OnTime(terms, principal, terms.Periods.Count);
        var (planned, paid) = (LoanSchedule.Of(terms, facts with { Repayments = [] }, terms.Periods[0].From), LoanSchedule.Of(terms, facts, terms.Periods[^1].Due.AddDays(100)));
        return paid.Outstanding.IsZero && paid.Overpaid.IsZero && paid.PaidLate.IsZero && paid.PaidInAdvance.IsZero
            && Columns(planned).SequenceEqual(Columns(paid));
    });

    [Fact]
    public void A_change_to_the_same_rate_changes_nothing() => Check(Gen.Select(SomeHistory, Gen.Int[0, 2_000]), (history, days) =>
    {
        var facts = history.Facts with { RateChanges = [] };
        var changed = facts with { RateChanges = [new(history.Terms.Periods[0].From.AddDays(days), history.Terms.Annual)] };
        return LoanSchedule.Of(history.Terms, facts, history.AsOf).Instalments.SequenceEqual(LoanSchedule.Of(history.Terms, changed, history.AsOf).Instalments);
    });

    [Fact]
    public void Facts_have_no_order_but_their_days() => Check(Gen.Select(SomeHistory, Gen.Int[0, 1_000]), (history, seed) =>
    {
        var (terms, facts, asOf) = history;
        var repaid = facts.Repayments.DistinctBy(one => one.Day).ToList();
        var rates = facts.RateChanges.DistinctBy(one => one.From).ToList();
        var one = facts with { Repayments = repaid, RateChanges = rates };
        var other = new LoanFacts([.. facts.Drawdowns.OrderBy(drawn => drawn.Amount.Minor ^ seed)], [.. repaid.OrderBy(part => part.Amount.Minor ^ seed)], [.. rates.OrderBy(rate => rate.Annual.PartsPerMillion ^ seed)]);
        return LoanSchedule.Of(terms, one, asOf).Instalments.SequenceEqual(LoanSchedule.Of(terms, other, asOf).Instalments);
    });

    [Fact]
    public void Whatever_happens_principal_and_payments_add_up() => Check(SomeHistory, history =>
    {
        var (terms, facts, asOf) = history;
        var schedule = LoanSchedule.Of(terms, facts, asOf);
        var repaid = facts.Repayments.Where(one => one.Day <= asOf).Sum(one => one.Amount.Minor);
        return Repays(schedule, Money.Cny(facts.Drawdowns.Sum(drawn => drawn.Amount.Minor)))
            && schedule.Paid.Minor + schedule.Overpaid.Minor == repaid
            && schedule.Instalments.All(instalment => instalment.Paid <= instalment.Total);
    });

    [Fact]
    public void After_a_payoff_nothing_is_outstanding() => Check(SomeHistory, history =>
    {
        var (terms, facts, day) = history;
        facts = facts with { Drawdowns = [facts.Drawdowns[0]], Repayments = [.. facts.Repayments.Where(one => one.Day <= day)] };
        var payoff = LoanSchedule.Payoff(terms, facts, day);
        if (payoff.Total.IsZero)
        {
            return true;
        }

        facts = facts with { Repayments = [.. facts.Repayments, new(day, payoff.Total)] };
        var after = LoanSchedule.Of(terms, facts, day);
        return after.Outstanding.IsZero && LoanSchedule.Payoff(terms, facts, day).Total.IsZero
            && LoanSchedule.Of(terms, facts, day.AddYears(100)).Outstanding.IsZero;
    });

    [Fact]
    public void Paying_early_never_costs_more_and_paying_late_never_less()
    {
        var terms = Thirty360(12, 180_000);
        var (early, late) = (LoanSchedule.Of(terms, Repaid(Plan(terms, 1_000_000), terms, -10), Start.AddYears(2)), LoanSchedule.Of(terms, Repaid(Plan(terms, 1_000_000), terms, 10), Start.AddYears(2)));
        var planned = Plan(terms, 1_000_000).TotalInterest;
        Assert.True(early.TotalInterest < planned && planned < late.TotalInterest);
        Assert.True(early.PaidInAdvance.IsPositive && early.PaidLate.IsZero && late.PaidLate.IsPositive && late.PaidInAdvance.IsZero);
    }

    [Fact]
    public void Interest_to_the_due_day_costs_what_the_whole_period_does()
    {
        var terms = Thirty360(6, 70_000, new DateOnly(2024, 1, 1));
        var facts = LoanFacts.Drawn(new(2024, 1, 1), Money.Cny(10_000)) with { Repayments = [new(new(2024, 2, 1), Money.Cny(1_701))] };
        Assert.Equal(new Payoff(Money.Cny(8_357), Money.Cny(24)), LoanSchedule.Payoff(terms, facts, new(2024, 2, 15)));
        Assert.Equal(new Payoff(Money.Cny(8_357), Money.Cny(49)), LoanSchedule.Payoff(terms with { PayoffInterest = PayoffInterest.UntilDueDay }, facts, new(2024, 2, 15)));
    }

    [Fact]
    public void Interest_of_an_instalment_paid_early_passes_to_the_next()
    {
        var terms = Thirty360(6, 70_000, new DateOnly(2024, 1, 1));
        var facts = LoanFacts.Drawn(new(2024, 1, 1), Money.Cny(10_000)) with { Repayments = [new(new(2024, 2, 1), Money.Cny(1_701)), new(new(2024, 2, 15), Money.Cny(1_701))] };
        var instalments = LoanSchedule.Of(terms, facts, new(2024, 2, 15)).Instalments;

        // 14 of 29 days of 0.49 are paid; the other 15 bear 0.20 on what is left, beside the 0.39 of March.
        Assert.Equal((Money.Cny(24), Money.Cny(1_677), Money.Cny(1_701)), (instalments[1].Interest, instalments[1].Principal, instalments[1].PaidInAdvance));
        Assert.Equal((Money.Cny(59), Money.Cny(1_642)), (instalments[2].Interest, instalments[2].Principal));
    }

    [Fact]
    public void Interest_above_the_level_is_carried_and_leaves_no_principal_due()
    {
        // Nothing was paid for years when the rate falls: the new level repays what was planned to be left, but interest counts on all of it.
        var terms = new LoanTerms(LoanTerms.PeriodsOf(new(2024, 7, 24), 10, 3, PeriodUnit.Years), 3, PeriodUnit.Years, new(341_802), MonthLength.Thirty, YearLength.Actual, Rounding.HalfEven);
        var facts = LoanFacts.Drawn(new(2024, 7, 24), Money.Cny(53_694_903)) with { RateChanges = [new(new(2040, 11, 19), new(147_200))] };
        var instalments = LoanSchedule.Of(terms, facts, new(2055, 10, 17)).Instalments;
        Assert.Contains(instalments.SkipLast(1), instalment => instalment.Principal.IsZero && instalment.Interest.IsPositive);
        Assert.Equal(53_694_903, instalments.Sum(instalment => instalment.Principal.Minor));
    }

    [Fact]
    public void Months_are_counted_from_the_start_so_a_short_one_does_not_pull_the_later_ones_back() => Assert.Equal(
        [new(2026, 2, 28), new(2026, 3, 31), new(2026, 4, 30), new(2026, 5, 31)], LoanTerms.PeriodsOf(Start, 4, 1, PeriodUnit.Months).Select(period => period.Due));

    [Fact]
    public void Years_from_29_February_fall_on_the_28th_until_the_next_leap_year() => Assert.Equal(
        [new(2025, 2, 28), new(2026, 2, 28), new(2027, 2, 28), new(2028, 2, 29)], LoanTerms.PeriodsOf(new(2024, 2, 29), 4, 1, PeriodUnit.Years).Select(period => period.Due));

    [Fact]
    public void A_short_month_is_a_whole_month_of_thirty_days() =>
        Assert.All(Plan(Thirty360(4, 120_000), 1_000_000).Instalments.Zip([10_000L, 7_537, 5_050, 2_537]), pair => Assert.Equal(pair.Second, pair.First.Interest.Minor));

    [Fact]
    public void Without_interest_the_principal_is_divided()
    {
        var schedule = Plan(Thirty360(3, 0), 10_000);
        Assert.Equal([3_333, 3_333, 3_334], schedule.Instalments.Select(instalment => instalment.Total.Minor));
        Assert.True(schedule.TotalInterest.IsZero);
    }

    [Fact]
    public void One_instalment_is_all()
    {
        var only = Assert.Single(Plan(Thirty360(1, 120_000), 10_000).Instalments);
        Assert.Equal((100, 10_000), (only.Interest.Minor, only.Principal.Minor));
    }

    [Fact]
    public void One_fen_is_repaid_once()
    {
        var schedule = Plan(Thirty360(12, 120_000), 1);
        Assert.Equal(1, schedule.TotalDue.Minor);
        Assert.Single(schedule.Instalments, instalment => instalment.Principal.IsPositive);
    }

    [Fact]
    public void Yen_have_no_part()
    {
        var terms = Thirty360(6, 94_822);
        Assert.Equal(100_000, LoanSchedule.Of(terms, LoanFacts.Drawn(Start, new(100_000, Currency.Jpy)), Start).Instalments.Sum(instalment => instalment.Principal.Minor));
    }

    [Fact]
    public void A_long_first_period_bears_interest_for_its_months_and_days()
    {
        InstalmentPeriod[] periods = [new(new(2024, 1, 1), new(2024, 2, 16)), new(new(2024, 2, 16), new(2024, 3, 16))];
        var terms = new LoanTerms(periods, 1, PeriodUnit.Months, new(120_000), MonthLength.Thirty, YearLength.Days360, Rounding.HalfEven);

        // One month and 15 of the 29 days of February: 1.00 and 0.52 on a hundred.
        Assert.Equal(152, LoanSchedule.Of(terms, LoanFacts.Drawn(new(2024, 1, 1), Money.Cny(10_000)), new(2024, 1, 1)).Instalments[0].Interest.Minor);
    }

    public static TheoryData<string> Absurdities => [.. Absurd.Keys];

    private static readonly Dictionary<string, Action> Absurd = new()
    {
        ["is not an amount above zero"] = () => Plan(Thirty360(3, 1), -1),
        ["0.00 CNY on 2026-01-31 is not an amount"] = () => Plan(Thirty360(3, 1), 0),
        ["Nothing is drawn"] = () => LoanSchedule.Of(Thirty360(3, 1), new([], [], []), Start),
        ["More is drawn than"] = () => Plan(Thirty360(3, 1), LoanFacts.MostDrawn + 1),
        ["A drawdown is not between"] = () => LoanSchedule.Of(Thirty360(3, 1), LoanFacts.Drawn(Start.AddDays(-1), Money.Cny(1)), Start),
        ["A drawdown is not between 2026-01-31 and 2026-04-30"] = () => LoanSchedule.Of(Thirty360(3, 1), LoanFacts.Drawn(Start.AddYears(1), Money.Cny(1)), Start),
        ["A repayment comes before"] = () => LoanSchedule.Of(Thirty360(3, 1), LoanFacts.Drawn(Start, Money.Cny(1)) with { Repayments = [new(Start.AddDays(-1), Money.Cny(1))] }, Start),
        ["is not an amount above zero in CNY"] = () => LoanSchedule.Of(Thirty360(3, 1), LoanFacts.Drawn(Start, Money.Cny(1)) with { Repayments = [new(Start, new(1, Currency.Usd))] }, Start),
        ["1 to 1200 instalments"] = () => Plan(Thirty360(3, 1) with { Periods = [] }, 1),
        ["does not start when"] = () => Plan(Thirty360(3, 1) with { Periods = [new(Start, Start.AddDays(9)), new(Start.AddDays(10), Start.AddDays(19))] }, 1),
        ["not after its period starts"] = () => Plan(Thirty360(3, 1) with { Periods = [new(Start, Start)] }, 1),
        ["at least 1 unit apart"] = () => Plan(Thirty360(3, 1) with { Every = 0 }, 1),
        ["count"] = () => LoanTerms.PeriodsOf(Start, 0, 1, PeriodUnit.Months),
        ["every"] = () => LoanTerms.PeriodsOf(Start, 1, -1, PeriodUnit.Months),
        ["partsPerMillion"] = () => Thirty360(3, -1),
    };

    [Theory]
    [MemberData(nameof(Absurdities))]
    public void What_cannot_be_is_refused_with_its_reason(string reason) =>
        Assert.Contains(reason, Assert.ThrowsAny<ArgumentException>(Absurd[reason]).Message, StringComparison.Ordinal);

    private static LoanTerms Thirty360(int count, int rate, DateOnly? start = null) =>
        new(LoanTerms.PeriodsOf(start ?? Start, count, 1, PeriodUnit.Months), 1, PeriodUnit.Months, new(rate), MonthLength.Thirty, YearLength.Days360, Rounding.HalfEven);

    private static LoanSchedule Plan(LoanTerms terms, long fen) => LoanSchedule.Of(terms, LoanFacts.Drawn(Start, Money.Cny(fen)), Start);

    /// <summary>The loan drawn on its first day, and the first instalments paid as planned.</summary>
    private static LoanFacts OnTime(LoanTerms terms, Money principal, int count)
    {
        var drawn = LoanFacts.Drawn(terms.Periods[0].From, principal);
        var planned = LoanSchedule.Of(terms, drawn, terms.Periods[0].From).Instalments;
        return drawn with { Repayments = [.. planned.Take(count).Where(instalment => instalment.Total.IsPositive).Select(instalment => new DatedAmount(instalment.Due, instalment.Total))] };
    }

    private static LoanFacts Repaid(LoanSchedule planned, LoanTerms terms, int daysAfter) => LoanFacts.Drawn(terms.Periods[0].From, planned.TotalDue - planned.TotalInterest) with
    {
        Repayments = [.. planned.Instalments.Select(instalment => new DatedAmount(instalment.Due.AddDays(daysAfter), instalment.Total))],
    };

    private static IEnumerable<(Money, Money, Money)> Columns(LoanSchedule schedule) => schedule.Instalments.Select(instalment => (instalment.Interest, instalment.Principal, instalment.Balance));

    private static bool Repays(LoanSchedule schedule, Money drawn) =>
        schedule.Instalments.All(instalment => instalment.Principal.Minor >= 0 && instalment.Interest.Minor >= 0)
        && schedule.Instalments[^1].Balance.IsZero
        && schedule.TotalDue - schedule.TotalInterest == drawn;

    private static void Check<T>(Gen<T> gen, Func<T, bool> holds) =>
        gen.Sample(holds, iter: 500, writeLine: TestContext.Current.TestOutputHelper!.WriteLine, print: example => JsonSerializer.Serialize(example, Readable));

    private static void Check<T1, T2>(Gen<(T1, T2)> gen, Func<T1, T2, bool> holds) => Check(gen, pair => holds(pair.Item1, pair.Item2));

    private static void Check<T1, T2, T3>(Gen<(T1, T2, T3)> gen, Func<T1, T2, T3, bool> holds) => Check(gen, three => holds(three.Item1, three.Item2, three.Item3));
}
