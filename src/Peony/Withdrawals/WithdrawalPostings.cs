using Peony.Credit;
using Peony.Customers;
using Peony.Ledger;
using Peony.Payouts;
using Peony.Wallet;

namespace Peony.Withdrawals;

/// <summary>The ledger accounts of withdrawals that no other capability owns.</summary>
internal static class WithdrawalAccounts
{
    /// <summary>What withdrawals earned.</summary>
    public static readonly LedgerAccountId Fees = new("income/withdrawal-fees");

    public static LedgerAccountId Of(WithdrawalSource source, CustomerId customer) => source switch
    {
        WithdrawalSource.Wallet => WalletAccounts.Of(customer),
        WithdrawalSource.CreditBalance => CreditAccounts.Balance(customer),
        WithdrawalSource.CashAdvance => CreditAccounts.Owed(customer),
    };

    /// <summary>Where the amount goes back to when the bank does not pay. An advance is taken off the line from there, with all that it cost.</summary>
    public static LedgerAccountId ReturnTo(WithdrawalSource source, CustomerId customer) => source == WithdrawalSource.CashAdvance ? CreditAccounts.AdvancesReturned : Of(source, customer);

    /// <summary>Where the amount goes: money on its way to the bank, or the customer's own wallet balance.</summary>
    public static LedgerAccountId Target(Withdrawal withdrawal) => withdrawal.Card is null ? WalletAccounts.Of(withdrawal.Customer) : PayoutAccounts.Clearing;
}

/// <summary>Every entry of a withdrawal; the table in README shows the same.</summary>
internal static class WithdrawalPostings
{
    /// <summary>Sets the amount and the fee aside, in the same commit as the code is made; what the code before it held is released with it.</summary>
    public static Entry Held(Withdrawal withdrawal, int codeNumber, DateTimeOffset expiresAt) =>
        new(Key(withdrawal, $"held/{codeNumber}"), "withdrawal.held", [.. Releases(withdrawal), .. Holds(withdrawal, expiresAt)]);

    /// <summary>The code was redeemed and an operator looks first: the same money is held without an end.</summary>
    public static Entry HeldForReview(Withdrawal withdrawal) =>
        new(Key(withdrawal, "held-for-review"), "withdrawal.held_for_review", [.. Releases(withdrawal), .. Holds(withdrawal, expiresAt: null)]);

    /// <summary>The code was redeemed: what was held leaves the balance. The key is unique, so a withdrawal is paid out once, whatever happens.</summary>
    public static Entry PaidOut(Withdrawal withdrawal) => new(PaidOutKey(withdrawal.Id), "withdrawal.paid_out", [.. Captures(withdrawal)]);

    /// <summary>Nothing comes of it: what was held is free again.</summary>
    /// <param name="kind">What happened: <c>withdrawal.cancelled</c>.</param>
    public static Entry Freed(Withdrawal withdrawal, string kind) => new(Key(withdrawal, "freed"), kind, [.. Releases(withdrawal)]);

    /// <summary>The code's time ran out: what was held is free again.</summary>
    public static Entry Expired(Withdrawal withdrawal) => new(Key(withdrawal, "freed"), "withdrawal.expired", [.. withdrawal.Holds.Select(PostingLine.Expire)]);

    /// <summary>The bank did not pay or sent the money back. The amount goes back by the payout's own entry; the fee was for nothing and goes back here.</summary>
    /// <param name="to">Where it came from, or unclaimed if that was closed since.</param>
    public static Entry FeeGivenBack(Withdrawal withdrawal, LedgerAccountId to) =>
        new(FeeGivenBackKey(withdrawal.Id), "withdrawal.fee_given_back",
            PostingLine.Post(WithdrawalAccounts.Fees, to, withdrawal.Fee))
        {
            Cites = PaidOutKey(withdrawal.Id),
        };

    public static EntryKey PaidOutKey(WithdrawalId withdrawal) => new($"withdrawal/{withdrawal.Value}/paid-out");

    public static EntryKey FeeGivenBackKey(WithdrawalId withdrawal) => new($"withdrawal/{withdrawal.Value}/fee-given-back");

    private static EntryKey Key(Withdrawal withdrawal, string fact) => new($"withdrawal/{withdrawal.Id.Value}/{fact}");

    private static IEnumerable<PostingLine> Holds(Withdrawal withdrawal, DateTimeOffset? expiresAt)
    {
        var source = WithdrawalAccounts.Of(withdrawal.Source, withdrawal.Customer);
        yield return PostingLine.MakeHold(source, WithdrawalAccounts.Target(withdrawal), withdrawal.Amount, expiresAt);
        if (withdrawal.Fee.IsPositive)
        {
            yield return PostingLine.MakeHold(source, WithdrawalAccounts.Fees, withdrawal.Fee, expiresAt);
        }
    }

    private static IEnumerable<PostingLine> Releases(Withdrawal withdrawal) => withdrawal.Holds.Select(PostingLine.ReleaseAll);

    private static IEnumerable<PostingLine> Captures(Withdrawal withdrawal)
    {
        yield return PostingLine.Capture(withdrawal.Holds[0], withdrawal.Amount);
        if (withdrawal.Fee.IsPositive)
        {
            yield return PostingLine.Capture(withdrawal.Holds[1], withdrawal.Fee);
        }
    }
}
