using Peony.Customers;
using Peony.Ledger;
using Peony.Wallet;

namespace Peony.Credit;

/// <summary>Every entry of the credit line.</summary>
internal static class CreditPostings
{
    /// <summary>A purchase: the credit balance pays first, the rest is owed; the shop is owed the whole.</summary>
    public static Entry Purchased(Purchase purchase)
    {
        var key = new EntryKey($"purchase/{purchase.Id.Value}/made");
        var fromLine = purchase.FromLine();
        if (purchase.FromBalance.IsZero)
        {
            return new Entry(key, "credit.purchased", OnLine(purchase.Customer, fromLine));
        }

        return fromLine.IsZero
            ? new Entry(key, "credit.purchased", FromBalance(purchase.Customer, purchase.FromBalance))
            : new Entry(key, "credit.purchased", FromBalance(purchase.Customer, purchase.FromBalance), OnLine(purchase.Customer, fromLine));
    }

    /// <summary>A repayment out of the wallet.</summary>
    public static Entry RepaidFromWallet(Repayment repayment) => Repaid(repayment, WalletAccounts.Of(repayment.Customer));

    /// <summary>A repayment the bank collected.</summary>
    public static Entry RepaidFromCard(Repayment repayment, LedgerAccountId collectedInto) => Repaid(repayment, collectedInto);

    public static EntryKey RepaidKey(RepaymentId id) => new($"repayment/{id.Value}/settled");

    private static Entry Repaid(Repayment repayment, LedgerAccountId source)
    {
        var lines = new List<PostingLine>(2);
        if (repayment.ToOwed.IsPositive)
        {
            lines.Add(PostingLine.Post(source, CreditAccounts.Owed(repayment.Customer), repayment.ToOwed));
        }

        if (repayment.ToBalance.IsPositive)
        {
            lines.Add(PostingLine.Post(source, CreditAccounts.Balance(repayment.Customer), repayment.ToBalance));
        }

        return new Entry(RepaidKey(repayment.Id), "credit.repaid", lines);
    }

    private static PostingLine OnLine(CustomerId customer, Money amount) =>
        PostingLine.Post(CreditAccounts.Owed(customer), CreditAccounts.SandboxMerchants, amount);

    private static PostingLine FromBalance(CustomerId customer, Money amount) =>
        PostingLine.Post(CreditAccounts.Balance(customer), CreditAccounts.SandboxMerchants, amount);
}
