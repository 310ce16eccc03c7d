using Peony.Ledger;

namespace Peony.Credit;

/// <summary>What an amount costs in instalments (分期), by the terms of a product.</summary>
internal static class InstalmentOffers
{
    private const long Whole = 1_000_000;

    /// <summary>One offer for each number of periods, the fewest first; none below the least amount.</summary>
    /// <param name="bearer">The merchant, when the shop pays the fee; terms by which the merchant pays it stand in any case.</param>
    public static IReadOnlyList<InstalmentOffer> Of(CreditProduct product, Money principal, FeeBearer bearer = FeeBearer.Buyer) => principal.Minor < product.Instalments.Least
        ? []
        : [.. product.Instalments.Plans.OrderBy(plan => plan.Periods).Select(plan => Offer(plan, principal, bearer))];

    /// <summary>The offer of so many periods, or null.</summary>
    public static InstalmentOffer? Find(CreditProduct product, Money principal, int periods, FeeBearer bearer = FeeBearer.Buyer) =>
        Of(product, principal, bearer).FirstOrDefault(offer => offer.Periods == periods);

    /// <summary>What the merchant pays for so many periods; null when the buyer does.</summary>
    public static Money? MerchantFee(CreditProduct product, Money principal, int periods, FeeBearer bearer)
    {
        var plan = product.Instalments.Plans.First(plan => plan.Periods == periods);
        return plan.Bearer == FeeBearer.Merchant || bearer == FeeBearer.Merchant ? FeeOf(plan, principal) : null;
    }

    private static Money FeeOf(PlanTerms plan, Money principal) => new Rate(plan.Fee).Of(principal, Rounding.HalfUp);

    /// <summary>The parts by which a plan is billed.</summary>
    public static IReadOnlyList<PlanPart> Parts(InstalmentOffer offer) => [.. offer.Parts.Select(part => new PlanPart(part.Principal.Minor, part.Fee.Minor))];

    private static InstalmentOffer Offer(PlanTerms plan, Money principal, FeeBearer bearer)
    {
        var fee = plan.Bearer == FeeBearer.Buyer && bearer == FeeBearer.Buyer ? FeeOf(plan, principal) : Money.Zero(principal.Currency);
        var parts = FeeInstalments.Of(principal, fee, plan.Periods);
        var (simple, compound) = FeeInstalments.Annualised(principal, parts);
        return new InstalmentOffer(plan.Periods, principal, fee, (long)decimal.Round(simple * Whole), (long)decimal.Round(compound * Whole),
            [.. parts.Select(part => new InstalmentPart(part.Principal, part.Fee))]);
    }
}
