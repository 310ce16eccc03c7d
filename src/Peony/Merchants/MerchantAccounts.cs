using Peony.Book;
using Peony.Ledger;

namespace Peony.Merchants;

/// <summary>The ledger accounts of merchants.</summary>
internal static class MerchantAccounts
{
    /// <summary>What merchants paid for payments.</summary>
    public static readonly LedgerAccountId FeeIncome = new("income/merchant-fees");

    /// <summary>What we owe a merchant: its payments less fees, refunds and settlements; never below zero.</summary>
    public static LedgerAccountId Payable(MerchantId merchant) => new($"merchant/{merchant.Value}/payable");

    public static void Open(IWork work, MerchantId merchant) => work.OpenAccount(new AccountDefinition(Payable(merchant), NormalSide.Credit, Currency.Cny, Floor: 0, Ceiling: null));
}
