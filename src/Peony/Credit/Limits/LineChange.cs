using Peony.Book;
using Peony.Customers;
using Peony.Ledger;
using Peony.Operators;

namespace Peony.Credit;

/// <summary>
/// A change of a customer's line by operators: its limit, or whether it is frozen. One operator prepares it and another one decides, so that nobody lends more, or stops a customer, by themselves.
/// Both ends are final.
/// </summary>
internal sealed record LineChange(LineChangeId Id, CustomerId Customer, LineChangeKind Kind, Money From, Money To, LineReason Reason, string Note, LineChangeState State, OperatorId PreparedBy,
    DateTimeOffset PreparedAt) : IRecord
{
    public OperatorId? DecidedBy { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    public string? RejectedBecause { get; init; }

    public string Key => Id.Value;

    /// <summary>The change that a second operator is about to decide.</summary>
    public static Result<(LineChange Change, OperatorId Checker)> ToDecide(IWork work, OperatorSessionId session, LineChangeId id) =>
        FourEyes.Of<LineChange>(work, session, id.Value, CreditRefusals.ChangeNotFound, change => change.PreparedBy);

    /// <param name="limit">The line's limit at the moment.</param>
    public Result<LineChange> Approve(OperatorId checker, Money limit, DateTimeOffset now) => Decide(LineChangeState.Approved, checker, now).IsRefused(out var refusal, out var approved)
        ? refusal
        : approved with { From = limit, To = Kind == LineChangeKind.Limit ? To : limit };

    public Result<LineChange> Reject(OperatorId checker, string reason, DateTimeOffset now) =>
        Decide(LineChangeState.Rejected, checker, now).IsRefused(out var refusal, out var rejected) ? refusal : rejected with { RejectedBecause = reason };

    public LineChangeView View() => new(Id, Customer, Kind, From, To, Reason, Note, State, PreparedBy, PreparedAt, DecidedBy, DecidedAt, RejectedBecause);

    /// <summary>The same in the history of the line; only of an approved change.</summary>
    public LineStep Step() => new(DecidedAt!.Value, StepKind(), To, [new CreditReason(Reason.Code, To - From, Reason.Zh, Reason.En)]);

    public LineStepKind StepKind() => Kind switch
    {
        LineChangeKind.Limit => To > From ? LineStepKind.Raised : LineStepKind.Lowered,
        LineChangeKind.Freeze => LineStepKind.Frozen,
        LineChangeKind.Unfreeze => LineStepKind.Unfrozen,
    };

    private Result<LineChange> Decide(LineChangeState state, OperatorId checker, DateTimeOffset now) => State switch
    {
        LineChangeState.Prepared => this with { State = state, DecidedBy = checker, DecidedAt = now },
        LineChangeState.Approved or LineChangeState.Rejected => CreditRefusals.ChangeDecided,
    };
}
