using Peony.Book;
using Peony.Identifiers;
using Peony.Operators;

namespace Peony.Credit;

/// <summary>A second operator approves a change, and it holds: the ceiling of the ledger account follows the limit in the same commit. A limit may be lowered below what is owed.</summary>
internal sealed record ApproveLineChange(OperatorSessionId Session, LineChangeId Change) : ICommand<LineChangeView>
{
    public Result<LineChangeView> Handle(IWork work)
    {
        if (SecondLineOperator.Of(work, Session, Change).IsRefused(out var refusal, out var pair))
        {
            return refusal;
        }

        // A line that was closed, or closed and opened anew, is not the one the change was prepared for.
        if (work.Find<CreditLine>(pair.Prepared.Customer.Value) is not { IsOpen: true } line || line.OpenedAt > pair.Prepared.PreparedAt)
        {
            return CreditRefusals.NoLineToChange;
        }

        if (pair.Prepared.Approve(pair.Checker, line.Limit, work.Now).IsRefused(out refusal, out var approved))
        {
            return refusal;
        }

        var account = CreditAccounts.Owed(line.Customer);
        var changed = approved.Kind switch
        {
            LineChangeKind.Limit => line.WithLimit(approved.To, work.Account(account).HighBalance),
            LineChangeKind.Freeze => line with { FrozenAt = work.Now },
            LineChangeKind.Unfreeze => line with { FrozenAt = null },
        };
        if (changed.Limit != line.Limit)
        {
            work.SetLimits(account, floor: 0, changed.Ceiling);
        }

        work.Save(changed);
        work.Save(approved);
        work.Tell(new CreditLineChanged(line.Customer, approved.StepKind(), approved.From, approved.To, approved.Reason.Zh, approved.Reason.En));
        return approved.View();
    }
}

/// <summary>A second operator rejects a change and says why; nothing changes.</summary>
internal sealed record RejectLineChange(OperatorSessionId Session, LineChangeId Change, string Reason) : ICommand<LineChangeView>
{
    public Result<LineChangeView> Handle(IWork work)
    {
        if (SecondLineOperator.Of(work, Session, Change).IsRefused(out var refusal, out var pair))
        {
            return refusal;
        }

        var reason = Text.Normalise(Reason);
        if (reason.Length is 0 or > PrepareLineChange.NoteMost)
        {
            return OperatorsRefusals.ReasonNeeded;
        }

        if (pair.Prepared.Reject(pair.Checker, reason, work.Now).IsRefused(out refusal, out var rejected))
        {
            return refusal;
        }

        work.Save(rejected);
        return rejected.View();
    }
}

/// <summary>Who may decide a change: another operator than the one who prepared it.</summary>
internal static class SecondLineOperator
{
    public static Result<(LineChange Prepared, OperatorId Checker)> Of(IWork work, OperatorSessionId session, LineChangeId id)
    {
        // Somebody without a session is not told which changes there are.
        if (new AuthenticateOperator(session, OperatorRole.Reviewer).Handle(work).IsRefused(out var refusal, out _))
        {
            return refusal;
        }

        if (work.Find<LineChange>(id.Value) is not { } change)
        {
            return CreditRefusals.ChangeNotFound;
        }

        return new RequireSecondOperator(change.PreparedBy, session).Handle(work).IsRefused(out refusal, out var checker) ? refusal : (change, checker.Operator);
    }
}
