using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>
/// A customer's own spending cap (消费上限): the most that is bought on the line in a cycle, from the day after a statement day to the next. Lowered, it holds at once; raised or taken away, from the next cycle on,
/// because a cap that gives way in the moment of temptation is none.
/// </summary>
/// <param name="Most">Minor units a cycle; null for none.</param>
/// <param name="NextFrom">The first day on which <paramref name="NextMost"/> takes its place; null when nothing changes.</param>
internal sealed record SpendingCap(long? Most, DateOnly? NextFrom = null, long? NextMost = null)
{
    /// <summary>The cap of a day, minor units; null for none.</summary>
    public long? On(DateOnly day) => NextFrom is { } from && day >= from ? NextMost : Most;
}

/// <summary>What a customer with a spending cap has bought on the line in the cycle. Nobody else has this record.</summary>
/// <param name="CycleEnd">The statement day that ends the cycle.</param>
/// <param name="Spent">Minor units. A refund does not lower it.</param>
internal sealed record CycleSpending(CustomerId Customer, DateOnly CycleEnd, long Spent) : IRecord
{
    public string Key => Customer.Value;

    /// <summary>What was spent in the cycle so far; nothing when the record is of one before.</summary>
    public static CycleSpending Of(IWork work, CustomerId customer, DateOnly cycleEnd) =>
        work.Find<CycleSpending>(customer.Value) is { } kept && kept.CycleEnd == cycleEnd ? kept : new CycleSpending(customer, cycleEnd, 0);

    /// <summary>The same with a purchase more, or the refusal that says what is left of the cap.</summary>
    public Result<CycleSpending> Add(Money amount, long cap) => Spent + amount.Minor <= cap
        ? this with { Spent = Spent + amount.Minor }
        : CreditRefusals.CapReached.With("left", new Money(Math.Max(0, cap - Spent), amount.Currency)).With("from", CycleEnd.AddDays(1).ToString("O", System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>A customer's spending cap as screens see it.</summary>
/// <param name="Most">The cap of this cycle; null for none.</param>
/// <param name="Spent">What was bought on the line in this cycle; zero without a cap.</param>
/// <param name="Left">What may still be bought on the line in it; null without a cap.</param>
/// <param name="CycleEnd">The last day of the cycle.</param>
/// <param name="NextFrom">The day from which on <paramref name="NextMost"/> is the cap (null: none); null when nothing changes.</param>
public sealed record SpendingCapView(Money? Most, Money Spent, Money? Left, DateOnly CycleEnd, DateOnly? NextFrom, Money? NextMost)
{
    internal static SpendingCapView Of(SpendingCap? cap, CycleSpending? kept, DateOnly today, DateOnly cycleEnd, Currency currency)
    {
        var most = cap?.On(today);
        var spent = most is not null && kept?.CycleEnd == cycleEnd ? kept.Spent : 0;
        var isChanging = cap?.NextFrom > today;
        return new SpendingCapView(In(most), new Money(spent, currency), In(most - spent is { } left ? Math.Max(0, left) : null), cycleEnd, isChanging ? cap!.NextFrom : null, isChanging ? In(cap!.NextMost) : null);

        Money? In(long? minor) => minor is { } amount ? new Money(amount, currency) : null;
    }
}

/// <summary>Sets the spending cap, or takes it away.</summary>
/// <param name="Most">Above zero; null to take it away.</param>
/// <param name="Pin">Needed to raise it or take it away.</param>
internal sealed record SetSpendingCap(SessionId Session, Money? Most, PinProof? Pin = null) : ICommand<SpendingCapView>
{
    /// <summary>The highest cap, 1,000,000 yuan: above it is a slip of the finger.</summary>
    private const long HighestCap = 100_000_000;

    public Result<SpendingCapView> Handle(IWork work)
    {
        if (new Authenticate(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        var customer = caller.Customer;
        if (work.Find<CreditLine>(customer.Value) is not { IsOpen: true } line)
        {
            return CreditRefusals.LineNotOpen;
        }

        var currency = line.Limit.Currency;
        if (Most is { } asked && (!asked.IsPositive || asked.Minor > HighestCap || asked.Currency != currency))
        {
            return CreditRefusals.AmountInvalid.With("most", new Money(HighestCap, currency));
        }

        var product = work.Use<CreditProducts>().Of(line.Product);
        var today = product.DayOf(work.Now);
        var cycleEnd = product.CycleEnd(today);
        var now = line.Cap?.On(today);
        if (Most?.Minor is { } most && (now is null || most <= now))
        {
            var spending = new CycleSpending(customer, cycleEnd, SpentSince(work, customer, cycleEnd.AddMonths(-1), today));
            work.Save(spending);
            return Save(work, line, new SpendingCap(most), spending, today, cycleEnd);
        }

        if (now is not null)
        {
            if (Pin is not { } pin)
            {
                return CreditRefusals.CapNeedsPin;
            }

            if (new CheckPin(customer, pin).Handle(work).IsRefused(out refusal, out _))
            {
                return refusal;
            }
        }

        var next = now is null ? null : new SpendingCap(now, cycleEnd.AddDays(1), Most?.Minor);
        return Save(work, line, next, work.Find<CycleSpending>(customer.Value), today, cycleEnd);
    }

    private static SpendingCapView Save(IWork work, CreditLine line, SpendingCap? cap, CycleSpending? spending, DateOnly today, DateOnly cycleEnd)
    {
        if (cap != line.Cap)
        {
            work.Save(line with { Cap = cap });
        }

        return SpendingCapView.Of(cap, spending, today, cycleEnd, line.Limit.Currency);
    }

    /// <summary>What was bought on the line after a day and until today; read once, when the cap is set.</summary>
    private static long SpentSince(IWork work, CustomerId customer, DateOnly after, DateOnly today)
    {
        var spent = 0L;
        for (var month = new DateOnly(after.Year, after.Month, 1); month <= today; month = month.AddMonths(1))
        {
            spent += work.FindBy<Purchase>(CreditModule.ByMonth, Purchase.MonthOf(customer, month)).Where(purchase => purchase.Day > after).Sum(purchase => purchase.FromLine().Minor);
        }

        return spent;
    }
}
