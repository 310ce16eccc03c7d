using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Wallet;

/// <summary>A top-up (充值) of the wallet from a bound debit card. Ordered, then settled or failed as the bank says; both ends are final.</summary>
/// <param name="Card">The card as it was when the top-up was ordered.</param>
internal sealed record TopUp(TopUpId Id, CustomerId Customer, CardView Card, Money Amount, TopUpState State, DateTimeOffset OrderedAt, DateTimeOffset? EndedAt, string? BankReason)
    : IRecord
{
    public string Key => Id.Value;

    private const string ReferencePrefix = "top-up/";

    /// <summary>What the collection at the bank is for.</summary>
    public string Reference() => ReferencePrefix + Id.Value;

    /// <summary>The top-up a collection is for, or null when it is for something else.</summary>
    public static TopUpId? OfReference(string reference) =>
        reference.StartsWith(ReferencePrefix, StringComparison.Ordinal) ? new TopUpId(reference[ReferencePrefix.Length..]) : null;

    public static TopUp Order(TopUpId id, CustomerId customer, CardView card, Money amount, DateTimeOffset now) =>
        new(id, customer, card, amount, TopUpState.Ordered, now, EndedAt: null, BankReason: null);

    /// <summary>The bank collected.</summary>
    public Result<TopUp> Settle(DateTimeOffset now) => State switch
    {
        TopUpState.Ordered => this with { State = TopUpState.Settled, EndedAt = now },
        TopUpState.Settled => this,
        TopUpState.Failed => WalletRefusals.TopUpEnded,
    };

    public Result<TopUp> Fail(string bankReason, DateTimeOffset now) => State switch
    {
        TopUpState.Ordered => this with { State = TopUpState.Failed, EndedAt = now, BankReason = bankReason },
        TopUpState.Failed => this,
        TopUpState.Settled => WalletRefusals.TopUpEnded,
    };

    public TopUpView View() => new(Id, $"{Card.Bank} ··{Card.LastFour}", Amount, State, OrderedAt, EndedAt, BankReason);
}
