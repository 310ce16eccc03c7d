using Peony.Book;
using Peony.Customers;

namespace Peony.Cards;

/// <summary>What the bureau said of the four elements (四要素): number, name, ID and phone together.</summary>
internal enum FourElementsAnswer
{
    Agree = 1,

    /// <summary>At least one differs; the bureau does not say which, and neither do we.</summary>
    Differ = 2,

    /// <summary>The bank does not take part, or does not know the card.</summary>
    NotSupported = 3,
}

/// <summary>
/// Binds a card after the bureau answered. The same number bound again by the same customer is the same card in its next version. A no of the bureau is refused
/// here, not at the edge, so that the answer is kept under the caller's key.
/// </summary>
internal sealed record BindCard(SessionId Session, CardToBind Card, FourElementsAnswer Answer) : ICommand<CardView>
{
    public Result<CardView> Handle(IWork work)
    {
        if (AskToBind.Admit(work, Session, Card.NumberHash).IsRefused(out var refusal, out var admitted))
        {
            return refusal;
        }

        if (Refused(Answer) is { } no)
        {
            return no;
        }

        var customer = admitted.Caller.Customer;
        BankCard? bound;
        if (admitted.Known is null)
        {
            bound = BankCard.FirstBind(work.NewId<CardId>(), customer, Card, work.Now);
        }
        else if (admitted.Known.BindAgain(Card, work.Now).IsRefused(out refusal, out bound))
        {
            return refusal;
        }

        work.Save(bound);
        work.Tell(new CardBound(customer, bound.Id, bound.Version, bound.Bank, bound.Kind, bound.LastFour));
        return bound.View();
    }

    private static Refusal? Refused(FourElementsAnswer answer) => answer switch
    {
        FourElementsAnswer.Agree => null,
        FourElementsAnswer.Differ => CardRefusals.FourElementsDiffer,
        FourElementsAnswer.NotSupported => CardRefusals.NotSupported,
    };
}
