using Peony.Credit;

namespace Peony.Tests.Credit.Billing;

/// <summary>
/// The rules of billing a second time, from their README alone: every debt is a single thing in one flat list, amounts are decimal fen, everything that is ever counted only grows, and a statement's lines
/// are what it grew by. It shares no code with the product and reads nothing but the terms. Slow and plain on purpose.
/// </summary>
internal sealed partial class BillingReference(CreditProduct terms, DateOnly opened)
{
    private enum Stand { Current, Billed, Past }
    private enum Kind { Fees, Interest, Advances, Purchases }
    /// <summary>What is counted over the whole life of a line.</summary>
    private enum Count { Purchases, Advances, PlanParts, Interest, LateFees, AdvanceFees, PlanFees, PayoffFees, Repaid, Refunded, ToPlans, Reclaimed, WrittenOff, Recovered }

    private sealed record Debt(Kind Kind, DateOnly Day, decimal Left)
    {
        public Stand Stand { get; set; }
        public decimal Left { get; set; } = Left;
    }
    private sealed record Minimum(DateOnly DueDay, decimal Left) { public decimal Left { get; set; } = Left; }

    private readonly List<Debt> _debts = [];
    private readonly List<Minimum> _missed = [];
    private readonly List<(string Id, Queue<(decimal Principal, decimal Fee)> Parts)> _plans = [];
    private readonly List<string> _order = [.. terms.RepaymentOrder.Select(kind => kind.ToString())];
    private readonly decimal[] _ever = new decimal[Enum.GetValues<Count>().Length];
    private decimal[] _everAtStatement = new decimal[Enum.GetValues<Count>().Length];
    private DateOnly _today = opened;
    private DateOnly? _dueDay;
    private Minimum? _due;
    private decimal _accrued, _previous;
    private string _lastPurchase = "";

    public decimal Balance { get; private set; }
    public decimal WrittenOffLeft { get; private set; }
    /// <summary>What closing the last day brought: a statement, a missed minimum, a loss.</summary>
    public List<Line> Brought { get; } = [];
    public decimal Payable => Owed(debt => debt.Stand != Stand.Current);
    public decimal BilledPurchases => Owed(debt => debt is { Stand: Stand.Billed, Kind: Kind.Purchases });
    private decimal MissedLeft => _missed.Sum(minimum => minimum.Left);
    public decimal Owed() => Owed(_ => true);
    private decimal Owed(Func<Debt, bool> which) => _debts.Where(which).Sum(debt => debt.Left);

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
        var whole = parts.Sum(part => part.Principal);
        var moved = Reduce(_debts.Where(debt => debt is { Stand: Stand.Billed, Kind: Kind.Purchases }).OrderByDescending(debt => debt.Day), whole).Sum();
        _ever[(int)Count.ToPlans] += moved;
        Balance += whole - moved;
        _plans.Add((plan, new(parts)));
        Settle();
    }

    public void PayOut(decimal amount)
    {
        Owe(Kind.Purchases, Math.Max(0, amount - Balance), Count.Reclaimed);
        Balance = Math.Max(0, Balance - amount);
    }

    public Spent PayOff(string id)
    {
        var plan = _plans.Single(plan => plan.Id == id);
        var fee = decimal.Round(Share(plan.Parts.Sum(part => part.Fee), terms.Instalments.PayoffFee), MidpointRounding.AwayFromZero);
        _plans.Remove(plan);
        _ever[(int)Count.PayoffFees] += fee;
        return new Spent(plan.Parts.Sum(part => part.Principal), 0, fee, 0, 0);
    }

    public Spent RefundPlan(string id, DateOnly boughtOn, decimal amount, bool shorten)
    {
        var at = _plans.FindIndex(plan => plan.Id == id);
        var parts = _plans[at].Parts.ToArray();
        var whole = parts.Sum(part => part.Principal);
        var off = Math.Min(amount, whole);
        var exact = parts.Select((part, number) => shorten
            ? Math.Clamp(whole - off - parts[..number].Sum(before => before.Principal), 0, part.Principal) : part.Principal * (whole - off) / whole).ToList();
        var odd = Enumerable.Range(0, parts.Length).OrderByDescending(number => exact[number] % 1).Take((int)(whole - off - exact.Sum(decimal.Floor))).ToHashSet();
        var left = parts.Select((part, number) => (Now: decimal.Floor(exact[number]) + (odd.Contains(number) ? 1 : 0), Was: part.Principal, part.Fee)).Where(part => part.Now > 0);
        _plans[at] = (id, new(left.Select(part => (part.Now, decimal.Floor(part.Fee * part.Now / part.Was)))));
        _plans.RemoveAll(plan => plan.Parts.Count == 0);
        var rest = off < amount ? Refund(boughtOn, amount - off) : default;
        return rest with { Principal = rest.Principal + off };
    }

    public void Extend(DateOnly dueDay) => (_dueDay, _due) = _due is { } due && dueDay > due.DueDay ? (dueDay, new Minimum(dueDay, due.Left)) : (_dueDay, _due);

    public void Restructure(string id, int periods)
    {
        var moved = Reduce(_debts.Where(debt => debt is { Stand: not Stand.Current, Kind: Kind.Advances or Kind.Purchases }), decimal.MaxValue).Sum();
        var parts = Enumerable.Range(0, periods).Select(part => (Principal: decimal.Floor(moved / periods) + (part < moved % periods ? 1 : 0), 0m)).Where(part => part.Principal > 0);
        _ever[(int)Count.ToPlans] += moved;
        _plans.AddRange(moved > 0 ? [(id, new(parts))] : []);
        var above = MissedLeft - Owed(debt => debt.Stand == Stand.Past);
        foreach (var minimum in _missed.OrderByDescending(minimum => minimum.DueDay))
        {
            var less = Math.Clamp(above, 0, minimum.Left);
            (minimum.Left, above) = (minimum.Left - less, above - less);
        }

        Settle();
    }

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
        (_ever[(int)Count.WrittenOff], WrittenOffLeft) = (_ever[(int)Count.WrittenOff] + loss, WrittenOffLeft + loss);
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
            (debt.Left, amount) = (debt.Left - part, amount - part);
            byKind[(int)debt.Kind] += part;
        }

        _debts.RemoveAll(debt => debt.Left == 0);
        return byKind;
    }

    private void CountForMinimums(decimal amount)
    {
        foreach (var minimum in _missed.OrderBy(minimum => minimum.DueDay).Concat(_due is null ? [] : [_due]))
        {
            var part = Math.Min(minimum.Left, amount);
            (minimum.Left, amount) = (minimum.Left - part, amount - part);
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
