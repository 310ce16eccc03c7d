using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Peony.Web.Shared;

/// <summary>A table's sorting, filter and page, as they stand in the address: shareable, printable, and without script.</summary>
public sealed record TableQuery(string Path, IReadOnlyDictionary<string, string> Filters, string? Sort, bool IsDescending, int Page)
{
    public const int PageSize = 20;

    internal static TableQuery Of(HttpRequest request) => new(
        request.Path,
        request.Query.Where(pair => pair.Key is not ("sort" or "dir" or "page" or "done")).ToDictionary(pair => pair.Key, pair => pair.Value.ToString()),
        request.Query["sort"].ToString() is { Length: > 0 } sort ? sort : null,
        request.Query["dir"] == "desc",
        int.TryParse(request.Query["page"], out var page) && page is > 0 and < 100_000 ? page : 1);

    public string? this[string filter] => Filters.TryGetValue(filter, out var value) && value.Length > 0 ? value : null;

    public string SortedBy(string column) => Address(column, Sort == column && !IsDescending, 1);

    public string At(int page) => Address(Sort, IsDescending, page);

    /// <summary>Sorts by the chosen column's key, if it is one of these, and cuts out the page.</summary>
    internal IReadOnlyList<TItem> Apply<TItem>(IEnumerable<TItem> items, IReadOnlyDictionary<string, Func<TItem, IComparable?>> keys)
    {
        var sorted = Sort is not null && keys.TryGetValue(Sort, out var key)
            ? IsDescending ? items.OrderByDescending(key) : items.OrderBy(key)
            : items;
        return [.. sorted.Skip((Page - 1) * PageSize).Take(PageSize)];
    }

    private string Address(string? sort, bool isDescending, int page)
    {
        var query = Filters.ToDictionary(pair => pair.Key, pair => (string?)pair.Value);
        query["sort"] = sort;
        query["dir"] = isDescending ? "desc" : null;
        query["page"] = page > 1 ? page.ToString(System.Globalization.CultureInfo.InvariantCulture) : null;
        return QueryHelpers.AddQueryString(Path, query.Where(pair => !string.IsNullOrEmpty(pair.Value)));
    }
}
