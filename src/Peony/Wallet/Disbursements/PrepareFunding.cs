using Peony.Book;
using Peony.Ledger;
using Peony.Operators;

namespace Peony.Wallet.Disbursements;

/// <summary>An administrator prepares a funding (注资) of the disbursement fund. Nothing is posted before a second operator has approved it.</summary>
internal sealed record PrepareFunding(OperatorSessionId Session, Money Amount, string Note) : ICommand<FundingView>
{
    public Result<FundingView> Handle(IWork work)
    {
        if (new AuthenticateOperator(Session, OperatorRole.Admin).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        var most = work.Use<DisbursementRules>().FundingMost;
        if (!Amount.IsPositive || Amount.Currency != Currency.Cny || Amount.Minor > most)
        {
            return DisbursementRefusals.AmountInvalid.With("most", Money.Cny(most));
        }

        if (OperatorReason.Read(Note).IsRefused(out refusal, out var note))
        {
            return refusal;
        }

        var funding = new Funding(work.NewId<FundingId>(), Amount, note, FundingState.Prepared, caller.Operator, work.Now);
        work.Save(funding);
        return funding.View();
    }
}
