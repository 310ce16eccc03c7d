using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Payouts;

/// <summary>The id of a payout. It is the end-to-end id at the bank as well (35 characters, the most ISO 20022 allows), so it is fixed before the first send.</summary>
public readonly record struct PayoutId(string Value) : IId<PayoutId>
{
    public static string Prefix => "po";
    public static PayoutId Of(string value) => new(value);
    public override string ToString() => Value;
}

/// <summary>The id of a collection, and its end-to-end id at the bank.</summary>
public readonly record struct CollectionId(string Value) : IId<CollectionId>
{
    public static string Prefix => "co";
    public static CollectionId Of(string value) => new(value);
    public override string ToString() => Value;
}

/// <summary>What to pay out. The caller has moved the amount into <see cref="PayoutAccounts.Clearing"/> in the same work.</summary>
/// <param name="Reference">What the payout is for, such as <c>withdrawal/wd_…</c>. One payout a reference, for ever.</param>
/// <param name="ReturnTo">Credited when the bank rejects or returns the payout; <see cref="PayoutAccounts.Unclaimed"/> if it was closed since. The account is open and has room.</param>
/// <param name="FundedBy">The entry that moved the amount into clearing; a rejection cites it.</param>
internal sealed record PayoutRequest(
    string Reference,
    CustomerId Customer,
    CardId Card,
    int CardVersion,
    Money Amount,
    LedgerAccountId ReturnTo,
    EntryKey FundedBy);

/// <summary>What to debit from a bound card. Nothing is posted before the bank has settled it.</summary>
/// <param name="Reference">What the collection is for, such as <c>top-up/tu_…</c>. One collection a reference, for ever.</param>
/// <param name="CreditTo">Credited when the bank has settled it. The account is open and has room.</param>
/// <param name="ReturnedTo">
/// Debited when the bank takes the money back after that: what the caller must then get back from whom it gave it to. The account is open and has room. Null when the caller cannot: what is settled stays
/// then, and what the bank says against it is an operator's case.
/// </param>
internal sealed record CollectionRequest(string Reference, CustomerId Customer, CardId Card, int CardVersion, Money Amount, LedgerAccountId CreditTo, LedgerAccountId? ReturnedTo = null);

/// <summary>The operator's own accounts on the bank rail.</summary>
internal static class PayoutAccounts
{
    /// <summary>Money on its way to the bank, owed until the bank has settled it. What is in it equals the open payouts.</summary>
    public static readonly LedgerAccountId Clearing = new("payouts/clearing");

    /// <summary>The operator's account at the bank. Below zero when the operator must put money in.</summary>
    public static readonly LedgerAccountId Settlement = new("bank/settlement");

    /// <summary>What came back for an account that was closed since, because its customer was erased: owed to whoever shows that it is theirs.</summary>
    public static readonly LedgerAccountId Unclaimed = new("payouts/unclaimed");
}

/// <summary>Whom the bank pays or debits: in clear, for the moment of sending only.</summary>
/// <param name="Name">The card holder's verified name.</param>
/// <param name="Bank">The bank's short name, such as <c>CMB</c>.</param>
internal sealed record CardInstruction(string Name, string Number, string Bank)
{
    public override string ToString() => "(card instruction)";
}

/// <summary>Opens the envelopes of a card and its holder for sending. Implemented by Cards.</summary>
internal interface ICardNumbers
{
    /// <summary>The instruction of this version of the card, or null when it cannot be opened any more (the customer was erased).</summary>
    Task<CardInstruction?> OpenAsync(CardId card, int version, CancellationToken cancel = default);
}
