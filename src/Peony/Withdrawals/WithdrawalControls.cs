using Peony.Book;
using Peony.Credit;
using Peony.Ledger;
using Peony.Payouts;

namespace Peony.Withdrawals;

/// <summary>What <c>verify</c> asks of withdrawals.</summary>
internal static class WithdrawalControls
{
    /// <summary>A withdrawal that waits holds exactly its amount and fee in the ledger, and one that does not holds nothing; the fees' account has no other holds.</summary>
    public static string? Holds(IControlContext books)
    {
        var fees = 0L;
        foreach (var withdrawal in books.All<Withdrawal>())
        {
            var isWaiting = withdrawal.State is WithdrawalState.AwaitingCode or WithdrawalState.InReview;
            if (withdrawal.Holds.Count != (isWaiting ? (withdrawal.Fee.IsPositive ? 2 : 1) : 0))
            {
                return $"{withdrawal.Id} is {WithdrawalWords.Of(withdrawal.State)} and has {withdrawal.Holds.Count} holds";
            }

            var held = 0L;
            foreach (var id in withdrawal.Holds)
            {
                var hold = books.Hold(id);
                if (hold.Status != HoldStatus.Open)
                {
                    return $"{withdrawal.Id} is {WithdrawalWords.Of(withdrawal.State)} and its hold {id.Number} is {hold.Status}";
                }

                held += hold.Remaining;
            }

            if (held != (isWaiting ? withdrawal.Total.Minor : 0))
            {
                return $"{withdrawal.Id} should hold {withdrawal.Total} and holds {new Money(held, withdrawal.Amount.Currency)}";
            }

            if (withdrawal.Code is { } code && (withdrawal.State != WithdrawalState.AwaitingCode || books.Hold(withdrawal.Holds[0]).ExpiresAt != Micros(code.ExpiresAt)))
            {
                return $"the code of {withdrawal.Id} does not end with its hold";
            }

            fees += isWaiting ? withdrawal.Fee.Minor : 0;
        }

        var pending = books.Account(WithdrawalAccounts.Fees).CreditsPending;
        return pending == fees ? null : $"{WithdrawalAccounts.Fees} has {pending} held, open withdrawals' fees are {fees}";
    }

    /// <summary>A withdrawal that was sent off has one entry that paid it out and one payout or none for the wallet balance; any other has neither.</summary>
    public static string? PaidOnce(IControlContext books)
    {
        var payouts = PayoutBooks.For(books, "withdrawal/")
            .GroupBy(payout => payout.Reference).ToDictionary(group => group.Key, group => group.ToList());
        foreach (var withdrawal in books.All<Withdrawal>())
        {
            var isSent = withdrawal.State is WithdrawalState.Ordered or WithdrawalState.Paid or WithdrawalState.Rejected or WithdrawalState.Returned;
            var entry = books.Entry(WithdrawalPostings.PaidOutKey(withdrawal.Id));
            var own = payouts.GetValueOrDefault(WithdrawalEnds.PayoutReference(withdrawal.Id)) ?? [];
            payouts.Remove(WithdrawalEnds.PayoutReference(withdrawal.Id));
            if (isSent != entry is not null)
            {
                return $"{withdrawal.Id} is {WithdrawalWords.Of(withdrawal.State)} {(isSent ? "without" : "with")} the entry that pays it out";
            }

            if (entry is { } paidOut && paidOut.Postings.Sum(posting => posting.Amount) != withdrawal.Total.Minor)
            {
                return $"{withdrawal.Id} was paid out with another amount than {withdrawal.Total}";
            }

            if (own.Count != (isSent && withdrawal.Card is not null ? 1 : 0) || own.Any(payout => payout.Id.Value != withdrawal.Payout || payout.Amount != withdrawal.Amount))
            {
                return $"{withdrawal.Id} is {WithdrawalWords.Of(withdrawal.State)} and has {own.Count} payouts, or another one than it names";
            }
        }

        return payouts.Count == 0 ? null : $"payout {payouts.Values.First()[0].Id} is for a withdrawal that does not exist";
    }

    /// <summary>Nothing is reviewed, ordered or paid without its redeemed code.</summary>
    public static string? Redeemed(IControlContext books)
    {
        foreach (var withdrawal in books.All<Withdrawal>())
        {
            var needsCode = withdrawal.State is WithdrawalState.InReview or WithdrawalState.Ordered or WithdrawalState.Paid or WithdrawalState.Declined
                or WithdrawalState.Rejected or WithdrawalState.Returned;
            if (needsCode && withdrawal.RedeemedAt is null)
            {
                return $"{withdrawal.Id} is {WithdrawalWords.Of(withdrawal.State)} without its redeemed code";
            }
        }

        return null;
    }

    /// <summary>What came back of cash advances and is not off their lines yet is at most those the bank has not ended here.</summary>
    public static string? AdvancesReturned(IControlContext books)
    {
        var waiting = books.Account(CreditAccounts.AdvancesReturned).Balance;
        var open = books.All<Withdrawal>().Where(withdrawal => withdrawal is { Source: WithdrawalSource.CashAdvance, State: WithdrawalState.Ordered or WithdrawalState.Paid }).Sum(withdrawal => withdrawal.Amount.Minor);
        return waiting <= open ? null : $"{CreditAccounts.AdvancesReturned} is at {Money.Cny(waiting)}, advances that may still come back are {Money.Cny(open)}";
    }

    private static long Micros(DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
