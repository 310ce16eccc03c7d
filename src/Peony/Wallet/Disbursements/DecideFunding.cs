using Peony.Book;
using Peony.Identifiers;
using Peony.Operators;

namespace Peony.Wallet.Disbursements;

/// <summary>A second operator approves a funding, and the money is in the fund.</summary>
internal sealed record ApproveFunding(OperatorSessionId Session, FundingId Funding) : ICommand<FundingView>
{
    public Result<FundingView> Handle(IWork work)
    {
        if (SecondOperators.Of(work, Session, Funding).IsRefused(out var refusal, out var pair)
            || pair.Prepared.Approve(pair.Checker, work.Now).IsRefused(out refusal, out var approved))
        {
            return refusal;
        }

        work.Post(DisbursementPostings.Funded(approved));
        work.Save(approved);
        return approved.View();
    }
}

/// <summary>A second operator rejects a funding and says why; nothing moves.</summary>
internal sealed record RejectFunding(OperatorSessionId Session, FundingId Funding, string Reason) : ICommand<FundingView>
{
    public Result<FundingView> Handle(IWork work)
    {
        if (SecondOperators.Of(work, Session, Funding).IsRefused(out var refusal, out var pair))
        {
            return refusal;
        }

        var reason = Text.Normalise(Reason);
        if (reason.Length is 0 or > PrepareFunding.NoteMost)
        {
            return OperatorsRefusals.ReasonNeeded;
        }

        if (pair.Prepared.Reject(pair.Checker, reason, work.Now).IsRefused(out refusal, out var rejected))
        {
            return refusal;
        }

        work.Save(rejected);
        return rejected.View();
    }
}

/// <summary>Who may decide a funding: another operator than the one who prepared it.</summary>
internal static class SecondOperators
{
    public static Result<(Funding Prepared, OperatorId Checker)> Of(IWork work, OperatorSessionId session, FundingId id)
    {
        // Somebody without a session is not told which fundings there are.
        if (new AuthenticateOperator(session, OperatorRole.Reviewer).Handle(work).IsRefused(out var refusal, out _))
        {
            return refusal;
        }

        if (work.Find<Funding>(id.Value) is not { } funding)
        {
            return DisbursementRefusals.FundingNotFound;
        }

        return new RequireSecondOperator(funding.PreparedBy, session).Handle(work).IsRefused(out refusal, out var checker) ? refusal : (funding, checker.Operator);
    }
}
