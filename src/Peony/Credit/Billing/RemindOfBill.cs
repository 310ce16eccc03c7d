using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>Reminds of a bill that is due and not paid.</summary>
internal sealed record RemindOfBill(CustomerId Customer, DateOnly DueDay) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        var state = LineBilling.Open(work, Customer).Run.State;
        if (state.Due?.DueDay == DueDay && state.Payable > 0)
        {
            var currency = work.Get<CreditLine>(Customer.Value).Limit.Currency;
            work.Tell(new BillDue(Customer, new Money(state.Payable, currency), new Money(state.MinimumLeft, currency), DueDay));
        }

        return new Done();
    }
}
