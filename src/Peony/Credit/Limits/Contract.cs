using Peony.Book;
using Peony.Customers;
using Peony.Ledger;
using Peony.Operators;

namespace Peony.Credit;

public readonly record struct LineChangeId(string Value) : IId<LineChangeId>
{
    public static string Prefix => "lch";
    public static LineChangeId Of(string value) => new(value);
    public override string ToString() => Value;
}

/// <summary>What an operator changes on a line.</summary>
public enum LineChangeKind
{
    /// <summary>Raises or lowers the limit.</summary>
    Limit = 1,

    /// <summary>Nothing more is bought on the line; it is repaid as ever.</summary>
    Freeze = 2,

    Unfreeze = 3,
}

public enum LineChangeState
{
    /// <summary>Waits for a second operator; nothing changed yet.</summary>
    Prepared = 1,

    /// <summary>It holds since then.</summary>
    Approved = 2,

    /// <summary>A second operator said no; nothing changed.</summary>
    Rejected = 3,
}

/// <summary>Why a line is changed, as the file of reasons said it on that day; the customer reads it.</summary>
/// <param name="Code">The reason's name in the file.</param>
public sealed record LineReason(string Code, string Zh, string En);

/// <summary>A change of a line as operators see it.</summary>
/// <param name="From">The limit before, from the moment of approval on; before that, the one it was prepared against.</param>
/// <param name="To">The limit after; the same where it is not the limit that changes.</param>
/// <param name="Note">The operator's own words, for colleagues.</param>
/// <param name="RejectedBecause">Why the second operator said no.</param>
public sealed record LineChangeView(LineChangeId Id, CustomerId Customer, LineChangeKind Kind, Money From, Money To, LineReason Reason, string Note, LineChangeState State, OperatorId PreparedBy,
    DateTimeOffset PreparedAt, OperatorId? DecidedBy, DateTimeOffset? DecidedAt, string? RejectedBecause);

/// <summary>What happened to a line.</summary>
public enum LineStepKind
{
    Opened = 1,
    Raised = 2,
    Lowered = 3,
    Frozen = 4,
    Unfrozen = 5,
    Closed = 6,
}

/// <summary>A step in the history of a line and its limit, as its owner sees it.</summary>
/// <param name="Limit">The limit from then on.</param>
/// <param name="Reasons">Why, in both languages.</param>
public sealed record LineStep(DateTimeOffset At, LineStepKind Kind, Money Limit, IReadOnlyList<CreditReason> Reasons);
