using Peony.Book;

namespace Peony.Payouts;

/// <summary>The payouts as other capabilities' control totals see them.</summary>
internal static class PayoutBooks
{
    /// <summary>Every payout whose reference starts so, by id.</summary>
    public static IEnumerable<PayoutView> For(IControlContext books, string referencePrefix) =>
        books.All<Payout>().Where(payout => payout.Reference.StartsWith(referencePrefix, StringComparison.Ordinal)).Select(payout => payout.View());
}
