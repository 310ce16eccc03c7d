using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Risk;

namespace Peony.Withdrawals;

/// <summary>
/// An operator lets a withdrawal go. It reached the queue by its redeemed code, and by nothing else can it be paid out. The customer must not be frozen and the card must be
/// the very one the code was redeemed for.
/// </summary>
/// <param name="Operator">The operator's id.</param>
internal sealed record ApproveWithdrawal(WithdrawalId Id, string Operator, string Words) : ICommand<WithdrawalView>
{
    public Result<WithdrawalView> Handle(IWork work)
    {
        if (ReviewedWithdrawal.Find(work, Id, Words).IsRefused(out var refusal, out var withdrawal))
        {
            return refusal;
        }

        if (new LookUpCustomer(withdrawal.Customer).Handle(work).Value.IsFrozen)
        {
            return CustomersRefusals.Frozen;
        }

        if (withdrawal.Card is { } card)
        {
            var now = new ReadCard(withdrawal.Customer, card.Id).Handle(work).Value;
            if (!now.IsBound || now.Version != card.Version)
            {
                return WithdrawalRefusals.CardChanged;
            }
        }

        if (new CloseReview(Id.Value, ReviewState.Approved, Operator, Words).Handle(work).IsRefused(out refusal, out _))
        {
            return refusal;
        }

        work.CancelTimer(DeclineUnreviewed.TimerOf(Id));
        return WithdrawalEnds.SendOff(work, withdrawal, payout => withdrawal.Approve(payout, work.Now)).View(work.Use<WithdrawalRules>().Code);
    }
}

/// <summary>An operator says no, with a reason; what was held is free.</summary>
internal sealed record DeclineWithdrawal(WithdrawalId Id, string Operator, string Words) : ICommand<WithdrawalView>
{
    public Result<WithdrawalView> Handle(IWork work)
    {
        if (ReviewedWithdrawal.Find(work, Id, Words).IsRefused(out var refusal, out var withdrawal))
        {
            return refusal;
        }

        return ReviewedWithdrawal.Decline(work, withdrawal, Operator, Words).View(work.Use<WithdrawalRules>().Code);
    }
}

/// <summary>The timer of a review: nobody decided in time, so the answer is no and what was held is free.</summary>
internal sealed record DeclineUnreviewed(WithdrawalId Id) : ICommand<Done>
{
    public static string TimerOf(WithdrawalId withdrawal) => $"withdrawal/{withdrawal.Value}/review";

    public Result<Done> Handle(IWork work)
    {
        var withdrawal = work.Get<Withdrawal>(Id.Value);
        if (withdrawal.State == WithdrawalState.InReview)
        {
            ReviewedWithdrawal.Decline(work, withdrawal, "peony", EndReasons.ReviewTimedOut);
        }

        return new Done();
    }
}

/// <summary>What both answers of an operator have in common.</summary>
internal static class ReviewedWithdrawal
{
    public static Result<Withdrawal> Find(IWork work, WithdrawalId id, string words)
    {
        if (work.Find<Withdrawal>(id.Value) is not { } withdrawal)
        {
            return WithdrawalRefusals.NotFound;
        }

        if (WithdrawalLife.Next(withdrawal.State, WithdrawalAct.Decline).IsRefused(out var refusal, out _))
        {
            return refusal;
        }

        return string.IsNullOrWhiteSpace(words) ? WithdrawalRefusals.ReasonMissing : withdrawal;
    }

    public static Withdrawal Decline(IWork work, Withdrawal withdrawal, string by, string words)
    {
        var declined = withdrawal.Decline(words, work.Now).Value;
        new CloseReview(withdrawal.Id.Value, ReviewState.Declined, by, words).Handle(work);
        work.CancelTimer(DeclineUnreviewed.TimerOf(withdrawal.Id));
        WithdrawalEnds.Free(work, declined, withdrawal, "withdrawal.declined");
        WithdrawalNotices.Tell(work, declined, "withdrawal.review_declined", isAlsoSms: true);
        return declined;
    }
}
