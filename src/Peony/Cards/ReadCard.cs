using Peony.Book;
using Peony.Customers;

namespace Peony.Cards;

/// <summary>A customer's card, bound or not. For other capabilities inside their own work.</summary>
internal sealed record ReadCard(CustomerId Customer, CardId Card) : ICommand<CardView>
{
    public Result<CardView> Handle(IWork work)
    {
        var card = work.Find<BankCard>(Card.Value);
        return card?.Customer == Customer ? card.View() : CardRefusals.NotFound;
    }
}
