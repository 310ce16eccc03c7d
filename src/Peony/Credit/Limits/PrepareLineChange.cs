using Peony.Book;
using Peony.Customers;
using Peony.Ledger;
using Peony.Operators;

namespace Peony.Credit;

/// <summary>An operator prepares a change of a customer's line. Nothing changes before a second operator has approved it; one change a line waits at a time.</summary>
/// <param name="Limit">The limit to be, where it is the limit that changes; else null.</param>
/// <param name="Reason">A code of the file of reasons.</param>
/// <param name="Note">The operator's own words, for colleagues; the customer reads the reason.</param>
internal sealed record PrepareLineChange(OperatorSessionId Session, CustomerId Customer, LineChangeKind Kind, Money? Limit, string Reason, string Note) : ICommand<LineChangeView>
{
    public Result<LineChangeView> Handle(IWork work)
    {
        if (new AuthenticateOperator(Session, OperatorRole.Reviewer).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        if (work.Find<CreditLine>(Customer.Value) is not { IsOpen: true } line)
        {
            return CreditRefusals.NoLineToChange;
        }

        if (Admit(line, work.Use<CreditLineRules>().Most) is { } wrong)
        {
            return wrong;
        }

        if (work.Use<LineReasons>().Find(Kind, Limit is { } asked && asked < line.Limit, Reason) is not { } reason)
        {
            return CreditRefusals.ReasonUnknown;
        }

        if (OperatorReason.Read(Note).IsRefused(out refusal, out var note))
        {
            return refusal;
        }

        if (work.FindBy<LineChange>(CreditModule.ByOpenCustomer, Customer.Value).Count > 0)
        {
            return CreditRefusals.ChangeWaiting;
        }

        var change = new LineChange(work.NewId<LineChangeId>(), Customer, Kind, line.Limit, Limit ?? line.Limit, reason, note, LineChangeState.Prepared, caller.Operator, work.Now);
        work.Save(change);
        return change.View();
    }

    /// <param name="most">The most that is lent to one person, minor units.</param>
    private Refusal? Admit(CreditLine line, long most) => Kind switch
    {
        LineChangeKind.Limit when Limit is not { IsPositive: true } limit || limit.Currency != line.Limit.Currency || limit.Minor > most || limit == line.Limit =>
            CreditRefusals.LimitInvalid.With("most", new Money(most, line.Limit.Currency)).With("limit", line.Limit),
        LineChangeKind.Freeze or LineChangeKind.Unfreeze when Limit is not null =>
            CreditRefusals.LimitInvalid.With("most", new Money(most, line.Limit.Currency)).With("limit", line.Limit),
        LineChangeKind.Freeze when line.FrozenAt is not null => CreditRefusals.LineFrozen,
        LineChangeKind.Unfreeze when line.FrozenAt is null => CreditRefusals.LineNotFrozen,
        LineChangeKind.Limit or LineChangeKind.Freeze or LineChangeKind.Unfreeze => null,
    };
}
