using Peony.Book;

namespace Peony.Customers.Erasure;

/// <summary>What <c>verify</c> asks of erased customers.</summary>
internal static class Erasures
{
    public static string? Check(IControlContext context)
    {
        foreach (var customer in context.All<Customer>())
        {
            if (customer.IsErased && (customer.PhoneHash ?? customer.NameHash ?? customer.IdHash ?? customer.Phone?.Envelope ?? customer.Name?.Envelope ?? customer.Email?.Envelope) is not null)
            {
                return $"{customer.Id} is erased and still has personal fields.";
            }
        }

        return null;
    }
}
