using System.Diagnostics;
using Peony.Book;
using Peony.Identifiers;
using Peony.Ledger;
using Peony.Operators;

namespace Peony.Wallet.Disbursements;

/// <summary>
/// An administrator pays up to 8,190 wallets from the fund, one after another in the order of the lines. A line that cannot be paid is left out and named in the reply; it stops no other.
/// </summary>
internal sealed record Disburse(OperatorSessionId Session, string Purpose, IReadOnlyList<DisbursementLine> Lines) : ICommand<Disbursed>
{
    /// <summary>What fits a line of a statement.</summary>
    public const int PurposeMost = 40;

    public Result<Disbursed> Handle(IWork work)
    {
        if (new AuthenticateOperator(Session, OperatorRole.Admin).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        var purpose = Text.Normalise(Purpose);
        if (purpose.Length is 0 or > PurposeMost || purpose.Any(char.IsControl))
        {
            return DisbursementRefusals.PurposeInvalid.With("most", PurposeMost);
        }

        if (Lines.Count is 0 or > IWork.TransfersMost)
        {
            return DisbursementRefusals.LinesInvalid.With("most", IWork.TransfersMost);
        }

        var id = work.NewId<DisbursementId>();
        var posted = work.PostEach(DisbursementPostings.PaidKey(id), DisbursementPostings.PaidKind,
            DisbursementPostings.Transfers(Lines, work.Use<DisbursementRules>().LineMost));
        var (unpaid, total) = Sort(posted);
        var disbursement = new Disbursement(id, purpose, caller.Operator, work.Now, Lines.Count, posted.Applied, Money.Cny(total));
        work.Save(disbursement);
        if (unpaid.Count > 0)
        {
            work.Save(new DisbursementRefused(id, [.. unpaid.Select(line => new RefusedLine(line.Index, line.Code, WalletAccounts.CustomerOf(Lines[line.Index].Wallet), Lines[line.Index].Amount))]));
        }

        return new Disbursed(id, Lines.Count, posted.Applied, disbursement.TotalPaid, unpaid);
    }

    /// <summary>The lines that were not paid, and the sum of those that were.</summary>
    private (IReadOnlyList<UnpaidLine> Unpaid, long Total) Sort(BulkPosted posted)
    {
        var unpaid = new List<UnpaidLine>(Lines.Count - posted.Applied);
        var total = 0L;
        for (var index = 0; index < Lines.Count; index++)
        {
            if (posted.Outcomes[index] == PostingOutcome.Applied)
            {
                total = checked(total + Lines[index].Amount.Minor);
            }
            else
            {
                unpaid.Add(new UnpaidLine(index, WhyNot(posted.Outcomes[index])));
            }
        }

        return (unpaid, total);
    }

    private static LineRefusal WhyNot(PostingOutcome outcome) => outcome switch
    {
        PostingOutcome.AccountNotOpen => LineRefusal.WalletNotOpen,
        PostingOutcome.AboveCeiling => LineRefusal.WalletClosed,
        PostingOutcome.BelowFloor => LineRefusal.FundShort,
        PostingOutcome.AmountNotPositive => LineRefusal.AmountInvalid,
        PostingOutcome.CurrenciesDiffer => LineRefusal.CurrencyDiffers,
        _ => throw new UnreachableException($"No line of a disbursement ends as {outcome}."),
    };
}
