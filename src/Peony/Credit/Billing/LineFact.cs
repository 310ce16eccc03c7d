using Peony.Book;
using Peony.Customers;

namespace Peony.Credit;

internal readonly record struct LineFactId(string Value) : IId<LineFactId>
{
    public static string Prefix => "fact";
    public static LineFactId Of(string value) => new(value);
    public override string ToString() => Value;
}

/// <summary>What can happen to a line besides a purchase.</summary>
internal enum LineFactKind
{
    /// <summary>Money came against the debt.</summary>
    Repaid = 1,

    /// <summary>A shop gave money back for a purchase.</summary>
    Refunded,

    /// <summary>Purchases of a statement were turned into instalments.</summary>
    TurnedIntoPlan,

    /// <summary>What no statement had billed of a plan was paid.</summary>
    PaidOff,

    /// <summary>A cash advance went out.</summary>
    Advanced,

    /// <summary>Part of the credit balance left it, or, below zero, came back.</summary>
    BalanceMoved,

    /// <summary>The due day moved.</summary>
    Extended,

    /// <summary>All that was billed was turned into a plan, in hardship.</summary>
    Restructured,

    /// <summary>Its owner closed the line, with nothing owed.</summary>
    Closed,

    /// <summary>The line was opened again, under the terms of that day.</summary>
    Reopened,
}

/// <summary>
/// One fact of a line. Its billing follows from these and the purchases alone, so a fact that becomes known late, or turns out not to have happened, is put in its place or taken away and the line is
/// computed anew (<see cref="LineBilling"/>).
/// </summary>
/// <param name="Id">Facts of a day count in the order of their ids.</param>
/// <param name="Subject">What it is a fact of: a repayment, a refund, a plan, a withdrawal, a decision. One fact each.</param>
/// <param name="Day">The business day it counts on.</param>
/// <param name="After">The last purchase before it; null when it counts at the end of its day, as one that became known late.</param>
/// <param name="Amount">Minor units.</param>
/// <param name="At">When it became known.</param>
internal sealed record LineFact(LineFactId Id, CustomerId Customer, LineFactKind Kind, string Subject, DateOnly Day, string? After, long Amount, DateTimeOffset At) : IRecord
{
    public string Key => Id.Value;

    /// <summary>The plan that is paid off or refunded.</summary>
    public string? Plan { get; init; }

    /// <summary>Number of instalments.</summary>
    public int Periods { get; init; }

    /// <summary>The fee of a cash advance, minor units.</summary>
    public long Fee { get; init; }

    /// <summary>The day a refunded purchase was made on, or the day the due day moved to.</summary>
    public DateOnly? On { get; init; }

    public RefundChoice? Choice { get; init; }

    /// <summary>The version of the product a line was opened again under.</summary>
    public string? Product { get; init; }

    /// <summary>When it turned out not to have happened.</summary>
    public DateTimeOffset? VoidAt { get; init; }

    /// <summary>A month's facts of a customer have this in common; what did not happen is in none.</summary>
    public string? Month => VoidAt is null ? Purchase.MonthOf(Customer, Day) : null;
}
