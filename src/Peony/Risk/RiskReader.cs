using Peony.Book;
using Peony.Customers;

namespace Peony.Risk;

/// <summary>What operators read of reviews and decisions.</summary>
internal static class RiskReader
{
    /// <summary>The open reviews, oldest first.</summary>
    public static async Task<IReadOnlyList<ReviewView>> QueueAsync(IBookReader reader, Page? page = null, CancellationToken cancel = default) =>
        [.. (await reader.ListAsync<Review>(RiskModule.ByState, nameof(ReviewState.Open), page ?? new Page(NewestFirst: false), cancel)).Select(review => review.View())];

    public static async Task<ReviewView?> ReviewAsync(IBookReader reader, ReviewId id, CancellationToken cancel = default) =>
        (await reader.FindAsync<Review>(id.Value, cancel))?.View();

    /// <summary>The decisions on a subject, newest first.</summary>
    public static Task<IReadOnlyList<RiskDecision>> DecisionsAsync(IBookReader reader, string subject, CancellationToken cancel = default) =>
        reader.ListAsync<RiskDecision>(RiskModule.BySubject, subject, cancel: cancel);

    /// <summary>The decisions on a customer's acts, newest first.</summary>
    public static Task<IReadOnlyList<RiskDecision>> DecisionsOnAsync(IBookReader reader, CustomerId customer, Page? page = null, CancellationToken cancel = default) =>
        reader.ListAsync<RiskDecision>(RiskModule.ByCustomer, customer.Value, page, cancel);
}
