using Peony.Book;

namespace Peony.Wallet.Disbursements;

internal static class DisbursementRefusals
{
    /// <summary>The amount of a funding is not above zero, above the most of one, or not in yuan.</summary>
    public static readonly Refusal AmountInvalid = new("disbursement.amount_invalid", RefusalKind.Refused);

    /// <summary>There is no such funding.</summary>
    public static readonly Refusal FundingNotFound = new("disbursement.funding_not_found", RefusalKind.NotFound);

    /// <summary>The funding was approved or rejected before.</summary>
    public static readonly Refusal FundingDecided = new("disbursement.funding_decided", RefusalKind.Conflict);

    /// <summary>There is no such disbursement.</summary>
    public static readonly Refusal NotFound = new("disbursement.not_found", RefusalKind.NotFound);

    /// <summary>No purpose was given, or one that does not fit a line of a statement.</summary>
    public static readonly Refusal PurposeInvalid = new("disbursement.purpose_invalid", RefusalKind.Refused);

    /// <summary>There is no line, or more than one entry takes.</summary>
    public static readonly Refusal LinesInvalid = new("disbursement.lines_invalid", RefusalKind.Refused);
}
