using Peony.Ledger;

namespace Peony.Credit;

/// <summary>What is paid in one period: a part of the principal and a part of the fee.</summary>
internal readonly record struct FeeInstalment(Money Principal, Money Fee)
{
    public Money Total => Principal + Fee;
}

/// <summary>
/// Instalments at a fee instead of interest (分期手续费): principal and fee are each divided evenly, and each adds up exactly. A minor unit that does not divide goes to the earlier instalments
/// (see <see cref="Money.Allocate"/>).
/// </summary>
internal static class FeeInstalments
{
    /// <param name="principal">Above zero.</param>
    /// <param name="fee">For all periods together, 0 or more.</param>
    /// <param name="periods">1 to <see cref="LoanTerms.MostInstalments"/>.</param>
    /// <param name="feeAtOnce">True when the whole fee is paid with the first instalment (一次性收取).</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public static IReadOnlyList<FeeInstalment> Of(Money principal, Money fee, int periods, bool feeAtOnce = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(principal.Minor, 1, nameof(principal));
        ArgumentOutOfRangeException.ThrowIfNegative(fee.Minor, nameof(fee));
        ArgumentOutOfRangeException.ThrowIfLessThan(periods, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(periods, LoanTerms.MostInstalments);
        var evenly = Enumerable.Repeat(1L, periods).ToArray();
        var principals = principal.Allocate(evenly);
        var fees = feeAtOnce ? [fee, .. Enumerable.Repeat(Money.Zero(fee.Currency), periods - 1)] : fee.Allocate(evenly);
        return [.. principals.Zip(fees, (part, share) => new FeeInstalment(part, share))];
    }

    /// <summary>The annualised rate of such instalments paid a month apart: monthly internal rate of return, times 12 and compounded.</summary>
    /// <remarks>Source: People's Bank of China, announcement 3 of 2021: instalments are annualised by internal rate of return, and it is said whether simple or compound.</remarks>
    /// <exception cref="NoSuchRateException">No rate fits; it does when the principal is above zero.</exception>
    public static (decimal Simple, decimal Compound) Annualised(Money principal, IReadOnlyList<FeeInstalment> instalments)
    {
        var monthly = AnnualisedRate.PerPeriod([new Flow(principal.Minor, 0), .. instalments.Select((instalment, index) => new Flow(-instalment.Total.Minor, index + 1))]);
        return (monthly * 12, AnnualisedRate.Compound(monthly, 12));
    }
}
