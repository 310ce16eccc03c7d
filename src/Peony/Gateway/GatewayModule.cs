using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Edge;
using Peony.Gateway.Bills;
using Peony.Gateway.Keys;
using Peony.Gateway.Notify;
using Peony.Trades;

namespace Peony.Gateway;

/// <summary>The gateway that official client libraries talk to. Its addresses are at the root: <see cref="GatewayDoors"/> maps them.</summary>
internal sealed class GatewayModule : IModule
{
    public const string ByTrade = "trade";
    public const string ByMerchant = "merchant";

    public void Describe(BookSchema schema)
    {
        schema.Record<PlatformKey>("platform_key");
        schema.Record<NotifyDelivery>("notify_delivery").Index(ByTrade, delivery => delivery.Trade.Value).Index(ByMerchant, delivery => delivery.Merchant);

        schema.Command<KeepPlatformKey>("gateway.keep_platform_key");
        schema.Command<OrderNotify>("gateway.order_notify");
        schema.Command<NotifyAnswered>("gateway.notify_answered");
        schema.Command<NotifyTimer>("gateway.notify_timer");

        schema.Event<NotifyDue>("gateway.notify_due");
        schema.EffectOn<NotifyDue>(NotifyEffect.EffectName);
        schema.EffectOn<TradePaid>(PaidNotice.EffectName);
        schema.EffectOn<TradeRefunded>(RefundedNotice.EffectName);
    }

    public void AddServices(IServiceCollection services, PeonyOptions options)
    {
        services.AddSingleton<AppKeys>();
        services.AddSingleton<PlatformKeys>();
        services.AddSingleton<BillDownload>();
        services.AddSingleton<GatewayMethods>();
        services.AddSingleton<GatewayCheck>();
        services.AddEffect<NotifyDue, NotifyEffect>();
        services.AddEffect<TradePaid, PaidNotice>();
        services.AddEffect<TradeRefunded, RefundedNotice>();
        NotifyClient.Add(services, options);
    }

    public void MapApi(IEndpointRouteBuilder api)
    {
        // Nothing below /api/v1: who talks to the gateway speaks its own protocol.
    }
}
