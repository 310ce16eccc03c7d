using Peony.Book;

namespace Peony.Credit;

internal static class CollectionRefusals
{
    /// <summary>Nothing of the customer's is overdue.</summary>
    public static readonly Refusal NothingOverdue = new("collection.nothing_overdue", RefusalKind.Refused);

    /// <summary>A request for relief waits for its decision; says until when at the latest.</summary>
    public static readonly Refusal RequestOpen = new("collection.request_open", RefusalKind.Refused);

    /// <summary>A granted extension runs, or a granted plan is being kept; says from when on a contact is possible at the earliest.</summary>
    public static readonly Refusal ReliefRuns = new("collection.relief_runs", RefusalKind.Refused);

    /// <summary>Customers are not contacted at this hour; says when the next contact is allowed.</summary>
    public static readonly Refusal OutsideHours = new("collection.outside_hours", RefusalKind.Refused);

    /// <summary>The customer was contacted as often as a day or a week allows; says when the next contact is allowed.</summary>
    public static readonly Refusal TooOften = new("collection.too_often", RefusalKind.Refused);

    /// <summary>The rules forbid the channel.</summary>
    public static readonly Refusal ChannelClosed = new("collection.channel_closed", RefusalKind.Refused);

    /// <summary>A contact by this channel does not end like this.</summary>
    public static readonly Refusal OutcomeUnknown = new("collection.outcome_unknown", RefusalKind.Refused);
}
