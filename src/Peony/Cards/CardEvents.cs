using Peony.Book;
using Peony.Customers;

namespace Peony.Cards;

/// <summary>A customer bound a card, for the first time or again. Old channels are told, since an attacker binds a card first.</summary>
internal sealed record CardBound(CustomerId Customer, CardId Card, int Version, string Bank, CardKind Kind, string LastFour) : IEvent
{
    public string Lane => Customer.Value;
}

internal sealed record CardUnbound(CustomerId Customer, CardId Card, int Version, string Bank, CardKind Kind, string LastFour) : IEvent
{
    public string Lane => Customer.Value;
}
