using Peony.Book;
using Peony.Customers;

namespace Peony.Cards;

/// <summary>Something that still uses a card: an open withdrawal, a top-up on its way.</summary>
/// <param name="Reference">The id of what uses the card, <c>wd_…</c>.</param>
/// <param name="Kind">In the glossary's words: <c>withdrawal</c>, <c>top_up</c>, <c>repayment</c>, <c>auto_repayment</c>.</param>
/// <param name="State">The state it is in, as its own view writes it.</param>
internal sealed record CardUse(string Reference, string Kind, string State, Ledger.Money Amount);

internal sealed record CardUses(IReadOnlyList<CardUse> Uses);

/// <summary>
/// A capability that uses cards registers one (<c>services.AddSingleton&lt;ICardUse, …&gt;()</c>). Cards cannot call the capabilities that call it, so they hand
/// it a slice of theirs, which runs inside the work that unbinds.
/// </summary>
internal interface ICardUse
{
    /// <summary>The slice that finds what still uses the card.</summary>
    ICommand<CardUses> Of(CustomerId customer, CardId card);
}
