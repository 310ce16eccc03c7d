using Peony.Book;
using Peony.Credit;
using Peony.Cards;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Withdrawals;

public readonly record struct WithdrawalId(string Value) : IId<WithdrawalId>
{
    public static string Prefix => "wd";
    public static WithdrawalId Of(string value) => new(value);
    public override string ToString() => Value;
}

/// <summary>What a withdrawal is taken from.</summary>
public enum WithdrawalSource
{
    /// <summary>Wallet balance (余额).</summary>
    Wallet = 1,

    /// <summary>Credit balance (溢缴款), left by an overpayment.</summary>
    CreditBalance = 2,

    /// <summary>A cash advance (取现) on the credit line, within its sub-limit.</summary>
    CashAdvance = 3,
}

/// <summary>Where a withdrawal is in its life; drawn in <c>docs/flows/withdrawal.md</c>.</summary>
public enum WithdrawalState
{
    /// <summary>The money is held and the code is alive.</summary>
    AwaitingCode = 1,

    /// <summary>The code was redeemed; an operator looks at it before the bank is told. The money is still held.</summary>
    InReview = 2,

    /// <summary>The bank was told to pay.</summary>
    Ordered = 3,

    /// <summary>The money arrived: the bank said so, or the wallet balance has it.</summary>
    Paid = 4,

    /// <summary>Taken back by its owner, or made void by a newer one or by the card's unbinding. The money is free again.</summary>
    Cancelled = 5,

    /// <summary>The code's time ran out. The money is free again.</summary>
    Expired = 6,

    /// <summary>The last try was wrong. The money is free again.</summary>
    LockedOut = 7,

    /// <summary>The operator said no, or said nothing in time. The money is free again.</summary>
    Declined = 8,

    /// <summary>The bank did not take the order. The money is back.</summary>
    Rejected = 9,

    /// <summary>The bank sent the money back. It is back where it came from.</summary>
    Returned = 10,
}

/// <summary>How a code travels; never by e-mail.</summary>
public enum CodeChannel
{
    /// <summary>A text message to the customer's own phone.</summary>
    Sms = 1,

    /// <summary>A message to another enrolled device of the customer.</summary>
    Push = 2,
}

/// <summary>How far a code has come on its way.</summary>
public enum CodeDelivery
{
    /// <summary>Not handed over yet.</summary>
    Pending = 1,

    /// <summary>The carrier has it.</summary>
    Sent = 2,

    /// <summary>It is on the phone or device.</summary>
    Delivered = 3,

    /// <summary>It will not arrive; ask for a new one by the other channel.</summary>
    Failed = 4,
}

/// <summary>Something that happened to a withdrawal, as its owner sees it.</summary>
public enum WithdrawalMomentKind
{
    CodeIssued = 1,
    CodeSent = 2,
    CodeDelivered = 3,
    CodeNotDelivered = 4,
    WrongCode = 5,
    CodeRedeemed = 6,
    HeldForReview = 7,
    Approved = 8,
    Declined = 9,
    PayoutOrdered = 10,
    Paid = 11,
    Rejected = 12,
    Returned = 13,
    Cancelled = 14,
    Expired = 15,
    LockedOut = 16,
}

/// <param name="Detail">The channel of a code, the reason of a cancel, the bank's reason code, the operator's words; null where there is nothing to add.</param>
public sealed record WithdrawalMoment(DateTimeOffset At, WithdrawalMomentKind Kind, string? Detail = null);

/// <summary>The live code of a withdrawal as its owner sees it: everything but the code.</summary>
/// <param name="Number">1 for the first code of this withdrawal, 2 for the next.</param>
public sealed record WithdrawalCodeView(int Number, CodeChannel Channel, CodeDelivery Delivery, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt, int TriesLeft);

/// <summary>The card a withdrawal goes to, as it was when the code was made.</summary>
public sealed record WithdrawalCardView(CardId Id, int Version, string Bank, string LastFour);

/// <summary>A withdrawal as its owner, other capabilities and screens see it.</summary>
/// <param name="Card">Null when the money goes to the wallet balance.</param>
/// <param name="Amount">What arrives.</param>
/// <param name="Fee">What it costs on top.</param>
/// <param name="Held">What is set aside now; zero when nothing is.</param>
/// <param name="ArrivesBy">When the money is there at the latest, counted from the redeemed code; null before.</param>
/// <param name="Code">The live code, or null.</param>
/// <param name="Payout">The payout order's id, once the bank was told.</param>
/// <param name="Reason">Why it ended as it did: the bank's reason code, the operator's words, who cancelled.</param>
public sealed record WithdrawalView(WithdrawalId Id, CustomerId Customer, WithdrawalSource Source, WithdrawalCardView? Card, Money Amount, Money Fee, Money Held, WithdrawalState State,
    DateTimeOffset RequestedAt, DateTimeOffset? RedeemedAt, DateTimeOffset? ArrivesBy, WithdrawalCodeView? Code, string? Payout, string? Reason,
    IReadOnlyList<WithdrawalMoment> Moments);

/// <summary>Why no more can be withdrawn now.</summary>
public enum WithdrawalBound
{
    /// <summary>That is all there is.</summary>
    Balance = 1,

    /// <summary>No single withdrawal may be higher.</summary>
    Single = 2,

    /// <summary>The limit of the last 24 hours.</summary>
    Daily = 3,

    /// <summary>The card is new.</summary>
    NewCard = 4,

    /// <summary>More needs a higher level of identity verification.</summary>
    Verification = 5,
}

/// <summary>What a withdrawal would cost and bring, before anything is asked for.</summary>
/// <param name="Amount">What would arrive; null when no amount was asked about.</param>
/// <param name="Total">Amount and fee together: what leaves the balance.</param>
/// <param name="Available">What the source holds free now.</param>
/// <param name="Most">The highest amount that can be withdrawn now.</param>
/// <param name="Bound">Why not more.</param>
/// <param name="MoreFrom">When the bound is wider again, if time alone widens it.</param>
/// <param name="NeedsPasskey">A passkey over the same details is needed as well as the PIN.</param>
/// <param name="Details">The digest a passkey must be given over; null when no amount was asked about.</param>
public sealed record WithdrawalQuote(WithdrawalSource Source, WithdrawalCardView? Card, Money? Amount, Money? Fee, Money? Total, DateTimeOffset? ArrivesBy, Money Available,
    Money Most, WithdrawalBound Bound, DateTimeOffset? MoreFrom, bool NeedsPasskey, string? Details)
{
    /// <summary>What a cash advance costs on the line; null for other money, or when no amount was asked about.</summary>
    public AdvancePrice? Advance { get; init; }

    /// <summary>What a cash advance may be used for; empty for other money.</summary>
    public IReadOnlyList<AdvancePurpose> Purposes { get; init; } = [];
}
