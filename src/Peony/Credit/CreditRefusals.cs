using Peony.Book;

namespace Peony.Credit;

internal static class CreditRefusals
{
    /// <summary>The customer has no credit line.</summary>
    public static readonly Refusal LineNotOpen = new("credit.line_not_open", RefusalKind.Refused);

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

    /// <summary>The repayment has ended otherwise.</summary>
    public static readonly Refusal RepaymentEnded = new("credit.repayment_ended", RefusalKind.Conflict);
}
