using Peony.Book;
using Peony.Customers;

namespace Peony.Cards;

/// <summary>A customer's bound cards, oldest first; for other capabilities inside their own work.</summary>
internal sealed record ListCards(CustomerId Customer) : ICommand<CardList>
{
    public Result<CardList> Handle(IWork work) =>
        new CardList([.. work.FindBy<BankCard>(CardsModule.ByCustomer, Customer.Value).Where(card => card.IsBound).Select(card => card.View())]);
}

internal sealed record CardList(IReadOnlyList<CardView> Cards);
