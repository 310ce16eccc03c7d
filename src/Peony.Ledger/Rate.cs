namespace Peony.Ledger;

/// <summary>How many days share a rate.</summary>
public enum DayCount : byte
{
    /// <summary>The rate is for one day: 0.05 % a day is 500 parts per million.</summary>
    Daily = 1,

    /// <summary>The rate is for a year of 360 days; every calendar day counts (ACT/360).</summary>
    Actual360 = 2,

    /// <summary>The rate is for a year of 365 days; every calendar day counts, 29 February too (ACT/365 fixed).</summary>
    Actual365 = 3,
}

/// <summary>A rate in integer parts per million: 500 is 0.05 %, 1,000,000 is the whole amount. It carries no period; <see cref="DayCount"/> names that.</summary>
public readonly record struct Rate : IComparable<Rate>
{
    /// <summary>The highest rate there is: a thousandfold, or 100,000 %.</summary>
    public const long Highest = 1_000_000_000;

    private const long Whole = 1_000_000;

    /// <summary>Makes a rate.</summary>
    /// <param name="partsPerMillion">0 to <see cref="Highest"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is below zero or above <see cref="Highest"/>.</exception>
    public Rate(long partsPerMillion)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(partsPerMillion);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partsPerMillion, Highest);
        PartsPerMillion = partsPerMillion;
    }

    /// <summary>No charge; also the default value.</summary>
    public static Rate Zero => default;

    /// <summary>0 to <see cref="Highest"/>.</summary>
    public long PartsPerMillion { get; }

    /// <summary>This share of the amount, for fees.</summary>
    /// <param name="amount">Any amount; a negative one has a negative share.</param>
    /// <param name="rounding">What happens to a part of a minor unit.</param>
    /// <exception cref="OverflowException">The share does not fit 64 bits.</exception>
    public Money Of(Money amount, Rounding rounding) =>
        new(Division.Divide((Int128)amount.Minor * PartsPerMillion, Whole, rounding), amount.Currency);

    /// <summary>Simple interest on a principal that stands unchanged for some days, rounded once.</summary>
    /// <param name="principal">Any amount; interest on a negative one is negative.</param>
    /// <param name="days">0 or more, at most 1,000,000.</param>
    /// <param name="dayCount">Which period the rate is for.</param>
    /// <param name="rounding">What happens to a part of a minor unit.</param>
    /// <exception cref="ArgumentOutOfRangeException">The days are out of range.</exception>
    /// <exception cref="OverflowException">The interest does not fit 64 bits.</exception>
    public Money Interest(Money principal, int days, DayCount dayCount, Rounding rounding)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(days);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(days, 1_000_000);
        var daysOfPeriod = dayCount switch
        {
            DayCount.Daily => 1,
            DayCount.Actual360 => 360,
            DayCount.Actual365 => 365,
        };

        // 63 + 30 + 20 bits: the product of the three always fits 128.
        return new(Division.Divide((Int128)principal.Minor * PartsPerMillion * days, (Int128)Whole * daysOfPeriod, rounding), principal.Currency);
    }

    /// <inheritdoc/>
    public int CompareTo(Rate other) => PartsPerMillion.CompareTo(other.PartsPerMillion);

    /// <summary>True when the left rate is lower.</summary>
    public static bool operator <(Rate left, Rate right) => left.PartsPerMillion < right.PartsPerMillion;

    /// <summary>True when the left rate is higher.</summary>
    public static bool operator >(Rate left, Rate right) => left.PartsPerMillion > right.PartsPerMillion;

    /// <summary>True when the left rate is not higher.</summary>
    public static bool operator <=(Rate left, Rate right) => left.PartsPerMillion <= right.PartsPerMillion;

    /// <summary>True when the left rate is not lower.</summary>
    public static bool operator >=(Rate left, Rate right) => left.PartsPerMillion >= right.PartsPerMillion;

    /// <summary>Plain text for logs and files, invariant: <c>0.05%</c>.</summary>
    public override string ToString()
    {
        var fraction = (PartsPerMillion % 10_000).ToString("D4", System.Globalization.CultureInfo.InvariantCulture).TrimEnd('0');
        var percent = (PartsPerMillion / 10_000).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return fraction.Length == 0 ? $"{percent}%" : $"{percent}.{fraction}%";
    }
}
