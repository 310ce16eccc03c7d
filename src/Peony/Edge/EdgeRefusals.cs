using Peony.Book;

namespace Peony.Edge;

/// <summary>What the edge itself answers no to, before a command exists or when the Book cannot take one.</summary>
internal static class EdgeRefusals
{
    public static readonly Refusal KeyMissing = new("request.idempotency_key_missing", RefusalKind.Refused);
    public static readonly Refusal KeyInvalid = new("request.idempotency_key_invalid", RefusalKind.Refused);
    public static readonly Refusal NoDryRun = new("request.no_dry_run", RefusalKind.Refused);
    public static readonly Refusal KeyReused = new("idempotency.key_reused", RefusalKind.Conflict);
    public static readonly Refusal Invalid = new("request.invalid", RefusalKind.Refused);
    public static readonly Refusal NotFound = new("request.not_found", RefusalKind.NotFound);
    public static readonly Refusal NotSignedIn = new("request.not_signed_in", RefusalKind.Refused);
    public static readonly Refusal NotAllowed = new("request.not_allowed", RefusalKind.Refused);
    public static readonly Refusal TooMany = new("request.too_many", RefusalKind.Refused);
    public static readonly Refusal Unavailable = new("book.unavailable", RefusalKind.Refused);
    public static readonly Refusal OutcomeUnknown = new("book.outcome_unknown", RefusalKind.Refused);
    public static readonly Refusal ProviderUnavailable = new("provider.unavailable", RefusalKind.Refused);

    /// <summary>A page's form token is missing or too old: the page was open too long, or another site sent the form.</summary>
    public static readonly Refusal FormStale = new("page.stale", RefusalKind.Refused);

    /// <summary>A form sent again from the browser's history with other content: to a person, no talk of headers.</summary>
    public static readonly Refusal FormReused = new("page.form_reused", RefusalKind.Conflict);
    /// <summary>No font of the machine can write the document.</summary>
    public static readonly Refusal NoFont = new("document.no_font", RefusalKind.Refused);
    public static readonly Refusal Defect = new("server.defect", RefusalKind.Refused);
}
