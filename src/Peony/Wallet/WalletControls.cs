using Peony.Book;
using Peony.Ledger;

namespace Peony.Wallet;

/// <summary>What <c>verify</c> asks of the wallets.</summary>
internal static class WalletControls
{
    /// <summary>No wallet is below zero, held money counted.</summary>
    public static string? Floors(IControlContext books)
    {
        foreach (var (id, state) in books.Accounts("customer/"))
        {
            if (id.Value.EndsWith("/wallet", StringComparison.Ordinal) && state.LowBalance < 0)
            {
                return $"{id} is at {Money.Cny(state.LowBalance)}";
            }
        }

        return null;
    }

    /// <summary>By customer, the settled top-ups were credited to the wallet: never less came in than they say.</summary>
    public static string? SettledTopUps(IControlContext books)
    {
        foreach (var customer in books.All<TopUp>().Where(topUp => topUp.State == TopUpState.Settled).GroupBy(topUp => topUp.Customer))
        {
            var settled = customer.Sum(topUp => topUp.Amount.Minor);
            var credited = books.Account(WalletAccounts.Of(customer.Key)).CreditsPosted;
            if (credited < settled)
            {
                return $"{WalletAccounts.Of(customer.Key)} was credited {Money.Cny(credited)}, settled top-ups are {Money.Cny(settled)}";
            }
        }

        return null;
    }
}
