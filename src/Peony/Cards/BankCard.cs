using Peony.Book;
using Peony.Customers;

namespace Peony.Cards;

/// <summary>One earlier bind of a card: its version and when it began and ended.</summary>
internal sealed record EarlierBind(int Version, DateTimeOffset BoundAt, DateTimeOffset UnboundAt);

/// <summary>
/// A bank card of a customer. One record for each number a customer ever bound; every bind of the number is a new version of it, so what was agreed for an
/// older version can be told apart for ever.
/// </summary>
/// <param name="NumberHash">Keyed hash of the number, for lookups; null once the customer was erased.</param>
/// <param name="Number">The number in the customer's envelope.</param>
/// <param name="Bank">The issuing bank's short name, <c>CMB</c>; screens translate it.</param>
/// <param name="UnboundAt">When the present version was unbound, or null while it is bound.</param>
internal sealed record BankCard(
    CardId Id,
    CustomerId Customer,
    string? NumberHash,
    Sealed Number,
    string LastFour,
    string Bank,
    CardKind Kind,
    int Version,
    DateTimeOffset BoundAt,
    DateTimeOffset? UnboundAt,
    IReadOnlyList<EarlierBind> Earlier) : IRecord
{
    public string Key => Id.Value;

    public bool IsBound => UnboundAt is null;

    public static BankCard FirstBind(CardId id, CustomerId customer, CardToBind card, DateTimeOffset now) =>
        new(id, customer, card.NumberHash, card.Number, card.LastFour, card.Bank, card.Kind, Version: 1, now, UnboundAt: null, []);

    /// <summary>The same number bound again: the next version, with what the bank says of the card today.</summary>
    public Result<BankCard> BindAgain(CardToBind card, DateTimeOffset now)
    {
        if (UnboundAt is not { } unboundAt)
        {
            return CardRefusals.AlreadyBound;
        }

        return this with
        {
            Number = card.Number,
            Bank = card.Bank,
            Kind = card.Kind,
            Version = Version + 1,
            BoundAt = now,
            UnboundAt = null,
            Earlier = [.. Earlier, new EarlierBind(Version, BoundAt, unboundAt)],
        };
    }

    public Result<BankCard> Unbind(DateTimeOffset now) => IsBound ? this with { UnboundAt = now } : CardRefusals.Unbound;

    /// <summary>What is left when the customer is erased: that there was a card of this bank, and when. The number's envelope cannot be opened any more.</summary>
    public BankCard Forget(DateTimeOffset now) => this with { NumberHash = null, LastFour = "", UnboundAt = UnboundAt ?? now };

    /// <summary>The value of the unique index: one record for each number a customer ever bound.</summary>
    public static string NumberKey(CustomerId customer, string numberHash) => $"{customer.Value}/{numberHash}";

    public CardView View() => new(Id, Version, Bank, Kind, LastFour, IsBound, BoundAt);
}

/// <summary>A card as the edge hands it in: the number already sealed and hashed, bank and kind as the issuer's number range says.</summary>
internal sealed record CardToBind(string NumberHash, Sealed Number, string LastFour, string Bank, CardKind Kind);
