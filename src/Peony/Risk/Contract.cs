using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Risk;

public readonly record struct RiskDecisionId(string Value) : IId<RiskDecisionId>
{
    public static string Prefix => "rd";
    public static RiskDecisionId Of(string value) => new(value);
    public override string ToString() => Value;
}

public readonly record struct ReviewId(string Value) : IId<ReviewId>
{
    public static string Prefix => "rv";
    public static ReviewId Of(string value) => new(value);
    public override string ToString() => Value;
}

/// <summary>What a risk rule asks for; the strictest of those that hold wins.</summary>
public enum RiskVerdict
{
    Allow = 1,

    /// <summary>A passkey over the same details is needed as well.</summary>
    Passkey = 2,

    /// <summary>An operator looks first.</summary>
    Review = 3,

    /// <summary>No.</summary>
    Refuse = 4,
}

/// <summary>What is known of an act when it is assessed. Numbers and times only, no personal data, so a decision can be kept and read.</summary>
/// <param name="Act">What is to be done: <c>withdrawal</c>.</param>
/// <param name="CardAgeMinutes">How long the card's present bind has stood; null when no card takes part.</param>
/// <param name="DeviceAgeMinutes">How long the device has been enrolled.</param>
/// <param name="ActsOfDay">How often the customer did the same in the 24 hours before.</param>
/// <param name="SumOfDay">For how much.</param>
/// <param name="WrongSecretsOfDay">Wrong codes in the 24 hours before.</param>
/// <param name="RefundedOfWeek">What shops gave back in the seven days before, where cash is borrowed; else null.</param>
public sealed record RiskFacts(string Act, Money Amount, long? CardAgeMinutes, long DeviceAgeMinutes, int ActsOfDay, Money SumOfDay, int WrongSecretsOfDay, Money? RefundedOfWeek = null);

/// <summary>One rule that held, in plain words of both languages, as the rule file said it on that day.</summary>
public sealed record RiskReason(string Rule, RiskVerdict Then, string Zh, string En);

/// <summary>What was decided, and why.</summary>
internal sealed record RiskAssessment(RiskDecisionId Id, RiskVerdict Verdict, IReadOnlyList<RiskReason> Reasons)
{
    /// <summary>The reasons as arguments of a refusal's text.</summary>
    public Refusal Explain(Refusal refusal) =>
        refusal.With("reasons_zh", string.Concat(Reasons.Select(reason => reason.Zh))).With("reasons_en", string.Join(' ', Reasons.Select(reason => reason.En)));
}

/// <summary>Where something that waits for an operator stands.</summary>
public enum ReviewState
{
    Open = 1,
    Approved = 2,
    Declined = 3,

    /// <summary>There is nothing to decide any more: its owner took it back.</summary>
    Dropped = 4,
}

/// <summary>An item of the review queue.</summary>
/// <param name="Subject">What waits: <c>wd_…</c>.</param>
/// <param name="Deadline">When the answer is no by itself.</param>
/// <param name="DecidedBy">The operator, or <c>peony</c> when time decided.</param>
public sealed record ReviewView(ReviewId Id, string Subject, CustomerId Customer, Money Amount, RiskDecisionId Decision, IReadOnlyList<RiskReason> Reasons, DateTimeOffset OpenedAt,
    DateTimeOffset Deadline, ReviewState State, string? DecidedBy, string? Words, DateTimeOffset? DecidedAt);
