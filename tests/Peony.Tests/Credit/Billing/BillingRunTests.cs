using System.Globalization;
using Peony.Credit;

namespace Peony.Tests.Credit.Billing;

/// <summary>Worked examples under the shipped terms: statement on the 1st, due on the 10th, 0.05 % a day, minimum a tenth and at least 10.00.</summary>
public sealed class BillingRunTests
{
    private static readonly CreditProduct Terms = CreditProduct.Shipped();

    [Fact]
    public void A_statement_paid_in_full_by_its_due_day_costs_nothing()
    {
        var run = Opened("2026-03-05");
        run.Purchase("pur_1", 0, 1_000_00);
        On(run, "2026-04-10").Repay(1_000_00);
        On(run, "2026-06-02");

        Assert.Equal([(1_000_00, 100_00), (0, 0), (0, 0)], Statements(run));
        Assert.Equal(new Charged(0, 0, 0, 0, 0, 0), run.State.Charged);
        Assert.Equal(0, run.State.AccruedMicro);
    }

    [Fact]
    public void What_is_left_after_the_minimum_bears_interest_from_its_posting_day_on()
    {
        var run = Opened("2026-03-05");
        run.Purchase("pur_1", 0, 1_000_00);
        On(run, "2026-04-10").Repay(100_00);
        On(run, "2026-05-02");

        // 900.00 x 0.05 % is 0.45 a day: 27 days of March and 10 of April by the due day are 16.65; 20 days of April and 1 of May are 9.45.
        // Next minimum: a tenth of 900.00, and the interest.
        Assert.Equal([(1_000_00, 100_00), (926_10, 116_10)], Statements(run));
        Assert.Equal(new Charged(26_10, 0, 0, 0, 0, 0), run.State.Charged);
        Assert.Empty(run.End().Missed);
    }

    [Fact]
    public void Who_pays_nothing_is_charged_late_fees_and_interest_and_then_the_debt_is_a_loss()
    {
        var run = Opened("2026-03-05", Terms with { Overdue = Terms.Overdue with { ChargeOffAfterDays = 30 } });
        run.Purchase("pur_1", 0, 1_000_00);
        On(run, "2026-05-02");

        // 37 days to the due day x 0.50 are 18.50, late fee 5 % of 100.00; then 21 days x (0.50 + 0.015 % of 100.00) are 10.815; 29.315 is charged as 29.32.
        // Next minimum: the 100.00 missed stand for 34.32 of fees and interest and 65.68 of principal; a tenth of the other 934.32 is 93.432, rounded up.
        Assert.Equal([(1_000_00, 100_00), (1_034_32, 193_44)], Statements(run));
        Assert.Equal(-500_000, run.State.AccruedMicro);
        On(run, "2026-05-11");

        // 30 days after 10 April. On the same day 93.44 were missing: 5 % of it are 4.67, the least late fee is 5.00.
        Assert.Equal([Day("2026-04-10"), Day("2026-05-10")], run.End().Missed);
        Assert.Equal(Day("2026-05-10"), run.End().ChargedOff);
        Assert.Equal(new RepaymentSplit(1_000_00, 29_32, 5_00 + 5_00, 0, 0), Assert.Single(run.End().Movements, movement => movement.Kind == MovementKind.WrittenOff).Split);
        Assert.Equal((1_039_32, 0, 0), (run.State.WrittenOffLeft, run.State.Payable, run.State.AccruedMicro));
    }

    [Fact]
    public void What_was_written_off_is_recovered_first_and_nothing_accrues_until_it_is()
    {
        var run = Opened("2026-03-05");
        run.Purchase("pur_1", 0, 1_000_00);
        On(run, "2026-08-08");
        Assert.Null(run.End().ChargedOff);
        On(run, "2026-08-09");
        Assert.Equal(Day("2026-08-08"), run.End().ChargedOff);
        var lost = run.State.WrittenOffLeft;

        run.Purchase("pur_2", 0, 100_00);
        Assert.Equal(new RepaymentSplit(0, 0, 0, 1_00, 0), run.Repay(1_00));
        On(run, "2026-09-11");
        Assert.Equal((100_00, 0), (run.End().Statements[^1].Total, run.End().Statements[^1].Lines.Repaid));
        Assert.Equal((100_00, 0), (run.State.Past.Total, run.State.AccruedMicro));

        // The minimum of 10.00 was missed: a late fee of 5.00.
        Assert.Equal(new RepaymentSplit(0, 0, 0, lost - 1_01, 0), run.Repay(lost - 1_01));
        Assert.Equal(new RepaymentSplit(100_00, 0, 5_00, 1, 1), run.Repay(105_02));
        Assert.Equal(lost, run.State.Charged.Recovered);
    }

    [Theory]
    [InlineData("2026-04-12", 0, 0)]
    [InlineData("2026-04-13", 19_50, 5_00)] // 39 days from 5 March to 12 April x 0.50
    public void A_payment_on_the_last_day_of_grace_is_in_time(string paidOn, long interest, long lateFee)
    {
        var run = Opened("2026-03-05", Terms with { Cycle = Terms.Cycle with { GraceDays = 2 } });
        run.Purchase("pur_1", 0, 1_000_00);
        On(run, paidOn).Repay(1_000_00);
        On(run, "2026-05-02");
        Assert.Equal((interest, lateFee), (run.State.Charged.Interest, run.State.Charged.LateFees));
        Assert.Equal(lateFee == 0 ? [] : [Day("2026-04-10")], run.End().Missed);
    }

    [Theory]
    [InlineData(2027, 13_50)] // 900.00 for the 11 days from 31 January to 10 February, 18 of February and 1 of March
    [InlineData(2028, 13_95)] // and 29 February
    public void A_month_has_the_days_it_has(int year, long interest)
    {
        var run = Opened($"{year}-01-31");
        run.Purchase("pur_1", 0, 1_000_00);
        On(run, $"{year}-02-10").Repay(100_00);
        On(run, $"{year}-03-02");
        Assert.Equal(interest, run.State.Charged.Interest);
    }

    [Fact]
    public void A_cash_advance_bears_interest_from_its_first_day_on_to_the_day_before_it_is_repaid()
    {
        var run = Opened("2026-03-05");
        run.Advance(1_000_00, 10_00);
        On(run, "2026-04-10").Repay(1_024_00);
        On(run, "2026-05-02");

        // 28 days from 5 March to 1 April x 0.50, and 8 days to 9 April.
        Assert.Equal([(1_024_00, 124_00), (4_00, 4_00)], Statements(run));
    }

    [Fact]
    public void Purchases_of_a_day_are_one_and_the_oldest_day_is_repaid_first()
    {
        var run = Opened("2026-03-05");
        run.Purchase("pur_1", 0, 100_00);
        run.Purchase("pur_2", 0, 50_00);
        On(run, "2026-03-06").Purchase("pur_3", 0, 30_00);
        run.Repay(120_00);
        Assert.Equal([new(Day("2026-03-05"), 30_00), new(Day("2026-03-06"), 30_00)], run.State.Current.Purchases);
        Assert.Equal("pur_3", run.State.Folded);
    }

    [Fact]
    public void A_refund_after_the_statement_takes_its_purchase_off_it_and_counts_for_the_minimum()
    {
        var run = Opened("2026-03-05");
        run.Purchase("pur_1", 0, 200_00);
        On(run, "2026-03-20").Purchase("pur_2", 0, 300_00);
        On(run, "2026-04-05").Refund(Day("2026-03-05"), 200_00);
        Assert.Equal(new Tranche(Day("2026-03-20"), 300_00), Assert.Single(run.State.Billed.Purchases));
        Assert.Equal((300_00, 0), (run.State.Payable, run.State.MinimumLeft));

        run.Repay(300_00);
        On(run, "2026-05-02");
        Assert.Equal((0, 200_00, 300_00), (run.State.Charged.Interest, run.End().Statements[1].Lines.Refunded, run.End().Statements[1].Lines.Repaid));
    }

    [Fact]
    public void A_refund_of_what_is_paid_goes_against_other_debt_and_then_to_the_credit_balance()
    {
        var run = Opened("2026-03-05");
        run.Purchase("pur_1", 0, 200_00);
        run.Repay(200_00);
        On(run, "2026-03-20").Purchase("pur_2", 0, 50_00);
        Assert.Equal(new RepaymentSplit(50_00, 0, 0, 0, 150_00), run.Refund(Day("2026-03-05"), 200_00));
        Assert.Equal(150_00, run.State.CreditBalance);
    }

    [Fact]
    public void A_plan_bills_a_part_with_each_statement_and_the_whole_part_is_in_the_minimum()
    {
        var run = Opened("2026-03-05");
        run.PurchaseInPlan("pur_1", "plan_1", [new(33_34, 77), new(33_33, 77), new(33_33, 76)]);
        Assert.Equal((100_00, 0), (run.State.Principal, run.State.Payable));
        On(run, "2026-04-10").Repay(34_11);
        On(run, "2026-05-10").Repay(34_10);
        On(run, "2026-06-10").Repay(34_09);
        On(run, "2026-07-02");
        Assert.Equal([(34_11, 34_11), (34_10, 34_10), (34_09, 34_09), (0, 0)], Statements(run));
        Assert.Equal((0, 2_30, 0), (run.State.Principal, run.State.Charged.PlanFees, run.State.Charged.Interest));
        Assert.Empty(run.State.Plans);
    }

    [Fact]
    public void A_plan_from_a_statement_takes_the_newest_purchases_and_lowers_the_minimum_only_to_what_is_left()
    {
        var run = Opened("2026-03-05");
        run.Purchase("pur_1", 0, 100_00);
        On(run, "2026-03-20").Purchase("pur_2", 0, 200_00);
        On(run, "2026-04-03").ToPlan("plan_1", [new(125_00, 0), new(125_00, 0)]);
        Assert.Equal(new Tranche(Day("2026-03-05"), 50_00), Assert.Single(run.State.Billed.Purchases));
        Assert.Equal((50_00, 30_00), (run.State.Payable, run.State.MinimumLeft));

        run.ToPlan("plan_2", [new(15_00, 0), new(15_00, 0)]);
        Assert.Equal((20_00, 20_00), (run.State.Payable, run.State.MinimumLeft));

        // More than there is: it had been repaid.
        run.ToPlan("plan_3", [new(10_00, 0), new(10_01, 0)]);
        Assert.Equal((0, 1), (run.State.Payable, run.State.CreditBalance));
    }

    [Theory]
    [InlineData(1_000_00, 5_00)] // 5 % of 100.00
    [InlineData(1_235_00, 6_18)] // 5 % of 123.50 is 6.175
    [InlineData(500_00, 5_00)] // 5 % of 50.00 is less than the least
    [InlineData(20_000_00, 50_00)] // 5 % of 2,000.00 is more than the most
    [InlineData(3_00, 3_00)] // the least is more than is missing
    public void A_late_fee_is_a_share_of_what_is_missing_between_its_least_and_its_most(long purchase, long lateFee)
    {
        var run = Opened("2026-03-05");
        run.Purchase("pur_1", 0, purchase);
        On(run, "2026-04-11");
        Assert.Equal(lateFee, run.State.Charged.LateFees);
        Assert.Equal(lateFee, run.State.Current.Fees);
    }

    [Theory]
    [InlineData(198_00, 2_00)]
    [InlineData(200_00, 0)]
    [InlineData(300_00, 0)]
    public void Late_fees_stop_where_all_fees_that_stand_unpaid_reach_the_most_in_all(long fees, long lateFee)
    {
        var run = Opened("2026-03-05");
        run.Advance(100_00, fees);
        On(run, "2026-04-11");
        Assert.Equal(lateFee, run.State.Charged.LateFees);
        Assert.Single(run.End().Missed);
    }

    [Fact]
    public void The_credit_balance_goes_against_the_debt_at_the_close_before_interest_accrues()
    {
        var run = Opened("2026-03-05");
        run.Repay(150_00);
        run.Advance(100_00, 0);
        On(run, "2026-03-06");
        Assert.Equal(new Movement(MovementKind.BalanceApplied, Day("2026-03-05"), new RepaymentSplit(100_00, 0, 0, 0, 0)), Assert.Single(run.End().Movements));
        Assert.Equal((50_00, 0, 100_00), (run.State.CreditBalance, run.State.AccruedMicro, run.State.Cycle.Repaid));

        run.PayOutBalance(20_00);
        run.Purchase("pur_1", 10_00, 5_00);
        Assert.Equal((20_00, 5_00), (run.State.CreditBalance, run.State.Principal));
    }

    [Theory]
    [InlineData("BilledPurchases", 40_00, 50_00)]
    [InlineData("CurrentPurchases", 90_00, 0)]
    public void The_order_of_repayment_is_data(string kind, long billed, long current)
    {
        var first = Enum.Parse<DebtKind>(kind);
        var run = Opened("2026-03-05", Terms with { RepaymentOrder = [first, .. Terms.RepaymentOrder.Where(other => other != first)] });
        run.Purchase("pur_1", 0, 100_00);
        On(run, "2026-04-02").Purchase("pur_2", 0, 50_00);
        run.Repay(60_00);
        Assert.Equal((billed, current), (run.State.Billed.Total, run.State.Current.Total));
    }

    [Fact]
    public void Facts_are_taken_in_before_the_close_of_their_day_however_many_days_are_closed_at_once()
    {
        var atOnce = Opened("2026-03-05");
        atOnce.CloseThrough(Day("2026-04-30"), day => TakeIn(atOnce, day));
        var dayByDay = Opened("2026-03-05");
        for (var day = Day("2026-03-05"); day <= Day("2026-04-30"); day = day.AddDays(1))
        {
            TakeIn(dayByDay, day);
            dayByDay.CloseThrough(day);
        }

        Assert.Equivalent(dayByDay.End(), atOnce.End(), strict: true);

        static void TakeIn(BillingRun run, DateOnly day)
        {
            if (day.Day % 7 == 0)
            {
                run.Purchase($"pur_{day.DayNumber}", 0, day.Day * 1_00);
            }
        }
    }

    private static BillingRun Opened(string day, CreditProduct? terms = null) => new(terms ?? Terms, BillingState.Opened(Day(day)));

    /// <summary>Closes all days before, so that facts are of that day.</summary>
    private static BillingRun On(BillingRun run, string day)
    {
        run.CloseThrough(Day(day).AddDays(-1));
        return run;
    }

    private static IEnumerable<(long Total, long Minimum)> Statements(BillingRun run) => run.End().Statements.Select(cut => (cut.Total, cut.Minimum));

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
