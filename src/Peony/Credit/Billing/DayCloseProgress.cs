using Peony.Book;

namespace Peony.Credit;

/// <summary>How far the close of the credit lines' days is.</summary>
/// <param name="Due">Lines of which days are due to be closed.</param>
/// <param name="Closed">Lines of which days were closed since the last midnight, by this process.</param>
/// <param name="PerSecond">Over the last minute.</param>
/// <param name="EndsAt">When it will be through at that rate, by the Book's clock; null when nothing is due, or nothing moves.</param>
public sealed record DayCloseProgress(long Due, long Closed, double PerSecond, DateTimeOffset? EndsAt)
{
    internal static async Task<DayCloseProgress> ReadAsync(BookHost book, CreditProducts products, CancellationToken cancel = default)
    {
        var product = products.Offered;
        var midnight = product.EndOf(product.DayOf(book.Now).AddDays(-1));
        var bulk = await book.ProgressAsync(CreditModule.CloseDaysCommand, midnight, cancel);
        return new DayCloseProgress(bulk.Due, bulk.Done, bulk.PerSecond, bulk.Left is { } left ? book.Now + left : null);
    }

    /// <summary>For the console of the server.</summary>
    public override string ToString() => FormattableString.Invariant($"day close: {Due:N0} lines due, {Closed:N0} closed since midnight, {PerSecond:N0} a second")
        + (EndsAt is { } end ? FormattableString.Invariant($", through about {end.UtcDateTime:HH:mm:ss} UTC") : "");
}
