namespace Peony.Ledger;

/// <summary>
/// The name of a ledger account: a path that says whose it is and what it holds, such as <c>customer/cus_…/wallet</c> or <c>bank/settlement</c>.
/// </summary>
public readonly record struct LedgerAccountId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>How an account is opened: side, currency and limits. Opening an account that exists already changes nothing.</summary>
/// <param name="Floor">The lowest balance allowed, minor units, or null for none.</param>
/// <param name="Ceiling">The highest balance allowed, minor units, or null for none.</param>
public sealed record AccountDefinition(LedgerAccountId Id, NormalSide Side, Currency Currency, long? Floor, long? Ceiling);

/// <summary>The business fact an entry records, such as <c>withdrawal/wd_…/paid-out</c>. A fact is posted once, for ever.</summary>
public readonly record struct EntryKey(string Value)
{
    public override string ToString() => Value;
}

/// <summary>The number of a hold, given by the ledger when the hold is posted.</summary>
public readonly record struct HoldId(long Number);

/// <summary>One posting as a capability asks for it, before it has a number.</summary>
public readonly record struct PostingLine
{
    public PostingKind Kind { get; private init; }
    public LedgerAccountId Debit { get; private init; }
    public LedgerAccountId Credit { get; private init; }

    /// <summary>Minor units of the accounts' currency; 0 means all that remains of the hold.</summary>
    public Money Amount { get; private init; }
    public HoldId Hold { get; private init; }
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

/// <summary>An entry as a capability asks for it: one business fact and its postings, applied all or none.</summary>
/// <param name="Key">The fact; a second entry with the same key is a defect.</param>
/// <param name="Kind">What happened, in the glossary's words with dots: <c>withdrawal.held</c>. Screens translate it.</param>
/// <param name="Lines">One posting or more.</param>
public sealed record Entry(EntryKey Key, string Kind, params IReadOnlyList<PostingLine> Lines)
{
    /// <summary>The key of the entry this one reverses or compensates, if any.</summary>
    public EntryKey? Cites { get; init; }
}
