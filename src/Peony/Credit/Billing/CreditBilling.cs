using Peony.Book;
using Peony.Customers;

namespace Peony.Credit;

/// <summary>Where a customer's line stands, as <see cref="BillingRun"/> left it. It may lag behind the day: whoever needs it brings it up first (<see cref="LineBilling"/>).</summary>
internal sealed record CreditBilling(CustomerId Customer, BillingState State) : IRecord
{
    public string Key => Customer.Value;
}

/// <summary>A statement (账单) of a line.</summary>
/// <param name="Product">The version of the product it was made by.</param>
internal sealed record Statement(StatementId Id, CustomerId Customer, string Product, StatementCut Cut, DateTimeOffset At) : IRecord
{
    public string Key => Id.Value;

    /// <summary>What it said before it was corrected, oldest first.</summary>
    public IReadOnlyList<StatementRevision> Revisions { get; init; } = [];

    /// <summary>The statement as it is right, with what it said kept.</summary>
    /// <param name="because">The subject of the fact that became known, or turned out not to have happened.</param>
    public Statement Correct(StatementCut cut, string because, DateTimeOffset now) => this with { Cut = cut, Revisions = [.. Revisions, new StatementRevision(Cut, because, now)] };
}

/// <param name="Cut">What the statement said.</param>
internal sealed record StatementRevision(StatementCut Cut, string Because, DateTimeOffset At);
