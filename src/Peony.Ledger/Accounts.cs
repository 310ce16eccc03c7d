namespace Peony.Ledger;

/// <summary>The side on which an account's balance grows.</summary>
public enum NormalSide : byte
{
    /// <summary>Assets and expenses: what others owe us, what we hold.</summary>
    Debit = 1,

    /// <summary>Liabilities and income: what we owe others, what we earned.</summary>
    Credit = 2,
}

/// <summary>
/// The compact state of one ledger account: four totals, two limits, and the last posting of its chain. Amounts are minor units of the account's currency.
/// </summary>
/// <remarks>
/// <see cref="Balance"/> counts what is posted. Limits count what is pending against the account as well: the floor counts pending decreases,
/// the ceiling counts pending increases, so a hold can always be captured.
/// </remarks>
public struct AccountState
{
    /// <summary>No floor.</summary>
    public const long NoFloor = long.MinValue;

    /// <summary>No ceiling.</summary>
    public const long NoCeiling = long.MaxValue;

    /// <summary>The account's number, 1 and up, given when it is opened.</summary>
    public long Number;

    /// <summary>The side on which the balance grows.</summary>
    public NormalSide Side;

    /// <summary>The one currency of the account.</summary>
    public Currency Currency;

    /// <summary>What open holds would debit.</summary>
    public long DebitsPending;

    /// <summary>All that was ever debited.</summary>
    public long DebitsPosted;

    /// <summary>What open holds would credit.</summary>
    public long CreditsPending;

    /// <summary>All that was ever credited.</summary>
    public long CreditsPosted;

    /// <summary>The lowest balance allowed, or <see cref="NoFloor"/>.</summary>
    public long Floor;

    /// <summary>The highest balance allowed (a credit limit is the ceiling of what is owed), or <see cref="NoCeiling"/>.</summary>
    public long Ceiling;

    /// <summary>The number of the account's last posting, 0 for none.</summary>
    public long LastPosting;

    /// <summary>Posted balance on the account's normal side.</summary>
    public readonly long Balance => Side == NormalSide.Credit ? CreditsPosted - DebitsPosted : DebitsPosted - CreditsPosted;

    /// <summary>The balance if every pending decrease were captured and every pending increase released.</summary>
    public readonly long LowBalance => Balance - (Side == NormalSide.Credit ? DebitsPending : CreditsPending);

    /// <summary>The balance if every pending increase were captured and every pending decrease released.</summary>
    public readonly long HighBalance => Balance + (Side == NormalSide.Credit ? CreditsPending : DebitsPending);

    /// <summary>What may still be taken from the account before its floor: 0 or more, or <see cref="long.MaxValue"/> without a floor.</summary>
    public readonly long Available => Floor == NoFloor ? long.MaxValue : Math.Max(0, LowBalance - Floor);

    /// <summary>What may still be added to the account before its ceiling: 0 or more, or <see cref="long.MaxValue"/> without a ceiling.</summary>
    public readonly long Room => Ceiling == NoCeiling ? long.MaxValue : Math.Max(0, Ceiling - HighBalance);
}

/// <summary>The life of a hold. Every state but <see cref="Open"/> is final.</summary>
public enum HoldStatus : byte
{
    /// <summary>Something is still held.</summary>
    Open = 1,

    /// <summary>Nothing remains; the last act was a capture.</summary>
    Captured = 2,

    /// <summary>Nothing remains; the rest was given back.</summary>
    Released = 3,

    /// <summary>Nothing remains; the rest was given back because its time ran out.</summary>
    Expired = 4,
}

/// <summary>A hold: money set aside on two accounts by a pending posting, not yet moved.</summary>
public struct HoldState
{
    /// <summary>The number of the pending posting that made the hold.</summary>
    public long Number;

    /// <summary>The number of the account that is debited when the hold is captured.</summary>
    public long Debit;

    /// <summary>The number of the account that is credited when the hold is captured.</summary>
    public long Credit;

    /// <summary>The amount held at first, minor units, above zero.</summary>
    public long Amount;

    /// <summary>What is still held: <see cref="Amount"/> less captures and releases.</summary>
    public long Remaining;

    /// <summary>When the hold may expire, in microseconds since 1970 UTC; 0 for never.</summary>
    public long ExpiresAt;

    /// <summary>Where the hold is in its life.</summary>
    public HoldStatus Status;
}
