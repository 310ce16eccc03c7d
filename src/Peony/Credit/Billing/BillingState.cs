namespace Peony.Credit;

/// <summary>Purchases of one posting day that are not repaid yet, minor units.</summary>
internal readonly record struct Tranche(DateOnly Day, long Amount);

/// <summary>What is due together and was neither repaid nor moved on, minor units.</summary>
/// <param name="Fees">Late fees, fees of cash advances, fees of instalments.</param>
/// <param name="Interest">Interest that was charged, whole minor units.</param>
/// <param name="Advances">Principal of cash advances: it bears interest from its posting day on, wherever it stands.</param>
/// <param name="Purchases">Principal of purchases and of billed instalments, oldest posting day first.</param>
internal sealed record Layer(long Fees, long Interest, long Advances, IReadOnlyList<Tranche> Purchases)
{
    public static readonly Layer Empty = new(0, 0, 0, []);

    public long Principal => Advances + Purchases.Sum(tranche => tranche.Amount);

    public long Total => Fees + Interest + Principal;

    public override string ToString() => $"fees {Fees} interest {Interest} advances {Advances} purchases {string.Join(' ', Purchases.Select(tranche => $"{tranche.Day:O}:{tranche.Amount}"))}";
}

/// <summary>A minimum payment that is asked for, and what is still missing of it.</summary>
internal readonly record struct MinimumDue(DateOnly DueDay, long Left);

/// <summary>What is left of an instalment plan: parts that no statement has billed yet, the next one first.</summary>
/// <param name="Fee">The fee billed with the part; 0 where the merchant bears it.</param>
internal readonly record struct PlanPart(long Principal, long Fee);

internal sealed record OpenPlan(string Id, IReadOnlyList<PlanPart> Parts)
{
    public override string ToString() => $"{Id} {string.Join(' ', Parts.Select(part => $"{part.Principal}+{part.Fee}"))}";
}

/// <summary>What happened since the last statement, minor units: the lines of the next.</summary>
/// <param name="Previous">Everything that was due by the last statement.</param>
/// <param name="PlanParts">Principal of instalments billed with the statement.</param>
/// <param name="Reclaimed">What was spent of a credit balance that was not there after all, because the repayment it came from was returned.</param>
internal sealed record CycleTotals(long Previous, long Purchases, long Advances, long PlanParts, long Interest, long Fees, long Repaid, long Refunded, long ToPlans, long Reclaimed = 0)
{
    public static readonly CycleTotals Nothing = new(0, 0, 0, 0, 0, 0, 0, 0, 0);
}

/// <summary>All that was ever charged, written off and recovered, minor units. The differences are what the ledger's income and expense accounts move by.</summary>
internal sealed record Charged(long Interest, long LateFees, long AdvanceFees, long PlanFees, long WrittenOff, long Recovered);

/// <summary>
/// Where a credit line stands at the end of a business day, as it follows from the facts alone: the same facts in the order of their days give the same state, whatever the order they
/// became known in. Interest is kept in millionths of a minor unit until a statement charges the whole units.
/// </summary>
/// <param name="ClosedThrough">The last day that was closed.</param>
/// <param name="Folded">The last purchase that is in here; later ones are added when the state is next needed.</param>
/// <param name="Past">What was due and not paid by its due day. Its principal bears interest.</param>
/// <param name="Billed">What the last statement asks for, until its due day.</param>
/// <param name="Current">What no statement has asked for yet.</param>
/// <param name="AccruedMicro">Interest accrued and not charged yet, millionths of a minor unit.</param>
/// <param name="Due">The minimum of the last statement until its due day, or null.</param>
/// <param name="Overdue">Minimum payments missed, oldest first.</param>
/// <param name="CreditBalance">What the customer has with us, minor units.</param>
/// <param name="WrittenOffLeft">What was written off and not recovered, minor units; while above zero nothing accrues.</param>
internal sealed record BillingState(
    DateOnly ClosedThrough,
    string Folded,
    Layer Past,
    Layer Billed,
    Layer Current,
    long AccruedMicro,
    MinimumDue? Due,
    IReadOnlyList<MinimumDue> Overdue,
    IReadOnlyList<OpenPlan> Plans,
    long CreditBalance,
    long WrittenOffLeft,
    CycleTotals Cycle,
    Charged Charged)
{
    /// <summary>A line on the day it is opened.</summary>
    public static BillingState Opened(DateOnly day) => new(day.AddDays(-1), "", Layer.Empty, Layer.Empty, Layer.Empty, 0, null, [], [], 0, 0,
        CycleTotals.Nothing, new Charged(0, 0, 0, 0, 0, 0));

    /// <summary>Principal owed in all: purchases, advances, and plans to their last part.</summary>
    public long Principal => Past.Principal + Billed.Principal + Current.Principal + Plans.Sum(plan => plan.Parts.Sum(part => part.Principal));

    /// <summary>Principal of cash advances that is not repaid.</summary>
    public long Advances => Past.Advances + Billed.Advances + Current.Advances;

    public long Interest => Past.Interest + Billed.Interest + Current.Interest;

    public long Fees => Past.Fees + Billed.Fees + Current.Fees;

    /// <summary>What must be paid for no interest to accrue: what was due, and what the last statement asks for.</summary>
    public long Payable => Past.Total + Billed.Total;

    /// <summary>The principal that a plan in hardship would take: all that was billed or is past its due day.</summary>
    public long Restructurable => Past.Principal + Billed.Principal;

    public long OverdueLeft => Overdue.Sum(minimum => minimum.Left);

    /// <summary>The least that must be paid now: minimums missed and the one asked for.</summary>
    public long MinimumLeft => OverdueLeft + (Due?.Left ?? 0);

    /// <summary>Days past due on a day: since the due day of the oldest minimum missed; 0 when none is.</summary>
    public int DaysPastDue(DateOnly day) => Overdue.Count == 0 ? 0 : day.DayNumber - Overdue[0].DueDay.DayNumber;

    /// <summary>Nothing is owed, nothing was written off, and the cycle that runs has nothing to tell: no day has anything to bring.</summary>
    public bool IsIdle => Principal + Interest + Fees + WrittenOffLeft == 0 && Due is null && Cycle == CycleTotals.Nothing;

    /// <summary>What of this state another one has otherwise, or null. Lists are compared by what is in them.</summary>
    public string? Difference(BillingState other)
    {
        foreach (var (what, mine, others) in new (string, object?, object?)[]
        {
            ("closed through", ClosedThrough, other.ClosedThrough),
            ("past", Past.ToString(), other.Past.ToString()),
            ("billed", Billed.ToString(), other.Billed.ToString()),
            ("current", Current.ToString(), other.Current.ToString()),
            ("accrued", AccruedMicro, other.AccruedMicro),
            ("due", Due, other.Due),
            ("overdue", string.Join(' ', Overdue), string.Join(' ', other.Overdue)),
            ("plans", string.Join(' ', Plans), string.Join(' ', other.Plans)),
            ("credit balance", CreditBalance, other.CreditBalance),
            ("written off", WrittenOffLeft, other.WrittenOffLeft),
            ("cycle", Cycle, other.Cycle),
            ("charged", Charged, other.Charged),
        })
        {
            if (!Equals(mine, others))
            {
                return $"{what} {mine}, not {others}";
            }
        }

        return null;
    }
}
