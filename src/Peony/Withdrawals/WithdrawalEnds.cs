using Peony.Book;
using Peony.Credit;
using Peony.Ledger;
using Peony.Payouts;

namespace Peony.Withdrawals;

/// <summary>What the slices that end a withdrawal, or send its money off, have in common.</summary>
internal static class WithdrawalEnds
{
    /// <summary>
    /// Carries out an end at which what was held is free again: cancelled, expired, locked out, declined. The limits of the day no longer count it.
    /// </summary>
    /// <param name="ended">The withdrawal after the transition.</param>
    /// <param name="before">The withdrawal before it, whose holds are released.</param>
    /// <param name="entryKind">What happened; it is the notice's template as well.</param>
    /// <param name="counters">The counters to change; they are returned and not saved, for a caller that changes them further.</param>
    public static WithdrawalCounters Free(IWork work, Withdrawal ended, Withdrawal before, string entryKind, WithdrawalCounters counters)
    {
        work.Post(ended.State == WithdrawalState.Expired ? WithdrawalPostings.Expired(before) : WithdrawalPostings.Freed(before, entryKind));
        work.CancelTimer(CodeIssue.ExpiryTimer(ended.Id));
        work.Save(ended);
        work.Tell(ended.Changed());
        return counters.NotCounting(ended.Id);
    }

    /// <summary>The same, with the counters saved.</summary>
    public static void Free(IWork work, Withdrawal ended, Withdrawal before, string entryKind) =>
        work.Save(Free(work, ended, before, entryKind, WithdrawalCounters.Of(work, ended.Customer)));

    /// <summary>
    /// Sends the money off: what is held is captured, and the bank is told or the wallet balance has it. The only place from which a withdrawal is paid out; it is reached
    /// with a redeemed code or not at all.
    /// </summary>
    /// <param name="before">The withdrawal whose holds are captured.</param>
    /// <param name="sendOff">The transition, given the payout's id.</param>
    public static Withdrawal SendOff(IWork work, Withdrawal before, Func<string?, Result<Withdrawal>> sendOff)
    {
        string? payout = null;
        var paidOut = work.Post(WithdrawalPostings.PaidOut(before));
        if (before.Card is { } card)
        {
            payout = new OrderPayout(new PayoutRequest(PayoutReference(before.Id), before.Customer, card.Id, card.Version, before.Amount,
                WithdrawalAccounts.ReturnTo(before.Source, before.Customer), paidOut.Key)).Handle(work).Value.Id.Value;
        }

        if (before.Source == WithdrawalSource.CashAdvance)
        {
            new TakeAdvance(before.Customer, before.Key, before.Amount).Handle(work);
        }

        var sent = sendOff(payout).Value;
        if (sent.RedeemedAt is null)
        {
            throw new InvalidOperationException($"Withdrawal {sent.Id} would be paid out without its redeemed code.");
        }

        work.CancelTimer(CodeIssue.ExpiryTimer(sent.Id));
        work.Save(sent);
        work.Tell(sent.Changed());
        if (sent.Card is null)
        {
            WithdrawalNotices.Tell(work, sent, "withdrawal.paid_to_wallet", isAlsoSms: true);
        }

        return sent;
    }

    public static string PayoutReference(WithdrawalId withdrawal) => $"withdrawal/{withdrawal.Value}";

    /// <summary>The withdrawal of a payout's reference, or null when the payout is for something else.</summary>
    public static WithdrawalId? OfReference(string reference) =>
        reference.StartsWith("withdrawal/", StringComparison.Ordinal) ? new WithdrawalId(reference["withdrawal/".Length..]) : null;
}
