namespace Peony.Credit;

/// <summary>What moves money in the ledger when days are closed or a fact is taken in.</summary>
internal enum MovementKind
{
    /// <summary>A statement charged the interest accrued.</summary>
    InterestCharged = 1,

    /// <summary>A minimum payment was missed.</summary>
    LateFeeCharged,

    /// <summary>The fee of an instalment was billed with it, or what an early payoff still costs.</summary>
    PlanFeeCharged,

    /// <summary>The fee of a cash advance.</summary>
    AdvanceFeeCharged,

    /// <summary>The credit balance went against what was owed.</summary>
    BalanceApplied,

    /// <summary>Nobody expects it any more: the debt became a loss.</summary>
    WrittenOff,
}

/// <summary>How an amount of money divided over a line, minor units.</summary>
/// <param name="ToRecovered">Against what was written off.</param>
/// <param name="ToBalance">What was more than owed.</param>
internal readonly record struct RepaymentSplit(long ToPrincipal, long ToInterest, long ToFees, long ToRecovered, long ToBalance)
{
    /// <summary>What went against the debt.</summary>
    public long ToDebt => ToOwed + ToRecovered;

    /// <summary>What went against the debt that statements ask for: what was written off is in none.</summary>
    public long ToOwed => ToPrincipal + ToInterest + ToFees;

    public static RepaymentSplit operator +(RepaymentSplit left, RepaymentSplit right) => new(
        left.ToPrincipal + right.ToPrincipal, left.ToInterest + right.ToInterest, left.ToFees + right.ToFees, left.ToRecovered + right.ToRecovered, left.ToBalance + right.ToBalance);
}

/// <param name="Day">The business day it belongs to.</param>
/// <param name="Split">Which parts of the debt it raised, or took away where <see cref="MovementKind"/> says so.</param>
internal readonly record struct Movement(MovementKind Kind, DateOnly Day, RepaymentSplit Split)
{
    public long Amount => Split.ToDebt;
}

/// <summary>What something behind a number of a statement is.</summary>
internal enum StatementItemKind
{
    /// <summary>The statement before.</summary>
    Statement = 1,
    Purchase,
    Advance,

    /// <summary>An instalment that was billed with the statement.</summary>
    PlanPart,
    Interest,
    LateFee,
    PlanFee,
    AdvanceFee,
    Repayment,

    /// <summary>The credit balance went against the debt by itself.</summary>
    BalanceApplied,
    Refund,

    /// <summary>Purchases that were turned into instalments.</summary>
    Plan,

    /// <summary>Credit balance that was spent and was not there after all.</summary>
    Reclaimed,
}

/// <summary>A part of a number of a statement, minor units.</summary>
/// <param name="Day">The business day it counts on.</param>
/// <param name="Subject">The purchase, fact or plan it comes from; null for what the close of a day brought.</param>
internal readonly record struct CycleItem(StatementItemKind Kind, DateOnly Day, long Amount, string? Subject);

/// <summary>A statement (账单) as it was cut, minor units.</summary>
/// <param name="From">The first day it covers.</param>
/// <param name="Day">The last day it covers, at whose end it was cut.</param>
/// <param name="Lines">What happened between.</param>
/// <param name="Total">Everything it asks for.</param>
/// <param name="Minimum">The least that must be paid by the due day, with minimums missed before.</param>
/// <param name="Overdue">The part of it that was missed before.</param>
/// <param name="Purchases">Principal of purchases and instalments that stays free of interest when the total is paid by the due day.</param>
internal sealed record StatementCut(DateOnly From, DateOnly Day, DateOnly DueDay, CycleTotals Lines, long Total, long Minimum, long Overdue, long Purchases);

/// <summary>What the closed days brought, in their order.</summary>
/// <param name="Missed">Due days whose minimum was missed.</param>
/// <param name="ChargedOff">The day on which the debt was written off, if it was.</param>
internal sealed record BillingOutcome(BillingState State, IReadOnlyList<Movement> Movements, IReadOnlyList<StatementCut> Statements, IReadOnlyList<DateOnly> Missed, DateOnly? ChargedOff);
