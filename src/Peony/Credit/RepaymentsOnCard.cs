using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>The repayments from a card that the bank has not ended yet, and the automatic repayment that would collect from it.</summary>
internal sealed record RepaymentsOnCard(CustomerId Customer, CardId Card) : ICommand<CardUses>
{
    public Result<CardUses> Handle(IWork work)
    {
        var uses = work.FindBy<Repayment>(CreditModule.ByOpenCard, Card.Value)
            .Where(repayment => repayment.Customer == Customer)
            .Select(repayment => new CardUse(repayment.Id.Value, "repayment", "ordered", repayment.Amount))
            .ToList();
        if (work.Find<AutoRepayment>(Customer.Value)?.Card == Card)
        {
            uses.Add(new CardUse(Customer.Value, "auto_repayment", "on", new Money(CreditStand.Of(work, Customer).Debt, work.Get<CreditLine>(Customer.Value).Limit.Currency)));
        }

        return new CardUses(uses);
    }
}

internal sealed class RepaymentCardUse : ICardUse
{
    public ICommand<CardUses> Of(CustomerId customer, CardId card) => new RepaymentsOnCard(customer, card);
}
