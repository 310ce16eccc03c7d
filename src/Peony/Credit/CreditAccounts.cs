using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>The ledger accounts of a credit line, and of the shops that the sandbox purchase pays.</summary>
internal static class CreditAccounts
{
    /// <summary>What the shops of the sandbox are owed.</summary>
    public static readonly LedgerAccountId SandboxMerchants = new("merchants/sandbox");

    /// <summary>Repayments the bank has collected, until they are put against the debt; empty but for the moment between.</summary>
    public static readonly LedgerAccountId RepaymentsReceived = new("credit/repayments-received");

    /// <summary>What the customer owes on the line. Its ceiling is the credit limit, so the ledger itself refuses what is above.</summary>
    public static LedgerAccountId Owed(CustomerId customer) => new($"customer/{customer.Value}/credit-owed");

    /// <summary>The credit balance (溢缴款): what an overpayment left with us, never below zero.</summary>
    public static LedgerAccountId Balance(CustomerId customer) => new($"customer/{customer.Value}/credit-balance");

    /// <summary>Opens both accounts of the line; nothing may be owed above the limit.</summary>
    public static void Open(IWork work, CustomerId customer, Money limit)
    {
        work.OpenAccount(new AccountDefinition(Owed(customer), NormalSide.Debit, limit.Currency, Floor: 0, Ceiling: limit.Minor));
        work.OpenAccount(new AccountDefinition(Balance(customer), NormalSide.Credit, limit.Currency, Floor: 0, Ceiling: null));
    }
}
