using Peony.Book;
using Peony.Cards;
using Peony.Customers;

namespace Peony.Credit;

/// <summary>The repayments from a card that the bank has not ended yet.</summary>
internal sealed record RepaymentsOnCard(CustomerId Customer, CardId Card) : ICommand<CardUses>
{
    public Result<CardUses> Handle(IWork work) =>
        new CardUses([.. work.FindBy<Repayment>(CreditModule.ByOpenCard, Card.Value)
            .Where(repayment => repayment.Customer == Customer)
            .Select(repayment => new CardUse(repayment.Id.Value, "repayment", "ordered", repayment.Amount))]);
}

internal sealed class RepaymentCardUse : ICardUse
{
    public ICommand<CardUses> Of(CustomerId customer, CardId card) => new RepaymentsOnCard(customer, card);
}
