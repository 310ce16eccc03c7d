using Peony.Book;
using Peony.Customers;

namespace Peony.Cards;

/// <summary>Ends the cards of an erased customer, so that the same person may come back and bind them again.</summary>
internal sealed record ForgetCards(CustomerId Customer) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        foreach (var card in work.FindBy<BankCard>(CardsModule.ByCustomer, Customer.Value))
        {
            work.Save(card.Forget(work.Now));
        }

        return new Done();
    }
}

/// <summary>Follows an erasure; there is nothing to do outside, only the cards to end.</summary>
internal sealed class ForgetCardsEffect : IEffect<CustomerErased>
{
    public const string EffectName = "cards.forget";

    public string Name => EffectName;

    public Task<ICommand?> ActAsync(CustomerErased @event, EffectContext context, CancellationToken cancel) =>
        Task.FromResult<ICommand?>(new ForgetCards(@event.Customer));
}
