namespace Peony.Tests.Credit.Billing;

/// <summary>What of the reference is compared with the product.</summary>
internal sealed partial class BillingReference
{
    /// <summary>How money was spent: on each kind, on what was written off, and what nobody needed.</summary>
    public readonly record struct Spent(decimal Principal, decimal Interest, decimal Fees, decimal Recovered, decimal Rest);

    /// <summary>One comparable fact of a state; a fact without a day has the first day there is.</summary>
    public readonly record struct Line(string What, DateOnly Day, decimal Amount);

    public decimal MinimumLeft => MissedLeft + (_due?.Left ?? 0);

    public IReadOnlyList<(string Id, decimal Principal)> Plans => [.. _plans.Select(plan => (plan.Id, plan.Parts.Sum(part => part.Principal)))];

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
           select new Line("ever " + count, default, _ever[(int)count] + (count == Count.PlanFees ? _ever[(int)Count.PayoffFees] : 0)),
        new("purchase " + _lastPurchase, default, 0),
    ];

    private IEnumerable<Line> Cycle() =>
    [
        new("previous", default, _previous), new("bought", default, Since(Count.Purchases)), new("advanced", default, Since(Count.Advances)), new("plan parts", default, Since(Count.PlanParts)),
        new("interest", default, Since(Count.Interest)), new("fees", default, Since(Count.LateFees, Count.AdvanceFees, Count.PlanFees)), new("repaid", default, Since(Count.Repaid)),
        new("refunded", default, Since(Count.Refunded)), new("to plans", default, Since(Count.ToPlans)), new("reclaimed", default, Since(Count.Reclaimed)),
    ];

    private decimal Since(params Count[] counts) => counts.Sum(count => _ever[(int)count] - _everAtStatement[(int)count]);
}
