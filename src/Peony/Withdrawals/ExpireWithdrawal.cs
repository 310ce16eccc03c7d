using Peony.Book;

namespace Peony.Withdrawals;

/// <summary>The timer of a code: its time has run out, and what was held is free. A code that was replaced meanwhile has a timer of its own.</summary>
internal sealed record ExpireWithdrawal(WithdrawalId Id, int CodeNumber) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        var withdrawal = work.Get<Withdrawal>(Id.Value);
        if (withdrawal.Code?.Number != CodeNumber)
        {
            return new Done();
        }

        if (withdrawal.Expire(work.Now).IsRefused(out var refusal, out var expired))
        {
            return refusal;
        }

        if (Planted.Has("expiry-keeps-the-hold"))
        {
            work.Save(expired);
            return new Done();
        }

        WithdrawalEnds.Free(work, expired, withdrawal, "withdrawal.expired");
        WithdrawalNotices.Tell(work, expired, "withdrawal.expired");
        return new Done();
    }
}
