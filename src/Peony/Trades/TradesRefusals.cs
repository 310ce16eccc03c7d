using Peony.Book;

namespace Peony.Trades;

internal static class TradesRefusals
{
    /// <summary>The merchant has no such trade.</summary>
    public static readonly Refusal NotFound = new("trade.not_found", RefusalKind.NotFound);

    /// <summary>The merchant's number stands for a trade of other content.</summary>
    public static readonly Refusal Inconsistent = new("trade.inconsistent", RefusalKind.Conflict);

    /// <summary>It was paid before.</summary>
    public static readonly Refusal AlreadyPaid = new("trade.already_paid", RefusalKind.Conflict);

    /// <summary>It was closed, or expired.</summary>
    public static readonly Refusal AlreadyClosed = new("trade.already_closed", RefusalKind.Conflict);

    /// <summary>It is not paid, so there is nothing to refund.</summary>
    public static readonly Refusal NotPaid = new("trade.not_paid", RefusalKind.Refused);

    /// <summary>Only a trade that waits for its buyer is closed.</summary>
    public static readonly Refusal NotWaiting = new("trade.not_waiting", RefusalKind.Refused);

    /// <summary>The time for refunds is over.</summary>
    public static readonly Refusal Finished = new("trade.finished", RefusalKind.Refused);

    /// <summary>A trade is cancelled within a day.</summary>
    public static readonly Refusal CancelTooLate = new("trade.cancel_too_late", RefusalKind.Refused);

    /// <summary>The pay code is none of ours, too old, or was used.</summary>
    public static readonly Refusal PayCodeInvalid = new("trade.pay_code_invalid", RefusalKind.Refused);

    /// <summary>Another customer is to pay it.</summary>
    public static readonly Refusal OtherBuyer = new("trade.other_buyer", RefusalKind.Refused);

    /// <summary>There is no customer of this number.</summary>
    public static readonly Refusal BuyerUnknown = new("trade.buyer_unknown", RefusalKind.Refused);

    /// <summary>The amount is not above zero, above the most, or in another currency.</summary>
    public static readonly Refusal AmountInvalid = new("trade.amount_invalid", RefusalKind.Refused);

    /// <summary>A field of the order is not as it must be; the argument names it.</summary>
    public static readonly Refusal OrderInvalid = new("trade.order_invalid", RefusalKind.Refused);

    /// <summary>Neither what the buyer has nor what the order allows covers it.</summary>
    public static readonly Refusal FundsShort = new("trade.funds_short", RefusalKind.Declined);

    /// <summary>The buyer has nothing that the order allows to be paid from.</summary>
    public static readonly Refusal NoFunding = new("trade.no_funding", RefusalKind.Refused);

    /// <summary>More than was paid and not refunded yet, or not above zero.</summary>
    public static readonly Refusal RefundTooMuch = new("trade.refund_too_much", RefusalKind.Refused);

    /// <summary>The number of the refund was used for another amount.</summary>
    public static readonly Refusal RefundInconsistent = new("trade.refund_inconsistent", RefusalKind.Conflict);

    /// <summary>A refund of a part needs a number of its own.</summary>
    public static readonly Refusal RefundNeedsNumber = new("trade.refund_needs_number", RefusalKind.Refused);

    /// <summary>The merchant's balance does not cover it.</summary>
    public static readonly Refusal SellerBalanceShort = new("trade.seller_balance_short", RefusalKind.Declined);

    /// <summary>The buyer was erased, so there is nowhere to give it back to.</summary>
    public static readonly Refusal BuyerGone = new("trade.buyer_gone", RefusalKind.Refused);
}
