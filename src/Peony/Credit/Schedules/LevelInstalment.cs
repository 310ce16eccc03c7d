namespace Peony.Credit;

/// <summary>The amount that, paid at the end of every period, repays a principal with interest: the annuity formula, for periods that need not grow alike. PMT of spreadsheets.</summary>
internal static class LevelInstalment
{
    /// <summary>What is paid each period, not rounded. The present value of the payments, and of the rest, is the principal.</summary>
    /// <param name="principal">What is lent, in any unit.</param>
    /// <param name="rates">One for each period: what a unit lent bears in it, 0.01 for one percent. Above -1.</param>
    /// <param name="rest">What is still owed after the last payment; 0 for a loan repaid.</param>
    /// <param name="atStart">True when each payment is made as its period starts, not as it ends.</param>
    /// <exception cref="ArgumentException">There are no periods, or a rate is -1 or below.</exception>
    /// <exception cref="OverflowException">An amount leaves the range of decimals.</exception>
    public static decimal Of(decimal principal, IReadOnlyList<decimal> rates, decimal rest = 0, bool atStart = false)
    {
        if (rates.Count == 0 || rates.Any(rate => rate <= -1))
        {
            throw new ArgumentException("A level instalment needs at least one period, and rates above -1.", nameof(rates));
        }

        // Discounted, not compounded: the factors stay below 1 for positive rates, whatever the number of periods.
        var (factor, sum) = (1m, 0m);
        foreach (var rate in rates)
        {
            var next = factor / (1 + rate);
            sum += atStart ? factor : next;
            factor = next;
        }

        return (principal - (rest * factor)) / sum;
    }
}
