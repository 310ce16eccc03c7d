using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>
/// A line's billing inside a work. Opening it brings it up to now: every day before today is closed, what that brought is posted, and today's purchases are in it. Whoever comes first on
/// a day closes the days before, the timer or a repayment; the other finds nothing to do.
/// </summary>
internal sealed class LineBilling
{
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
        return billing;
    }

    /// <summary>Keeps the state, and sets the timer that closes the next day on which something happens.</summary>
    public void Save()
    {
        _work.Save(new CreditBilling(_line.Customer, Run.State));
        _work.SetTimer($"credit/close/{_line.Key}", _product.EndOf(Run.NextActionDay), new CloseCreditDays(_line.Customer), TimerClass.Bulk);
    }

    private void PostClosedDays()
    {
        var outcome = Run.End();
        foreach (var day in outcome.Movements.GroupBy(movement => movement.Day))
        {
            _work.Post(CreditPostings.DayClosed(_line.Customer, _line.Limit.Currency, day.Key, [.. day]));
        }

        foreach (var cut in outcome.Statements)
        {
            var statement = new Statement(_work.NewId<StatementId>(), _line.Customer, _product.Version, cut, _work.Now);
            _work.Save(statement);
            _work.Tell(new StatementReady(_line.Customer, statement.Id, new Money(cut.Total, _line.Limit.Currency), new Money(cut.Minimum, _line.Limit.Currency), cut.DueDay));
        }

        foreach (var missed in outcome.Missed)
        {
            _work.Tell(new PaymentMissed(_line.Customer, missed));
        }
    }

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

/// <summary>Brings a state up to a day: the same for a command and for a page that only looks.</summary>
internal static class BillingCatchUp
{
    /// <param name="purchases">Purchases in the order they were made; those the state has already are passed over.</param>
    /// <param name="balanceFree">What of the credit balance no hold sets aside now, minor units. What was paid out or set aside since is not there for the days between.</param>
    public static BillingRun Start(CreditProduct product, BillingState state, IEnumerable<Purchase> purchases, long balanceFree, DateOnly today)
    {
        var run = new BillingRun(product, state);
        var since = new Queue<Purchase>(purchases.Where(purchase => string.CompareOrdinal(purchase.Id.Value, state.Folded) > 0));
        run.PayOutBalance(state.CreditBalance - balanceFree - since.Sum(purchase => purchase.FromBalance.Minor));
        run.CloseThrough(today.AddDays(-1), Fold);
        Fold(today);
        return run;

        void Fold(DateOnly day)
        {
            while (since.TryPeek(out var purchase) && purchase.Day <= day)
            {
                since.Dequeue();
                run.Purchase(purchase.Id.Value, purchase.FromBalance.Minor, purchase.FromLine().Minor);
            }
        }
    }
}

/// <summary>Closes a line's days up to yesterday, one by one; days that are closed already stay as they are.</summary>
internal sealed record CloseCreditDays(CustomerId Customer) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        LineBilling.Open(work, Customer).Save();
        return new Done();
    }
}
