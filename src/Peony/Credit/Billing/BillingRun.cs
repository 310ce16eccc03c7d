using Peony.Ledger;

namespace Peony.Credit;

/// <summary>
/// The rules of the credit line: takes a state, takes in facts day by day, closes days one by one, and ends with the next state. Pure; amounts are minor units of the product's currency.
/// </summary>
/// <remarks>
/// A day is closed in this order: the credit balance goes against the debt; interest of the day accrues on what is owed at its end, so that a debt bears interest from its posting day
/// to the day before it is repaid; the due day of a statement passes; the statement of the day is cut, and the credit balance goes against it; a debt too long overdue is written off. Facts of a day come before its close.
/// </remarks>
internal sealed class BillingRun
{
    private const long Micro = 1_000_000;
    private CreditProduct _product;
    private readonly Bucket _past;
    private Bucket _billed;
    private Bucket _current;
    private readonly List<MinimumDue> _overdue;
    private readonly List<OpenPlan> _plans;
    private readonly List<Movement> _movements = [];
    private readonly List<StatementCut> _statements = [];
    private readonly List<DateOnly> _missed = [];
    private DateOnly _closedThrough;
    private string _folded;
    private long _accruedMicro;
    private MinimumDue? _due;
    private long _creditBalance;
    private long _writtenOffLeft;
    private CycleTotals _cycle;
    private Charged _charged;
    private DateOnly? _chargedOff;
    private List<CycleItem> _items = [];

    public BillingRun(CreditProduct product, BillingState state)
    {
        _product = product;
        (_past, _billed, _current) = (new Bucket(state.Past), new Bucket(state.Billed), new Bucket(state.Current));
        (_overdue, _plans) = ([.. state.Overdue], [.. state.Plans]);
        (_closedThrough, _folded, _accruedMicro, _due) = (state.ClosedThrough, state.Folded, state.AccruedMicro, state.Due);
        (_creditBalance, _writtenOffLeft, _cycle, _charged) = (state.CreditBalance, state.WrittenOffLeft, state.Cycle, state.Charged);
    }

    /// <summary>One layer while it changes.</summary>
    private sealed class Bucket(Layer layer)
    {
        public long Fees = layer.Fees;
        public long Interest = layer.Interest;
        public long Advances = layer.Advances;
        public readonly List<Tranche> Purchases = [.. layer.Purchases];

        public long Principal => Advances + Purchases.Sum(tranche => tranche.Amount);

        public long Total => Fees + Interest + Principal;

        public Layer ToLayer() => Total == 0 ? Layer.Empty : new Layer(Fees, Interest, Advances, [.. Purchases]);

        public void Add(DateOnly day, long amount)
        {
            if (amount == 0)
            {
                return;
            }

            var at = Purchases.FindIndex(tranche => tranche.Day >= day);
            if (at >= 0 && Purchases[at].Day == day)
            {
                Purchases[at] = new Tranche(day, Purchases[at].Amount + amount);
            }
            else
            {
                Purchases.Insert(at < 0 ? Purchases.Count : at, new Tranche(day, amount));
            }
        }

        public void Take(Bucket other)
        {
            (Fees, Interest, Advances) = (Fees + other.Fees, Interest + other.Interest, Advances + other.Advances);
            other.Purchases.ForEach(tranche => Add(tranche.Day, tranche.Amount));
        }
    }

    /// <summary>What makes the numbers of each statement, by the day it was cut on; null when nobody asked for it.</summary>
    public Dictionary<DateOnly, IReadOnlyList<CycleItem>>? Behind { get; init; }

    /// <summary>What the facts taken in next are facts of.</summary>
    public string? Subject { get; set; }

    public CreditProduct Product => _product;

    public DateOnly ClosedThrough => _closedThrough;

    /// <summary>The last purchase that is in here.</summary>
    public string Folded => _folded;

    /// <summary>The first day that is not closed.</summary>
    public DateOnly Today => _closedThrough.AddDays(1);

    /// <summary>The first day not closed yet at whose end something happens: a due day, a statement, a stage of being overdue, a write-off. Days before it only accrue.</summary>
    public DateOnly NextActionDay
    {
        get
        {
            var next = NextStatementDay;
            if (_due is { } due && due.DueDay.AddDays(_product.Cycle.GraceDays) is var dueDay && dueDay >= Today && dueDay < next)
            {
                next = dueDay;
            }

            if (_overdue.Count > 0)
            {
                foreach (var days in _product.Overdue.Stages.Select(stage => stage.FromDays).Append(_product.Overdue.ChargeOffAfterDays))
                {
                    var day = _overdue[0].DueDay.AddDays(days);
                    next = day >= Today && day < next ? day : next;
                }
            }

            return next;
        }
    }

    /// <summary>The next day at whose end a statement is cut.</summary>
    public DateOnly NextStatementDay
    {
        get
        {
            var day = new DateOnly(Today.Year, Today.Month, _product.Cycle.StatementDay);
            return day >= Today ? day : day.AddMonths(1);
        }
    }

    public BillingOutcome End() => new(State, _movements, _statements, _missed, _chargedOff);

    public BillingState State => new(_closedThrough, _folded, _past.ToLayer(), _billed.ToLayer(), _current.ToLayer(), _accruedMicro, _due, [.. _overdue], [.. _plans], _creditBalance,
        _writtenOffLeft, _cycle, _charged);

    /// <summary>A purchase of today: the part paid from the credit balance, and the part on the line.</summary>
    public void Purchase(string id, long fromBalance, long onLine)
    {
        _creditBalance -= fromBalance;
        _current.Add(Today, onLine);
        _cycle = _cycle with { Purchases = _cycle.Purchases + onLine };
        Tell(StatementItemKind.Purchase, Today, onLine, id);
        _folded = id;
    }

    /// <summary>A cash advance of today, with its fee. It bears interest from today on.</summary>
    public void Advance(long amount, long fee)
    {
        _current.Advances += amount;
        _cycle = _cycle with { Advances = _cycle.Advances + amount };
        Tell(StatementItemKind.Advance, Today, amount, Subject);
        if (fee > 0)
        {
            ChargeFee(MovementKind.AdvanceFeeCharged, Today, fee);
            _charged = _charged with { AdvanceFees = _charged.AdvanceFees + fee };
        }
    }

    /// <summary>Money of today against the debt, in the product's order; what is more than owed becomes credit balance.</summary>
    public RepaymentSplit Repay(long amount)
    {
        var split = Settle(amount);
        _creditBalance += split.ToBalance;
        _cycle = _cycle with { Repaid = _cycle.Repaid + split.ToOwed };
        Tell(StatementItemKind.Repayment, Today, split.ToOwed, Subject);
        return split;
    }

    /// <summary>A refund of today: against what is left of purchases of the day it was bought on, then like a repayment.</summary>
    public RepaymentSplit Refund(DateOnly boughtOn, long amount)
    {
        var left = amount;
        foreach (var bucket in (ReadOnlySpan<Bucket>)[_past, _billed, _current])
        {
            left -= TakeFrom(bucket, boughtOn, left);
        }

        var direct = new RepaymentSplit(amount - left, 0, 0, 0, 0);
        CountMinimum(direct.ToPrincipal);
        var split = direct + Settle(left);
        _creditBalance += split.ToBalance;
        _cycle = _cycle with { Refunded = _cycle.Refunded + split.ToOwed };
        Tell(StatementItemKind.Refund, Today, split.ToOwed, Subject);
        return split;
    }

    /// <summary>Part of the credit balance left it, spent or paid out or set aside; or came back, below zero. What was not there after all is owed from today.</summary>
    public void PayOutBalance(long amount)
    {
        var lacking = Math.Max(0, amount - _creditBalance);
        _creditBalance -= amount - lacking;
        _current.Add(Today, lacking);
        _cycle = _cycle with { Reclaimed = _cycle.Reclaimed + lacking };
        Tell(StatementItemKind.Reclaimed, Today, lacking, Subject);
    }

    /// <summary>A purchase on the line of today that is paid in instalments from the start.</summary>
    public void PurchaseInPlan(string id, string plan, IReadOnlyList<PlanPart> parts)
    {
        _plans.Add(new OpenPlan(plan, parts));
        _folded = id;
    }

    /// <summary>Turns purchases of the last statement into a plan, the newest first: they are not due with it any more.</summary>
    /// <param name="parts">What their principal is more than what is left of the statement's purchases becomes credit balance.</param>
    public void ToPlan(string plan, IReadOnlyList<PlanPart> parts)
    {
        var principal = parts.Sum(part => part.Principal);
        var left = principal;
        for (var index = _billed.Purchases.Count - 1; index >= 0 && left > 0; index--)
        {
            left -= TakeFrom(_billed, _billed.Purchases[index].Day, left);
        }

        // What was repaid of it, as became known later, was repaid for the instalments to come.
        _creditBalance += left;
        _plans.Add(new OpenPlan(plan, parts));
        _cycle = _cycle with { ToPlans = _cycle.ToPlans + principal - left };
        Tell(StatementItemKind.Plan, Today, principal - left, plan);
        ClampMinimum();
    }

    /// <summary>Takes away what no statement has billed yet of a plan, because it is paid: its principal, and what of its fee an early payoff still costs.</summary>
    /// <exception cref="ArgumentException">There is no such plan.</exception>
    public RepaymentSplit PayOff(string plan)
    {
        var open = _plans.Find(one => one.Id == plan) ?? throw new ArgumentException("There is no such plan.", nameof(plan));
        var split = Payoff(open);
        _plans.Remove(open);
        _charged = _charged with { PlanFees = _charged.PlanFees + split.ToFees };
        return split;
    }

    /// <summary>
    /// A refund of today for a purchase in instalments. Lowers what no statement has billed of its plan, principal first and the fees of it in proportion, so that no more is billed than what is left
    /// would have cost; what is more than that is a refund like any other.
    /// </summary>
    /// <param name="amount">Minor units.</param>
    public RepaymentSplit RefundPlan(string plan, DateOnly boughtOn, long amount, RefundChoice choice)
    {
        var at = _plans.FindIndex(one => one.Id == plan);
        if (at < 0 || choice == RefundChoice.PayBack)
        {
            return Refund(boughtOn, amount);
        }

        var parts = _plans[at].Parts;
        var lowered = Math.Min(amount, parts.Sum(part => part.Principal));
        var left = InstalmentRefunds.Lower(parts, lowered, choice);
        _plans[at] = _plans[at] with { Parts = left };
        if (left.Count == 0)
        {
            _plans.RemoveAt(at);
        }

        var inPlan = new RepaymentSplit(lowered, 0, 0, 0, 0);
        return lowered == amount ? inPlan : inPlan + Refund(boughtOn, amount - lowered);
    }

    /// <summary>The last day to which the due day may move: it passes before the next statement is cut. Null when nothing is due.</summary>
    public DateOnly? ExtendableTo => _due is null ? null : NextStatementDay.AddDays(-1 - _product.Cycle.GraceDays);

    /// <summary>The statement's due day moves (延期还款): nothing is missed and nothing bears interest for it until then. Without effect when nothing is due.</summary>
    /// <param name="dueDay">At most <see cref="ExtendableTo"/>.</param>
    public void Extend(DateOnly dueDay)
    {
        if (_due is { } due && dueDay > due.DueDay)
        {
            _due = due with { DueDay = dueDay };
        }
    }

    /// <summary>
    /// Turns all principal that was billed or is past its due day into a plan of even parts without a fee, cash advances too: it bears no interest any more, and what is missed is at most the fees and interest
    /// left. Without effect when there is no such principal.
    /// </summary>
    public void Restructure(string plan, int periods)
    {
        var principal = _past.Principal + _billed.Principal;
        if (principal == 0)
        {
            return;
        }

        foreach (var bucket in (ReadOnlySpan<Bucket>)[_past, _billed])
        {
            bucket.Advances = 0;
            bucket.Purchases.Clear();
        }

        var parts = FeeInstalments.Of(new Money(principal, _product.Currency), Money.Zero(_product.Currency), periods);
        _plans.Add(new OpenPlan(plan, [.. parts.Select(part => new PlanPart(part.Principal.Minor, 0)).Where(part => part.Principal > 0)]));
        _cycle = _cycle with { ToPlans = _cycle.ToPlans + principal };
        Tell(StatementItemKind.Plan, Today, principal, plan);
        ClampOverdue();
        ClampMinimum();
    }

    /// <summary>Its owner closed the line with nothing owed: what accrued and was never charged is forgotten.</summary>
    public void CloseLine() => (_accruedMicro, _due) = (0, null);

    /// <summary>The line was opened again.</summary>
    public void Reopen(CreditProduct product) => _product = product;

    /// <summary>What paying off a plan would take, as of now.</summary>
    public RepaymentSplit Payoff(OpenPlan plan)
    {
        var fee = new Rate(_product.Instalments.PayoffFee).Of(new Money(plan.Parts.Sum(part => part.Fee), _product.Currency), Rounding.HalfUp).Minor;
        return new RepaymentSplit(plan.Parts.Sum(part => part.Principal), 0, fee, 0, 0);
    }

    /// <summary>Closes the days up to one, taking in the facts of each before.</summary>
    /// <param name="facts">Called once for each day before it is closed.</param>
    public void CloseThrough(DateOnly day, Action<DateOnly>? facts = null)
    {
        while (_closedThrough < day)
        {
            facts?.Invoke(Today);
            Close(Today);
        }
    }

    private void Close(DateOnly day)
    {
        ApplyBalance(day);
        Accrue();
        if (_due is { } due && due.DueDay.AddDays(_product.Cycle.GraceDays) == day)
        {
            PassDueDay(day, due);
        }

        if (day.Day == _product.Cycle.StatementDay)
        {
            Cut(day);
            ApplyBalance(day);
        }

        if (_overdue.Count > 0 && day.DayNumber - _overdue[0].DueDay.DayNumber >= _product.Overdue.ChargeOffAfterDays)
        {
            WriteOff(day);
        }

        _closedThrough = day;
    }

    private void ApplyBalance(DateOnly day)
    {
        if (_creditBalance == 0)
        {
            return;
        }

        var split = Settle(_creditBalance);
        if (split.ToDebt > 0)
        {
            _creditBalance -= split.ToDebt;
            _cycle = _cycle with { Repaid = _cycle.Repaid + split.ToOwed };
            Tell(StatementItemKind.BalanceApplied, day, split.ToOwed, subject: null);
            _movements.Add(new Movement(MovementKind.BalanceApplied, day, split with { ToBalance = 0 }));
        }
    }

    private void Accrue()
    {
        if (_writtenOffLeft > 0)
        {
            return;
        }

        var terms = _product.Interest;
        var purchases = _past.Purchases.Sum(tranche => tranche.Amount);
        var advances = _past.Advances + _billed.Advances + _current.Advances;
        var late = Math.Min(_overdue.Sum(minimum => minimum.Left), _past.Principal);
        _accruedMicro += (purchases * terms.PurchasesPerDay) + (advances * terms.AdvancesPerDay) + (late * terms.LatePerDay);
    }

    /// <summary>What was not paid bears interest from its posting day on; a minimum missed costs a late fee and is overdue.</summary>
    private void PassDueDay(DateOnly day, MinimumDue due)
    {
        foreach (var tranche in _writtenOffLeft > 0 ? [] : _billed.Purchases)
        {
            _accruedMicro += tranche.Amount * _product.Interest.PurchasesPerDay * (day.DayNumber - tranche.Day.DayNumber + 1);
        }

        _past.Take(_billed);
        _billed = new Bucket(Layer.Empty);
        _due = null;
        if (due.Left == 0)
        {
            return;
        }

        _overdue.Add(due);
        _missed.Add(due.DueDay);
        var terms = _product.LateFee;
        var rounded = new Rate(terms.Share).Of(new Money(due.Left, _product.Currency), _product.Interest.Rounding).Minor;
        var fee = Math.Min(Math.Min(Math.Max(rounded, terms.Least), terms.Most), due.Left);
        fee = Math.Min(fee, Math.Max(0, terms.MostInAll - LateFeesUnpaid));
        if (fee > 0)
        {
            ChargeFee(MovementKind.LateFeeCharged, day, fee);
            _charged = _charged with { LateFees = _charged.LateFees + fee };
        }
    }

    /// <summary>All fees that stand unpaid count against the cap of late fees, so that it holds whatever they were for.</summary>
    private long LateFeesUnpaid => _past.Fees + _billed.Fees + _current.Fees;

    private void Cut(DateOnly day)
    {
        ChargeInterest(day);
        var parts = BillPlanParts(day);
        // What was asked for before is past by now: a statement is always due before the next.
        _past.Take(_billed);
        _billed = _current;
        _current = new Bucket(Layer.Empty);
        var overdue = _overdue.Sum(minimum => minimum.Left);
        var total = _past.Total + _billed.Total;
        // What a minimum missed before asks for already is not asked for again; it stands for fees and interest first, as money goes against them first.
        var charges = _past.Fees + _past.Interest + _billed.Fees + _billed.Interest;
        var principal = Math.Max(0, _past.Principal + _billed.Principal - parts - Math.Max(0, overdue - charges));
        var share = new Rate(_product.Minimum.Share).Of(new Money(principal, _product.Currency), Rounding.Up).Minor;
        var asked = Math.Max(share + parts + Math.Max(0, charges - overdue), _product.Minimum.Least);
        var minimum = Math.Min(asked, Math.Max(0, total - overdue));
        var dueDay = _product.DueDayOf(day);
        _due = _billed.Total > 0 || minimum > 0 ? new MinimumDue(dueDay, minimum) : null;
        _statements.Add(new StatementCut(day.AddMonths(-1).AddDays(1), day, dueDay, _cycle, total, minimum + overdue, overdue, _billed.Purchases.Sum(tranche => tranche.Amount)));
        _cycle = CycleTotals.Nothing with { Previous = total };
        if (Behind is not null)
        {
            Behind[day] = _items;
            _items = [];
        }
    }

    private void Tell(StatementItemKind kind, DateOnly day, long amount, string? subject)
    {
        if (Behind is not null && amount > 0)
        {
            _items.Add(new CycleItem(kind, day, amount, subject));
        }
    }

    private void ChargeInterest(DateOnly day)
    {
        var interest = Math.Max(0, new Rate(partsPerMillion: 1).Of(new Money(_accruedMicro, _product.Currency), _product.Interest.Rounding).Minor);
        _accruedMicro -= interest * Micro;
        if (interest > 0)
        {
            _current.Interest += interest;
            _cycle = _cycle with { Interest = _cycle.Interest + interest };
            Tell(StatementItemKind.Interest, day, interest, subject: null);
            _charged = _charged with { Interest = _charged.Interest + interest };
            _movements.Add(new Movement(MovementKind.InterestCharged, day, new RepaymentSplit(0, interest, 0, 0, 0)));
        }
    }

    /// <returns>The principal of the instalments billed.</returns>
    private long BillPlanParts(DateOnly day)
    {
        var principal = 0L;
        for (var index = 0; index < _plans.Count; index++)
        {
            var (next, rest) = (_plans[index].Parts[0], _plans[index].Parts.Skip(1).ToList());
            _plans[index] = _plans[index] with { Parts = rest };
            _current.Add(day, next.Principal);
            principal += next.Principal;
            Tell(StatementItemKind.PlanPart, day, next.Principal, _plans[index].Id);
            if (next.Fee > 0)
            {
                ChargeFee(MovementKind.PlanFeeCharged, day, next.Fee);
                _charged = _charged with { PlanFees = _charged.PlanFees + next.Fee };
            }
        }

        _plans.RemoveAll(plan => plan.Parts.Count == 0);
        _cycle = _cycle with { PlanParts = _cycle.PlanParts + principal };
        return principal;
    }

    private void ChargeFee(MovementKind kind, DateOnly day, long fee)
    {
        _current.Fees += fee;
        _cycle = _cycle with { Fees = _cycle.Fees + fee };
        Tell(
            kind switch
            {
                MovementKind.LateFeeCharged => StatementItemKind.LateFee,
                MovementKind.AdvanceFeeCharged => StatementItemKind.AdvanceFee,
                _ => StatementItemKind.PlanFee,
            },
            day,
            fee,
            kind == MovementKind.AdvanceFeeCharged ? Subject : null);
        _movements.Add(new Movement(kind, day, new RepaymentSplit(0, 0, fee, 0, 0)));
    }

    private void WriteOff(DateOnly day)
    {
        var plans = _plans.Sum(plan => plan.Parts.Sum(part => part.Principal));
        var split = new RepaymentSplit(
            _past.Principal + _billed.Principal + _current.Principal + plans,
            _past.Interest + _billed.Interest + _current.Interest,
            _past.Fees + _billed.Fees + _current.Fees, 0, 0);
        foreach (var bucket in (ReadOnlySpan<Bucket>)[_past, _billed, _current])
        {
            (bucket.Fees, bucket.Interest, bucket.Advances) = (0, 0, 0);
            bucket.Purchases.Clear();
        }

        _plans.Clear();
        _overdue.Clear();
        (_due, _accruedMicro, _chargedOff) = (null, 0, day);
        _writtenOffLeft += split.ToDebt;
        _charged = _charged with { WrittenOff = _charged.WrittenOff + split.ToDebt };
        _movements.Add(new Movement(MovementKind.WrittenOff, day, split));
    }

    /// <summary>Puts money against the debt in the product's order, after what was written off.</summary>
    private RepaymentSplit Settle(long amount)
    {
        var left = amount;
        var recovered = Part(ref _writtenOffLeft, ref left);
        _charged = _charged with { Recovered = _charged.Recovered + recovered };
        var (principal, interest, fees) = (0L, 0L, 0L);
        foreach (var kind in _product.RepaymentOrder)
        {
            if (left == 0)
            {
                break;
            }

            switch (kind)
            {
                case DebtKind.PastFees:
                    fees += Part(ref _past.Fees, ref left);
                    break;
                case DebtKind.PastInterest:
                    interest += Part(ref _past.Interest, ref left);
                    break;
                case DebtKind.PastAdvances:
                    principal += Part(ref _past.Advances, ref left);
                    break;
                case DebtKind.PastPurchases:
                    principal += TakeOldest(_past, ref left);
                    break;
                case DebtKind.BilledFees:
                    fees += Part(ref _billed.Fees, ref left);
                    break;
                case DebtKind.BilledInterest:
                    interest += Part(ref _billed.Interest, ref left);
                    break;
                case DebtKind.BilledAdvances:
                    principal += Part(ref _billed.Advances, ref left);
                    break;
                case DebtKind.BilledPurchases:
                    principal += TakeOldest(_billed, ref left);
                    break;
                case DebtKind.CurrentFees:
                    fees += Part(ref _current.Fees, ref left);
                    break;
                case DebtKind.CurrentInterest:
                    interest += Part(ref _current.Interest, ref left);
                    break;
                case DebtKind.CurrentAdvances:
                    principal += Part(ref _current.Advances, ref left);
                    break;
                case DebtKind.CurrentPurchases:
                    principal += TakeOldest(_current, ref left);
                    break;
            }
        }

        CountMinimum(principal + interest + fees);
        return new RepaymentSplit(principal, interest, fees, recovered, left);
    }

    /// <summary>Whatever goes against the debt counts for the minimums missed, oldest first, then for the one asked for.</summary>
    private void CountMinimum(long paid)
    {
        while (paid > 0 && _overdue.Count > 0)
        {
            var counted = Math.Min(paid, _overdue[0].Left);
            paid -= counted;
            if (_overdue[0].Left == counted)
            {
                _overdue.RemoveAt(0);
            }
            else
            {
                _overdue[0] = _overdue[0] with { Left = _overdue[0].Left - counted };
            }
        }

        if (_due is { } due && paid > 0)
        {
            _due = due with { Left = Math.Max(0, due.Left - paid) };
        }

        ClampMinimum();
    }

    /// <summary>Nobody is asked for more than is left of what was due.</summary>
    private void ClampMinimum()
    {
        var left = _past.Total + _billed.Total;
        if (_past.Total == 0)
        {
            _overdue.Clear();
        }

        if (_due is { } due)
        {
            _due = due with { Left = Math.Min(due.Left, Math.Max(0, left - _overdue.Sum(minimum => minimum.Left))) };
        }
    }

    /// <summary>Of minimums missed, the newest first, nobody is asked for more than is left past its due day.</summary>
    private void ClampOverdue()
    {
        var above = _overdue.Sum(minimum => minimum.Left) - _past.Total;
        while (above > 0)
        {
            var less = Math.Min(above, _overdue[^1].Left);
            above -= less;
            _overdue[^1] = _overdue[^1] with { Left = _overdue[^1].Left - less };
            if (_overdue[^1].Left == 0)
            {
                _overdue.RemoveAt(_overdue.Count - 1);
            }
        }
    }

    private static long Part(ref long debt, ref long left)
    {
        var part = Math.Min(debt, left);
        debt -= part;
        left -= part;
        return part;
    }

    private static long TakeOldest(Bucket bucket, ref long left)
    {
        var taken = 0L;
        while (left > 0 && bucket.Purchases.Count > 0)
        {
            var part = TakeFrom(bucket, bucket.Purchases[0].Day, left);
            taken += part;
            left -= part;
        }

        return taken;
    }

    /// <summary>Takes at most so much from purchases of a day.</summary>
    private static long TakeFrom(Bucket bucket, DateOnly day, long most)
    {
        var at = bucket.Purchases.FindIndex(tranche => tranche.Day == day);
        if (at < 0 || most == 0)
        {
            return 0;
        }

        var part = Math.Min(most, bucket.Purchases[at].Amount);
        if (part == bucket.Purchases[at].Amount)
        {
            bucket.Purchases.RemoveAt(at);
        }
        else
        {
            bucket.Purchases[at] = bucket.Purchases[at] with { Amount = bucket.Purchases[at].Amount - part };
        }

        return part;
    }
}
