using Peony.Book;
using Peony.Cards;
using Peony.Customers;

namespace Peony.Wallet;

/// <summary>The top-ups from a card that the bank has not ended yet.</summary>
internal sealed record TopUpsOnCard(CustomerId Customer, CardId Card) : ICommand<CardUses>
{
    public Result<CardUses> Handle(IWork work) =>
        new CardUses([.. work.FindBy<TopUp>(WalletModule.ByOpenCard, Card.Value)
            .Where(topUp => topUp.Customer == Customer)
            .Select(topUp => new CardUse(topUp.Id.Value, "top_up", "ordered", topUp.Amount))]);
}

internal sealed class TopUpCardUse : ICardUse
{
    public ICommand<CardUses> Of(CustomerId customer, CardId card) => new TopUpsOnCard(customer, card);
}
