using Peony.Book;

namespace Peony.Web.Shared;

/// <summary>What happened to the money.</summary>
public enum MoneyOutcome
{
    NotMoved,
    Moved,
    Unknown,
}

/// <summary>Something that did not work, as a page tells it: what, what happened to the money, what to do next, and a reference to quote.</summary>
public sealed record Problem(string Code, int Status, MoneyOutcome Money, string Reference, IReadOnlyDictionary<string, string> Arguments)
{
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    internal static Problem Of(Refusal refusal, string reference) =>
        new(refusal.Code, StatusOf(refusal.Kind), MoneyOutcome.NotMoved, reference, refusal.Arguments ?? None);

    internal static Problem Stale(string reference) => new("page.stale", 400, MoneyOutcome.NotMoved, reference, None);

    internal static Problem Unavailable(string reference) => new("book.unavailable", 503, MoneyOutcome.NotMoved, reference, None);

    internal static Problem Unknown(string reference) => new("book.outcome_unknown", 503, MoneyOutcome.Unknown, reference, None);

    internal static Problem Defect(string reference) => new("server.defect", 500, MoneyOutcome.NotMoved, reference, None);

    internal static Problem NotFound(string reference) => new("page.not_found", 404, MoneyOutcome.NotMoved, reference, None);

    private static int StatusOf(RefusalKind kind) => kind switch
    {
        RefusalKind.NotFound => 404,
        RefusalKind.Declined => 402,
        RefusalKind.Refused => 422,
        RefusalKind.Conflict => 409,
    };
}
