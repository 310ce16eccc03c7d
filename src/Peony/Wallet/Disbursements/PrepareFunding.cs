using Peony.Book;
using Peony.Identifiers;
using Peony.Ledger;
using Peony.Operators;

namespace Peony.Wallet.Disbursements;

/// <summary>An administrator prepares a funding (注资) of the disbursement fund. Nothing is posted before a second operator has approved it.</summary>
internal sealed record PrepareFunding(OperatorSessionId Session, Money Amount, string Note) : ICommand<FundingView>
{
    public const int NoteMost = 200;

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

        var note = Text.Normalise(Note);
        if (note.Length is 0 or > NoteMost)
        {
            return OperatorsRefusals.ReasonNeeded;
        }

        var funding = new Funding(work.NewId<FundingId>(), Amount, note, FundingState.Prepared, caller.Operator, work.Now);
        work.Save(funding);
        return funding.View();
    }
}
