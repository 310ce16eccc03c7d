namespace Peony.Ledger;

/// <summary>
/// The name of a ledger account: a path that says whose it is and what it holds, such as <c>customer/cus_…/wallet</c> or <c>bank/settlement</c>.
/// </summary>
/// <param name="Value">The path.</param>
public readonly record struct LedgerAccountId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>How an account is opened: side, currency and limits. Opening an account that exists already changes nothing.</summary>
/// <param name="Id">The account's name.</param>
/// <param name="Side">The side on which its balance grows.</param>
/// <param name="Currency">The one currency it holds.</param>
/// <param name="Floor">The lowest balance allowed, minor units, or null for none.</param>
/// <param name="Ceiling">The highest balance allowed, minor units, or null for none.</param>
public sealed record AccountDefinition(LedgerAccountId Id, NormalSide Side, Currency Currency, long? Floor, long? Ceiling);

/// <summary>The business fact an entry records, such as <c>withdrawal/wd_…/paid-out</c>. A fact is posted once, for ever.</summary>
/// <param name="Value">The fact, as a path.</param>
public readonly record struct EntryKey(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>The number of a hold, given by the ledger when the hold is posted.</summary>
/// <param name="Number">The number of the pending posting that made the hold.</param>
public readonly record struct HoldId(long Number);

/// <summary>One posting as a capability asks for it, before it has a number.</summary>
public readonly record struct PostingLine
{
    /// <summary>What it does.</summary>
    public PostingKind Kind { get; private init; }

    /// <summary>The account debited; empty where a hold names it.</summary>
    public LedgerAccountId Debit { get; private init; }

    /// <summary>The account credited; empty where a hold names it.</summary>
    public LedgerAccountId Credit { get; private init; }

    /// <summary>Minor units of the accounts' currency; 0 means all that remains of the hold.</summary>
    public Money Amount { get; private init; }

    /// <summary>The hold that is captured, released or expired.</summary>
    public HoldId Hold { get; private init; }

    /// <summary>For a hold: when it may expire, or null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; private init; }

    /// <summary>Moves money at once.</summary>
    public static PostingLine Post(LedgerAccountId debit, LedgerAccountId credit, Money amount) =>
        new() { Kind = PostingKind.Post, Debit = debit, Credit = credit, Amount = amount };

    /// <summary>Sets money aside, until it is captured or released, or until it expires.</summary>
    public static PostingLine MakeHold(LedgerAccountId debit, LedgerAccountId credit, Money amount, DateTimeOffset? expiresAt) =>
        new() { Kind = PostingKind.Hold, Debit = debit, Credit = credit, Amount = amount, ExpiresAt = expiresAt };

    /// <summary>Moves held money; what is not captured stays held.</summary>
    public static PostingLine Capture(HoldId hold, Money amount) => new() { Kind = PostingKind.Capture, Hold = hold, Amount = amount };

    /// <summary>Gives back part of the held money.</summary>
    public static PostingLine Release(HoldId hold, Money amount) => new() { Kind = PostingKind.Release, Hold = hold, Amount = amount };

    /// <summary>Gives back all that is still held.</summary>
    public static PostingLine ReleaseAll(HoldId hold) => new() { Kind = PostingKind.Release, Hold = hold };

    /// <summary>Gives back all that is still held, because the hold's time ran out.</summary>
    public static PostingLine Expire(HoldId hold) => new() { Kind = PostingKind.Expire, Hold = hold };
}

/// <summary>One of many plain postings that are asked for together, each to be applied or refused by itself.</summary>
/// <param name="Debit">The account debited.</param>
/// <param name="Credit">The account credited.</param>
/// <param name="Amount">Above zero, in the accounts' currency.</param>
public readonly record struct Transfer(LedgerAccountId Debit, LedgerAccountId Credit, Money Amount);

/// <summary>An entry as a capability asks for it: one business fact and its postings, applied all or none.</summary>
/// <param name="Key">The fact; a second entry with the same key is a defect.</param>
/// <param name="Kind">What happened, in the glossary's words with dots: <c>withdrawal.held</c>. Screens translate it.</param>
/// <param name="Lines">One posting or more.</param>
public sealed record Entry(EntryKey Key, string Kind, params IReadOnlyList<PostingLine> Lines)
{
    /// <summary>The key of the entry this one reverses or compensates, if any.</summary>
    public EntryKey? Cites { get; init; }

    /// <summary>
    /// The entry that takes this one back: every posting the other way round, in the opposite order, citing this entry. Nothing is ever deleted; corrections reverse.
    /// </summary>
    /// <param name="key">The fact of the reversal, such as <c>payout/po_…/returned</c>. It is unique, so nothing is reversed twice.</param>
    /// <param name="kind">What happened, in the glossary's words with dots.</param>
    /// <exception cref="InvalidOperationException">A posting is no plain one. A hold is released, not reversed; a capture names no accounts, so its reversal is written out.</exception>
    public Entry Reverse(EntryKey key, string kind)
    {
        var lines = new PostingLine[Lines.Count];
        for (var index = 0; index < lines.Length; index++)
        {
            var line = Lines[^(index + 1)];
            lines[index] = line.Kind == PostingKind.Post
                ? PostingLine.Post(line.Credit, line.Debit, line.Amount)
                : throw new InvalidOperationException($"Entry {Key} cannot be reversed line by line: it has a {line.Kind}.");
        }

        return new Entry(key, kind, lines) { Cites = Key };
    }
}
