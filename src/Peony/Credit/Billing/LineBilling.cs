using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>
/// A line's billing inside a work. Opening it brings it up to now: every day before today is closed, what that brought is posted and kept, and today's purchases are in it. Whoever comes first on
/// a day closes the days before, the timer or a repayment; the other finds nothing to do. Who changes it after that saves it.
/// </summary>
internal sealed class LineBilling
{
    private static readonly TimeSpan CollectAt = TimeSpan.FromHours(6);
    private static readonly TimeSpan RemindAt = TimeSpan.FromHours(9);
    private readonly IWork _work;
    private readonly CreditLine _line;
    private readonly CreditProduct _product;

    private LineBilling(IWork work, CreditLine line)
    {
        (_work, _line) = (work, line);
        _product = work.Use<CreditProducts>().Of(line.Product);
        var state = work.Find<CreditBilling>(line.Key)?.State ?? BillingState.Opened(_product.DayOf(line.OpenedAt));
        Today = _product.DayOf(work.Now);
        var purchases = PurchasesSince(state);
        Run = BillingCatchUp.Start(_product, state, purchases, work.Account(CreditAccounts.Balance(line.Customer)).Available, Today);
    }

    public BillingRun Run { get; }

    public DateOnly Today { get; }

    /// <exception cref="RecordMissingException">The customer has no line: a defect.</exception>
    public static LineBilling Open(IWork work, CustomerId customer)
    {
        var billing = new LineBilling(work, work.Get<CreditLine>(customer.Value));
        billing.PostClosedDays();
        billing.Save();
        return billing;
    }

    /// <summary>A plan as it stands, or null.</summary>
    public PlanView? Plan(string id) => Run.State.Plans.FirstOrDefault(plan => plan.Id == id) is { } plan ? BillingReader.View(Run, plan, _line.Limit.Currency) : null;

    /// <summary>Keeps the state, and sets the timer that closes the next day on which something happens; on a line that its owner closed nothing does.</summary>
    public void Save()
    {
        _work.Save(new CreditBilling(_line.Customer, Run.State));
        var line = _work.Get<CreditLine>(_line.Key);
        if (line.WithOverdue(Run.State.Overdue is [var oldest, ..] ? oldest.DueDay : null) is var marked && marked != line)
        {
            _work.Save(marked);
        }

        if (!line.IsOpen)
        {
            return;
        }

        _work.SetTimer($"credit/close/{_line.Key}", _product.EndOf(Run.NextActionDay), new CloseCreditDays(_line.Customer), TimerClass.Bulk);
    }

    private void PostClosedDays()
    {
        var outcome = Run.End();
        foreach (var day in outcome.Movements.GroupBy(movement => movement.Day))
        {
            _work.Post(CreditPostings.DayClosed(_line.Customer, _line.Limit.Currency, day.Key, [.. day]));
        }

        // A month in which nothing happened has no statement.
        foreach (var cut in outcome.Statements.Where(cut => cut.Total > 0 || cut.Lines != new CycleTotals(0, 0, 0, 0, 0, 0, 0, 0, 0)))
        {
            var statement = new Statement(_work.NewId<StatementId>(), _line.Customer, _product.Version, cut, _work.Now);
            _work.Save(statement);
            _work.Tell(new StatementReady(_line.Customer, statement.Id, Amount(cut.Total), Amount(cut.Minimum), cut.DueDay));
            RemindOn(cut.DueDay);
        }

        if (outcome.ChargedOff is { } chargedOff)
        {
            _work.Save(_line with { StoppedOn = chargedOff });
        }

        foreach (var missed in outcome.Missed)
        {
            _work.Tell(new PaymentMissed(_line.Customer, Amount(outcome.State.Payable), Amount(outcome.State.OverdueLeft), missed));
        }
    }

    /// <summary>Three days before the due day and on it, in the morning; on it, automatic repayment comes first.</summary>
    private void RemindOn(DateOnly dueDay)
    {
        if (_product.EndOf(dueDay.AddDays(-1)) + CollectAt is var collect && collect > _work.Now)
        {
            _work.SetTimer($"credit/collect/{_line.Key}", collect, new RepayAutomatically(_line.Customer, dueDay), TimerClass.Bulk);
        }

        foreach (var daysBefore in (ReadOnlySpan<int>)[3, 0])
        {
            var at = _product.EndOf(dueDay.AddDays(-daysBefore - 1)) + RemindAt;
            if (at > _work.Now)
            {
                _work.SetTimer($"credit/remind/{_line.Key}/{daysBefore}", at, new RemindOfBill(_line.Customer, dueDay), TimerClass.Bulk);
            }
        }
    }

    private Money Amount(long minor) => new(minor, _line.Limit.Currency);

    private List<Purchase> PurchasesSince(BillingState state)
    {
        var purchases = new List<Purchase>();
        for (var month = new DateOnly(state.ClosedThrough.Year, state.ClosedThrough.Month, 1); month <= Today; month = month.AddMonths(1))
        {
            purchases.AddRange(_work.FindBy<Purchase>(CreditModule.ByMonth, Purchase.MonthOf(_line.Customer, month)));
        }

        return purchases;
    }
}
