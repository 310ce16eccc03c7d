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

        WalletAccounts.Open(work, customer);
        var billing = LineBilling.Open(work, customer);
        var repayment = Repayment.FromWallet(work.NewId<RepaymentId>(), customer, Amount, billing.Run.Repay(Amount.Minor), work.Now);
        if (work.PostOrRefuse(CreditPostings.Repaid(repayment), WalletRefusals.BalanceShort).IsRefused(out refusal, out _))
        {
            return refusal.With("available", new Money(work.Account(WalletAccounts.Of(customer)).Available, Amount.Currency));
        }

        billing.Save();
        work.Save(repayment);
        var view = repayment.View();
        work.Tell(new RepaymentSettled(customer, view.Id, Amount, view.ToBalance));
        return view;
    }
}
