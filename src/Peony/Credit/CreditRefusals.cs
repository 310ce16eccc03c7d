using Peony.Book;

namespace Peony.Credit;

internal static class CreditRefusals
{
    /// <summary>The customer has no credit line.</summary>
    public static readonly Refusal LineNotOpen = new("credit.line_not_open", RefusalKind.Refused);

    /// <summary>A debt on the line was written off; it can be repaid, and nothing more is bought.</summary>
    public static readonly Refusal LineStopped = new("credit.line_stopped", RefusalKind.Refused);

    /// <summary>An operator froze the line: nothing is bought on it, and it is repaid as ever.</summary>
    public static readonly Refusal LineFrozen = new("credit.line_frozen", RefusalKind.Refused);

    /// <summary>Minimum payments were missed; the argument says how much must be repaid before anything more is bought.</summary>
    public static readonly Refusal LineOverdue = new("credit.line_overdue", RefusalKind.Refused);

    /// <summary>More than what is left of the customer's own spending cap in this cycle.</summary>
    public static readonly Refusal CapReached = new("credit.cap_reached", RefusalKind.Declined);

    /// <summary>A spending cap is raised or taken away with the PIN only.</summary>
    public static readonly Refusal CapNeedsPin = new("credit.cap_needs_pin", RefusalKind.Refused);

    /// <summary>A line is closed when nothing is owed or accrued on it.</summary>
    public static readonly Refusal CloseOwing = new("credit.close_owing", RefusalKind.Refused);

    /// <summary>A line is closed when all its instalments are billed and paid, or paid off.</summary>
    public static readonly Refusal ClosePlanOpen = new("credit.close_plan_open", RefusalKind.Refused);

    /// <summary>A repayment is on its way, so nobody knows yet what will be left.</summary>
    public static readonly Refusal CloseRepaying = new("credit.close_repaying", RefusalKind.Refused);

    /// <summary>Credit balance is left; it is withdrawn first.</summary>
    public static readonly Refusal CloseBalanceLeft = new("credit.close_balance_left", RefusalKind.Refused);

    /// <summary>The customer has no line, or another one than the change was prepared for.</summary>
    public static readonly Refusal NoLineToChange = new("credit.no_line_to_change", RefusalKind.NotFound);

    /// <summary>There is no such change of a line.</summary>
    public static readonly Refusal ChangeNotFound = new("credit.change_not_found", RefusalKind.NotFound);

    /// <summary>The change was approved or rejected before.</summary>
    public static readonly Refusal ChangeDecided = new("credit.change_decided", RefusalKind.Conflict);

    /// <summary>Another change of the line waits for a second operator.</summary>
    public static readonly Refusal ChangeWaiting = new("credit.change_waiting", RefusalKind.Conflict);

    /// <summary>The limit is not above zero, above the most that is lent, the one it is now, or not the line's to change.</summary>
    public static readonly Refusal LimitInvalid = new("credit.limit_invalid", RefusalKind.Refused);

    /// <summary>The file of reasons has no such code for such a change.</summary>
    public static readonly Refusal ReasonUnknown = new("credit.reason_unknown", RefusalKind.Refused);

    /// <summary>The line is not frozen.</summary>
    public static readonly Refusal LineNotFrozen = new("credit.line_not_frozen", RefusalKind.Refused);

    public static readonly Refusal LineAlreadyOpen = new("credit.line_already_open", RefusalKind.Refused);

    /// <summary>The terms accepted are not those of today; show them again.</summary>
    public static readonly Refusal TermsChanged = new("credit.terms_changed", RefusalKind.Conflict);

    /// <summary>The rules grant no limit. The reasons stand in the arguments in both languages.</summary>
    public static readonly Refusal NotGranted = new("credit.not_granted", RefusalKind.Refused);

    /// <summary>The ledger says that more would be owed than the limit.</summary>
    public static readonly Refusal LimitExceeded = new("credit.limit_exceeded", RefusalKind.Declined);

    /// <summary>The amount is not above zero, above the most of one order, or in another currency than the line.</summary>
    public static readonly Refusal AmountInvalid = new("credit.amount_invalid", RefusalKind.Refused);

    /// <summary>The sandbox has no such shop.</summary>
    public static readonly Refusal ShopNotFound = new("credit.shop_not_found", RefusalKind.NotFound);

    /// <summary>There is no such purchase or repayment, or it is another customer's.</summary>
    public static readonly Refusal NotFound = new("credit.not_found", RefusalKind.NotFound);

    /// <summary>The product has no instalments of so many periods, or not for so small an amount.</summary>
    public static readonly Refusal InstalmentsNotOffered = new("credit.instalments_not_offered", RefusalKind.Refused);

    /// <summary>The customer has not agreed to instalments yet; the terms say what they cost.</summary>
    public static readonly Refusal InstalmentsNotOpen = new("credit.instalments_not_open", RefusalKind.Refused);

    /// <summary>The last statement has not so much in purchases that are not repaid.</summary>
    public static readonly Refusal InstalmentsAboveStatement = new("credit.instalments_above_statement", RefusalKind.Refused);

    /// <summary>More than was paid for the purchase and not refunded yet, or not above zero.</summary>
    public static readonly Refusal RefundTooMuch = new("credit.refund_too_much", RefusalKind.Refused);

    /// <summary>A statement has billed a part of the plan since the quote was shown.</summary>
    public static readonly Refusal QuoteChanged = new("credit.quote_changed", RefusalKind.Conflict);

    /// <summary>The repayment has ended otherwise.</summary>
    public static readonly Refusal RepaymentEnded = new("credit.repayment_ended", RefusalKind.Conflict);
}
