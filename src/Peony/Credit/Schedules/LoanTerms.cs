using Peony.Ledger;

namespace Peony.Credit;

/// <summary>How long a month is when interest is counted.</summary>
internal enum MonthLength : byte
{
    /// <summary>Every calendar day counts (ACT).</summary>
    Actual = 1,

    /// <summary>Every month has thirty days (30); only a part of an instalment's period is counted by calendar days.</summary>
    Thirty = 2,
}

/// <summary>How many days a yearly rate is for.</summary>
internal enum YearLength : byte
{
    /// <summary>365, in leap years 366; a span over the turn of the year is divided (ACT).</summary>
    Actual = 1,

    /// <summary>360.</summary>
    Days360 = 2,

    /// <summary>364: fifty-two whole weeks.</summary>
    Days364 = 3,

    /// <summary>365, in leap years too.</summary>
    Days365 = 4,
}

/// <summary>The unit in which the time between instalments is told.</summary>
internal enum PeriodUnit : byte
{
    Days = 1,
    Weeks = 2,
    Months = 3,
    Years = 4,
}

/// <summary>Up to which day interest is owed when a loan is paid off early.</summary>
internal enum PayoffInterest : byte
{
    /// <summary>To the day of the payoff.</summary>
    UntilPayoff = 1,

    /// <summary>To the due day of the instalment that runs on that day.</summary>
    UntilDueDay = 2,
}

/// <summary>The time of one instalment: interest counts from <paramref name="From"/> to <paramref name="Due"/>, the day on which it is to be paid.</summary>
internal readonly record struct InstalmentPeriod(DateOnly From, DateOnly Due)
{
    public int Days => Due.DayNumber - From.DayNumber;
}

/// <summary>What was agreed on a loan repaid in level instalments (等额本息).</summary>
/// <param name="Periods">One for each instalment, in order, without gaps; see <see cref="PeriodsOf"/>.</param>
/// <param name="Every">The instalments are this many units apart, 1 or more.</param>
/// <param name="Annual">The nominal rate for a year (年利率).</param>
/// <param name="Rounding">What happens to a part of a minor unit, in instalments and in interest.</param>
internal sealed record LoanTerms(
    IReadOnlyList<InstalmentPeriod> Periods,
    int Every,
    PeriodUnit Unit,
    Rate Annual,
    MonthLength Month,
    YearLength Year,
    Rounding Rounding,
    PayoffInterest PayoffInterest = PayoffInterest.UntilPayoff)
{
    /// <summary>The most instalments a loan has; a hundred years of months.</summary>
    public const int MostInstalments = 1_200;

    /// <summary>
    /// The periods of a loan. Every due day is counted from the start, not from the due day before it: from 31 January months fall on 29 February and again on 31 March.
    /// </summary>
    /// <param name="count">1 to <see cref="MostInstalments"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count or the distance is out of range, or the last due day is after the year 9999.</exception>
    public static IReadOnlyList<InstalmentPeriod> PeriodsOf(DateOnly start, int count, int every, PeriodUnit unit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostInstalments);
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(every, 3_660);
        return [.. Enumerable.Range(0, count).Select(index => new InstalmentPeriod(After(start, index * every, unit), After(start, (index + 1) * every, unit)))];
    }

    /// <summary>Says what is wrong with the terms.</summary>
    /// <exception cref="ArgumentException">There are no periods or too many, one is empty, two do not meet, or the distance is below 1.</exception>
    public void Check()
    {
        if (Periods.Count is 0 or > MostInstalments)
        {
            throw new ArgumentException($"A loan has 1 to {MostInstalments} instalments, not {Periods.Count}.");
        }

        if (Every < 1)
        {
            throw new ArgumentException($"Instalments are at least 1 unit apart, not {Every}.");
        }

        for (var index = 0; index < Periods.Count; index++)
        {
            if (Periods[index].Days < 1)
            {
                throw new ArgumentException($"Instalment {index + 1} is due on {Periods[index].Due:yyyy-MM-dd}, not after its period starts.");
            }

            if (index > 0 && Periods[index].From != Periods[index - 1].Due)
            {
                throw new ArgumentException($"The period of instalment {index + 1} does not start when the one before is due.");
            }
        }
    }

    /// <summary>
    /// The part of a year from one day to another inside a period, by the convention. Thirty-day months count a period as so many months, whatever its calendar days, and a part of it by its share of them.
    /// </summary>
    /// <param name="units">How many units the period is long; see <see cref="UnitsOf"/>.</param>
    /// <remarks>Source of the division at the turn of the year: Apache Fineract gives 31 December to the new year (12 to 31 December 2023 are 19 days of 365, then 12 of 366 to 12 January).</remarks>
    public decimal YearShare(InstalmentPeriod period, DateOnly from, DateOnly to, decimal units)
    {
        if (Year == YearLength.Actual && from.Year != to.Year)
        {
            var share = 0m;
            for (var day = from; day < to;)
            {
                // From 31 December on the days belong to the year that follows.
                var year = day is { Month: 12, Day: 31 } ? day.Year + 1 : day.Year;
                var end = year < to.Year ? new DateOnly(year, 12, 31) : to;
                share += (decimal)(end.DayNumber - day.DayNumber) / DaysOf(year);
                day = end;
            }

            return share;
        }

        decimal days = to.DayNumber - from.DayNumber;
        var counted = (Month, Unit) switch
        {
            (MonthLength.Thirty, PeriodUnit.Months) => 30 * units * days / period.Days,
            (MonthLength.Thirty, PeriodUnit.Years) => 360 * units * days / period.Days,
            _ => days,
        };
        return counted / DaysOf(from.Year);
    }

    /// <summary>
    /// How many units a period is long: those agreed where it lies on the loan's own grid, else whole units from its first day and, of the unit begun, the share of its days.
    /// </summary>
    public decimal UnitsOf(InstalmentPeriod period)
    {
        var start = Periods[0].From;
        for (var units = 0; After(start, units, Unit) is var from && from <= period.From; units++)
        {
            if (from == period.From && After(start, units + Every, Unit) == period.Due)
            {
                return Every;
            }
        }

        var whole = 0;
        while (After(period.From, whole + 1, Unit) <= period.Due)
        {
            whole++;
        }

        var begun = new InstalmentPeriod(After(period.From, whole, Unit), After(period.From, whole + 1, Unit));
        return whole + ((decimal)(period.Due.DayNumber - begun.From.DayNumber) / begun.Days);
    }

    private int DaysOf(int year) => Year switch
    {
        YearLength.Actual => DateTime.IsLeapYear(year) ? 366 : 365,
        YearLength.Days360 => 360,
        YearLength.Days364 => 364,
        YearLength.Days365 => 365,
    };

    private static DateOnly After(DateOnly start, int units, PeriodUnit unit) => unit switch
    {
        PeriodUnit.Days => start.AddDays(units),
        PeriodUnit.Weeks => start.AddDays(7 * units),
        PeriodUnit.Months => start.AddMonths(units),
        PeriodUnit.Years => start.AddYears(units),
    };
}
