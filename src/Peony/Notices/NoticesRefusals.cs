using Peony.Book;

namespace Peony.Notices;

internal static class NoticesRefusals
{
    /// <summary>There is no such message, or it is another customer's.</summary>
    public static readonly Refusal NotFound = new("notice.not_found", RefusalKind.NotFound);
}
