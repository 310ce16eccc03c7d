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
