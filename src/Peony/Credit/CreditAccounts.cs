using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>The ledger accounts of credit lines, of what they earn and lose, and of the shops that the sandbox purchase pays.</summary>
internal static class CreditAccounts
{
    /// <summary>What the shops of the sandbox are owed.</summary>
    public static readonly LedgerAccountId SandboxMerchants = new("merchants/sandbox");

    /// <summary>Repayments the bank has collected, until they are put against the debt; empty but for the moment between.</summary>
    public static readonly LedgerAccountId RepaymentsReceived = new("credit/repayments-received");

    /// <summary>What the bank took back of repayments, until the lines owe it again; empty but for the moment between.</summary>
    public static readonly LedgerAccountId RepaymentsReturned = new("credit/repayments-returned");

    /// <summary>What came back of cash advances that the bank did not pay, until they are off their lines; empty but for the moment between.</summary>
    public static readonly LedgerAccountId AdvancesReturned = new("credit/advances-returned");

    /// <summary>Interest that statements have charged.</summary>
    public static readonly LedgerAccountId InterestIncome = new("credit/interest-income");

    public static readonly LedgerAccountId LateFeeIncome = new("credit/late-fee-income");

    public static readonly LedgerAccountId InstalmentFeeIncome = new("credit/instalment-fee-income");

    /// <summary>Fees of instalments that merchants pay.</summary>
    public static readonly LedgerAccountId MerchantFeeIncome = new("credit/merchant-fee-income");

    public static readonly LedgerAccountId AdvanceFeeIncome = new("credit/advance-fee-income");

    /// <summary>Debt that nobody expects any more: a loss.</summary>
    public static readonly LedgerAccountId WrittenOff = new("credit/written-off");

    /// <summary>What came in after all for debt that was written off.</summary>
    public static readonly LedgerAccountId Recovered = new("credit/recovered");

    /// <summary>Interest charged and not repaid.</summary>
    public static LedgerAccountId Interest(CustomerId customer) => new($"customer/{customer.Value}/credit-interest");

    /// <summary>Fees charged and not repaid: late fees, fees of instalments and cash advances.</summary>
    public static LedgerAccountId Fees(CustomerId customer) => new($"customer/{customer.Value}/credit-fees");

    /// <summary>The principal the customer owes on the line. Its ceiling is the credit limit, so the ledger itself refuses what is above; interest and fees stand beside it.</summary>
    public static LedgerAccountId Owed(CustomerId customer) => new($"customer/{customer.Value}/credit-owed");

    /// <summary>The credit balance (溢缴款): what an overpayment left with us, never below zero.</summary>
    public static LedgerAccountId Balance(CustomerId customer) => new($"customer/{customer.Value}/credit-balance");

    /// <summary>Opens the accounts of the line; no principal may be owed above the limit.</summary>
    public static void Open(IWork work, CustomerId customer, Money limit)
    {
        work.OpenAccount(new AccountDefinition(Interest(customer), NormalSide.Debit, limit.Currency, Floor: 0, Ceiling: null));
        work.OpenAccount(new AccountDefinition(Fees(customer), NormalSide.Debit, limit.Currency, Floor: 0, Ceiling: null));
        work.OpenAccount(new AccountDefinition(Owed(customer), NormalSide.Debit, limit.Currency, Floor: 0, Ceiling: limit.Minor));
        work.OpenAccount(new AccountDefinition(Balance(customer), NormalSide.Credit, limit.Currency, Floor: 0, Ceiling: null));
        if (work.Account(Owed(customer)).Ceiling != limit.Minor)
        {
            // They are there already when a line is opened again.
            work.SetLimits(Owed(customer), floor: 0, limit.Minor);
        }
    }
}
