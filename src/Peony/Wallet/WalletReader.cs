using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Wallet;

/// <summary>What pages and the API read of wallets.</summary>
internal static class WalletReader
{
    public const string ByCustomer = "customer";

    /// <summary>The customer's wallet; one never used reads as empty.</summary>
    public static async Task<WalletView> ViewAsync(IBookReader reader, CustomerId customer, CancellationToken cancel = default)
    {
        var account = await reader.AccountAsync(WalletAccounts.Of(customer), cancel);
        return View(customer, account?.State ?? default);
    }

    public static async Task<IReadOnlyList<TopUpView>> TopUpsAsync(IBookReader reader, CustomerId customer, Page? page = null, CancellationToken cancel = default) =>
        [.. (await reader.ListAsync<TopUp>(ByCustomer, customer.Value, page, cancel)).Select(topUp => topUp.View())];

    /// <summary>The customer's top-up, or null; a stranger's id looks like no id.</summary>
    public static async Task<TopUpView?> TopUpAsync(IBookReader reader, CustomerId customer, TopUpId id, CancellationToken cancel = default) =>
        await reader.FindAsync<TopUp>(id.Value, cancel) is { } topUp && topUp.Customer == customer ? topUp.View() : null;

    internal static WalletView View(CustomerId customer, AccountState state)
    {
        var available = state.Number == 0 ? 0 : state.Available;
        return new WalletView(customer, Money.Cny(state.Balance), Money.Cny(available), Money.Cny(state.Balance - available));
    }
}
