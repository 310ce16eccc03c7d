using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Edge;

namespace Peony.Trades;

/// <summary>Trades: orders of merchants, pay codes, payments, refunds.</summary>
internal sealed class TradesModule(TradeRules rules, PayCodes codes) : IModule
{
    public const string ByNumber = "number";
    public const string ByMerchantNumber = "merchant_number";
    public const string ByMerchant = "merchant";
    public const string ByBuyer = "buyer";
    public const string ByPayCode = "pay_code";
    public const string ByTrade = "trade";
    public const string ByTradeNumber = "trade_number";
    public const string BySession = "session";
    public const string ByDay = "day";

    public void Describe(BookSchema schema)
    {
        schema.Constant(rules);
        schema.Constant(codes);
        schema.Record<Trade>("trade")
            .Unique(ByNumber, trade => trade.Number)
            .Unique(ByMerchantNumber, trade => Trade.MerchantKey(trade.Merchant, trade.Order.OutTradeNo))
            .Unique(ByPayCode, trade => trade.PayCode)
            .Index(ByMerchant, trade => trade.Merchant.Value)
            .Index(ByDay, trade => trade.Payment is { } payment ? TradeDay.KeyOf(trade.Merchant, payment.At) : null)
            .Index(ByBuyer, trade => trade.Buyer?.Value);
        schema.Record<TradeRefund>("trade_refund")
            .Unique(ByTradeNumber, refund => TradeRefund.TradeKey(refund.Trade, refund.OutRequestNo))
            .Index(ByDay, refund => TradeDay.KeyOf(refund.Merchant, refund.At))
            .Index(ByTrade, refund => refund.Trade.Value);
        schema.Record<PayCodeKey>("pay_code_key").Unique(BySession, key => key.IsSpare ? null : key.Session.Value).Index(ByBuyer, key => key.Customer.Value);

        schema.Command<EnablePayCode>("trades.enable_pay_code");
        schema.Command<AddSparePayCodeKeys>("trades.add_spare_pay_code_keys");
        schema.Command<PayTrade>("trades.pay");
        schema.Command<PrepareTrade>("trades.prepare");
        schema.Command<CreateTrade>("trades.create");
        schema.Command<OpenTrade>("trades.open");
        schema.Command<ConfirmTrade>("trades.confirm");
        schema.Command<CloseTrade>("trades.close");
        schema.Command<CancelTrade>("trades.cancel");
        schema.Command<RefundTrade>("trades.refund");
        schema.Command<ExpireTrade>("trades.expire");
        schema.Command<FinishTrade>("trades.finish");

        schema.Event<TradeAwaitsBuyer>("trades.awaits_buyer");
        schema.Event<TradePaid>("trades.paid");
        schema.Event<TradeRefunded>("trades.refunded");
        schema.Event<TradeClosed>("trades.closed");

        schema.EffectOn<TradePaid>(TradePaidFeed.EffectName);
        schema.EffectOn<TradeRefunded>(TradeRefundedFeed.EffectName);
        schema.EffectOn<TradeClosed>(TradeClosedFeed.EffectName);

        schema.Control("what merchants are owed follows from their trades", TradeControls.Payables);
        schema.Control("refunds of trades", TradeControls.Refunds);
    }

    public void AddServices(IServiceCollection services, PeonyOptions options)
    {
        services.AddSingleton(rules);
        services.AddSingleton(codes);
        services.AddSingleton<TradeReader>();
        services.AddSingleton<TradeFeed>();
        services.AddEffect<TradePaid, TradePaidFeed>();
        services.AddEffect<TradeRefunded, TradeRefundedFeed>();
        services.AddEffect<TradeClosed, TradeClosedFeed>();
    }

    public void MapApi(IEndpointRouteBuilder api) => TradesApi.Map(api);
}
