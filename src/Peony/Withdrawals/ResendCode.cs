using Peony.Book;
using Peony.Customers;

namespace Peony.Withdrawals;

/// <summary>
/// Makes a new code for the same withdrawal, by the same or the other channel, for the session that asked. The old code is dead with the same commit; the new one has five
/// minutes and tries of its own, and counts among the codes of the hour.
/// </summary>
internal sealed record ResendCode(SessionId Session, WithdrawalId Id, CodeChannel Channel) : ICommand<WithdrawalView>
{
    public Result<WithdrawalView> Handle(IWork work)
    {
        if (new AuthenticateActive(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        var withdrawal = work.Find<Withdrawal>(Id.Value);
        if (withdrawal is null || withdrawal.Customer != caller.Customer)
        {
            return WithdrawalRefusals.NotFound;
        }

        if (WithdrawalLife.Next(withdrawal.State, WithdrawalAct.IssueAgain).IsRefused(out refusal, out _))
        {
            return refusal;
        }

        if (withdrawal.Session != caller.Session || withdrawal.Device != caller.Device)
        {
            return WithdrawalRefusals.OtherSession;
        }

        var rules = work.Use<WithdrawalRules>().Code;
        var counters = WithdrawalCounters.Of(work, caller.Customer);
        if (CodeIssue.RefuseIssue(counters, rules) is { } tooMany)
        {
            return tooMany;
        }

        if (CodeIssue.Target(work, caller, Channel).IsRefused(out refusal, out var to))
        {
            return refusal;
        }

        work.Save(counters.AfterIssue(work.Now));
        return CodeIssue.Make(work, withdrawal, Channel, to).View(rules);
    }
}
