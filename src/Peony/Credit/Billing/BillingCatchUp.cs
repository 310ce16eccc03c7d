namespace Peony.Credit;

/// <summary>Brings a state up to a day: the same for a command and for a page that only looks.</summary>
internal static class BillingCatchUp
{
    /// <param name="purchases">Purchases in the order they were made; those the state has already are passed over.</param>
    /// <param name="balanceFree">
    /// What of the credit balance no hold sets aside now, minor units: all that may go against the debt of the days between. What was paid out, set aside or spent on these purchases since is not in it any more.
    /// </param>
    public static BillingRun Start(CreditProduct product, BillingState state, IEnumerable<Purchase> purchases, long balanceFree, DateOnly today)
    {
        var run = new BillingRun(product, state);
        var since = new Queue<Purchase>(purchases.Where(purchase => string.CompareOrdinal(purchase.Id.Value, state.Folded) > 0));
        run.PayOutBalance(state.CreditBalance - balanceFree);
        run.CloseThrough(today.AddDays(-1), Fold);
        Fold(today);
        return run;

        void Fold(DateOnly day)
        {
            while (since.TryPeek(out var purchase) && purchase.Day <= day)
            {
                since.Dequeue();
                if (purchase.Periods is { } periods)
                {
                    // Offered when it was bought, under the version of the product the line is on.
                    var offer = InstalmentOffers.Find(product, purchase.Amount, periods)!;
                    run.PurchaseInPlan(purchase.Id.Value, purchase.Id.Value, InstalmentOffers.Parts(offer));
                }
                else
                {
                    run.Purchase(purchase.Id.Value, fromBalance: 0, purchase.FromLine().Minor);
                }
            }
        }
    }
}
