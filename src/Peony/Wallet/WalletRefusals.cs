using Peony.Book;

namespace Peony.Wallet;

internal static class WalletRefusals
{
    /// <summary>The wallet balance does not cover the amount, counting what is held.</summary>
    public static readonly Refusal BalanceShort = new("wallet.balance_short", RefusalKind.Declined);

    /// <summary>The amount is not above zero, above the most of one order, or not in yuan.</summary>
    public static readonly Refusal AmountInvalid = new("wallet.amount_invalid", RefusalKind.Refused);

    /// <summary>There is no such top-up, or it is another customer's.</summary>
    public static readonly Refusal TopUpNotFound = new("wallet.top_up_not_found", RefusalKind.NotFound);

    /// <summary>The top-up has ended otherwise.</summary>
    public static readonly Refusal TopUpEnded = new("wallet.top_up_ended", RefusalKind.Conflict);
}
