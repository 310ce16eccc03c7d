using Peony.Book;

namespace Peony.Cards;

internal static class CardRefusals
{
    /// <summary>There is no such card, or it is another customer's.</summary>
    public static readonly Refusal NotFound = new("card.not_found", RefusalKind.NotFound);

    /// <summary>The card was unbound; money goes only to and from bound cards.</summary>
    public static readonly Refusal Unbound = new("card.unbound", RefusalKind.Refused);

    /// <summary>Only a debit card (储蓄卡) receives withdrawals and pays top-ups.</summary>
    public static readonly Refusal NotDebit = new("card.not_debit", RefusalKind.Refused);

    /// <summary>The number is bound by this customer now.</summary>
    public static readonly Refusal AlreadyBound = new("card.already_bound", RefusalKind.Refused);

    /// <summary>Another customer has bound the number; the card rules say whether that refuses.</summary>
    public static readonly Refusal BoundElsewhere = new("card.bound_elsewhere", RefusalKind.Refused);

    /// <summary>The bank does not confirm number, name, ID and phone together. It does not say which one differs.</summary>
    public static readonly Refusal FourElementsDiffer = new("card.four_elements_differ", RefusalKind.Refused);

    /// <summary>The bank does not take part in the check, or does not answer for this card.</summary>
    public static readonly Refusal NotSupported = new("card.not_supported", RefusalKind.Refused);

    /// <summary>The customer has as many bound cards as the card rules allow.</summary>
    public static readonly Refusal TooMany = new("card.too_many", RefusalKind.Refused);

    /// <summary>Too many tries to bind a card today.</summary>
    public static readonly Refusal TooManyTries = new("card.too_many_tries", RefusalKind.Refused);

    /// <summary>Something uses the card that the customer has not been shown; show it, then unbind again.</summary>
    public static readonly Refusal InUse = new("card.in_use", RefusalKind.Conflict);
}
