using Peony.Book;
using Peony.Operators;

namespace Peony.Wallet.Disbursements;

/// <summary>A second operator approves a funding, and the money is in the fund.</summary>
internal sealed record ApproveFunding(OperatorSessionId Session, FundingId Funding) : ICommand<FundingView>
{
    public Result<FundingView> Handle(IWork work)
    {
        if (Disbursements.Funding.ToDecide(work, Session, Funding).IsRefused(out var refusal, out var pair)
            || pair.Funding.Approve(pair.Checker, work.Now).IsRefused(out refusal, out var approved))
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
        if (Disbursements.Funding.ToDecide(work, Session, Funding).IsRefused(out var refusal, out var pair)
            || OperatorReason.Read(Reason).IsRefused(out refusal, out var reason)
            || pair.Funding.Reject(pair.Checker, reason, work.Now).IsRefused(out refusal, out var rejected))
        {
            return refusal;
        }

        work.Save(rejected);
        return rejected.View();
    }
}
