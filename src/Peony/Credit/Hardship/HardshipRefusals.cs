using Peony.Book;

namespace Peony.Credit;

internal static class HardshipRefusals
{
    /// <summary>Nothing is billed or past its due day that relief could be for.</summary>
    public static readonly Refusal NothingDue = new("hardship.nothing_due", RefusalKind.Refused);

    /// <summary>The due day was missed longer ago than the product allows, or its next statement is too near.</summary>
    public static readonly Refusal TooLate = new("hardship.too_late", RefusalKind.Refused);

    /// <summary>As many extensions as the product allows were granted in the last 12 months.</summary>
    public static readonly Refusal ExtensionsUsed = new("hardship.extensions_used", RefusalKind.Refused);

    /// <summary>So many days or instalments are not on offer.</summary>
    public static readonly Refusal NotOffered = new("hardship.not_offered", RefusalKind.Refused);

    /// <summary>The reason is none of the product's.</summary>
    public static readonly Refusal ReasonUnknown = new("hardship.reason_unknown", RefusalKind.Refused);

    /// <summary>Another request of the customer waits for its decision.</summary>
    public static readonly Refusal AlreadyOpen = new("hardship.already_open", RefusalKind.Refused);

    /// <summary>There is no such request, or it is another customer's.</summary>
    public static readonly Refusal NotFound = new("hardship.not_found", RefusalKind.NotFound);

    /// <summary>The request was decided, withdrawn or ran out of time before.</summary>
    public static readonly Refusal Ended = new("hardship.ended", RefusalKind.Conflict);

    /// <summary>An operator has prepared a decision; a second one approves or rejects it first.</summary>
    public static readonly Refusal Prepared = new("hardship.prepared", RefusalKind.Conflict);

    /// <summary>No decision is prepared that a second operator could approve or reject.</summary>
    public static readonly Refusal NotPrepared = new("hardship.not_prepared", RefusalKind.Conflict);

    /// <summary>The day to which the due day would move has passed; it helps nobody any more.</summary>
    public static readonly Refusal DayPassed = new("hardship.day_passed", RefusalKind.Refused);
}
