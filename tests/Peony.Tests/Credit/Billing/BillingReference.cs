using Peony.Credit;

namespace Peony.Tests.Credit.Billing;

/// <summary>
/// The rules of billing a second time, from their README alone: every debt is a single thing in one flat list, amounts are decimal fen, everything that is ever counted only grows, and a statement's lines
/// are what it grew by. It shares no code with the product and reads nothing but the terms. Slow and plain on purpose.
/// </summary>
internal sealed class BillingReference(CreditProduct terms, DateOnly opened)
{
    private enum Stand { Current, Billed, Past }

    private enum Kind { Fees, Interest, Advances, Purchases }

    /// <summary>What is counted over the whole life of a line.</summary>
    private enum Count { Purchases, Advances, PlanParts, Interest, LateFees, AdvanceFees, PlanFees, Repaid, Refunded, ToPlans, WrittenOff, Recovered }

    private sealed record Debt(Kind Kind, DateOnly Day, decimal Left)
    {
        public Stand Stand { get; set; }

        public decimal Left { get; set; } = Left;
    }

    private sealed record Minimum(DateOnly DueDay, decimal Left) { public decimal Left { get; set; } = Left; }

    /// <summary>How money was spent: on each kind, on what was written off, and what nobody needed.</summary>
    public readonly record struct Spent(decimal Principal, decimal Interest, decimal Fees, decimal Recovered, decimal Rest);

    /// <summary>One comparable fact of a state; a fact without a day has the first day there is.</summary>
    public readonly record struct Line(string What, DateOnly Day, decimal Amount);

    private readonly List<Debt> _debts = [];
    private readonly List<Minimum> _missed = [];
    private readonly List<(string Id, Queue<(decimal Principal, decimal Fee)> Parts)> _plans = [];
    private readonly List<string> _order = [.. terms.RepaymentOrder.Select(kind => kind.ToString())];
    private readonly decimal[] _ever = new decimal[Enum.GetValues<Count>().Length];
    private decimal[] _everAtStatement = new decimal[Enum.GetValues<Count>().Length];
    private DateOnly _today = opened;
    private DateOnly? _dueDay;
    private Minimum? _due;
    private decimal _accrued;
    private decimal _previous;
    private string _lastPurchase = "";

    public decimal Balance { get; private set; }
    public decimal WrittenOffLeft { get; private set; }

    /// <summary>What closing the last day brought: a statement, a missed minimum, a loss.</summary>
    public List<Line> Brought { get; } = [];

    public decimal Payable => Owed(debt => debt.Stand != Stand.Current);
    public decimal BilledPurchases => Owed(debt => debt is { Stand: Stand.Billed, Kind: Kind.Purchases });
    public decimal MinimumLeft => MissedLeft + (_due?.Left ?? 0);
    private decimal MissedLeft => _missed.Sum(minimum => minimum.Left);

    public decimal Owed() => Owed(_ => true);

    private decimal Owed(Func<Debt, bool> which) => _debts.Where(which).Sum(debt => debt.Left);

    /// <summary>Everything a state consists of, zeros left out.</summary>
    public IEnumerable<Line> Lines() =>
    [
        .. from debt in _debts
           group debt.Left by (debt.Stand, debt.Kind, Day: debt.Kind == Kind.Purchases ? debt.Day : default) into same
           orderby same.Key
           select new Line($"{same.Key.Stand} {same.Key.Kind}", same.Key.Day, same.Sum()),
        new("accrued", default, _accrued),
        .. _missed.Select(minimum => new Line("missed", minimum.DueDay, minimum.Left)),
        .. _due is null ? Enumerable.Empty<Line>() : [new("due", _due.DueDay, _due.Left)],
        .. _plans.SelectMany(plan => plan.Parts.SelectMany(part => new Line[] { new(plan.Id, default, part.Principal), new("its fee", default, part.Fee) })),
        new("balance", default, Balance), new("written off left", default, WrittenOffLeft), .. Cycle(),
        .. from count in (Count[])[Count.Interest, Count.LateFees, Count.AdvanceFees, Count.PlanFees, Count.WrittenOff, Count.Recovered]
           select new Line("ever " + count, default, _ever[(int)count]),
        new("purchase " + _lastPurchase, default, 0),
    ];

    private IEnumerable<Line> Cycle()
    {
        decimal Since(Count count) => _ever[(int)count] - _everAtStatement[(int)count];
        return
        [
            new("previous", default, _previous), new("bought", default, Since(Count.Purchases)), new("advanced", default, Since(Count.Advances)),
            new("plan parts", default, Since(Count.PlanParts)), new("interest", default, Since(Count.Interest)),
            new("fees", default, Since(Count.LateFees) + Since(Count.AdvanceFees) + Since(Count.PlanFees)),
            new("repaid", default, Since(Count.Repaid)), new("refunded", default, Since(Count.Refunded)), new("to plans", default, Since(Count.ToPlans)),
        ];
    }

    public void Buy(string id, decimal fromBalance, decimal onLine)
    {
        _lastPurchase = id;
        Balance -= fromBalance;
        Owe(Kind.Purchases, onLine, Count.Purchases);
    }

    public void BuyInPlan(string id, string plan, IEnumerable<(decimal, decimal)> parts)
    {
        _lastPurchase = id;
        _plans.Add((plan, new(parts)));
    }

    public void Advance(decimal amount, decimal fee)
    {
        Owe(Kind.Advances, amount, Count.Advances);
        Owe(Kind.Fees, fee, Count.AdvanceFees);
    }

    public Spent Repay(decimal amount) => Spend(amount, Count.Repaid);

    public Spent Refund(DateOnly boughtOn, decimal amount)
    {
        var back = Reduce(_debts.Where(debt => debt.Kind == Kind.Purchases && debt.Day == boughtOn).OrderByDescending(debt => debt.Stand), amount).Sum();
        _ever[(int)Count.Refunded] += back;
        CountForMinimums(back);
        Settle();
        var spent = Spend(amount - back, Count.Refunded);
        return spent with { Principal = spent.Principal + back };
    }

    public void MoveToPlan(string plan, IReadOnlyList<(decimal Principal, decimal Fee)> parts)
    {
        _ever[(int)Count.ToPlans] += Reduce(
            _debts.Where(debt => debt is { Stand: Stand.Billed, Kind: Kind.Purchases }).OrderByDescending(debt => debt.Day), parts.Sum(part => part.Principal)).Sum();
        _plans.Add((plan, new(parts)));
        Settle();
    }

    public void PayOut(decimal amount) => Balance -= amount;

    public void CloseDay()
    {
        Brought.Clear();
        var used = UseBalance();
        if (WrittenOffLeft == 0)
        {
            Accrue();
        }

        if (_dueDay?.AddDays(terms.Cycle.GraceDays) == _today)
        {
            FallDue();
        }

        if (_today.Day == terms.Cycle.StatementDay)
        {
            CutStatement();
            used += UseBalance();
        }

        if (_missed.Count > 0 && _today >= _missed.Min(minimum => minimum.DueDay).AddDays(terms.Overdue.ChargeOffAfterDays))
        {
            WriteOff();
        }

        Brought.Insert(0, new("balance used", default, used));
        _today = _today.AddDays(1);
    }

    private decimal UseBalance()
    {
        (var before, Balance) = (Balance, 0);
        Repay(before);
        return before - Balance;
    }

    private void Accrue()
    {
        var pastPrincipal = Owed(debt => debt is { Stand: Stand.Past, Kind: Kind.Advances or Kind.Purchases });
        _accrued += Share(Owed(debt => debt is { Stand: Stand.Past, Kind: Kind.Purchases }), terms.Interest.PurchasesPerDay)
            + Share(Owed(debt => debt.Kind == Kind.Advances), terms.Interest.AdvancesPerDay)
            + Share(Math.Min(MissedLeft, pastPrincipal), terms.Interest.LatePerDay);
    }

    private void FallDue()
    {
        var billed = _debts.FindAll(debt => debt.Stand == Stand.Billed);
        _accrued += WrittenOffLeft > 0 ? 0 : billed.Where(debt => debt.Kind == Kind.Purchases)
            .Sum(debt => (_today.DayNumber - debt.Day.DayNumber + 1) * Share(debt.Left, terms.Interest.PurchasesPerDay));
        billed.ForEach(debt => debt.Stand = Stand.Past);
        if (_due is { Left: > 0 } due)
        {
            var room = Math.Max(0, terms.LateFee.MostInAll - Owed(debt => debt.Kind == Kind.Fees));
            var fee = Math.Max(Rounded(Share(due.Left, terms.LateFee.Share)), terms.LateFee.Least);
            Owe(Kind.Fees, new[] { fee, terms.LateFee.Most, due.Left, room }.Min(), Count.LateFees);
            _missed.Add(due);
            Brought.Add(new("missed", due.DueDay, 0));
        }

        (_due, _dueDay) = (null, null);
    }

    private void CutStatement()
    {
        var interest = Math.Max(0, Rounded(_accrued));
        _accrued -= interest;
        Owe(Kind.Interest, interest, Count.Interest);
        var partsNow = 0m;
        foreach (var (principal, fee) in _plans.Select(plan => plan.Parts.Dequeue()).ToList())
        {
            partsNow += principal;
            Owe(Kind.Purchases, principal, Count.PlanParts);
            Owe(Kind.Fees, fee, Count.PlanFees);
        }

        _plans.RemoveAll(plan => plan.Parts.Count == 0);
        _debts.FindAll(debt => debt.Stand == Stand.Current).ForEach(debt => debt.Stand = Stand.Billed);
        var total = Owed();
        var principalNow = Owed(debt => debt.Kind is Kind.Advances or Kind.Purchases);
        var chargesMissed = Math.Min(MissedLeft, total - principalNow);
        var minimum = decimal.Ceiling(Share(Math.Max(0, principalNow - partsNow - (MissedLeft - chargesMissed)), terms.Minimum.Share)) + partsNow + (total - principalNow - chargesMissed);
        minimum = Math.Min(Math.Max(minimum, terms.Minimum.Least), total - MissedLeft);
        _dueDay = _today.AddDays(terms.Cycle.DueAfterDays);
        _due = minimum == 0 && _debts.All(debt => debt.Stand != Stand.Billed) ? null : new Minimum(_dueDay.Value, minimum);
        Brought.AddRange([
            new("from", _today.AddMonths(-1).AddDays(1), 0), new("day", _today, 0), new("due day", _dueDay.Value, 0), .. Cycle(),
            new("total", default, total), new("minimum", default, minimum + MissedLeft), new("overdue", default, MissedLeft), new("free purchases", default, BilledPurchases)]);
        _previous = total;
        _everAtStatement = [.. _ever];
    }

    private void WriteOff()
    {
        var loss = Owed() + _plans.Sum(plan => plan.Parts.Sum(part => part.Principal));
        _ever[(int)Count.WrittenOff] += loss;
        WrittenOffLeft += loss;
        _debts.Clear();
        _plans.Clear();
        _missed.Clear();
        (_due, _dueDay, _accrued) = (null, null, 0);
        Brought.Add(new("written off", _today, loss));
    }

    private void Owe(Kind kind, decimal amount, Count count)
    {
        _ever[(int)count] += amount;
        if (amount > 0)
        {
            _debts.Add(new Debt(kind, _today, amount));
        }
    }

    private Spent Spend(decimal amount, Count count)
    {
        var recovered = Math.Min(amount, WrittenOffLeft);
        WrittenOffLeft -= recovered;
        _ever[(int)Count.Recovered] += recovered;

        var byKind = Reduce(_debts.OrderBy(debt => _order.IndexOf($"{debt.Stand}{debt.Kind}")).ThenBy(debt => debt.Day), amount - recovered);
        _ever[(int)count] += byKind.Sum();
        CountForMinimums(byKind.Sum());
        Settle();
        var rest = amount - recovered - byKind.Sum();
        Balance += rest;
        return new Spent(byKind[(int)Kind.Advances] + byKind[(int)Kind.Purchases], byKind[(int)Kind.Interest], byKind[(int)Kind.Fees], recovered, rest);
    }

    /// <summary>Takes an amount off debts in their order, as far as it goes; how much of each kind.</summary>
    private decimal[] Reduce(IEnumerable<Debt> inOrder, decimal amount)
    {
        var byKind = new decimal[4];
        foreach (var debt in amount > 0 ? inOrder.ToList() : [])
        {
            var part = Math.Min(debt.Left, amount);
            debt.Left -= part;
            byKind[(int)debt.Kind] += part;
            amount -= part;
        }

        _debts.RemoveAll(debt => debt.Left == 0);
        return byKind;
    }

    private void CountForMinimums(decimal amount)
    {
        foreach (var minimum in _missed.OrderBy(minimum => minimum.DueDay).Concat(_due is null ? [] : [_due]))
        {
            var part = Math.Min(minimum.Left, amount);
            minimum.Left -= part;
            amount -= part;
        }
    }

    private void Settle()
    {
        var pastLeft = _debts.Any(debt => debt.Stand == Stand.Past);
        _missed.RemoveAll(minimum => !pastLeft || minimum.Left == 0);
        _due?.Left = Math.Min(_due.Left, Payable - MissedLeft);
    }

    private static decimal Share(decimal amount, long partsPerMillion) => amount * partsPerMillion / 1_000_000;

    private decimal Rounded(decimal amount) => terms.Interest.Rounding.ToString() switch
    {
        "HalfUp" => decimal.Round(amount, MidpointRounding.AwayFromZero),
        "HalfEven" => decimal.Round(amount, MidpointRounding.ToEven),
        "Down" => decimal.Truncate(amount),
        _ => decimal.Ceiling(amount),
    };
}
