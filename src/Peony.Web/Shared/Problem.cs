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
        new(refusal.Is(EdgeRefusals.KeyReused) ? EdgeRefusals.FormReused : refusal, MoneyFate.NotMoved, reference);

    internal static Problem Stale(string reference) => Of(EdgeRefusals.FormStale, reference);

    internal static Problem NotFound(string reference) => Of(EdgeRefusals.NotFound, reference);

    internal static Problem Unavailable(string reference) => Of(EdgeRefusals.Unavailable, reference);

    internal static Problem Unknown(string reference) => new(EdgeRefusals.OutcomeUnknown, MoneyFate.Unknown, reference);

    /// <summary>A service outside cannot be asked; the command was never given.</summary>
    internal static Problem ProviderUnavailable(string reference) => Of(EdgeRefusals.ProviderUnavailable, reference);

    /// <summary>A defect: what it did in the middle of a change nobody can say here; reading moves nothing.</summary>
    internal static Problem Defect(string reference, bool isRead) => new(EdgeRefusals.Defect, isRead ? MoneyFate.NotMoved : MoneyFate.Unknown, reference);
}
