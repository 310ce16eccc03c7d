using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Ledger;
using Peony.Payouts;

namespace Peony.Credit;

/// <summary>
/// Orders a repayment (还款) from a bound debit card. Nothing is posted before the bank has collected it; then it goes against what is owed at that moment, and the
/// rest becomes credit balance (溢缴款). A frozen customer may repay what is owed, no more.
/// </summary>
internal sealed record RepayFromCard(SessionId Session, CardId Card, Money Amount, PinProof Pin) : ICommand<RepaymentView>
{
    public Result<RepaymentView> Handle(IWork work)
    {
        if (RepaymentChecks.Admit(work, Session, Amount).IsRefused(out var refusal, out var customer))
        {
            return refusal;
        }

        if (new ReadDebitCard(customer, Card).Handle(work).IsRefused(out refusal, out var card))
        {
            return refusal;
        }

        if (new CheckPin(customer, Pin).Handle(work).IsRefused(out refusal, out _))
        {
            return refusal;
        }

        var repayment = Repayment.OrderFromCard(work.NewId<RepaymentId>(), customer, card, Amount, work.Now);
        var request = new CollectionRequest(repayment.Reference(), customer, card.Id, card.Version, Amount, CreditAccounts.RepaymentsReceived, CreditAccounts.RepaymentsReturned);
        if (new OrderCollection(request).Handle(work).IsRefused(out refusal, out _))
        {
            return refusal;
        }

        work.Save(repayment);
        return repayment.View();
    }
}
