using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>
/// Pays what no statement has billed yet of an instalment plan (提前还清), from the wallet. The quote shown binds: it holds as long as the plan stands as it did, and is refused with the
/// present one when a statement has billed a part meanwhile.
/// </summary>
/// <param name="Quoted">What the customer was shown.</param>
internal sealed record PayOffPlan(SessionId Session, string Plan, Money Quoted, PinProof Pin) : ICommand<RepaymentView>
{
    public Result<RepaymentView> Handle(IWork work)
    {
        if (RepaymentChecks.Admit(work, Session, Quoted).IsRefused(out var refusal, out var customer))
        {
            return refusal;
        }

        if (new CheckPin(customer, Pin).Handle(work).IsRefused(out refusal, out _))
        {
            return refusal;
        }

        var billing = LineBilling.Open(work, customer);
        if (billing.Plan(Plan) is not { } plan)
        {
            return CreditRefusals.NotFound;
        }

        if (plan.Payoff != Quoted)
        {
            return CreditRefusals.QuoteChanged.With("payoff", plan.Payoff);
        }

        var split = billing.Run.PayOff(Plan);
        if (split.ToFees > 0)
        {
            work.Post(CreditPostings.PayoffFee(customer, Plan, new Money(split.ToFees, Quoted.Currency)));
        }

        return RepayFromWallet.Settle(work, customer, Quoted, billing, split, Plan);
    }
}
