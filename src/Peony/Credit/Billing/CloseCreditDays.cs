using Peony.Book;
using Peony.Customers;

namespace Peony.Credit;

/// <summary>Closes a line's days up to yesterday, one by one; days that are closed already stay as they are.</summary>
internal sealed record CloseCreditDays(CustomerId Customer) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        LineBilling.Open(work, Customer);
        return new Done();
    }
}
