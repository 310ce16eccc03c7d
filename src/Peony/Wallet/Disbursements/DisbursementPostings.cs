using System.Collections;
using Peony.Ledger;
using Peony.Payouts;

namespace Peony.Wallet.Disbursements;

/// <summary>The ledger account of the operator's own money that is set aside for disbursements.</summary>
internal static class DisbursementAccounts
{
    /// <summary>The disbursement fund (发放资金). Never below zero, so what is paid out of it was put in by two operators.</summary>
    public static readonly LedgerAccountId Fund = new("disbursement/fund");
}

/// <summary>Every entry of fundings and disbursements; the table in README shows the same.</summary>
internal static class DisbursementPostings
{
    public const string PaidKind = "disbursement.paid";

    /// <summary>The money lies on our account at the bank and is set aside from now on.</summary>
    public static Entry Funded(Funding funding) => new(FundedKey(funding.Id), "disbursement.funded",
        PostingLine.Post(PayoutAccounts.Settlement, DisbursementAccounts.Fund, funding.Amount));

    public static EntryKey FundedKey(FundingId funding) => new($"funding/{funding.Value}/approved");

    public static EntryKey PaidKey(DisbursementId disbursement) => new($"disbursement/{disbursement.Value}/paid");

    /// <summary>The transfers of the lines, made as they are asked for: nothing is copied for thousands of them.</summary>
    /// <param name="most">A line above it is asked for as nothing, which the posting rule refuses like any other amount that is none.</param>
    public static IReadOnlyList<Transfer> Transfers(IReadOnlyList<DisbursementLine> lines, long most) => new TransferOfLine(lines, most);

    private sealed class TransferOfLine(IReadOnlyList<DisbursementLine> lines, long most) : IReadOnlyList<Transfer>
    {
        public int Count => lines.Count;

        public Transfer this[int index]
        {
            get
            {
                var line = lines[index];
                return new Transfer(DisbursementAccounts.Fund, line.Wallet, line.Amount.Minor > most ? Money.Zero(line.Amount.Currency) : line.Amount);
            }
        }

        public IEnumerator<Transfer> GetEnumerator()
        {
            for (var index = 0; index < Count; index++)
            {
                yield return this[index];
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
