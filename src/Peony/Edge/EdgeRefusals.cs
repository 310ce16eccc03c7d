using Peony.Book;

namespace Peony.Edge;

/// <summary>What the edge itself answers no to, before a command exists or when the Book cannot take one.</summary>
internal static class EdgeRefusals
{
    public static readonly Refusal KeyMissing = new("request.idempotency_key_missing", RefusalKind.Refused);
    public static readonly Refusal KeyInvalid = new("request.idempotency_key_invalid", RefusalKind.Refused);
    public static readonly Refusal KeyReused = new("idempotency.key_reused", RefusalKind.Conflict);
    public static readonly Refusal Invalid = new("request.invalid", RefusalKind.Refused);
    public static readonly Refusal NotFound = new("request.not_found", RefusalKind.NotFound);
    public static readonly Refusal NotSignedIn = new("request.not_signed_in", RefusalKind.Refused);
    public static readonly Refusal NotAllowed = new("request.not_allowed", RefusalKind.Refused);
    public static readonly Refusal TooMany = new("request.too_many", RefusalKind.Refused);
    public static readonly Refusal Unavailable = new("book.unavailable", RefusalKind.Refused);
    public static readonly Refusal OutcomeUnknown = new("book.outcome_unknown", RefusalKind.Refused);
    public static readonly Refusal ProviderUnavailable = new("provider.unavailable", RefusalKind.Refused);
    public static readonly Refusal Defect = new("server.defect", RefusalKind.Refused);
}
