using Microsoft.AspNetCore.Mvc;
using Peony.Book;

namespace Peony.Edge;

/// <summary>What every list of the native API answers.</summary>
/// <param name="HasMore">There is more after the last of <paramref name="Data"/>: ask again with <c>starting_after</c> its id.</param>
internal sealed record ListBody<T>(IReadOnlyList<T> Data, bool HasMore);

/// <summary>Which part of a list is wanted. Bound with <c>[AsParameters]</c>.</summary>
/// <param name="Limit">1 to 100; 50 when nothing is said.</param>
/// <param name="StartingAfter">The id after which the page begins: the last one of the page before.</param>
internal readonly record struct PageQuery([FromQuery(Name = "limit")] int? Limit, [FromQuery(Name = "starting_after")] string? StartingAfter)
{
    private const int Most = 100;

    /// <summary>Reads the page and one more, which tells whether there is more.</summary>
    /// <exception cref="InvalidRequestException">The limit is out of range.</exception>
    public async Task<ListBody<T>> ReadAsync<T>(Func<Page, Task<IReadOnlyList<T>>> read)
    {
        var limit = Limit ?? 50;
        if (limit is < 1 or > Most)
        {
            throw new InvalidRequestException("limit", "1 to 100 at a time.", "每页 1 至 100 条。");
        }

        var found = await read(new Page(limit + 1, StartingAfter));
        return found.Count > limit ? new ListBody<T>([.. found.Take(limit)], HasMore: true) : new ListBody<T>(found, HasMore: false);
    }
}
