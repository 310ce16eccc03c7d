using Peony.Book;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>What every use of instalments asks first.</summary>
internal static class InstalmentChecks
{
    /// <summary>The offer chosen; opens instalments (开通分期) on the line when this is their first use and the customer agrees to it.</summary>
    public static Result<InstalmentOffer> Admit(IWork work, CreditLine line, Money amount, int periods, bool agrees, FeeBearer bearer = FeeBearer.Buyer)
    {
        var product = work.Use<CreditProducts>().Of(line.Product);
        if (InstalmentOffers.Find(product, amount, periods, bearer) is not { } offer)
        {
            return CreditRefusals.InstalmentsNotOffered.With("least", new Money(product.Instalments.Least, product.Currency));
        }

        if (line.InstalmentsSince is null)
        {
            if (!agrees)
            {
                return CreditRefusals.InstalmentsNotOpen;
            }

            work.Save(work.Get<CreditLine>(line.Key) with { InstalmentsSince = work.Now });
        }

        return offer;
    }
}
