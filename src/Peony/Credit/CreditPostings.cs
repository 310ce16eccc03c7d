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

    /// <summary>A repayment: out of the wallet, or out of what the bank has collected. What is owed goes down first, the rest is credit balance.</summary>
    public static Entry Repaid(Repayment repayment)
    {
        var source = repayment.Source switch
        {
            RepaymentSource.Wallet => WalletAccounts.Of(repayment.Customer),
            RepaymentSource.Card => CreditAccounts.RepaymentsReceived,
        };
        var key = new EntryKey($"repayment/{repayment.Id.Value}/settled");
        var toOwed = PostingLine.Post(source, CreditAccounts.Owed(repayment.Customer), repayment.ToOwed);
        var toBalance = PostingLine.Post(source, CreditAccounts.Balance(repayment.Customer), repayment.ToBalance);
        if (repayment.ToBalance.IsZero)
        {
            return new Entry(key, "credit.repaid", toOwed);
        }

        return repayment.ToOwed.IsZero ? new Entry(key, "credit.repaid", toBalance) : new Entry(key, "credit.repaid", toOwed, toBalance);
    }

    private static PostingLine OnLine(CustomerId customer, Money amount) =>
        PostingLine.Post(CreditAccounts.Owed(customer), CreditAccounts.SandboxMerchants, amount);

    private static PostingLine FromBalance(CustomerId customer, Money amount) =>
        PostingLine.Post(CreditAccounts.Balance(customer), CreditAccounts.SandboxMerchants, amount);
}
