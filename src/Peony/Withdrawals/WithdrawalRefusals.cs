using Peony.Book;

namespace Peony.Withdrawals;

internal static class WithdrawalRefusals
{
    /// <summary>There is no such withdrawal, or it is another customer's.</summary>
    public static readonly Refusal NotFound = new("withdrawal.not_found", RefusalKind.NotFound);

    /// <summary>Below the least amount, not above zero, or in another currency than the balance.</summary>
    public static readonly Refusal AmountInvalid = new("withdrawal.amount_invalid", RefusalKind.Refused);

    /// <summary>A cash advance says what it is for, by one of the codes the quote names.</summary>
    public static readonly Refusal PurposeRequired = new("withdrawal.purpose_required", RefusalKind.Refused);

    /// <summary>The terms do not lend for this.</summary>
    public static readonly Refusal PurposeRefused = new("withdrawal.purpose_refused", RefusalKind.Refused);

    /// <summary>A wallet balance is not withdrawn to itself.</summary>
    public static readonly Refusal SameBalance = new("withdrawal.same_balance", RefusalKind.Refused);

    /// <summary>More than a single withdrawal, the last 24 hours or a new card allow.</summary>
    public static readonly Refusal OverLimit = new("withdrawal.over_limit", RefusalKind.Declined);

    /// <summary>More than is free on the balance, with the fee.</summary>
    public static readonly Refusal NotEnough = new("withdrawal.not_enough", RefusalKind.Declined);

    /// <summary>As many codes were issued in the last hour as may be.</summary>
    public static readonly Refusal TooManyCodes = new("withdrawal.too_many_codes", RefusalKind.Refused);

    /// <summary>As many wrong codes were typed in the last 24 hours as may be.</summary>
    public static readonly Refusal TooManyTries = new("withdrawal.too_many_tries", RefusalKind.Refused);

    /// <summary>Over all customers so many wrong codes were typed in this hour that somebody is guessing; nobody's code is taken until it is over.</summary>
    public static readonly Refusal Paused = new("withdrawal.paused", RefusalKind.Refused);

    /// <summary>A passkey over the same details is needed as well.</summary>
    public static readonly Refusal PasskeyRequired = new("withdrawal.passkey_required", RefusalKind.Refused);

    /// <summary>The passkey was given over other details.</summary>
    public static readonly Refusal PasskeyDiffers = new("withdrawal.passkey_differs", RefusalKind.Refused);

    /// <summary>The risk rules say no.</summary>
    public static readonly Refusal RefusedByRisk = new("withdrawal.refused_by_risk", RefusalKind.Refused);

    /// <summary>There is no other enrolled device to send the code to.</summary>
    public static readonly Refusal NoOtherDevice = new("withdrawal.no_other_device", RefusalKind.Refused);

    /// <summary>Asked from another session or device than the one that asked for the withdrawal.</summary>
    public static readonly Refusal OtherSession = new("withdrawal.other_session", RefusalKind.Refused);

    /// <summary>The code is not right for what it was made for. One answer for every mismatch, so nothing can be learned from it.</summary>
    public static readonly Refusal CodeWrong = new("withdrawal.code_wrong", RefusalKind.Refused);

    /// <summary>The code was redeemed before; it works once.</summary>
    public static readonly Refusal CodeUsed = new("withdrawal.code_used", RefusalKind.Refused);

    /// <summary>The code's time ran out, and the money is free again.</summary>
    public static readonly Refusal CodeExpired = new("withdrawal.code_expired", RefusalKind.Refused);

    /// <summary>Too many wrong tries; the code is dead and the money is free again.</summary>
    public static readonly Refusal CodeLocked = new("withdrawal.code_locked", RefusalKind.Refused);

    /// <summary>The withdrawal was cancelled, and its code with it.</summary>
    public static readonly Refusal CodeVoid = new("withdrawal.code_void", RefusalKind.Refused);

    /// <summary>The bank was told to pay already.</summary>
    public static readonly Refusal TooLateToCancel = new("withdrawal.too_late_to_cancel", RefusalKind.Refused);

    /// <summary>It has ended; nothing more happens to it.</summary>
    public static readonly Refusal Ended = new("withdrawal.ended", RefusalKind.Refused);

    /// <summary>No review is open for it.</summary>
    public static readonly Refusal NotInReview = new("withdrawal.not_in_review", RefusalKind.Conflict);

    /// <summary>No payout was ordered for it, or that payout ended otherwise.</summary>
    public static readonly Refusal NotOrdered = new("withdrawal.not_ordered", RefusalKind.Conflict);

    /// <summary>The card was unbound or bound anew since the code was redeemed; money goes only to the card as it was confirmed.</summary>
    public static readonly Refusal CardChanged = new("withdrawal.card_changed", RefusalKind.Conflict);

    /// <summary>An operator's decision needs its reason.</summary>
    public static readonly Refusal ReasonMissing = new("withdrawal.reason_missing", RefusalKind.Refused);
}
