using Peony.Book;
using Peony.Customers;
using Peony.Ledger;
using Peony.Operators;

namespace Peony.Credit;

public readonly record struct HardshipId(string Value) : IId<HardshipId>
{
    public static string Prefix => "hs";
    public static HardshipId Of(string value) => new(value);
    public override string ToString() => Value;
}

/// <summary>What helps somebody who cannot pay.</summary>
public enum HardshipKind
{
    /// <summary>The due day moves (延期还款).</summary>
    Extension = 1,

    /// <summary>All that was billed is paid in even parts, without fee and without interest from then on (分期偿还).</summary>
    Plan = 2,
}

/// <summary>A relief: how many days of extension, or instalments of a plan.</summary>
/// <param name="Count">Days or instalments, by the kind.</param>
public sealed record HardshipRelief(HardshipKind Kind, int Count);

/// <summary>Why somebody asks for relief, in both languages.</summary>
public sealed record HardshipReason(string Code, string Zh, string En);

/// <summary>How far a request for relief has come, as its customer sees it.</summary>
public enum HardshipState
{
    /// <summary>Two operators look at it.</summary>
    Waiting = 1,

    /// <summary>It was granted, as asked or otherwise, and the line is as if that had been known on the day it was asked for.</summary>
    Granted = 2,

    Declined = 3,

    /// <summary>The customer took it back.</summary>
    Withdrawn = 4,

    /// <summary>Nobody decided in time, so it is declined.</summary>
    NotDecided = 5,
}

/// <summary>A request for relief as its customer sees it.</summary>
/// <param name="DueDay">The due day an extension is asked for; null for a plan.</param>
/// <param name="CountsOn">The business day a grant counts from.</param>
/// <param name="DecideBy">Not decided by then, it is declined.</param>
/// <param name="Granted">What was granted; null unless it was.</param>
/// <param name="NewDueDay">Where a granted extension moved the due day.</param>
/// <param name="InPlan">The principal a granted plan took.</param>
/// <param name="Words">The operators' reason, once decided.</param>
public sealed record HardshipView(HardshipId Id, HardshipState State, HardshipRelief Asked, string Reason, DateOnly? DueDay, DateOnly CountsOn, DateTimeOffset AskedAt, DateTimeOffset DecideBy,
    HardshipRelief? Granted, DateOnly? NewDueDay, Money? InPlan, string? Words, DateTimeOffset? EndedAt);

/// <summary>A decision that one operator prepared and another one decides on.</summary>
/// <param name="Grant">What is to be granted; null to decline.</param>
public sealed record PreparedRelief(HardshipRelief? Grant, string Words, OperatorId By, DateTimeOffset At);

/// <summary>A prepared decision that the second operator did not agree to.</summary>
public sealed record RejectedRelief(PreparedRelief Prepared, OperatorId By, string Words, DateTimeOffset At);

/// <summary>A request for relief as operators see it.</summary>
/// <param name="Prepared">What waits for a second operator, or what was decided in the end.</param>
/// <param name="Rejected">What second operators did not agree to, oldest first.</param>
/// <param name="DecidedBy">The second operator.</param>
public sealed record HardshipFile(HardshipView Request, CustomerId Customer, PreparedRelief? Prepared, IReadOnlyList<RejectedRelief> Rejected, OperatorId? DecidedBy);

/// <summary>An extension that may be asked for now.</summary>
/// <param name="DueDay">The due day it would move; it may have passed.</param>
/// <param name="FewestDays">The fewest days by which it moves to a day still to come.</param>
/// <param name="MostDays">The most days.</param>
public sealed record ExtensionOffer(DateOnly DueDay, int FewestDays, int MostDays);

/// <summary>A plan that may be asked for now.</summary>
/// <param name="Principal">What would be paid in instalments.</param>
/// <param name="Periods">In how many.</param>
public sealed record HardshipPlanOffer(Money Principal, IReadOnlyList<int> Periods);

/// <summary>What a customer may ask for now.</summary>
/// <param name="Payable">What is to be paid now or by the due day.</param>
/// <param name="Extension">Null when none may be asked for; then <paramref name="NoExtension"/> says why.</param>
/// <param name="NoExtension">The code of the refusal.</param>
/// <param name="Plan">Null when none may be asked for.</param>
/// <param name="NoPlan">The code of the refusal.</param>
/// <param name="DecideWithinDays">Days after which a request that nobody decided is declined.</param>
public sealed record HardshipOffer(Money Payable, ExtensionOffer? Extension, string? NoExtension, HardshipPlanOffer? Plan, string? NoPlan, int DecideWithinDays, IReadOnlyList<HardshipReason> Reasons);

/// <summary>What is to be paid on a day.</summary>
public sealed record HardshipPayment(DateOnly Day, Money Amount);

/// <summary>What a relief would do, by the engine that will charge it, if nothing more is bought.</summary>
/// <param name="NewDueDay">Where the due day would move; null for a plan.</param>
/// <param name="Dues">All that would be asked for and when: what is billed or past its due day now, with what a statement adds until then, instalments of other plans too.</param>
/// <param name="SavesInterest">Interest that paying the same on the same days costs without the relief, less what it costs with it.</param>
/// <param name="SavesLateFees">The same of late fees.</param>
/// <param name="CostsInterest">Interest above what paying everything by the due day, or today where that has passed, costs without it.</param>
public sealed record HardshipPreview(HardshipRelief Relief, DateOnly? NewDueDay, IReadOnlyList<HardshipPayment> Dues, Money SavesInterest, Money SavesLateFees, Money CostsInterest);
