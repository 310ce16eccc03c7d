using Peony.Book;
using Peony.Operators;

namespace Peony.Credit;

/// <summary>A second operator approves a change, and it holds: the ceiling of the ledger account follows the limit in the same commit. A limit may be lowered below what is owed.</summary>
internal sealed record ApproveLineChange(OperatorSessionId Session, LineChangeId Change) : ICommand<LineChangeView>
{
    public Result<LineChangeView> Handle(IWork work)
    {
        if (LineChange.ToDecide(work, Session, Change).IsRefused(out var refusal, out var pair))
        {
            return refusal;
        }

        // A line that was closed, or closed and opened anew, is not the one the change was prepared for.
        if (work.Find<CreditLine>(pair.Change.Customer.Value) is not { IsOpen: true } line || line.OpenedAt > pair.Change.PreparedAt)
        {
            return CreditRefusals.NoLineToChange;
        }

        if (pair.Change.Approve(pair.Checker, line.Limit, work.Now).IsRefused(out refusal, out var approved))
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
        if (LineChange.ToDecide(work, Session, Change).IsRefused(out var refusal, out var pair)
            || OperatorReason.Read(Reason).IsRefused(out refusal, out var reason)
            || pair.Change.Reject(pair.Checker, reason, work.Now).IsRefused(out refusal, out var rejected))
        {
            return refusal;
        }

        work.Save(rejected);
        return rejected.View();
    }
}
