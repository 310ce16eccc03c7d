using Peony.Book;
using Peony.Customers;
using Peony.Customers.Erasure;

namespace Peony.Wallet;

/// <summary>Refuses unless the wallet is empty and no top-up is on its way, so that an erased customer leaves no money behind.</summary>
internal sealed record EmptyWallet(CustomerId Customer) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        if (work.FindBy<TopUp>(WalletModule.ByOpenCustomer, Customer.Value).Count > 0)
        {
            return CustomersRefusals.EraseOpenBusiness;
        }

        return work.Account(WalletAccounts.Of(Customer)).Balance == 0 ? new Done() : CustomersRefusals.EraseMoneyLeft;
    }
}

internal sealed class EmptyWalletCheck : IErasureCheck
{
    public ICommand<Done> Of(CustomerId customer) => new EmptyWallet(customer);
}
