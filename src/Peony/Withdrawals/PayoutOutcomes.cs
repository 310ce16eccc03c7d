using Peony.Book;
using Peony.Credit;
using Peony.Payouts;

namespace Peony.Withdrawals;

/// <summary>The bank paid. Repeating it changes nothing.</summary>
internal sealed record SettleWithdrawal(WithdrawalId Id) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        var withdrawal = work.Get<Withdrawal>(Id.Value);
        if (withdrawal.Settle(work.Now).IsRefused(out var refusal, out var paid))
        {
            return refusal;
        }

        if (paid != withdrawal)
        {
            work.Save(paid);
            work.Tell(paid.Changed());
            WithdrawalNotices.Tell(work, paid, "withdrawal.paid", isAlsoSms: true);
        }

        return new Done();
    }
}

/// <summary>The bank did not pay; the payout gave the amount back, and here the fee follows. Repeating it changes nothing.</summary>
/// <param name="Reason">The bank's reason code.</param>
internal sealed record RejectWithdrawal(WithdrawalId Id, string Reason) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        var withdrawal = work.Get<Withdrawal>(Id.Value);
        return withdrawal.Reject(Reason, work.Now).IsRefused(out var refusal, out var rejected)
            ? refusal
            : GiveBack(work, withdrawal, rejected, "withdrawal.rejected");
    }

    internal static Done GiveBack(IWork work, Withdrawal before, Withdrawal after, string template)
    {
        if (after == before)
        {
            return new Done();
        }

        if (after.Fee.IsPositive)
        {
            work.Post(WithdrawalPostings.FeeGivenBack(after, Unclaimed.Or(work, WithdrawalAccounts.Of(after.Source, after.Customer), after.Fee)));
        }

        if (after.Source == WithdrawalSource.CashAdvance)
        {
            new UndoAdvance(after.Customer, after.Key).Handle(work);
        }

        work.Save(after);
        work.Save(WithdrawalCounters.Of(work, after.Customer).NotCounting(after.Id));
        work.Tell(after.Changed());
        WithdrawalNotices.Tell(work, after, template, isAlsoSms: true);
        return new Done();
    }
}

/// <summary>The bank sent the money back; the payout gave the amount back, and here the fee follows. Repeating it changes nothing.</summary>
/// <param name="Reason">The bank's reason code.</param>
internal sealed record ReturnWithdrawal(WithdrawalId Id, string Reason) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        var withdrawal = work.Get<Withdrawal>(Id.Value);
        return withdrawal.Return(Reason, work.Now).IsRefused(out var refusal, out var returned)
            ? refusal
            : RejectWithdrawal.GiveBack(work, withdrawal, returned, "withdrawal.returned");
    }
}

/// <summary>The bank takes its time; the owner is told that the money is safe.</summary>
internal sealed record TellDelay(WithdrawalId Id) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        var withdrawal = work.Get<Withdrawal>(Id.Value);
        if (withdrawal.State == WithdrawalState.Ordered)
        {
            WithdrawalNotices.Tell(work, withdrawal, "withdrawal.delayed");
        }

        return new Done();
    }
}
