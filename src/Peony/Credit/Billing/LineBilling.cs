using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>
/// A line's billing inside a work. Opening it brings it up to now: every day before today is closed, what that brought is posted and kept, and today's purchases are in it. Whoever comes first on
/// a day closes the days before, the timer or a repayment; the other finds nothing to do. Who changes it after that saves it. A fact that becomes known late, or did not happen after all, is put in its
/// place and the line computed anew from all its facts: nothing is ever patched.
/// </summary>
internal sealed class LineBilling
{
    private static readonly TimeSpan CollectAt = TimeSpan.FromHours(6);
    private static readonly TimeSpan RemindAt = TimeSpan.FromHours(9);
    private readonly IWork _work;
    private readonly CreditLine _line;
    private readonly CreditProducts _products;
    private readonly CreditProduct _product;
    private readonly LineFact? _balanceMoved;

    private LineBilling(IWork work, CreditLine line)
    {
        (_work, _line) = (work, line);
        _products = work.Use<CreditProducts>();
        _product = _products.Of(line.Product);
        var state = work.Find<CreditBilling>(line.Key)?.State ?? line.Start(_products);
        var free = work.Account(CreditAccounts.Balance(line.Customer)).Available;
        Today = _product.DayOf(work.Now);
        Run = LineHistory.CatchUp(_product, state, Months<Purchase>(CreditModule.ByMonth, state.ClosedThrough), free, Today);
        if (state.CreditBalance != free)
        {
            var id = work.NewId<LineFactId>();
            _balanceMoved = new LineFact(id, line.Customer, LineFactKind.BalanceMoved, id.Value, state.ClosedThrough.AddDays(1), state.Folded, state.CreditBalance - free, work.Now);
        }
    }

    public BillingRun Run { get; private set; }

    public DateOnly Today { get; }

    public DateOnly DayOf(DateTimeOffset moment) => _product.DayOf(moment);

    /// <exception cref="RecordMissingException">The customer has no line: a defect.</exception>
    public static LineBilling Open(IWork work, CustomerId customer)
    {
        var billing = new LineBilling(work, work.Get<CreditLine>(customer.Value));
        if (billing._balanceMoved is { } moved)
        {
            work.Save(moved);
        }

        billing.PostClosedDays();
        billing.Save();
        return billing;
    }

    /// <summary>The line as it stands this moment, for looking only: nothing is posted or kept.</summary>
    public static LineBilling Look(IWork work, CustomerId customer) => new(work, work.Get<CreditLine>(customer.Value));

    /// <summary>What happened from a day on.</summary>
    public IEnumerable<LineFact> FactsSince(DateOnly day) => Months<LineFact>(CreditModule.ByMonth, day).Where(fact => fact.Day >= day);

    /// <summary>A fact of this moment, to be filled in and taken in.</summary>
    /// <param name="subject">What it is a fact of; one fact each.</param>
    /// <param name="amount">Minor units.</param>
    public LineFact Fact(LineFactKind kind, string subject, long amount) => new(_work.NewId<LineFactId>(), _line.Customer, kind, subject, Today, Run.Folded, amount, _work.Now);

    /// <summary>Takes in a fact of this moment. The caller posts what it moved, and saves.</summary>
    /// <returns>How its amount divided over the line.</returns>
    public RepaymentSplit Take(LineFact fact)
    {
        _work.Save(fact);
        return LineHistory.Take(Run, _products, fact);
    }

    /// <summary>Takes in a fact that counts on an earlier day, as if it had been known then. Posts what that moves, and saves.</summary>
    /// <param name="fact">Its day is not before the one the line was opened on; it counts at the day's end when it names no purchase it comes after.</param>
    /// <param name="from">The account its amount comes from, or goes to if the fact takes money off the line.</param>
    /// <returns>How its amount divided over the line.</returns>
    public RepaymentSplit TakeLate(LineFact fact, EntryKey key, string kind, LedgerAccountId from)
    {
        _work.Save(fact);
        return ComputeAnew(fact.Subject, key, kind, from)[fact.Subject];
    }

    /// <summary>The line as it would stand now with one more fact; nothing is posted or kept.</summary>
    public BillingRun With(LineFact fact)
    {
        var first = _line.Start(_products).ClosedThrough;
        IEnumerable<LineFact> facts = [.. Months<LineFact>(CreditModule.ByMonth, first), fact];
        if (_balanceMoved is { } moved && facts.All(one => one.Id != moved.Id))
        {
            facts = facts.Append(moved);
        }

        return LineHistory.Anew(_products, _line, Months<Purchase>(CreditModule.ByMonth, first), facts, Today).Run;
    }

    /// <summary>Takes a fact away that did not happen after all, as if it never had. Posts what that moves, and saves.</summary>
    /// <param name="from">The account its amount goes back to or comes from.</param>
    /// <exception cref="InvalidOperationException">There is no such fact: a defect.</exception>
    public void Void(string subject, EntryKey key, string kind, LedgerAccountId from)
    {
        var fact = _work.FindOne<LineFact>(CreditModule.BySubject, subject) ?? throw new InvalidOperationException($"The line has no fact of {subject}.");
        _work.Save(fact with { VoidAt = _work.Now });
        ComputeAnew(subject, key, kind, from);
    }

    /// <summary>A plan as it stands, or null.</summary>
    public PlanView? Plan(string id) => Run.State.Plans.FirstOrDefault(plan => plan.Id == id) is { } plan ? BillingReader.View(Run, plan, _line.Limit.Currency) : null;

    /// <summary>What of the fee of a plan's parts to come an early payoff still costs.</summary>
    public Money PayoffFee(string plan) => Amount(Run.Payoff(Run.State.Plans.Single(one => one.Id == plan)).ToFees);

    /// <summary>Keeps the state, and sets the timer that closes the next day on which something happens; on a line that its owner closed, as long as anything is left of it.</summary>
    public void Save()
    {
        _work.Save(new CreditBilling(_line.Customer, Run.State));
        var line = _work.Get<CreditLine>(_line.Key);
        if (line.WithOverdue(Run.State.Overdue is [var oldest, ..] ? oldest.DueDay : null) is var marked && marked != line)
        {
            _work.Save(marked);
        }

        // A line that was closed still has its last statement to come, and whatever a repayment that is taken back leaves.
        if (!line.IsOpen && Run.State.IsIdle)
        {
            _work.CancelTimer($"credit/close/{_line.Key}");
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

        foreach (var statement in outcome.Statements.Select(cut => Keep(cut, _work.NewId<StatementId>())).OfType<Statement>())
        {
            var cut = statement.Cut;
            _work.Tell(new StatementReady(_line.Customer, statement.Id, Amount(cut.Total), Amount(cut.Minimum), cut.DueDay));
            if (cut.Total > 0)
            {
                RemindOn(cut.DueDay);
            }
        }

        if (outcome.ChargedOff is { } chargedOff)
        {
            _work.Save(_work.Get<CreditLine>(_line.Key) with { StoppedOn = chargedOff });
        }

        foreach (var missed in outcome.Missed)
        {
            _work.Tell(new PaymentMissed(_line.Customer, Amount(outcome.State.Payable), Amount(outcome.State.OverdueLeft), missed));
        }
    }

    /// <summary>Reminds three days before the due day and on it, in the morning; on it, automatic repayment comes first. What was set for another due day of the bill goes.</summary>
    public void RemindOn(DateOnly dueDay)
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

    /// <summary>The line from all its facts; what of it differs from the ledger is posted, and statements that said otherwise are corrected.</summary>
    private IReadOnlyDictionary<string, RepaymentSplit> ComputeAnew(string because, EntryKey key, string kind, LedgerAccountId from)
    {
        var before = Run.State;
        var first = _line.Start(_products).ClosedThrough;
        var (run, splits) = LineHistory.Anew(_products, _line, Months<Purchase>(CreditModule.ByMonth, first), Months<LineFact>(CreditModule.ByMonth, first), Today);
        Run = run;
        var outcome = run.End();
        PostDifference(before, outcome.State, key, kind, from);
        Correct(outcome.Statements, because);
        var line = _work.Get<CreditLine>(_line.Key);
        if (line.WithOwed(_work.Account(CreditAccounts.Owed(_line.Customer)).HighBalance) with { StoppedOn = outcome.ChargedOff } is var changed && changed != line)
        {
            _work.Save(changed);
        }

        Save();
        return splits;
    }

    private void PostDifference(BillingState before, BillingState after, EntryKey key, string kind, LedgerAccountId from)
    {
        var difference = CreditPostings.Difference(_line.Customer, _line.Limit.Currency, before, after, key, kind, from);
        if (difference.Lines.Count == 0)
        {
            return;
        }

        // A returned repayment can leave more owed than the limit.
        var owed = CreditAccounts.Owed(_line.Customer);
        _work.SetLimits(owed, floor: 0, ceiling: null);
        _work.Post(difference);
        _work.SetLimits(owed, floor: 0, _line.Ceiling);
    }

    private void Correct(IReadOnlyList<StatementCut> cuts, string because)
    {
        var kept = _work.FindBy<Statement>(CreditReader.ByCustomer, _line.Key).ToDictionary(statement => statement.Cut.Day);
        foreach (var cut in cuts)
        {
            if (kept.GetValueOrDefault(cut.Day) is not { } statement)
            {
                // Statements are listed by their ids: this one has its place among the others.
                Keep(cut, _work.NewId<StatementId>(_product.EndOf(cut.Day)));
            }
            else if (statement.Cut != cut)
            {
                _work.Save(statement.Correct(cut, because, _work.Now));
            }
        }
    }

    /// <summary>Keeps a statement; a month in which nothing happened has none.</summary>
    private Statement? Keep(StatementCut cut, StatementId id)
    {
        if (cut.Total == 0 && cut.Lines == CycleTotals.Nothing)
        {
            return null;
        }

        var statement = new Statement(id, _line.Customer, _product.Version, cut, _work.Now);
        _work.Save(statement);
        return statement;
    }

    public Money Amount(long minor) => new(minor, _line.Limit.Currency);

    /// <summary>A line's records by month, from a day on.</summary>
    private List<T> Months<T>(string index, DateOnly from)
        where T : class, IRecord
    {
        var records = new List<T>();
        for (var month = new DateOnly(from.Year, from.Month, 1); month <= Today; month = month.AddMonths(1))
        {
            records.AddRange(_work.FindBy<T>(index, Purchase.MonthOf(_line.Customer, month)));
        }

        return records;
    }
}
