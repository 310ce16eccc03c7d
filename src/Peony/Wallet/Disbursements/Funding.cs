using Peony.Book;
using Peony.Ledger;
using Peony.Operators;

namespace Peony.Wallet.Disbursements;

/// <summary>
/// A funding (注资): money of the operator's own on its way into the disbursement fund. One operator prepares it and another one decides, so that nobody can fill by themselves the pot that
/// an administrator pays customers from. Both ends are final.
/// </summary>
internal sealed record Funding(FundingId Id, Money Amount, string Note, FundingState State, OperatorId PreparedBy, DateTimeOffset PreparedAt) : IRecord
{
    public OperatorId? DecidedBy { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    public string? Reason { get; init; }

    public string Key => Id.Value;

    /// <summary>The funding that a second operator is about to decide.</summary>
    public static Result<(Funding Funding, OperatorId Checker)> ToDecide(IWork work, OperatorSessionId session, FundingId id) =>
        FourEyes.Of<Funding>(work, session, id.Value, DisbursementRefusals.FundingNotFound, funding => funding.PreparedBy);

    public Result<Funding> Approve(OperatorId checker, DateTimeOffset now) => Decide(FundingState.Approved, checker, now);

    public Result<Funding> Reject(OperatorId checker, string reason, DateTimeOffset now) =>
        Decide(FundingState.Rejected, checker, now).IsRefused(out var refusal, out var rejected) ? refusal : rejected with { Reason = reason };

    public FundingView View() => new(Id, Amount, Note, State, PreparedBy, PreparedAt, DecidedBy, DecidedAt, Reason);

    private Result<Funding> Decide(FundingState state, OperatorId checker, DateTimeOffset now) => State switch
    {
        FundingState.Prepared => this with { State = state, DecidedBy = checker, DecidedAt = now },
        FundingState.Approved or FundingState.Rejected => DisbursementRefusals.FundingDecided,
    };
}
