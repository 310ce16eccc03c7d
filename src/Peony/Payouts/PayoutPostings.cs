using Peony.Ledger;

namespace Peony.Payouts;

/// <summary>The entries of the bank rail. Each names its fact, so none is posted twice.</summary>
internal static class PayoutPostings
{
    public static EntryKey SettledKey(PayoutId payout) => new($"payout/{payout}/settled");

    /// <summary>The bank paid: what was owed to it on the way is paid from our account there.</summary>
    public static Entry Settled(Payout payout) => new(SettledKey(payout.Id), "payout.settled",
        PostingLine.Post(PayoutAccounts.Clearing, PayoutAccounts.Settlement, payout.Amount))
    {
        Cites = payout.FundedBy,
    };

    /// <summary>The bank did not pay: the money leaves clearing, back to where it came from.</summary>
    public static Entry Rejected(Payout payout) => new(new EntryKey($"payout/{payout.Id}/rejected"), "payout.rejected",
        PostingLine.Post(PayoutAccounts.Clearing, payout.ReturnTo, payout.Amount))
    {
        Cites = payout.FundedBy,
    };

    /// <summary>The bank paid and the money came back to our account there.</summary>
    /// <param name="to">Where it came from, or unclaimed if that was closed since.</param>
    public static Entry Returned(Payout payout, LedgerAccountId to) => new(new EntryKey($"payout/{payout.Id}/returned"), "payout.returned",
        PostingLine.Post(PayoutAccounts.Settlement, to, payout.Amount))
    {
        Cites = SettledKey(payout.Id),
    };

    /// <summary>A debit of a card arrived on our account at the bank.</summary>
    public static Entry Collected(Collection collection) => new(new EntryKey($"collection/{collection.Id}/settled"), "collection.settled",
        PostingLine.Post(PayoutAccounts.Settlement, collection.CreditTo, collection.Amount));

    /// <summary>The bank took it back.</summary>
    public static Entry TakenBack(Collection collection) => new(new EntryKey($"collection/{collection.Id}/returned"), "collection.returned",
        PostingLine.Post(collection.ReturnedTo!.Value, PayoutAccounts.Settlement, collection.Amount))
    {
        Cites = new EntryKey($"collection/{collection.Id}/settled"),
    };
}
