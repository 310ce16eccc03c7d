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
    private readonly List<Part> _paid = [];
    private readonly long[] _level;
    private long _overpaid;

    /// <summary>The part of a repayment that paid one instalment.</summary>
    private readonly record struct Part(int Index, DateOnly Day, long Interest, long Principal);

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
        _rates.Add((DateOnly.MinValue, terms.Annual));
    }

    /// <summary>The loan after all drawdowns and changes of rate, and the repayments until a day.</summary>
    public static LoanReplay Of(LoanTerms terms, LoanFacts facts, DateOnly asOf)
    {
        var replay = new LoanReplay(terms, facts);
        var steps = facts.Drawdowns.Select(drawn => (drawn.Day, Order: 1, Step: (Action)(() => replay.Draw(drawn.Day, drawn.Amount.Minor))))
            .Concat(facts.RateChanges.Select(change => (change.From, 2, (Action)(() => replay.ChangeRate(change)))))
            .Concat(facts.Repayments.Where(repaid => repaid.Day <= asOf).Select(repaid => (repaid.Day, 3, (Action)(() => replay.Repay(repaid.Day, repaid.Amount.Minor)))));
        foreach (var (_, _, step) in steps.OrderBy(step => step.Item1).ThenBy(step => step.Item2))
        {
            step();
        }

        return replay;
    }

    public LoanSchedule Schedule(DateOnly asOf)
    {
        var dues = DuesAsOf(asOf);
        var owed = 0L;
        var instalments = new List<LoanInstalment>();
        for (var index = 0; index < dues.Count; index++)
        {
            var (from, due) = (index == 0 ? DateOnly.MinValue : _periods[index - 1].Due, _periods[index].Due);
            owed += _drawn.Where(drawn => drawn.Day > from && drawn.Day <= due).Sum(drawn => drawn.Amount) - dues[index].Principal;
            var paid = _paid.Where(part => part.Index == index).ToList();
            instalments.Add(new(index + 1, due, Money(dues[index].Interest), Money(dues[index].Principal), Money(owed), Money(Total(paid)),
                Money(Total(paid.Where(part => part.Day < due))), Money(Total(paid.Where(part => part.Day > due)))));
        }

        return new(instalments, Money(_overpaid));
    }

    public Payoff Payoff(DateOnly day)
    {
        var dues = DuesAsOf(day);
        var interest = 0L;
        for (var index = 0; index < dues.Count; index++)
        {
            interest += Math.Max(0, InterestOwed(dues, index, day, isPayoff: true) - PaidInterest(index));
        }

        return new(Money(PrincipalOwed(day)), Money(interest));
    }

    private void Draw(DateOnly day, long amount)
    {
        _drawn.Add((day, amount));

        // The level is that of the loan as planned: what was paid early or late does not change it.
        SetLevel(FirstAfter(day), day, DateOnly.MinValue, withPayments: false);
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
            SetLevel(FirstAfter(day), day, day, withPayments: true);
        }
    }

    /// <summary>Pays instalments in their order: what is due with its interest, then in advance, where interest is owed only to the day.</summary>
    private void Repay(DateOnly day, long amount)
    {
        var payoff = Payoff(day);
        var isPayoff = amount >= payoff.Total.Minor;
        var dues = DuesAsOf(day);
        var owed = payoff.Principal.Minor;
        var left = amount;
        for (var index = 0; index < dues.Count && left > 0; index++)
        {
            var paid = Paid(index);
            var interest = Math.Max(0, InterestOwed(dues, index, day, isPayoff) - PaidInterest(index));
            if (!isPayoff && paid >= dues[index].Total && _periods[index].Due > day)
            {
                // Paid in advance already: interest that accrues meanwhile passes to the next instalment.
                interest = 0;
            }

            var isLast = index == dues.Count - 1;
            var principal = Math.Clamp(isLast ? owed : LevelOf(dues, index) - paid - interest, 0, owed);
            interest = Math.Min(interest, left);
            principal = Math.Min(principal, left - interest);
            if (interest + principal > 0)
            {
                _paid.Add(new(index, day, interest, principal));
                (left, owed) = (left - interest - principal, owed - principal);
            }
        }

        _overpaid += left;
    }

    /// <summary>The interest of an instalment owed on a day: all of it when due, to the day while its period runs, none before.</summary>
    private long InterestOwed(List<Dues> dues, int index, DateOnly day, bool isPayoff)
    {
        var period = _periods[index];
        if (period.Due <= day)
        {
            return dues[index].Interest;
        }

        if (index > 0 && period.From >= day)
        {
            return 0;
        }

        var until = isPayoff && _terms.PayoffInterest == PayoffInterest.UntilDueDay ? period.Due : day;
        var accrued = Accrued(index, until, until, planned: 0) + (index == 0 ? 0 : dues[index - 1].Carried);
        return isPayoff ? accrued : Math.Min(accrued, dues[index].Total);
    }

    /// <summary>Sets the level of the instalments from one on, and evens out the last.</summary>
    private void SetLevel(int first, DateOnly day, DateOnly asOf, bool withPayments)
    {
        var dues = DuesAsOf(asOf, withPayments);
        var planned = dues.Take(first).Sum(due => due.Principal);
        var principal = Drawn(_periods[first].From) - planned - PaidAhead(first, _periods[first].From, withPayments)
            + _drawn.Where(drawn => drawn.Day > _periods[first].From).Sum(drawn => drawn.Amount);
        var level = Round(LevelInstalment.Of(Math.Max(0, principal), [.. Enumerable.Range(first, _periods.Count - first).Select(RateOf)]));
        Apply(level, first, withPayments);
        EvenOut(first, asOf, withPayments);
    }

    /// <summary>
    /// Where rounding leaves the last instalment further from the others than a hundredth unit for every two instalments, the difference is spread over all of them, up to three times,
    /// as long as it shrinks.
    /// </summary>
    private void EvenOut(int first, DateOnly asOf, bool withPayments)
    {
        var count = _periods.Count - first;
        var unit = (long)Math.Pow(10, _currency.Exponent);
        for (var round = 0; round < 3; round++)
        {
            var (level, gap) = LastGap(first, asOf, withPayments);
            if (count < 2 || Math.Abs(gap) * 100 <= count / 2 * unit)
            {
                return;
            }

            var uncounted = withPayments ? Enumerable.Range(first, count).Count(index => Paid(index) > level) : 0;
            var adjusted = level + Round((decimal)gap / Math.Max(1, count - uncounted));
            if (adjusted == level)
            {
                return;
            }

            var before = _level.ToArray();
            Apply(adjusted, first, withPayments);
            if (Math.Abs(LastGap(0, asOf, withPayments).Gap) >= Math.Abs(gap))
            {
                before.CopyTo(_level, 0);
                return;
            }
        }
    }

    /// <summary>By how much the last of two neighbouring unpaid instalments is higher than the one before, and that one.</summary>
    private (long Level, long Gap) LastGap(int first, DateOnly asOf, bool withPayments)
    {
        var dues = DuesAsOf(asOf, withPayments);
        for (var index = dues.Count - 1; index > first; index--)
        {
            if (!withPayments || (Paid(index) < dues[index].Total && Paid(index - 1) < dues[index - 1].Total))
            {
                return (dues[index - 1].Total, dues[index].Total - dues[index - 1].Total);
            }
        }

        return (0, 0);
    }

    /// <summary>An instalment of which more is paid already keeps its level.</summary>
    private void Apply(long level, int first, bool withPayments)
    {
        for (var index = first; index < _level.Length; index++)
        {
            if (!withPayments || Paid(index) <= level)
            {
                _level[index] = level;
            }
        }
    }

    /// <summary>
    /// What is due of every instalment. An instalment is its level; the last is all that remains. Interest is the part on the balance, principal the rest. Where more principal is paid in advance than
    /// the level leaves room for interest, or interest is above the level, the rest of the interest is carried to the next.
    /// </summary>
    private List<Dues> DuesAsOf(DateOnly asOf, bool withPayments = true)
    {
        var dues = new List<Dues>(_periods.Count);
        var (planned, carried) = (0L, 0L);
        var ahead = withPayments ? _paid.Sum(part => part.Principal) : 0;
        for (var index = 0; index < _periods.Count; index++)
        {
            var (paidInterest, paidPrincipal) = withPayments ? (PaidInterest(index), PaidPrincipal(index)) : (0, 0);
            ahead -= paidPrincipal;
            var isLast = index == _periods.Count - 1;
            var remaining = Math.Max(0, Drawn(isLast ? DateOnly.MaxValue : _periods[index].Due) - planned - ahead);
            var accrued = Accrued(index, _periods[index].Due, asOf, planned, withPayments) + carried;
            var level = isLast ? remaining + accrued : Math.Min(_level[index], remaining + accrued);
            var interest = Math.Max(paidInterest, !isLast && paidPrincipal > level - accrued ? paidInterest : Math.Min(accrued, level));
            var principal = isLast ? remaining : Math.Clamp(level - interest, paidPrincipal, Math.Max(paidPrincipal, remaining));
            carried = Math.Max(0, accrued - interest);
            planned += principal;
            dues.Add(new(interest, principal, carried));
        }

        return dues;
    }

    /// <summary>
    /// The interest of a period until a day, rounded once. Before <paramref name="asOf"/> on what was really owed; then on what will be owed when all is paid as planned.
    /// </summary>
    /// <param name="planned">The principal of the instalments before.</param>
    private long Accrued(int index, DateOnly until, DateOnly asOf, long planned, bool withPayments = true)
    {
        var period = _periods[index];
        var days = _drawn.Select(drawn => drawn.Day).Concat(_rates.Select(rate => rate.Day)).Append(asOf);
        var cuts = (withPayments ? days.Concat(_paid.Select(part => part.Day)) : days).Where(day => day > period.From && day < until).Append(until).Distinct().Order();
        var (from, interest) = (period.From, 0m);
        foreach (var to in cuts)
        {
            var balance = from < asOf
                ? Drawn(from) - (withPayments ? _paid.Where(part => part.Day <= from).Sum(part => part.Principal) : 0)
                : Drawn(from) - planned - PaidAhead(index, from, withPayments);

            // Days of the rest of the period weigh alike, also where the year turns in it.
            var rest = period.Due.DayNumber - from.DayNumber;
            var share = _terms.YearShare(period, from, period.Due, _units[index]) / rest * (to.DayNumber - from.DayNumber);
            interest += Math.Max(0, balance) * Fraction(RateOn(from)) * share;
            from = to;
        }

        return Round(interest);
    }

    /// <summary>What a unit lent bears in a period when nothing else happens in it. A period is as long as agreed, even where its days differ: only its interest follows them.</summary>
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

    private long Drawn(DateOnly until) => _drawn.Where(drawn => drawn.Day <= until).Sum(drawn => drawn.Amount);

    private long PrincipalOwed(DateOnly day) => Drawn(day) - _paid.Sum(part => part.Principal);

    private long PaidAhead(int index, DateOnly until, bool withPayments) =>
        withPayments ? _paid.Where(part => part.Index >= index && part.Day <= until).Sum(part => part.Principal) : 0;

    private long PaidInterest(int index) => _paid.Where(part => part.Index == index).Sum(part => part.Interest);

    private long PaidPrincipal(int index) => _paid.Where(part => part.Index == index).Sum(part => part.Principal);

    private long Paid(int index) => PaidInterest(index) + PaidPrincipal(index);

    private long LevelOf(List<Dues> dues, int index) => Math.Max(Math.Min(_level[index], dues[index].Total), Paid(index));

    private Money Money(long minor) => new(minor, _currency);

    private static long Total(IEnumerable<Part> parts) => parts.Sum(part => part.Interest + part.Principal);

    private static decimal Fraction(Rate rate) => rate.PartsPerMillion / 1_000_000m;

    private long Round(decimal minor) => checked((long)decimal.Round(minor, _terms.Rounding switch
    {
        Rounding.HalfEven => MidpointRounding.ToEven,
        Rounding.HalfUp => MidpointRounding.AwayFromZero,
        Rounding.Down => MidpointRounding.ToZero,
        Rounding.Up => minor < 0 ? MidpointRounding.ToNegativeInfinity : MidpointRounding.ToPositiveInfinity,
    }));
}
