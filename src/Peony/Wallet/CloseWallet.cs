using Peony.Book;
using Peony.Customers;
using Peony.Customers.Erasure;

namespace Peony.Wallet;

/// <summary>
/// Refuses unless the wallet is empty and no top-up is on its way, so that an erased customer leaves no money behind; and closes it, so that none comes after them: a closed wallet has
/// room for nothing.
/// </summary>
internal sealed record CloseWallet(CustomerId Customer) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        if (work.FindBy<TopUp>(WalletModule.ByOpenCustomer, Customer.Value).Count > 0)
        {
            return CustomersRefusals.EraseOpenBusiness;
        }

        var wallet = work.Account(WalletAccounts.Of(Customer));
        if (wallet.Balance != 0)
        {
            return CustomersRefusals.EraseMoneyLeft;
        }

        if (wallet.Number != 0)
        {
            work.SetLimits(WalletAccounts.Of(Customer), floor: 0, ceiling: 0);
        }

        return new Done();
    }
}

internal sealed class CloseWalletCheck : IErasureCheck
{
    public ICommand<Done> Of(CustomerId customer) => new CloseWallet(customer);
}
