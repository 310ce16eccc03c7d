using Peony.Ledger;

namespace Peony.Credit;

/// <summary>What relief would save or cost, found by letting the engine run on: with the relief, without it, and paid in time. Nothing more is bought in any of them. Pure.</summary>
/// <param name="product">The product the line is on.</param>
/// <param name="now">The line as it stands; it is not changed.</param>
internal sealed class HardshipForecast(CreditProduct product, BillingState now)
{
    /// <summary>An extension, paid in full on the new due day.</summary>
    /// <param name="extended">The line as it would stand with it.</param>
    public HardshipPreview OfExtension(HardshipRelief relief, BillingState extended, DateOnly newDueDay)
    {
        List<HardshipPayment> payments = [new(newDueDay, Money(extended.Payable))];
        var with = Paid(extended, payments, new BillingRun(product, extended).NextStatementDay);
        return Compared(relief, newDueDay, payments, with);
    }

    /// <summary>A plan, with everything paid on the day it is due.</summary>
    /// <param name="restructured">The line as it would stand with it.</param>
    /// <param name="plan">The plan's id in it.</param>
    public HardshipPreview OfPlan(HardshipRelief relief, BillingState restructured, string plan)
    {
        var statement = new BillingRun(product, restructured).NextStatementDay;
        var parts = restructured.Plans.Single(one => one.Id == plan).Parts.Count;
        var (with, payments) = PaidWhenDue(restructured, product.DueDayOf(statement.AddMonths(parts - 1)));
        return Compared(relief, newDueDay: null, payments, with);
    }

    private HardshipPreview Compared(HardshipRelief relief, DateOnly? newDueDay, IReadOnlyList<HardshipPayment> payments, BillingState with)
    {
        var without = Paid(now, payments, with.ClosedThrough).Charged;
        var today = now.ClosedThrough.AddDays(1);
        var dueDay = now.Due?.DueDay ?? today;
        var inTime = Paid(now, [new HardshipPayment(dueDay > today ? dueDay : today, Money(now.Payable))], with.ClosedThrough).Charged;
        return new HardshipPreview(
            relief,
            newDueDay,
            payments,
            Money(Math.Max(0, without.Interest - with.Charged.Interest)),
            Money(Math.Max(0, without.LateFees - with.Charged.LateFees)),
            Money(Math.Max(0, with.Charged.Interest - inTime.Interest)));
    }

    /// <summary>Pays what is past its due day now, and whatever else is asked for on the day it is due, up to the statement after the last part.</summary>
    private (BillingState State, IReadOnlyList<HardshipPayment> Payments) PaidWhenDue(BillingState state, DateOnly lastDueDay)
    {
        var run = new BillingRun(product, state);
        var payments = new List<HardshipPayment>();
        run.CloseThrough(lastDueDay, Pay);
        run.CloseThrough(run.NextStatementDay, Pay);
        return (run.State, payments);

        void Pay(DateOnly day)
        {
            var open = run.State;
            if (open.Payable > 0 && (open.Due?.DueDay == day || (payments.Count == 0 && (open.OverdueLeft > 0 || open.Due is null))))
            {
                payments.Add(new HardshipPayment(day, Money(open.Payable)));
                run.Repay(open.Payable);
            }
        }
    }

    private BillingState Paid(BillingState state, IReadOnlyList<HardshipPayment> payments, DateOnly through)
    {
        var run = new BillingRun(product, state);
        run.CloseThrough(through, day =>
        {
            foreach (var payment in payments.Where(payment => payment.Day == day && payment.Amount.IsPositive))
            {
                run.Repay(payment.Amount.Minor);
            }
        });
        return run.State;
    }

    private Money Money(long minor) => new(minor, product.Currency);
}
