using Peony.Book;
using Peony.Ledger;

namespace Peony.Wallet.Disbursements;

/// <summary>What <c>verify</c> asks of the disbursement fund: its records and its account tell the same.</summary>
internal static class DisbursementControls
{
    /// <summary>Nothing came into the fund but approved fundings, each decided by another operator than the one who prepared it.</summary>
    public static string? Funded(IControlContext books)
    {
        var approved = 0L;
        foreach (var funding in books.All<Funding>().Where(funding => funding.State == FundingState.Approved))
        {
            if (funding.DecidedBy is not { } checker || checker == funding.PreparedBy)
            {
                return $"{funding.Id} was approved by nobody else than {funding.PreparedBy}, who prepared it";
            }

            approved += funding.Amount.Minor;
        }

        var credited = books.Account(DisbursementAccounts.Fund).CreditsPosted;
        return credited == approved ? null : $"{DisbursementAccounts.Fund} was credited {Money.Cny(credited)}, approved fundings are {Money.Cny(approved)}";
    }

    /// <summary>Nothing left the fund but what disbursements say they paid.</summary>
    public static string? Paid(IControlContext books)
    {
        var paid = books.All<Disbursement>().Sum(disbursement => disbursement.TotalPaid.Minor);
        var debited = books.Account(DisbursementAccounts.Fund).DebitsPosted;
        return debited == paid ? null : $"{DisbursementAccounts.Fund} was debited {Money.Cny(debited)}, disbursements paid {Money.Cny(paid)}";
    }
}
