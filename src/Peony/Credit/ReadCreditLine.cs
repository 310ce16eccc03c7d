using Peony.Book;
using Peony.Customers;

namespace Peony.Credit;

/// <summary>A customer's credit line, inside another capability's work; refused when none is open.</summary>
internal sealed record ReadCreditLine(CustomerId Customer) : ICommand<CreditLineView>
{
    public Result<CreditLineView> Handle(IWork work) => work.Find<CreditLine>(Customer.Value) is { } line
        ? line.View(CreditStand.Of(work, Customer))
        : CreditRefusals.LineNotOpen;
}
