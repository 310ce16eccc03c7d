using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Risk;

namespace Peony.Withdrawals;

/// <summary>The owner takes a withdrawal back, from any session; also when the code is locked for tries or the account is frozen. What was held is free.</summary>
internal sealed record CancelWithdrawal(SessionId Session, WithdrawalId Id) : ICommand<WithdrawalView>
{
    public Result<WithdrawalView> Handle(IWork work)
    {
        if (new Authenticate(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        var withdrawal = work.Find<Withdrawal>(Id.Value);
        if (withdrawal is null || withdrawal.Customer != caller.Customer)
        {
            return WithdrawalRefusals.NotFound;
        }

        return Carry(work, withdrawal, EndReasons.Owner).IsRefused(out refusal, out var cancelled) ? refusal : cancelled.View(work.Use<WithdrawalRules>().Code);
    }

    /// <summary>Cancels for the reason given; cancelling again changes nothing.</summary>
    internal static Result<Withdrawal> Carry(IWork work, Withdrawal withdrawal, string reason)
    {
        if (withdrawal.Cancel(reason, work.Now).IsRefused(out var refusal, out var cancelled))
        {
            return refusal;
        }

        if (cancelled == withdrawal)
        {
            return withdrawal;
        }

        if (withdrawal.State == WithdrawalState.InReview)
        {
            new CloseReview(withdrawal.Id.Value, ReviewState.Dropped, "customer", null).Handle(work);
            work.CancelTimer(DeclineUnreviewed.TimerOf(withdrawal.Id));
        }

        WithdrawalEnds.Free(work, cancelled, withdrawal, "withdrawal.cancelled");
        WithdrawalNotices.Tell(work, cancelled, "withdrawal.cancelled");
        return cancelled;
    }
}

/// <summary>A card was unbound: no withdrawal that waits goes to it any more. Money that is on its way arrives all the same.</summary>
internal sealed record CancelWithdrawalsTo(CustomerId Customer, CardId Card) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        foreach (var withdrawal in work.FindBy<Withdrawal>(WithdrawalsModule.ByCardInUse, Card.Value))
        {
            if (withdrawal.Customer == Customer && withdrawal.State is WithdrawalState.AwaitingCode or WithdrawalState.InReview)
            {
                CancelWithdrawal.Carry(work, withdrawal, EndReasons.CardUnbound);
            }
        }

        return new Done();
    }
}
