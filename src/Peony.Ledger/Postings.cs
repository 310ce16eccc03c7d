namespace Peony.Ledger;

/// <summary>What a posting does.</summary>
public enum PostingKind : byte
{
    /// <summary>Moves money at once.</summary>
    Post = 1,

    /// <summary>Sets money aside (a pending posting).</summary>
    Hold = 2,

    /// <summary>Moves held money, in part or whole; what is not captured stays held.</summary>
    Capture = 3,

    /// <summary>Gives held money back, in part or whole.</summary>
    Release = 4,

    /// <summary>Gives back all that is still held because the hold's time ran out.</summary>
    Expire = 5,
}

/// <summary>
/// One posting, of fixed size: it debits one account and credits another by the same amount, so every entry balances per currency by construction.
/// It points to the previous posting of each of its two accounts, so a statement is a walk.
/// </summary>
public struct Posting
{
    /// <summary>The posting's number, 1 and up without gaps.</summary>
    public long Number;

    /// <summary>What it does.</summary>
    public PostingKind Kind;

    /// <summary>The number of the account debited.</summary>
    public long Debit;

    /// <summary>The number of the account credited.</summary>
    public long Credit;

    /// <summary>Minor units, above zero.</summary>
    public long Amount;

    /// <summary>The hold that is captured, released or expired; 0 for a plain posting; a hold names itself.</summary>
    public long Hold;

    /// <summary>For a hold: when it may expire, microseconds since 1970 UTC, 0 for never.</summary>
    public long ExpiresAt;

    /// <summary>The debit account's posting before this one, 0 for none.</summary>
    public long PreviousOfDebit;

    /// <summary>The credit account's posting before this one, 0 for none.</summary>
    public long PreviousOfCredit;
}

/// <summary>What the posting rule said.</summary>
public enum PostingOutcome : byte
{
    /// <summary>Everything was changed as asked.</summary>
    Applied = 0,

    /// <summary>The amount is not above zero.</summary>
    AmountNotPositive = 1,

    /// <summary>Debit and credit name the same account.</summary>
    SameAccount = 2,

    /// <summary>The accounts have different currencies.</summary>
    CurrenciesDiffer = 3,

    /// <summary>An account would fall below its floor.</summary>
    BelowFloor = 4,

    /// <summary>An account would rise above its ceiling.</summary>
    AboveCeiling = 5,

    /// <summary>A total would not fit 64 bits.</summary>
    Overflow = 6,

    /// <summary>The hold was captured, released or expired before, or does not exist.</summary>
    HoldNotOpen = 7,

    /// <summary>More was asked than the hold still holds.</summary>
    MoreThanHeld = 8,

    /// <summary>The posting names other accounts than its hold.</summary>
    HoldOfOtherAccounts = 9,

    /// <summary>The hold's time has not run out yet.</summary>
    HoldNotDue = 10,

    /// <summary>An account is not open. The rule itself never says so: whoever looks the accounts up does.</summary>
    AccountNotOpen = 11,
}

/// <summary>The posting rule: one pure function over two accounts and a hold. It changes all of them, or none.</summary>
public static class PostingRule
{
    /// <summary>Applies one posting. On any outcome but <see cref="PostingOutcome.Applied"/> nothing is changed.</summary>
    /// <param name="debit">The account debited.</param>
    /// <param name="credit">The account credited.</param>
    /// <param name="hold">The hold made or used; ignored for a plain posting.</param>
    /// <param name="posting">Number, kind, accounts, amount and hold given by the caller; the links to previous postings are filled in here.</param>
    /// <param name="now">Microseconds since 1970 UTC, for expiry.</param>
    public static PostingOutcome Apply(ref AccountState debit, ref AccountState credit, ref HoldState hold, ref Posting posting, long now)
    {
        if (posting.Amount <= 0)
        {
            return PostingOutcome.AmountNotPositive;
        }

        if (debit.Number == credit.Number)
        {
            return PostingOutcome.SameAccount;
        }

        if (debit.Currency != credit.Currency)
        {
            return PostingOutcome.CurrenciesDiffer;
        }

        var outcome = posting.Kind switch
        {
            PostingKind.Post => Move(ref debit, ref credit, posting.Amount, isPending: false),
            PostingKind.Hold => MakeHold(ref debit, ref credit, ref hold, ref posting),
            PostingKind.Capture or PostingKind.Release or PostingKind.Expire => UseHold(ref debit, ref credit, ref hold, in posting, now),
        };
        if (outcome == PostingOutcome.Applied)
        {
            posting.PreviousOfDebit = debit.LastPosting;
            posting.PreviousOfCredit = credit.LastPosting;
            debit.LastPosting = posting.Number;
            credit.LastPosting = posting.Number;
        }

        return outcome;
    }

    private static PostingOutcome Move(ref AccountState debit, ref AccountState credit, long amount, bool isPending)
    {
        var refused = CheckLimits(in debit, in credit, amount);
        if (refused != PostingOutcome.Applied)
        {
            return refused;
        }

        if (isPending)
        {
            debit.DebitsPending += amount;
            credit.CreditsPending += amount;
        }
        else
        {
            debit.DebitsPosted += amount;
            credit.CreditsPosted += amount;
        }

        return PostingOutcome.Applied;
    }

    private static PostingOutcome CheckLimits(in AccountState debit, in AccountState credit, long amount)
    {
        // Totals only grow towards 2^62, so the sums below cannot wrap around.
        const long most = long.MaxValue / 4;
        if (amount > most || debit.DebitsPosted + debit.DebitsPending > most - amount || credit.CreditsPosted + credit.CreditsPending > most - amount)
        {
            return PostingOutcome.Overflow;
        }

        if (debit.Side == NormalSide.Credit ? debit.Floor != AccountState.NoFloor && debit.LowBalance - amount < debit.Floor
                                            : debit.Ceiling != AccountState.NoCeiling && debit.HighBalance + amount > debit.Ceiling)
        {
            return debit.Side == NormalSide.Credit ? PostingOutcome.BelowFloor : PostingOutcome.AboveCeiling;
        }

        if (credit.Side == NormalSide.Debit ? credit.Floor != AccountState.NoFloor && credit.LowBalance - amount < credit.Floor
                                            : credit.Ceiling != AccountState.NoCeiling && credit.HighBalance + amount > credit.Ceiling)
        {
            return credit.Side == NormalSide.Debit ? PostingOutcome.BelowFloor : PostingOutcome.AboveCeiling;
        }

        return PostingOutcome.Applied;
    }

    private static PostingOutcome MakeHold(ref AccountState debit, ref AccountState credit, ref HoldState hold, ref Posting posting)
    {
        var outcome = Move(ref debit, ref credit, posting.Amount, isPending: true);
        if (outcome == PostingOutcome.Applied)
        {
            posting.Hold = posting.Number;
            hold = new HoldState
            {
                Number = posting.Number,
                Debit = debit.Number,
                Credit = credit.Number,
                Amount = posting.Amount,
                Remaining = posting.Amount,
                ExpiresAt = posting.ExpiresAt,
                Status = HoldStatus.Open,
            };
        }

        return outcome;
    }

    private static PostingOutcome UseHold(ref AccountState debit, ref AccountState credit, ref HoldState hold, in Posting posting, long now)
    {
        if (hold.Number == 0 || hold.Number != posting.Hold || hold.Status != HoldStatus.Open)
        {
            return PostingOutcome.HoldNotOpen;
        }

        if (hold.Debit != debit.Number || hold.Credit != credit.Number)
        {
            return PostingOutcome.HoldOfOtherAccounts;
        }

        if (posting.Amount > hold.Remaining || (posting.Kind == PostingKind.Expire && posting.Amount != hold.Remaining))
        {
            return PostingOutcome.MoreThanHeld;
        }

        if (posting.Kind == PostingKind.Expire && (hold.ExpiresAt == 0 || now < hold.ExpiresAt))
        {
            return PostingOutcome.HoldNotDue;
        }

        debit.DebitsPending -= posting.Amount;
        credit.CreditsPending -= posting.Amount;
        if (posting.Kind == PostingKind.Capture)
        {
            debit.DebitsPosted += posting.Amount;
            credit.CreditsPosted += posting.Amount;
        }

        hold.Remaining -= posting.Amount;
        if (hold.Remaining == 0)
        {
            hold.Status = posting.Kind switch
            {
                PostingKind.Capture => HoldStatus.Captured,
                PostingKind.Release => HoldStatus.Released,
                _ => HoldStatus.Expired,
            };
        }

        return PostingOutcome.Applied;
    }
}
