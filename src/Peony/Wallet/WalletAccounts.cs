using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Wallet;

/// <summary>The wallet balance (余额) of a customer in the ledger: what we owe them, never below zero.</summary>
internal static class WalletAccounts
{
    private const string Before = "customer/";
    private const string After = "/wallet";

    public static LedgerAccountId Of(CustomerId customer) => new($"{Before}{customer.Value}{After}");

    /// <summary>The wallet of the customer whose id stands in a larger text, without making a text of the id first.</summary>
    public static LedgerAccountId Of(ReadOnlySpan<char> customer) => new(string.Concat(Before, customer, After));

    /// <summary>Whose wallet it is.</summary>
    public static CustomerId CustomerOf(LedgerAccountId wallet) => new(wallet.Value[Before.Length..^After.Length]);

    /// <summary>Opens the customer's wallet if it is not open. Whoever posts to a wallet calls this first.</summary>
    public static void Open(IWork work, CustomerId customer) =>
        work.OpenAccount(new AccountDefinition(Of(customer), NormalSide.Credit, Currency.Cny, Floor: 0, Ceiling: null));
}
