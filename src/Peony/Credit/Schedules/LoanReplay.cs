using Peony.Ledger;

namespace Peony.Credit;

/// <summary>
/// Replays the facts of a loan in the order of their days, a drawdown before a change of rate before a repayment. A drawdown or a new rate sets the level of the instalments not yet due; a repayment
/// pays instalments in their order, interest before principal. All amounts are minor units.
/// </summary>
/// <remarks>Source of the rules: the progressive loans of Apache Fineract. Which rule is where, the README of Credit says.</remarks>
internal sealed class LoanReplay
{
    private readonly LoanTerms _terms;
    private readonly IReadOnlyList<InstalmentPeriod> _periods;
    private readonly decimal[] _units;
    private readonly Currency _currency;
    private readonly List<(DateOnly Day, long Amount)> _drawn = [];
    private readonly List<(DateOnly Day, Rate Annual)> _rates = [];
    private readonly long[] _level;
    private PaidInstalments _paid;
    private long _overpaid;

    /// <summary>What is due of one instalment.</summary>
    /// <param name="Carried">Interest that found no room in the instalment, and passes to the next.</param>
    private readonly record struct Dues(long Interest, long Principal, long Carried)
    {
        public long Total => Interest + Principal;
    }

    private LoanReplay(LoanTerms terms, LoanFacts facts)
    {
        terms.Check();
        facts.Check(terms);
        _terms = terms;
        _periods = terms.Periods;
        _units = [.. _periods.Select(terms.UnitsOf)];
        _currency = facts.Drawdowns[0].Amount.Currency;
        _level = new long[_periods.Count];
        _paid = new(_periods.Count);
        _rates.Add((DateOnly.MinValue, terms.Annual));
    }

    /// <summary>The loan after all drawdowns and changes of rate, and the repayments until a day.</summary>
    public static LoanReplay Of(LoanTerms terms, LoanFacts facts, DateOnly asOf)
    {
        var replay = new LoanReplay(terms, facts);
        List<(DateOnly Day, int Rank, Action Step)> steps =
        [
            .. facts.Drawdowns.Select(drawn => (drawn.Day, 1, (Action)(() => replay.Draw(drawn.Day, drawn.Amount.Minor)))),
            .. facts.RateChanges.Select(change => (change.From, 2, (Action)(() => replay.ChangeRate(change)))),
            .. facts.Repayments.Where(repaid => repaid.Day <= asOf).Select(repaid => (repaid.Day, 3, (Action)(() => replay.Repay(repaid.Day, repaid.Amount.Minor)))),
        ];
        foreach (var step in steps.OrderBy(step => step.Day).ThenBy(step => step.Rank))
        {
            step.Step();
        }

        return replay;
    }

    /// <param name="asOf">Not before the last repayment.</param>
    public LoanSchedule Schedule(DateOnly asOf)
    {
        var dues = DuesAsOf(asOf);
        var instalments = new List<LoanInstalment>(dues.Count);
        var repaid = 0L;
        for (var index = 0; index < dues.Count; index++)
        {
            var due = _periods[index].Due;
            repaid += dues[index].Principal;
            instalments.Add(new(index + 1, due, Money(dues[index].Interest), Money(dues[index].Principal), Money(Drawn(due) - repaid),
                Money(_paid.Total(index)), Money(_paid.Total(index, day => day < due)), Money(_paid.Total(index, day => day > due))));
        }

        return new(instalments, Money(_overpaid));
    }

    /// <param name="day">Not before the last repayment.</param>
    public Payoff Payoff(DateOnly day) => new(Money(PrincipalOwed(day)), Money(InterestOwed(DuesAsOf(day), day, _terms.PayoffInterest).Sum()));

    private void Draw(DateOnly day, long amount)
    {
        _drawn.Add((day, amount));

        // The level is that of the loan as planned: what was paid early or late does not change it.
        var paid = _paid;
        _paid = new(_periods.Count);
        SetLevel(FirstAfter(day), DateOnly.MinValue);
        _paid = paid;
    }

    private void ChangeRate(RateChange change)
    {
        // A day's interest accrues over the night before it, so the new rate counts from there.
        var day = change.From.AddDays(-1);
        if (RateOn(day) == change.Annual)
        {
            return;
        }

        _rates.Add((day, change.Annual));
        if (_drawn.Count > 0 && day <= _periods[^1].Due)
        {
            SetLevel(FirstAfter(day), day);
        }
    }

    /// <summary>Pays instalments in their order: those due with all their interest, the one that runs with its interest to the day, those to come with none.</summary>
    private void Repay(DateOnly day, long amount)
    {
        var dues = DuesAsOf(day);
        var (owed, left) = (PrincipalOwed(day), amount);
        var interests = InterestOwed(dues, day, _terms.PayoffInterest);
        var isPayoff = amount >= owed + interests.Sum();
        if (!isPayoff)
        {
            // Where an instalment is paid ahead, the interest that accrues meanwhile passes to the next; only a payoff settles it now.
            interests = InterestOwed(dues, day, PayoffInterest.UntilPayoff);
            interests = [.. interests.Select((interest, index) => _periods[index].Due > day && _paid.Total(index) >= dues[index].Total ? 0 : interest)];
        }

        for (var index = 0; index < dues.Count && left > 0; index++)
        {
            var isLast = index == dues.Count - 1;
            var principal = Math.Clamp(isLast ? owed : Math.Min(_level[index], dues[index].Total) - _paid.Total(index) - interests[index], 0, owed);
            var interest = Math.Min(interests[index], left);
            principal = Math.Min(principal, left - interest);
            if (interest + principal > 0)
            {
                _paid.Add(index, day, interest, principal);
                (left, owed) = (left - interest - principal, owed - principal);
            }
        }

        _overpaid += left;
    }

    private long PrincipalOwed(DateOnly day) => Drawn(day) - _paid.PrincipalUntil(day);

    /// <summary>
    /// The interest of every instalment owed on a day and not yet paid: all of it when due, none before its period starts, and from then on what has accrued, with what was carried to it.
    /// </summary>
    private List<long> InterestOwed(List<Dues> dues, DateOnly day, PayoffInterest until)
    {
        var owed = new List<long>(dues.Count);
        for (var index = 0; index < dues.Count; index++)
        {
            var period = _periods[index];
            var last = until == PayoffInterest.UntilDueDay ? period.Due : day;
            var isRunning = period.From < day || index == 0;
            var interest = period.Due <= day ? dues[index].Interest
                : period.From > day ? 0
                : (index == 0 ? 0 : dues[index - 1].Carried) + (isRunning ? Accrued(index, last, last, 0) : 0);
            owed.Add(Math.Max(0, interest - _paid.Interest[index]));
        }

        return owed;
    }

    /// <summary>Sets the level of the instalments from one on, and evens out the last.</summary>
    private void SetLevel(int first, DateOnly asOf)
    {
        var start = _periods[first].From;
        var planned = DuesAsOf(asOf).Take(first).Sum(due => due.Principal);
        var principal = Math.Max(0, Drawn(DateOnly.MaxValue) - planned - _paid.PrincipalFrom(first, start));
        var rates = Enumerable.Range(first, _periods.Count - first).Select(RateOf).ToList();
        Apply(Round(LevelInstalment.Of(principal, rates)), first);
        EvenOut(first, asOf);
    }

    /// <summary>
    /// Where rounding leaves the last instalment further from the others than a hundredth of the currency's unit for every two instalments, the difference is spread over all of them, up to three
    /// times, as long as it shrinks.
    /// </summary>
    private void EvenOut(int first, DateOnly asOf)
    {
        var count = _periods.Count - first;
        var unit = Enumerable.Repeat(10L, _currency.Exponent).Aggregate(1L, (product, ten) => product * ten);
        for (var round = 0; round < 3; round++)
        {
            var (level, gap) = LastGap(first, asOf);
            if (count < 2 || Math.Abs(gap) * 100 <= count / 2 * unit)
            {
                return;
            }

            var above = Enumerable.Range(first, count).Count(index => _paid.Total(index) > level);
            var adjusted = level + Round((decimal)gap / Math.Max(1, count - above));
            if (adjusted == level)
            {
                return;
            }

            var before = _level.ToArray();
            Apply(adjusted, first);
            if (Math.Abs(LastGap(0, asOf).Gap) >= Math.Abs(gap))
            {
                before.CopyTo(_level, 0);
                return;
            }
        }
    }

    /// <summary>By how much the last of two neighbouring unpaid instalments is higher than the one before, and that one.</summary>
    private (long Level, long Gap) LastGap(int first, DateOnly asOf)
    {
        var dues = DuesAsOf(asOf);
        for (var index = dues.Count - 1; index > first; index--)
        {
            if (_paid.Total(index) < dues[index].Total && _paid.Total(index - 1) < dues[index - 1].Total)
            {
                return (dues[index - 1].Total, dues[index].Total - dues[index - 1].Total);
            }
        }

        return (0, 0);
    }

    /// <summary>An instalment of which more is paid already keeps its level.</summary>
    private void Apply(long level, int first)
    {
        for (var index = first; index < _level.Length; index++)
        {
            if (_paid.Total(index) <= level)
            {
                _level[index] = level;
            }
        }
    }

    /// <summary>
    /// What is due of every instalment. An instalment is its level; the last is all that remains. Interest is the part on the balance, principal the rest. Where more principal is paid in advance than
    /// the level leaves room for interest, or interest is above the level, the rest of the interest is carried to the next.
    /// </summary>
    /// <param name="asOf">Not before the last repayment.</param>
    private List<Dues> DuesAsOf(DateOnly asOf)
    {
        var dues = new List<Dues>(_periods.Count);
        var (planned, carried, ahead) = (0L, 0L, _paid.Principal.Sum());
        for (var index = 0; index < _periods.Count; index++)
        {
            var (paidInterest, paidPrincipal) = (_paid.Interest[index], _paid.Principal[index]);
            var accrued = Accrued(index, _periods[index].Due, asOf, planned + ahead) + carried;
            ahead -= paidPrincipal;
            var remaining = Math.Max(paidPrincipal, Drawn(_periods[index].Due) - planned - ahead);
            if (index == _periods.Count - 1)
            {
                dues.Add(new(Math.Max(paidInterest, accrued), remaining, 0));
                return dues;
            }

            var level = Math.Min(_level[index], remaining + accrued);
            var interest = Math.Max(paidInterest, paidPrincipal > Math.Max(0, level - accrued) ? 0 : Math.Min(accrued, level));
            var principal = Math.Clamp(level - interest, paidPrincipal, remaining);
            carried = Math.Max(0, accrued - interest);
            planned += principal;
            dues.Add(new(interest, principal, carried));
        }

        return dues;
    }

    /// <summary>The interest of a period until a day, rounded once: before <paramref name="asOf"/> on what was really owed, then on what will be owed when all is paid as planned.</summary>
    /// <param name="gone">The principal that is then repaid: what instalments before plan, and what is paid of this one and those after.</param>
    private long Accrued(int index, DateOnly until, DateOnly asOf, long gone)
    {
        var period = _periods[index];
        var cuts = _drawn.Select(drawn => drawn.Day).Concat(_rates.Select(rate => rate.Day)).Append(asOf).Where(day => day > period.From && day < until)
            .Concat(_paid.DaysBetween(period.From, until)).Append(until).Distinct().Order();
        var (from, interest) = (period.From, 0m);
        foreach (var to in cuts)
        {
            var balance = Math.Max(0, Drawn(from) - (from < asOf ? _paid.PrincipalUntil(from) : gone));

            // The days of the rest of the period weigh alike, also where the year turns in it.
            var share = _terms.YearShare(period, from, period.Due, _units[index]) * (to.DayNumber - from.DayNumber) / (period.Due.DayNumber - from.DayNumber);
            interest += balance * Fraction(RateOn(from)) * share;
            from = to;
        }

        return Round(interest);
    }

    /// <summary>What a unit lent bears in a period in which nothing is paid or drawn. A level instalment takes every period for as long as agreed; only interest follows one that is longer or shorter.</summary>
    private decimal RateOf(int index)
    {
        var period = _periods[index];
        var cuts = _rates.Select(rate => rate.Day).Where(day => day > period.From && day < period.Due).Append(period.Due).Distinct().Order();
        var (from, rate) = (period.From, 0m);
        foreach (var to in cuts)
        {
            rate += Fraction(RateOn(from)) * _terms.YearShare(period, from, to, _terms.Every);
            from = to;
        }

        return rate;
    }

    /// <summary>The instalment that first repays what is drawn on a day: drawn on a due day, that is the next, if there is one.</summary>
    private int FirstAfter(DateOnly day)
    {
        var index = 0;
        while (index < _periods.Count - 1 && _periods[index].Due <= day)
        {
            index++;
        }

        return index;
    }

    private Rate RateOn(DateOnly day) => _rates.Last(rate => rate.Day <= day).Annual;

    private long Drawn(DateOnly until) => _drawn.Sum(drawn => drawn.Day <= until ? drawn.Amount : 0);

    private Money Money(long minor) => new(minor, _currency);

    private static decimal Fraction(Rate rate) => rate.PartsPerMillion / 1_000_000m;

    private long Round(decimal minor) => checked((long)decimal.Round(minor, _terms.Rounding switch
    {
        Rounding.HalfEven => MidpointRounding.ToEven,
        Rounding.HalfUp => MidpointRounding.AwayFromZero,
        Rounding.Down => MidpointRounding.ToZero,
        Rounding.Up => minor < 0 ? MidpointRounding.ToNegativeInfinity : MidpointRounding.ToPositiveInfinity,
    }));
}
