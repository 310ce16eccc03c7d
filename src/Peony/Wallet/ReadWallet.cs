using Peony.Book;
using Peony.Customers;

namespace Peony.Wallet;

/// <summary>A customer's wallet, inside another capability's work.</summary>
internal sealed record ReadWallet(CustomerId Customer) : ICommand<WalletView>
{
    public Result<WalletView> Handle(IWork work) => WalletReader.View(Customer, work.Account(WalletAccounts.Of(Customer)));
}
