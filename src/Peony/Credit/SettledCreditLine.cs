using Peony.Book;
using Peony.Customers;
using Peony.Customers.Erasure;

namespace Peony.Credit;

/// <summary>Refuses unless nothing is owed or accrued or written off, no credit balance is left, no repayment is on its way and no request for relief waits, so that an erased customer leaves no debt and no money behind.</summary>
internal sealed record SettledCreditLine(CustomerId Customer) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        if (work.FindBy<Repayment>(CreditModule.ByOpenCustomer, Customer.Value).Count > 0 || work.FindOne<HardshipRequest>(CreditModule.ByOpenCustomer, Customer.Value) is not null)
        {
            return CustomersRefusals.EraseOpenBusiness;
        }

        var stand = CreditStand.Of(work, Customer);
        var billing = work.Find<CreditBilling>(Customer.Value)?.State;
        var isSettled = stand.Debt == 0 && stand.Balance.Balance == 0 && billing is null or { WrittenOffLeft: 0, AccruedMicro: < 1_000_000 };
        return isSettled ? new Done() : CustomersRefusals.EraseMoneyLeft;
    }
}

internal sealed class SettledCreditLineCheck : IErasureCheck
{
    public ICommand<Done> Of(CustomerId customer) => new SettledCreditLine(customer);
}
