using CsCheck;
using Peony.Credit;
using Peony.Ledger;
using static Peony.Tests.Credit.Billing.BillingReference;

namespace Peony.Tests.Credit.Billing;

/// <summary>Random lives of a credit line under random terms, the product beside the reference. A failure prints its seed; <c>CsCheck_Seed</c> plays it again.</summary>
public sealed class BillingModelTests
{
    /// <summary>What a customer tries on a day; what cannot be done then is left out. How much is repaid follows from where the line stands, so that exact payments happen.</summary>
    /// <param name="Gap">Days since the act before.</param>
    /// <param name="Choice">Which purchase, plan or part, where there is one to choose.</param>
    internal sealed record Act(int Gap, string What, int Amount, int Choice);

    /// <param name="PaysUntil">From this day on nothing is repaid, until the day <paramref name="PaysFrom"/>.</param>
    internal sealed record Life(CreditProduct Terms, DateOnly Opened, int Days, int PaysUntil, int PaysFrom, Act[] Acts);

    private static readonly CreditProduct Shipped = CreditProduct.Shipped();

    private static readonly Gen<CreditProduct> OtherTerms =
        from statementDay in Gen.Int[1, 28]
        from dueAfter in Gen.Int[5, 25]
        from grace in Gen.Int[0, 5].Select(days => Math.Min(days, 27 - dueAfter))
        from minimumShare in Gen.Frequency((3, Gen.Long[0, 1_000_000]), (1, Gen.Const(0L)), (1, Gen.Const(1_000_000L)))
        from minimumLeast in Gen.Long[0, 5_000]
        from rates in Gen.Long[0, 900].Array[3]
        from rounding in Gen.Enum<Rounding>()
        from lateShare in Gen.Long[0, 200_000]
        from lateCaps in Gen.Long[0, 8_000].Array[3].Select(caps => caps.Order().ToArray())
        from chargeOff in Gen.Frequency((2, Gen.Int[30, 45]), (1, Gen.Int[46, 120]))
        from order in Gen.Shuffle(Enum.GetValues<DebtKind>())
        from payoffFee in Gen.Frequency((1, Gen.Const(0L)), (1, Gen.Long[0, 1_000_000]))
        select Shipped with
        {
            Cycle = new CycleTerms(statementDay, dueAfter, grace),
            Minimum = new MinimumTerms(minimumShare, minimumLeast),
            Interest = new InterestTerms(rates[0], rates[1], rates[2], rounding),
            LateFee = new LateFeeTerms(lateShare, lateCaps[0], lateCaps[1], lateCaps[2]),
            Instalments = Shipped.Instalments with { PayoffFee = payoffFee },
            Overdue = Shipped.Overdue with { ChargeOffAfterDays = chargeOff },
            RepaymentOrder = order,
        };

    private static readonly Gen<Act> AnAct =
        from gap in Gen.Frequency((3, Gen.Int[0, 3]), (2, Gen.Int[4, 25]))
        from what in Gen.Frequency(
            (8, Gen.Const("buy")), (3, Gen.Const("advance")), (2, Gen.Const("buy in plan")), (2, Gen.Const("to plan")), (3, Gen.Const("refund")), (2, Gen.Const("pay out")),
            (1, Gen.Const("balance back")), (2, Gen.Const("pay off")), (2, Gen.Const("refund in plan")), (2, Gen.Const("extend")), (1, Gen.Const("restructure")),
            (3, Gen.Const("repay some")), (3, Gen.Const("repay minimum")), (2, Gen.Const("repay payable")), (2, Gen.Const("repay too much")), (1, Gen.Const("repay a fen")))
        from amount in Gen.Frequency((1, Gen.Int[1, 100]), (4, Gen.Int[1, 400_000]))
        from choice in Gen.Int[0, 99]
        select new Act(gap, what, amount, choice);

    private static readonly Gen<Life> ALife =
        from terms in Gen.Frequency((1, Gen.Const(Shipped)), (3, OtherTerms))
        from opened in Gen.Int[0, 1_500].Select(days => new DateOnly(2023, 1, 1).AddDays(days))
        from days in Gen.Frequency((12, Gen.Int[1, 120]), (3, Gen.Int[120, 240]), (1, Gen.Int[240, 400]))
        from paysUntil in Gen.Frequency((1, Gen.Const(400)), (1, Gen.Int[0, 100]))
        from silence in Gen.Int[0, 150]
        from acts in AnAct.Array[0, 60]
        select new Life(terms, opened, days, paysUntil, paysUntil + silence, acts);

    [Fact]
    public void Ten_thousand_lives_go_as_the_reference_says_and_lose_nothing() => ALife.Sample(
        life => new TwinLife(life).Live(), iter: 10_000, print: Told, writeLine: TestContext.Current.TestOutputHelper!.WriteLine);

    /// <summary>One life, lived twice; the product begins each day anew from the state it left, as the day job does.</summary>
    private sealed class TwinLife(Life life)
    {
        private readonly BillingReference _reference = new(life.Terms, life.Opened);
        private readonly Books _books = new();
        private readonly List<(DateOnly Day, long Amount)> _bought = [];
        private BillingState _state = BillingState.Opened(life.Opened);
        private long _lostInCycle;

        public void Live()
        {
            var next = 0;
            var dayOfNext = life.Acts.Length == 0 ? -1 : life.Acts[0].Gap;
            for (var day = 0; day < life.Days; day++)
            {
                var run = new BillingRun(life.Terms, _state);
                while (next < life.Acts.Length && dayOfNext == day)
                {
                    Do(run, life.Acts[next], life.Opened.AddDays(day), mayRepay: day < life.PaysUntil || day >= life.PaysFrom);
                    Same(_reference.Lines(), LinesOf(run.State));
                    next++;
                    dayOfNext += next < life.Acts.Length ? life.Acts[next].Gap : 0;
                }

                Close(run, life.Opened.AddDays(day));
            }
        }

        private void Close(BillingRun run, DateOnly day)
        {
            var (before, next) = (run.State, run.NextActionDay);
            run.CloseThrough(day);
            var outcome = run.End();
            // Credit balance that came back goes against the debt at the close of whatever day is closed next.
            Assert.True(next == day || (next > day && (before.CreditBalance > 0 || !HasActed(before, outcome, day))), $"Something happened on {day:O}, and the next day on which it does was said to be {next:O}.");
            _reference.CloseDay();
            Same(_reference.Lines(), LinesOf(outcome.State));
            Same(_reference.Brought, BroughtBy(outcome));
            _books.Take(outcome.Movements);
            _books.Hold(outcome.State);
            KeepsItsCaps(before, outcome);
            _state = outcome.State;
        }

        private bool HasActed(BillingState before, BillingOutcome outcome, DateOnly day) =>
            outcome.Statements.Count > 0 || outcome.Missed.Count > 0 || outcome.ChargedOff is not null || outcome.State.Past.Total > before.Past.Total
            || life.Terms.StageOf(outcome.State.DaysPastDue(day)) != life.Terms.StageOf(before.DaysPastDue(day.AddDays(-1)));

        private void Do(BillingRun run, Act act, DateOnly day, bool mayRepay)
        {
            var id = $"pur_{_bought.Count:D4}";
            switch (act.What)
            {
                case "buy":
                    var fromBalance = Math.Min((long)_reference.Balance, (act.Choice % 3) switch { 0 => 0, 1 => act.Amount / 2, _ => act.Amount });
                    _bought.Add((day, act.Amount));
                    _reference.Buy(id, fromBalance, act.Amount - fromBalance);
                    run.Purchase(id, fromBalance, act.Amount - fromBalance);
                    _books.Buy(act.Amount - fromBalance, fromBalance);
                    break;
                case "buy in plan":
                    var bought = PartsOf(act.Amount, act.Choice);
                    _bought.Add((day, act.Amount));
                    _reference.BuyInPlan(id, "plan of " + id, bought.Select(part => ((decimal)part.Principal, (decimal)part.Fee)));
                    run.PurchaseInPlan(id, "plan of " + id, bought);
                    _books.Buy(act.Amount, 0);
                    break;
                case "to plan" when _reference.BilledPurchases > 0:
                    var moved = PartsOf(act.Choice % 3 == 0 ? (long)_reference.BilledPurchases : Math.Min(act.Amount, (long)_reference.BilledPurchases), act.Choice);
                    _reference.MoveToPlan($"plan of {day:O} {act.Choice}", [.. moved.Select(part => ((decimal)part.Principal, (decimal)part.Fee))]);
                    run.ToPlan($"plan of {day:O} {act.Choice}", moved);
                    break;
                case "advance":
                    _reference.Advance(act.Amount, act.Choice * 3);
                    run.Advance(act.Amount, act.Choice * 3);
                    _books.Advance(act.Amount, act.Choice * 3);
                    break;
                case "refund" when _bought.Count > 0:
                    var (boughtOn, left) = _bought[act.Choice % _bought.Count];
                    var back = act.Choice % 2 == 0 ? left : Math.Min(left, act.Amount);
                    _bought[act.Choice % _bought.Count] = (boughtOn, left - back);
                    Divided(_reference.Refund(boughtOn, back), run.Refund(boughtOn, back), back);
                    break;
                case "pay off" when _reference.Plans.Count > 0:
                    var toPayOff = _reference.Plans[act.Choice % _reference.Plans.Count].Id;
                    var payoff = run.PayOff(toPayOff);
                    Assert.Equal(_reference.PayOff(toPayOff), new Spent(payoff.ToPrincipal, payoff.ToInterest, payoff.ToFees, payoff.ToRecovered, payoff.ToBalance));
                    _books.Repay(payoff with { ToFees = 0 });
                    break;
                case "refund in plan" when _bought.Count > 0 && _reference.Plans.Where(plan => plan.Principal > 0).ToList() is { Count: > 0 } lowerable:
                    var (plan, inPlan) = lowerable[act.Choice % lowerable.Count];
                    var lowered = act.Choice % 3 == 0 ? (long)inPlan : act.Amount;
                    var day2 = _bought[act.Choice % _bought.Count].Day;
                    var shortens = act.Choice % 2 == 0;
                    Divided(_reference.RefundPlan(plan, day2, lowered, shortens), run.RefundPlan(plan, day2, lowered, shortens ? RefundChoice.Shorten : RefundChoice.LowerEach), lowered);
                    break;
                case "extend" when run.ExtendableTo is { } last:
                    var to = last.AddDays(-(act.Choice % 4));
                    _reference.Extend(to);
                    run.Extend(to);
                    break;
                case "restructure":
                    _reference.Restructure($"hardship of {day:O} {act.Choice}", 1 + (act.Choice % 24));
                    run.Restructure($"hardship of {day:O} {act.Choice}", 1 + (act.Choice % 24));
                    break;
                case "balance back":
                    _reference.PayOut(-act.Amount);
                    run.PayOutBalance(-act.Amount);
                    _books.PayOut(-act.Amount);
                    break;
                case "pay out":
                    // One in five takes more than there is: a repayment behind it was returned.
                    var paidOut = act.Choice % 5 == 0 ? act.Amount : act.Choice % 2 == 0 ? (long)_reference.Balance : Math.Min(act.Amount, (long)_reference.Balance);
                    _reference.PayOut(paidOut);
                    run.PayOutBalance(paidOut);
                    _books.PayOut(paidOut);
                    break;
                default:
                    var repaid = mayRepay ? Repayment(act) : 0;
                    if (repaid > 0)
                    {
                        Divided(_reference.Repay(repaid), run.Repay(repaid), repaid);
                    }

                    break;
            }
        }

        private long Repayment(Act act) => (long)(act.What switch
        {
            "repay minimum" => _reference.MinimumLeft,
            "repay payable" => _reference.Payable,
            "repay too much" => _reference.Owed() + _reference.WrittenOffLeft + act.Amount,
            "repay a fen" => 1,
            "repay some" => act.Amount,
            _ => 0,
        });

        private void Divided(Spent expected, RepaymentSplit actual, long amount)
        {
            Assert.Equal(expected, new Spent(actual.ToPrincipal, actual.ToInterest, actual.ToFees, actual.ToRecovered, actual.ToBalance));
            Assert.Equal(amount, actual.ToDebt + actual.ToBalance);
            _books.Repay(actual);
        }

        private void KeepsItsCaps(BillingState before, BillingOutcome outcome)
        {
            var (fee, state) = (life.Terms.LateFee, outcome.State);
            var late = outcome.Movements.Where(movement => movement.Kind == MovementKind.LateFeeCharged).Sum(movement => movement.Amount);
            Assert.InRange(late, 0, Math.Min(fee.Most, before.Due?.Left ?? 0));
            if (late > 0 && outcome.ChargedOff is null)
            {
                Assert.InRange(state.Fees - outcome.Movements.Where(movement => movement.Kind == MovementKind.PlanFeeCharged).Sum(movement => movement.Amount), 1, fee.MostInAll);
            }

            foreach (var (lines, total) in outcome.Statements.Select(cut => (cut.Lines, cut.Total)))
            {
                var sum = lines.Previous + lines.Purchases + lines.Advances + lines.PlanParts + lines.Interest + lines.Fees + lines.Reclaimed - lines.Repaid - lines.Refunded - lines.ToPlans;
                Assert.Equal(total, sum - _lostInCycle);
                _lostInCycle = 0;
            }

            if (outcome.ChargedOff is not null)
            {
                var inPlans = before.Plans.Sum(plan => plan.Parts.Sum(part => part.Principal)) - outcome.Statements.Sum(cut => cut.Lines.PlanParts);
                _lostInCycle += state.Charged.WrittenOff - before.Charged.WrittenOff - inPlans;
            }
        }
    }

    /// <summary>Every fen that came in is somewhere: what a line owes is what was bought and charged, less what was repaid and lost.</summary>
    private sealed class Books
    {
        private long _principal, _interest, _fees, _balance, _writtenOff;

        public void Buy(long onLine, long fromBalance) => (_principal, _balance) = (_principal + onLine, _balance - fromBalance);

        public void Advance(long amount, long fee) => (_principal, _fees) = (_principal + amount, _fees + fee);

        public void PayOut(long amount)
        {
            _principal += Math.Max(0, amount - _balance);
            _balance = Math.Max(0, _balance - amount);
        }

        public void Repay(RepaymentSplit split)
        {
            Lower(split);
            _balance += split.ToBalance;
        }

        public void Take(IEnumerable<Movement> movements)
        {
            foreach (var movement in movements)
            {
                Assert.True(movement.Amount > 0, $"{movement.Kind} of {movement.Amount}");
                switch (movement.Kind)
                {
                    case MovementKind.InterestCharged: _interest += movement.Amount; break;
                    case MovementKind.LateFeeCharged or MovementKind.PlanFeeCharged: _fees += movement.Amount; break;
                    case MovementKind.WrittenOff:
                        Lower(movement.Split);
                        _writtenOff += movement.Amount;
                        break;
                    case MovementKind.BalanceApplied:
                        Lower(movement.Split);
                        _balance -= movement.Amount;
                        break;
                }
            }
        }

        public void Hold(BillingState state)
        {
            Assert.Equal((_principal, _interest, _fees, _balance, _writtenOff), (state.Principal, state.Interest, state.Fees, state.CreditBalance, state.WrittenOffLeft));
            Assert.Equal(state.Charged.WrittenOff, state.Charged.Recovered + state.WrittenOffLeft);
            Assert.True(LinesOf(state).All(line => line.Amount >= 0 || line.What is "accrued"), "An amount is below zero.");
            Assert.True(state.AccruedMicro > -1_000_000, "More than a rounding rest is negative.");
            Assert.True(state.OverdueLeft <= state.Past.Total && state.MinimumLeft <= state.Payable, "More is asked for than is owed.");
        }

        private void Lower(RepaymentSplit split)
        {
            _principal -= split.ToPrincipal;
            _interest -= split.ToInterest;
            _fees -= split.ToFees;
            _writtenOff -= split.ToRecovered;
        }
    }

    private static string Told(Life life) => $"{life.Terms}, in the order {string.Join(" ", life.Terms.RepaymentOrder)}\nopened {life.Opened:O} for {life.Days} days, pays until day "
        + $"{life.PaysUntil} and from {life.PaysFrom}\n{string.Join("\n", life.Acts.AsEnumerable())}\n";

    private static PlanPart[] PartsOf(long principal, int choice)
    {
        var periods = 2 + (choice % 5);
        return [.. Enumerable.Range(0, periods).Select(part => new PlanPart((principal / periods) + (part < principal % periods ? 1 : 0), choice % 2 == 0 ? 0 : (principal / 100) + part))];
    }

    private static void Same(IEnumerable<Line> expected, IEnumerable<Line> actual)
    {
        if (!expected.SequenceEqual(actual))
        {
            Assert.Equal(string.Join("\n", expected.Except(actual)), string.Join("\n", actual.Except(expected)));
        }
    }

    private static IEnumerable<Line> LinesOf(BillingState state) =>
    [
        .. LinesOf("Current", state.Current), .. LinesOf("Billed", state.Billed), .. LinesOf("Past", state.Past),
        new("accrued", default, state.AccruedMicro / 1_000_000m),
        .. state.Overdue.Select(minimum => new Line("missed", minimum.DueDay, minimum.Left)),
        .. state.Due is { } due ? [new("due", due.DueDay, due.Left)] : Enumerable.Empty<Line>(),
        .. state.Plans.SelectMany(plan => plan.Parts.SelectMany(part => new Line[] { new(plan.Id, default, part.Principal), new("its fee", default, part.Fee) })),
        new("balance", default, state.CreditBalance), new("written off left", default, state.WrittenOffLeft), .. LinesOf(state.Cycle),
        new("ever Interest", default, state.Charged.Interest), new("ever LateFees", default, state.Charged.LateFees), new("ever AdvanceFees", default, state.Charged.AdvanceFees),
        new("ever PlanFees", default, state.Charged.PlanFees), new("ever WrittenOff", default, state.Charged.WrittenOff), new("ever Recovered", default, state.Charged.Recovered),
        new("purchase " + state.Folded, default, 0),
    ];

    private static IEnumerable<Line> LinesOf(string stand, Layer layer) =>
        new Line[] { new(stand + " Fees", default, layer.Fees), new(stand + " Interest", default, layer.Interest), new(stand + " Advances", default, layer.Advances) }
            .Where(line => line.Amount != 0)
            .Concat(layer.Purchases.Select(tranche => new Line(stand + " Purchases", tranche.Day, tranche.Amount)));

    private static IEnumerable<Line> LinesOf(CycleTotals cycle) =>
    [
        new("previous", default, cycle.Previous), new("bought", default, cycle.Purchases), new("advanced", default, cycle.Advances), new("plan parts", default, cycle.PlanParts),
        new("interest", default, cycle.Interest), new("fees", default, cycle.Fees),
        new("repaid", default, cycle.Repaid), new("refunded", default, cycle.Refunded), new("to plans", default, cycle.ToPlans),
        new("reclaimed", default, cycle.Reclaimed),
    ];

    private static IEnumerable<Line> BroughtBy(BillingOutcome outcome) =>
    [
        new("balance used", default, outcome.Movements.Where(movement => movement.Kind == MovementKind.BalanceApplied).Sum(movement => movement.Amount)),
        .. outcome.Missed.Select(day => new Line("missed", day, 0)),
        .. outcome.Statements.SelectMany(cut => (Line[])
        [
            new("from", cut.From, 0), new("day", cut.Day, 0), new("due day", cut.DueDay, 0), .. LinesOf(cut.Lines),
            new("total", default, cut.Total), new("minimum", default, cut.Minimum), new("overdue", default, cut.Overdue), new("free purchases", default, cut.Purchases),
        ]),
        .. outcome.ChargedOff is { } day
            ? [new("written off", day, outcome.Movements.Where(movement => movement.Kind == MovementKind.WrittenOff).Sum(movement => movement.Amount))]
            : Enumerable.Empty<Line>(),
    ];
}
