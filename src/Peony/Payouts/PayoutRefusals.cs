using Peony.Book;

namespace Peony.Payouts;

internal static class PayoutRefusals
{
    /// <summary>There is no such order on the bank rail.</summary>
    public static readonly Refusal NotFound = new("payout.not_found", RefusalKind.NotFound);
}
