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

        var billing = LineBilling.Open(work, customer);
        return Settle(work, customer, Amount, billing, billing.Run.Repay(Amount.Minor));
    }

    /// <summary>Takes the money out of the wallet as it was split, or refuses when it is not there.</summary>
    /// <param name="paidOff">The plan it pays off, or null.</param>
    public static Result<RepaymentView> Settle(IWork work, CustomerId customer, Money amount, LineBilling billing, RepaymentSplit split, string? paidOff = null)
    {
        WalletAccounts.Open(work, customer);
        var repayment = Repayment.FromWallet(work.NewId<RepaymentId>(), customer, amount, split, work.Now) with { PaidOff = paidOff };
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
