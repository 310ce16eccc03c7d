using Peony.Book;
using Peony.Customers;
using Peony.Ledger;
using Peony.Wallet;

namespace Peony.Credit;

/// <summary>
/// Repays (还款) out of the wallet, at once. What is more than owed becomes credit balance (溢缴款). A frozen customer may repay what is owed, no more.
/// </summary>
internal sealed record RepayFromWallet(SessionId Session, Money Amount, PinProof Pin) : ICommand<RepaymentView>
{
    public Result<RepaymentView> Handle(IWork work)
    {
        if (RepaymentChecks.Admit(work, Session, Amount).IsRefused(out var refusal, out var customer))
        {
            return refusal;
        }

        if (new CheckPin(customer, Pin).Handle(work).IsRefused(out refusal, out _))
        {
            return refusal;
        }

        return Settle(work, customer, Amount, LineBilling.Open(work, customer));
    }

    /// <summary>Takes the money out of the wallet and puts it against the line, or refuses when it is not there.</summary>
    /// <param name="plan">The plan it pays off, or null.</param>
    public static Result<RepaymentView> Settle(IWork work, CustomerId customer, Money amount, LineBilling billing, string? plan = null)
    {
        WalletAccounts.Open(work, customer);
        var id = work.NewId<RepaymentId>();
        var fact = billing.Fact(plan is null ? LineFactKind.Repaid : LineFactKind.PaidOff, id.Value, amount.Minor) with { Plan = plan };
        var repayment = Repayment.FromWallet(id, customer, amount, billing.Take(fact), work.Now) with { PaidOff = plan };
        if (work.PostOrRefuse(CreditPostings.Repaid(repayment), WalletRefusals.BalanceShort).IsRefused(out var refusal, out _))
        {
            return refusal.With("available", new Money(work.Account(WalletAccounts.Of(customer)).Available, amount.Currency));
        }

        billing.Save();
        work.Save(repayment);
        var view = repayment.View();
        work.Tell(new RepaymentSettled(customer, view.Id, amount, view.ToBalance));
        return view;
    }
}
