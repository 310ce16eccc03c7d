using Peony.Ledger;

namespace Peony.Book;

/// <summary>What <c>verify</c> found.</summary>
public sealed record VerifyReport
{
    public bool IsSound => Problem is null;

    /// <summary>The first thing that is wrong, naming the frame, or the table and row; null when nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>What is worth knowing and no fault: tables that are behind and heal when served.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public long Frames { get; init; }

    public long Commands { get; init; }

    public long Entries { get; init; }

    public long Postings { get; init; }

    public long Accounts { get; init; }

    public long OpenHolds { get; init; }

    public long Records { get; init; }

    public long Replies { get; init; }

    public long Timers { get; init; }

    /// <summary>Rows of all tables that were compared with what the journal makes of them.</summary>
    public long RowsCompared { get; init; }

    /// <summary>The frame the tables had reached.</summary>
    public long TablesAt { get; init; }

    /// <summary>Frames after the last sealed one: nothing outside the database vouches for them yet.</summary>
    public long UnsealedTail { get; init; }

    /// <summary>Capabilities' own checks that were made.</summary>
    public int Controls { get; init; }

    /// <summary>Debits and credits posted, per currency; the two are equal in a sound Book.</summary>
    public IReadOnlyList<TrialBalance> TrialBalance { get; init; } = [];
}

/// <summary>The sums over all accounts of a currency, in minor units.</summary>
public sealed record TrialBalance(Currency Currency, Int128 Debits, Int128 Credits, Int128 DebitsPending, Int128 CreditsPending);

/// <summary>How far a run of verify is.</summary>
public sealed record VerifyProgress(long Frame, long Frames, string Doing);
