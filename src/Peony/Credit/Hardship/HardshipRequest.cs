using Peony.Book;
using Peony.Customers;
using Peony.Ledger;
using Peony.Operators;

namespace Peony.Credit;

/// <summary>
/// A request for relief of a customer who cannot pay: asked, prepared by one operator, decided by another one. While it waits it may be withdrawn, and after some days nobody's silence leaves it open.
/// </summary>
/// <param name="Reason">A code of the product's reasons.</param>
/// <param name="DueDay">The due day an extension is asked for; null for a plan.</param>
/// <param name="CountsOn">The business day a grant counts from: the day it was asked on, or the due day where that had passed.</param>
internal sealed record HardshipRequest(HardshipId Id, CustomerId Customer, HardshipRelief Asked, string Reason, DateOnly? DueDay, DateOnly CountsOn, DateTimeOffset AskedAt,
    DateTimeOffset DecideBy) : IRecord
{
    public HardshipState State { get; init; } = HardshipState.Waiting;

    public PreparedRelief? Prepared { get; init; }

    public IReadOnlyList<RejectedRelief> Rejected { get; init; } = [];

    public OperatorId? DecidedBy { get; init; }

    /// <summary>When it was decided, withdrawn, or ran out of time.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    public DateOnly? NewDueDay { get; init; }

    public Money? InPlan { get; init; }

    public string Key => Id.Value;

    public bool IsOpen => State == HardshipState.Waiting;

    public HardshipRelief? Granted => State == HardshipState.Granted ? Prepared!.Grant : null;

    /// <summary>The request whose prepared answer a second operator is about to decide.</summary>
    public static Result<(HardshipRequest Request, OperatorId Checker)> ToDecide(IWork work, OperatorSessionId session, HardshipId id) =>
        FourEyes.Of<HardshipRequest>(work, session, id.Value, HardshipRefusals.NotFound, request =>
            request.Prepared is { } prepared ? prepared.By : request.IsOpen ? HardshipRefusals.NotPrepared : HardshipRefusals.Ended);

    public Result<HardshipRequest> Prepare(PreparedRelief decision) => (State, Prepared) switch
    {
        (HardshipState.Waiting, null) => this with { Prepared = decision },
        (HardshipState.Waiting, _) => HardshipRefusals.Prepared,
        _ => HardshipRefusals.Ended,
    };

    /// <summary>The second operator does not agree: it waits for another decision to be prepared.</summary>
    public Result<HardshipRequest> Reject(OperatorId checker, string words, DateTimeOffset now) => (State, Prepared) switch
    {
        (HardshipState.Waiting, { } prepared) => this with { Prepared = null, Rejected = [.. Rejected, new RejectedRelief(prepared, checker, words, now)] },
        (HardshipState.Waiting, null) => HardshipRefusals.NotPrepared,
        _ => HardshipRefusals.Ended,
    };

    /// <summary>The second operator agrees to what was prepared.</summary>
    public Result<HardshipRequest> Approve(OperatorId checker, DateTimeOffset now) => (State, Prepared) switch
    {
        (HardshipState.Waiting, { } prepared) => this with { State = prepared.Grant is null ? HardshipState.Declined : HardshipState.Granted, DecidedBy = checker, EndedAt = now },
        (HardshipState.Waiting, null) => HardshipRefusals.NotPrepared,
        _ => HardshipRefusals.Ended,
    };

    public Result<HardshipRequest> Withdraw(DateTimeOffset now) => State switch
    {
        HardshipState.Waiting => this with { State = HardshipState.Withdrawn, EndedAt = now },
        HardshipState.Withdrawn => this,
        HardshipState.Granted or HardshipState.Declined or HardshipState.NotDecided => HardshipRefusals.Ended,
    };

    /// <summary>Nobody decided in time. What has ended stays as it is.</summary>
    public HardshipRequest RunOut(DateTimeOffset now) => IsOpen ? this with { State = HardshipState.NotDecided, EndedAt = now } : this;

    public HardshipView View() => new(Id, State, Asked, Reason, DueDay, CountsOn, AskedAt, DecideBy, Granted, NewDueDay, InPlan,
        State is HardshipState.Granted or HardshipState.Declined ? Prepared!.Words : null, EndedAt);

    public HardshipFile File() => new(View(), Customer, Prepared, Rejected, DecidedBy);
}
