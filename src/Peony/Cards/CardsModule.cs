using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Customers;
using Peony.Edge;
using Peony.Payouts;

namespace Peony.Cards;

/// <summary>Bank cards and their versions.</summary>
internal sealed class CardsModule(CardRules rules) : IModule
{
    public const string ByCustomer = "customer";
    public const string ByNumberOfCustomer = "customer_number";
    public const string ByBoundNumber = "bound_number";

    public CardsModule()
        : this(CardRules.Shipped())
    {
    }

    public void Describe(BookSchema schema)
    {
        schema.Constant(rules);
        schema.Record<BankCard>("bank_card")
            .Index(ByCustomer, card => card.Customer.Value)
            .Index(ByBoundNumber, card => card.IsBound ? card.NumberHash : null)
            .Unique(ByNumberOfCustomer, card => card.NumberHash is null ? null : BankCard.NumberKey(card.Customer, card.NumberHash));
        schema.Record<BindTries>("card_bind_tries");

        schema.Command<AskToBind>("cards.ask_to_bind");
        schema.Command<BindCard>("cards.bind");
        schema.Command<WhatUsesCard>("cards.what_uses");
        schema.Command<UnbindCard>("cards.unbind");
        schema.Command<ForgetCards>("cards.forget");
        schema.Command<ReadCard>("cards.read");
        schema.Command<ReadDebitCard>("cards.read_debit");
        schema.Command<ListCards>("cards.list");

        schema.Event<CardBound>("cards.bound");
        schema.Event<CardUnbound>("cards.unbound");
        schema.EffectOn<CustomerErased>(ForgetCardsEffect.EffectName);
        schema.Control("cards' versions", CardControls.Versions);
    }

    public void AddServices(IServiceCollection services, PeonyOptions options)
    {
        services.AddEffect<CustomerErased, ForgetCardsEffect>();
        services.AddSingleton<CardUseChecks>();
        services.AddProvider(HttpCardBureau.ClientName);
        services.AddSingleton<ICardBureau, HttpCardBureau>();
        services.AddSingleton<CardBinding>();
        services.AddSingleton<ICardNumbers, SealedCardNumbers>();
    }

    public void MapApi(IEndpointRouteBuilder api) => CardsApi.Map(api);
}

/// <summary>What <c>verify</c> asks of the cards.</summary>
internal static class CardControls
{
    /// <summary>A card's version counts its binds, and no bind begins before the last one ended.</summary>
    public static string? Versions(IControlContext books)
    {
        foreach (var card in books.All<BankCard>())
        {
            if (card.Version != card.Earlier.Count + 1)
            {
                return $"{card.Id} is version {card.Version} after {card.Earlier.Count} earlier binds";
            }

            if (card.Earlier.Count > 0 && card.Earlier[^1].UnboundAt > card.BoundAt)
            {
                return $"{card.Id} was bound again before it was unbound";
            }
        }

        return null;
    }
}
