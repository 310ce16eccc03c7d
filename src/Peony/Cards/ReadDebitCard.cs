using Peony.Book;
using Peony.Customers;

namespace Peony.Cards;

/// <summary>
/// A customer's card that money may go to or come from: bound, and a debit card (储蓄卡). Every bound card is in the customer's own name: the name and ID
/// of the verified customer were two of the four elements.
/// </summary>
internal sealed record ReadDebitCard(CustomerId Customer, CardId Card) : ICommand<CardView>
{
    public Result<CardView> Handle(IWork work)
    {
        if (new ReadCard(Customer, Card).Handle(work).IsRefused(out var refusal, out var card))
        {
            return refusal;
        }

        if (!card.IsBound)
        {
            return CardRefusals.Unbound;
        }

        return card.Kind == CardKind.Debit ? card : CardRefusals.NotDebit;
    }
}
