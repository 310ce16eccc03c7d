using Peony.Ledger;

namespace Peony.Credit;

/// <summary>What an advance would cost, by the engine that charges it.</summary>
/// <param name="Fee">Charged with the advance, once.</param>
/// <param name="InterestPerDay">From the first day to the one before it is repaid.</param>
/// <param name="Days">For how many days the rest is worked out.</param>
/// <param name="Interest">In so many days.</param>
/// <param name="AnnualSimplePpm">Fee and interest of so many days, annualised (365 days), simple, parts per million.</param>
/// <param name="AnnualCompoundPpm">The same compounded.</param>
public sealed record AdvancePrice(Money Fee, Money InterestPerDay, int Days, Money Interest, long AnnualSimplePpm, long AnnualCompoundPpm);

/// <summary>What a cash advance may be used for, as the product says it.</summary>
/// <param name="IsRefused">It is asked for, and refused.</param>
public sealed record AdvancePurpose(string Code, string Zh, string En, bool IsRefused = false);

/// <summary>A customer's cash advances (取现) at this moment.</summary>
/// <param name="Available">What may be taken now: within the sub-limit and the limit, less what is outstanding or on its way.</param>
/// <param name="SubLimit">The most that may be outstanding.</param>
/// <param name="Least">The least of one advance.</param>
/// <param name="MostOfDay">The most in 24 hours.</param>
/// <param name="RefundedOfWeek">What shops gave back on the line in the last seven days: cash-out by purchases that are undone begins there.</param>
/// <param name="Product">The terms by which it is priced.</param>
internal sealed record AdvanceOffer(Money Available, Money SubLimit, Money Least, Money MostOfDay, Money RefundedOfWeek, CreditProduct Product)
{
    /// <summary>A month of 30 days, as the annualised rate is shown for.</summary>
    private const int ShownDays = 30;

    private const int DaysOfYear = 365;

    /// <summary>The fee of an amount, rounded half up.</summary>
    public static Money FeeOf(CreditProduct product, Money amount) =>
        Money.Max(new Rate(product.Advances.Fee).Of(amount, Rounding.HalfUp), new Money(product.Advances.FeeLeast, amount.Currency));

    public AdvancePrice Price(Money amount)
    {
        var fee = FeeOf(Product, amount);
        var perDay = Product.Interest.AdvancesPerDay;
        var interest = new Rate(perDay * ShownDays).Of(amount, Product.Interest.Rounding);
        var cost = (decimal)(fee + interest).Minor / amount.Minor;
        return new AdvancePrice(
            fee,
            new Rate(perDay).Of(amount, Product.Interest.Rounding),
            ShownDays,
            interest,
            (long)decimal.Round(cost * DaysOfYear / ShownDays * 1_000_000),
            (long)decimal.Round(AnnualisedRate.EffectiveAnnual([new Flow(amount.Minor, 0), new Flow(-(amount + fee + interest).Minor, ShownDays)], DaysOfYear) * 1_000_000));
    }
}
