using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Cards;
using Peony.Customers.Erasure;
using Peony.Edge;
using Peony.Payouts;

namespace Peony.Wallet;

/// <summary>The wallet balance and its top-ups.</summary>
internal sealed class WalletModule : IModule
{
    public const string ByOpenCard = "open_card";
    public const string ByOpenCustomer = "open_customer";

    public void Describe(BookSchema schema)
    {
        schema.Record<TopUp>("top_up")
            .Index(WalletReader.ByCustomer, topUp => topUp.Customer.Value)
            .Index(ByOpenCustomer, topUp => topUp.State == TopUpState.Ordered ? topUp.Customer.Value : null)
            .Index(ByOpenCard, topUp => topUp.State == TopUpState.Ordered ? topUp.Card.Id.Value : null);

        schema.Command<OrderTopUp>("wallet.order_top_up");
        schema.Command<EndTopUp>("wallet.end_top_up");
        schema.Command<TopUpsOnCard>("wallet.top_ups_on_card");
        schema.Command<ReadWallet>("wallet.read");
        schema.Command<EmptyWallet>("wallet.empty");

        schema.Event<TopUpSettled>("wallet.top_up_settled");
        schema.Event<TopUpFailed>("wallet.top_up_failed");
        schema.EffectOn<CollectionSettled>(TopUpCollectedEffect.EffectName);
        schema.EffectOn<CollectionFailed>(TopUpNotCollectedEffect.EffectName);

        schema.Control("wallets' floors", WalletControls.Floors);
        schema.Control("settled top-ups' money", WalletControls.SettledTopUps);
    }

    public void AddServices(IServiceCollection services, PeonyOptions options)
    {
        services.AddEffect<CollectionSettled, TopUpCollectedEffect>();
        services.AddEffect<CollectionFailed, TopUpNotCollectedEffect>();
        services.AddSingleton<ICardUse, TopUpCardUse>();
        services.AddSingleton<IErasureCheck, EmptyWalletCheck>();
    }

    public void MapApi(IEndpointRouteBuilder api) => WalletApi.Map(api);
}
