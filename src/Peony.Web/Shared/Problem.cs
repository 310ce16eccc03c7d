using Peony.Book;
using Peony.Edge;

namespace Peony.Web.Shared;

/// <summary>Something that did not work, as a page tells it: what, what happened to the money, what to do next, and a reference to quote.</summary>
public sealed record Problem
{
    private Problem(Refusal refusal, MoneyFate money, string reference)
    {
        Refusal = refusal;
        Money = money;
        Reference = reference;
    }

    public Refusal Refusal { get; }

    public string Code => Refusal.Code;

    public string Reference { get; }

    public int Status => HttpStatuses.Of(Refusal);

    internal MoneyFate Money { get; }

    /// <summary>A refused command moved nothing.</summary>
    internal static Problem Of(Refusal refusal, string reference) =>
        new(refusal.Is(EdgeRefusals.KeyReused) ? PageRefusals.FormReused : refusal, MoneyFate.NotMoved, reference);

    internal static Problem Stale(string reference) => Of(PageRefusals.Stale, reference);

    internal static Problem NotFound(string reference) => Of(EdgeRefusals.NotFound, reference);

    internal static Problem Unavailable(string reference) => Of(EdgeRefusals.Unavailable, reference);

    internal static Problem Unknown(string reference) => new(EdgeRefusals.OutcomeUnknown, MoneyFate.Unknown, reference);

    /// <summary>A defect: what it did in the middle of a change nobody can say here; reading moves nothing.</summary>
    internal static Problem Defect(string reference, bool isRead) => new(EdgeRefusals.Defect, isRead ? MoneyFate.NotMoved : MoneyFate.Unknown, reference);
}

/// <summary>What pages themselves say no to.</summary>
internal static class PageRefusals
{
    /// <summary>A form sent again from the browser's history with other content: to a person, no talk of headers.</summary>
    public static readonly Refusal FormReused = new("page.form_reused", RefusalKind.Conflict);

    /// <summary>The form's token is missing or too old: the page was open too long, or another site sent the form.</summary>
    public static readonly Refusal Stale = new("page.stale", RefusalKind.Refused);
}
