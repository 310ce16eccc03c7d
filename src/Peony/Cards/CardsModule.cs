using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Edge;

namespace Peony.Cards;

/// <summary>Bank cards and their versions.</summary>
internal sealed class CardsModule : IModule
{
    public const string ByCustomer = "customer";

    public void Describe(BookSchema schema)
    {
        schema.Record<BankCard>("bank_card").Index(ByCustomer, card => card.Customer.Value);
        schema.Command<ReadCard>("cards.read");
        schema.Command<ReadDebitCard>("cards.read_debit");
        schema.Command<ListCards>("cards.list");
        schema.Event<CardBound>("cards.bound");
        schema.Event<CardUnbound>("cards.unbound");
    }

    public void AddServices(IServiceCollection services, PeonyOptions options)
    {
    }

    public void MapApi(IEndpointRouteBuilder api)
    {
    }
}
