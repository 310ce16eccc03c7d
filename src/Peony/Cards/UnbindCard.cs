using Peony.Book;
using Peony.Customers;

namespace Peony.Cards;

/// <summary>
/// Unbinds a card with the payment PIN. Whatever uses the card must have been shown: its references stand in <paramref name="Seen"/>. An open withdrawal to the card
/// can then not be redeemed any more; money on its way arrives all the same.
/// </summary>
internal sealed record UnbindCard(SessionId Session, CardId Card, PinProof Pin, IReadOnlyList<string> Seen, CardUseChecks Checks) : ICommand<CardView>
{
    public Result<CardView> Handle(IWork work)
    {
        if (new Authenticate(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        var card = work.Find<BankCard>(Card.Value);
        if (card is null || card.Customer != caller.Customer)
        {
            return CardRefusals.NotFound;
        }

        if (card.Unbind(work.Now).IsRefused(out refusal, out var unbound))
        {
            return refusal;
        }

        var unseen = Checks.Find(work, caller.Customer, Card).Uses.Count(use => !Seen.Contains(use.Reference, StringComparer.Ordinal));
        if (unseen > 0)
        {
            return CardRefusals.InUse.With("count", unseen);
        }

        if (new CheckPin(caller.Customer, Pin).Handle(work).IsRefused(out refusal, out _))
        {
            return refusal;
        }

        work.Save(unbound);
        work.Tell(new CardUnbound(caller.Customer, unbound.Id, unbound.Version, unbound.Bank, unbound.Kind, unbound.LastFour));
        return unbound.View();
    }
}
