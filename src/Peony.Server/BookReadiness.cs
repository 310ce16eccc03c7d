using Peony.Book;
using Peony.Edge;

namespace Peony.Server;

/// <summary>The Book serves, and its tables are not far behind; a process that stands by is alive and not ready.</summary>
internal sealed class BookReadiness(BookHost book) : IReadiness
{
    public IReadOnlyList<string> Concerns => [.. book.Concerns.Select(concern => concern.ToString())];

    public ValueTask<string?> NotReadyAsync(CancellationToken cancel) =>
        ValueTask.FromResult(book.IsReady ? null : book.Health.Problem ?? $"The Book is {book.Health.State}.");
}
