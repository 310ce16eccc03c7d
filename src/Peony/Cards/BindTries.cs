using Peony.Book;
using Peony.Customers;

namespace Peony.Cards;

/// <summary>How often a customer asked the bureau about a card since a moment; a brake against trying other people's cards.</summary>
internal sealed record BindTries(CustomerId Customer, DateTimeOffset Since, int Count) : IRecord
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(24);

    public string Key => Customer.Value;

    public static BindTries None(CustomerId customer, DateTimeOffset now) => new(customer, now, Count: 0);

    /// <summary>One more try; a new window begins when the last one is over.</summary>
    public Result<BindTries> Next(int most, DateTimeOffset now)
    {
        if (now - Since >= Window)
        {
            return this with { Since = now, Count = 1 };
        }

        return Count < most ? this with { Count = Count + 1 } : CardRefusals.TooManyTries;
    }
}
