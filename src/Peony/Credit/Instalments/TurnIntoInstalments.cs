using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>Turns purchases of the last statement into instalments (账单分期), before its due day. Nothing is posted: the principal is owed as before, and the fee is billed with its parts.</summary>
/// <param name="Agrees">The customer agrees to open instalments; asked at their first use only.</param>
internal sealed record TurnIntoInstalments(SessionId Session, Money Amount, int Periods, bool Agrees, PinProof Pin) : ICommand<PlanView>
{
    public Result<PlanView> Handle(IWork work)
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
        var billed = new Money(billing.Run.State.Billed.Purchases.Sum(tranche => tranche.Amount), line.Limit.Currency);
        if (!Amount.IsPositive || Amount.Currency != line.Limit.Currency || Amount > billed)
        {
            return CreditRefusals.InstalmentsAboveStatement.With("most", billed);
        }

        if (InstalmentChecks.Admit(work, line, Amount, Periods, Agrees).IsRefused(out refusal, out var offer))
        {
            return refusal;
        }

        var plan = new InstalmentPlan(work.NewId<PlanId>(), customer, Amount, Periods, offer.Fee, billing.Today, work.Now);
        billing.Take(billing.Fact(LineFactKind.TurnedIntoPlan, plan.Key, Amount.Minor) with { Periods = Periods });
        billing.Save();
        work.Save(plan);
        work.Tell(new PlanOpened(customer, plan.Id, Amount, Periods, offer.Fee));
        return billing.Plan(plan.Key)!;
    }
}
