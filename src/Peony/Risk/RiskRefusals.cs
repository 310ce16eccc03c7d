using Peony.Book;

namespace Peony.Risk;

internal static class RiskRefusals
{
    public static readonly Refusal ReviewNotFound = new("review.not_found", RefusalKind.NotFound);

    /// <summary>Somebody decided before.</summary>
    public static readonly Refusal ReviewClosed = new("review.closed", RefusalKind.Conflict);
}
