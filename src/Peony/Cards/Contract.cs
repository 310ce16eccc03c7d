using Peony.Book;

namespace Peony.Cards;

public readonly record struct CardId(string Value) : IId<CardId>
{
    public static string Prefix => "card";
    public static CardId Of(string value) => new(value);
    public override string ToString() => Value;
}

/// <summary>Debit (储蓄卡) or credit (信用卡).</summary>
public enum CardKind
{
    Debit = 1,
    Credit = 2,
}

/// <summary>A bound card as other capabilities and screens see it: never its number.</summary>
/// <param name="Version">1 and up for each bind of the same number by the same customer; a code made for another version is worthless.</param>
public sealed record CardView(CardId Id, int Version, string Bank, CardKind Kind, string LastFour, bool IsBound, DateTimeOffset BoundAt);
