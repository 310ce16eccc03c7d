using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>A line that its owner closed, as it was then: the record of the line itself gives way when it is opened again.</summary>
internal sealed record FormerCreditLine(FormerLineId Id, CreditLine Line) : IRecord
{
    public string Key => Id.Value;
}

internal readonly record struct FormerLineId(string Value) : IId<FormerLineId>
{
    public static string Prefix => "fcl";
    public static FormerLineId Of(string value) => new(value);
    public override string ToString() => Value;
}

/// <summary>
/// Its owner closes the line (关闭): nothing is owed, accrued or on its way, and no credit balance is left. Interest accrued below one fen is forgotten. Statements stay readable, automatic repayment is off and
/// no timer of the line is left.
/// </summary>
internal sealed record CloseCreditLine(SessionId Session, PinProof Pin) : ICommand<CreditLineView>
{
    private const long MicroOfOne = 1_000_000;

    public Result<CreditLineView> Handle(IWork work)
    {
        if (new AuthenticateActive(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        var customer = caller.Customer;
        if (work.Find<CreditLine>(customer.Value) is not { IsOpen: true } line)
        {
            return CreditRefusals.LineNotOpen;
        }

        if (new CheckPin(customer, Pin).Handle(work).IsRefused(out refusal, out _))
        {
            return refusal;
        }

        var billing = LineBilling.Open(work, customer);
        var state = billing.Run.State;
        var stand = CreditStand.Of(work, customer);
        if (work.FindBy<Repayment>(CreditModule.ByOpenCustomer, customer.Value).Count > 0)
        {
            return CreditRefusals.CloseRepaying;
        }

        if (state.Plans.Count > 0)
        {
            return CreditRefusals.ClosePlanOpen;
        }

        if (Owing(stand, state) is > 0 and var owing)
        {
            return CreditRefusals.CloseOwing.With("owed", new Money(owing, line.Limit.Currency));
        }

        if (stand.Balance.Balance > 0)
        {
            return CreditRefusals.CloseBalanceLeft.With("balance", new Money(stand.Balance.Balance, line.Limit.Currency));
        }

        Close(work, work.Get<CreditLine>(customer.Value), billing);
        return work.Get<CreditLine>(customer.Value).View(CreditStand.Of(work, customer));
    }

    /// <summary>Everything that would still have to be paid, minor units: what is owed or set aside to be, what was written off, and what accrued and would be charged.</summary>
    private static long Owing(CreditStand stand, BillingState state) =>
        stand.Owed.HighBalance + stand.Interest.Balance + stand.Fees.Balance + state.WrittenOffLeft + Math.Max(0, state.AccruedMicro / MicroOfOne);

    private static void Close(IWork work, CreditLine line, LineBilling billing)
    {
        var customer = line.Customer;
        work.Save(new FormerCreditLine(work.NewId<FormerLineId>(), line with { ClosedAt = work.Now }));
        work.Save(line with { ClosedAt = work.Now, Cap = null, OwedAbove = null, OverdueSince = null });
        var id = work.NewId<LineFactId>();
        billing.Take(billing.Fact(LineFactKind.Closed, id.Value, 0));
        billing.Save();
        work.SetLimits(CreditAccounts.Owed(customer), floor: 0, ceiling: 0);
        if (work.Find<AutoRepayment>(customer.Value) is { Card: not null } automatic)
        {
            work.Save(automatic with { Card = null, Since = work.Now });
        }

        foreach (var timer in (ReadOnlySpan<string>)[$"credit/collect/{line.Key}", $"credit/remind/{line.Key}/3", $"credit/remind/{line.Key}/0"])
        {
            work.CancelTimer(timer);
        }

        work.Tell(new CreditLineClosed(customer));
    }
}
