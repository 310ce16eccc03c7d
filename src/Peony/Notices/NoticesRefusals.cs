using Peony.Book;

namespace Peony.Notices;

internal static class NoticesRefusals
{
    /// <summary>There is no such message, or it is another customer's.</summary>
    public static readonly Refusal NotFound = new("notice.not_found", RefusalKind.NotFound);

    public static readonly Refusal KindNotFound = new("notice.kind_not_found", RefusalKind.NotFound);

    /// <summary>Notices that guard the account go where they always go.</summary>
    public static readonly Refusal KindFixed = new("notice.kind_fixed", RefusalKind.Refused);
}
