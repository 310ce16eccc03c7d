using System.Globalization;
using System.Numerics;

namespace Peony.Credit;

/// <summary>An amount at a moment counted in periods from the first: <paramref name="Periods"/> whole ones and a part of one.</summary>
/// <param name="Amount">In any unit; what comes in is positive, what goes out negative.</param>
/// <param name="Periods">0 or more.</param>
/// <param name="Part">0 or more and below 1: the odd part of a period, which bears simple interest.</param>
internal readonly record struct Flow(decimal Amount, int Periods, decimal Part = 0);

/// <summary>No rate makes the flows worth nothing together, or none in the range that is looked at.</summary>
internal sealed class NoSuchRateException(string message) : ArithmeticException(message);

/// <summary>
/// The rate at which what is lent and what is repaid are worth the same. All of it is one equation, the flows' present value being zero, solved in decimals: the range is walked
/// outwards from zero until the value changes its sign, then halved until decimals tell no more apart. Where several rates fit, the one nearest zero is taken.
/// </summary>
internal static class AnnualisedRate
{
    /// <summary>The highest growth in a year, or in a period of its own, that is looked at: a millionfold.</summary>
    private const decimal Highest = 1_000_000;

    /// <summary>Nearly all is lost.</summary>
    private const decimal Lowest = -0.999_999m;

    /// <summary>Enough to tell no decimals apart: they have 96 bits.</summary>
    private const int MostHalvings = 100;

    /// <summary>A day, week and month in these parts of a year are all whole: the least common multiple of 365, 366, 52 and 12.</summary>
    private const int PartsOfYear = 3_473_340;

    /// <summary>The internal rate of return for one period (IRR; RATE of spreadsheets): 0.01 for one percent.</summary>
    /// <exception cref="ArgumentException">There are no flows, or one's time is out of range.</exception>
    /// <exception cref="NoSuchRateException">No rate fits.</exception>
    public static decimal PerPeriod(IReadOnlyList<Flow> flows) => Solve(flows, periodsPerYear: 1);

    /// <summary>What a rate for one period comes to over several (EFFECT of spreadsheets): 0.01 for twelve is 0.1268….</summary>
    /// <exception cref="OverflowException">The growth leaves the range of decimals.</exception>
    public static decimal Compound(decimal rate, int periods) => Power(1 + rate, periods) - 1;

    /// <summary>The effective annual rate (实际年利率) of flows at times counted in equal periods.</summary>
    /// <param name="periodsPerYear">1 or more: 12 months, 365 days.</param>
    /// <remarks>Source: Directive 2008/48/EC, annex I, part I: the sum of drawdowns and that of repayments, each discounted by (1 + X) to the power of its time in years, are equal.</remarks>
    /// <exception cref="ArgumentException">There are no flows, or one's time is out of range.</exception>
    /// <exception cref="NoSuchRateException">No rate fits.</exception>
    public static decimal EffectiveAnnual(IReadOnlyList<Flow> flows, int periodsPerYear)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(periodsPerYear, 1);

        // Larger periods, where all times allow them, keep the powers small.
        var common = flows.Aggregate(periodsPerYear, (divisor, flow) => (int)BigInteger.GreatestCommonDivisor(divisor, flow.Periods));
        var coarser = flows.Select(flow => flow with { Periods = flow.Periods / common }).ToList();
        return Compound(Solve(coarser, periodsPerYear / common), periodsPerYear / common);
    }

    /// <summary>The effective annual rate of flows on days.</summary>
    /// <remarks>
    /// Source: Directive 2014/17/EU, annex I, part I, remark (c): the time from the first flow is told in whole months counted back from the later day, and the days that are left over are divided by
    /// the days, 365 or 366, of the year that ends where they end.
    /// </remarks>
    /// <exception cref="ArgumentException">There are no flows, or two are more than six hundred years apart.</exception>
    /// <exception cref="NoSuchRateException">No rate fits.</exception>
    public static decimal EffectiveAnnual(IReadOnlyList<(DateOnly Day, decimal Amount)> flows)
    {
        if (flows.Count == 0)
        {
            throw new ArgumentException("There are no flows.", nameof(flows));
        }

        var first = flows.Min(flow => flow.Day);
        return EffectiveAnnual([.. flows.Select(flow => new Flow(flow.Amount, PartsBetween(first, flow.Day)))], PartsOfYear);
    }

    /// <summary>The annual percentage rate by the US actuarial method: the rate for a unit-period times the unit-periods of a year. An odd part of a unit-period bears simple interest.</summary>
    /// <param name="unitPeriodsPerYear">12 for months, 52 for weeks; above 0.</param>
    /// <remarks>Source: Regulation Z, 12 CFR 1026, appendix J, (b)(8), the general equation.</remarks>
    /// <exception cref="ArgumentException">There are no flows, one's time is out of range, or the number per year is not above 0.</exception>
    /// <exception cref="NoSuchRateException">No rate fits.</exception>
    public static decimal UsActuarial(IReadOnlyList<Flow> flows, decimal unitPeriodsPerYear)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(unitPeriodsPerYear);
        return Solve(flows, periodsPerYear: 1) * unitPeriodsPerYear;
    }

    /// <summary>The time between two days in unit-periods: whole ones, counted back from the later day, and the odd part.</summary>
    /// <param name="every">How many units make a unit-period: 2 and weeks for a fortnight.</param>
    /// <remarks>
    /// Source: Regulation Z, appendix J, (b)(5): odd days are divided by the days of the unit-period, where a month has 30, and so does every whole month left over beside a unit-period of several; what is
    /// left over beside a year is a twelfth for each month when it is whole months, else a 365th for each day.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The later day comes first, or there is less than one unit.</exception>
    public static (int Whole, decimal Part) UnitPeriods(DateOnly from, DateOnly to, int every, PeriodUnit unit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(to, from);
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        var (months, days) = MonthsAndDays(from, to);
        var years = unit == PeriodUnit.Years ? every : 1;
        var (odd, length) = (unit, every) switch
        {
            (PeriodUnit.Days, _) => (to.DayNumber - from.DayNumber, every),
            (PeriodUnit.Weeks, _) => (to.DayNumber - from.DayNumber, 7 * every),
            (PeriodUnit.Months, not 12) => ((30 * months) + days, 30 * every),
            _ when days == 0 => (months, 12 * years),
            _ => ((365 * (months / 12)) + (to.AddYears(-(months / 12)).DayNumber - from.DayNumber), 365 * years),
        };
        return (odd / length, (decimal)(odd % length) / length);
    }

    private static int PartsBetween(DateOnly first, DateOnly day)
    {
        if (day.Year - first.Year > 600)
        {
            throw new ArgumentException($"The flows from {first:yyyy-MM-dd} to {day:yyyy-MM-dd} are more than six hundred years apart.");
        }

        var (months, days) = MonthsAndDays(first, day);
        if (days == 0)
        {
            return PartsOfYear / 12 * months;
        }

        var last = first.AddDays(days);
        return (PartsOfYear / 12 * months) + (PartsOfYear / (last.DayNumber - last.AddYears(-1).DayNumber) * days);
    }

    /// <summary>Whole months counted back from the later day, and the days before them.</summary>
    private static (int Months, int Days) MonthsAndDays(DateOnly from, DateOnly to)
    {
        var months = 0;
        while (to.AddMonths(-(months + 1)) >= from)
        {
            months++;
        }

        return (months, to.AddMonths(-months).DayNumber - from.DayNumber);
    }

    private static decimal Solve(IReadOnlyList<Flow> flows, int periodsPerYear)
    {
        if (flows.Count == 0 || flows.Any(flow => flow.Periods < 0 || flow.Part is < 0 or >= 1))
        {
            throw new ArgumentException("A rate needs flows, each at a time from 0 on with an odd part below 1.", nameof(flows));
        }

        if (flows.All(flow => flow.Amount >= 0) || flows.All(flow => flow.Amount <= 0))
        {
            throw new NoSuchRateException("No rate fits: the flows all go one way.");
        }

        var ordered = flows.OrderBy(flow => flow.Periods).ToList();
        if (PresentValue(ordered, 0) == 0)
        {
            return 0;
        }

        // Steps that suit the horizon, and grow: a rate moves the value of the last flow by its number of periods.
        var step = 0.05m / (ordered[^1].Periods + 1);
        var up = Bracket(ordered, rate => (1.05m * rate) + step, rate => Power(1 + rate, periodsPerYear) <= Highest);
        var down = Bracket(ordered, rate => Math.Max((1.05m * rate) - step, (rate - 1) / 2), rate => rate > Lowest);
        return (up, down) switch
        {
            ({ } above, { } below) => Halve(ordered, Math.Abs(above.Near) <= Math.Abs(below.Near) ? above : below),
            ({ } above, null) => Halve(ordered, above),
            (null, { } below) => Halve(ordered, below),
            _ => throw new NoSuchRateException(string.Create(CultureInfo.InvariantCulture, $"No rate fits between -99.9999 % and {Highest * 100:N0} %.")),
        };
    }

    /// <summary>Walks from zero until the present value changes its sign between two rates, or the range ends.</summary>
    private static (decimal Near, decimal Far)? Bracket(List<Flow> flows, Func<decimal, decimal> next, Func<decimal, bool> isInRange)
    {
        var near = 0m;
        var sign = decimal.Sign(PresentValue(flows, 0));
        try
        {
            for (var far = next(near); isInRange(far); (near, far) = (far, next(far)))
            {
                if (decimal.Sign(PresentValue(flows, far)) != sign)
                {
                    return (near, far);
                }
            }
        }
        catch (OverflowException)
        {
            // Beyond this rate the values leave the range of decimals: the range ends here.
        }

        return null;
    }

    private static decimal Halve(List<Flow> flows, (decimal Near, decimal Far) bracket)
    {
        var (near, far) = bracket;
        var sign = decimal.Sign(PresentValue(flows, near));
        for (var halvings = 0; halvings < MostHalvings; halvings++)
        {
            var middle = (near + far) / 2;
            (near, far) = decimal.Sign(PresentValue(flows, middle)) == sign ? (middle, far) : (near, middle);
        }

        return (near + far) / 2;
    }

    /// <param name="flows">In the order of their periods.</param>
    private static decimal PresentValue(List<Flow> flows, decimal rate)
    {
        var (value, factor, at) = (0m, 1m, 0);
        var discount = 1 / (1 + rate);
        foreach (var flow in flows)
        {
            if (flow.Periods != at)
            {
                factor *= Power(discount, flow.Periods - at);
                at = flow.Periods;
            }

            value += flow.Amount * factor / (1 + (flow.Part * rate));
        }

        return value;
    }

    private static decimal Power(decimal value, int exponent)
    {
        var power = 1m;
        while (true)
        {
            if ((exponent & 1) == 1)
            {
                power *= value;
            }

            exponent >>= 1;
            if (exponent == 0)
            {
                return power;
            }

            value *= value;
        }
    }
}
