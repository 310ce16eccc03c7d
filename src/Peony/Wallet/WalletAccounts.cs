using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Wallet;

/// <summary>The wallet balance (余额) of a customer in the ledger: what we owe them, never below zero.</summary>
internal static class WalletAccounts
{
    public static LedgerAccountId Of(CustomerId customer) => new($"customer/{customer.Value}/wallet");

    /// <summary>Opens the customer's wallet if it is not open. Whoever posts to a wallet calls this first.</summary>
    public static void Open(IWork work, CustomerId customer) =>
        work.OpenAccount(new AccountDefinition(Of(customer), NormalSide.Credit, Currency.Cny, Floor: 0, Ceiling: null));
}
