using Peony.Book;
using Peony.Customers;

namespace Peony.Credit;

/// <summary>What pages and the API read of requests for relief.</summary>
internal static class HardshipReader
{
    /// <summary>Requests by the word of their state.</summary>
    public const string ByState = "state";

    /// <summary>The customer's requests, newest first.</summary>
    public static async Task<IReadOnlyList<HardshipView>> ListAsync(IBookReader reader, CustomerId customer, Page? page = null, CancellationToken cancel = default) =>
        [.. (await reader.ListAsync<HardshipRequest>(CreditReader.ByCustomer, customer.Value, page, cancel)).Select(request => request.View())];

    /// <summary>The customer's request, or null; a stranger's id looks like no id.</summary>
    public static async Task<HardshipView?> OneAsync(IBookReader reader, CustomerId customer, HardshipId id, CancellationToken cancel = default) =>
        await reader.FindAsync<HardshipRequest>(id.Value, cancel) is { } request && request.Customer == customer ? request.View() : null;

    /// <summary>What waits for operators, oldest first.</summary>
    public static async Task<IReadOnlyList<HardshipFile>> QueueAsync(IBookReader reader, Page? page = null, CancellationToken cancel = default) =>
        [.. (await reader.ListAsync<HardshipRequest>(ByState, nameof(HardshipState.Waiting), page ?? new Page(NewestFirst: false), cancel)).Select(request => request.File())];

    /// <summary>Any request, for an operator; null when there is none.</summary>
    public static async Task<HardshipFile?> FileAsync(IBookReader reader, HardshipId id, CancellationToken cancel = default) => (await reader.FindAsync<HardshipRequest>(id.Value, cancel))?.File();

    /// <summary>All requests for operators, newest first.</summary>
    public static async Task<IReadOnlyList<HardshipFile>> AllAsync(IBookReader reader, Page? page = null, CancellationToken cancel = default) =>
        [.. (await reader.ListAllAsync<HardshipRequest>(page, cancel)).Select(request => request.File())];
}
