using Peony.Book;
using Peony.Merchants;
using Peony.Trades;

namespace Peony.Gateway.Notify;

/// <summary>Tells the merchant's server that a trade was paid. Trades that come from elsewhere than the gateway, and shops that gave no address, are told nothing.</summary>
internal sealed class PaidNotice(TradeReader trades, AppReader apps) : IEffect<TradePaid>
{
    public const string EffectName = "gateway.trade_paid";

    public string Name => EffectName;

    public async Task<ICommand?> ActAsync(TradePaid @event, EffectContext context, CancellationToken cancel) =>
        await trades.ForBuyerAsync(@event.Buyer, @event.Trade, cancel) is { } trade ? await NoticeOrders.MakeAsync(apps, TradeNotice.WhenPaid(trade), null, cancel) : null;
}

/// <summary>Tells the merchant's server of a refund.</summary>
internal sealed class RefundedNotice(TradeReader trades, AppReader apps) : IEffect<TradeRefunded>
{
    public const string EffectName = "gateway.trade_refunded";

    public string Name => EffectName;

    public async Task<ICommand?> ActAsync(TradeRefunded @event, EffectContext context, CancellationToken cancel)
    {
        var refunds = await trades.RefundsAsync(@event.Trade, cancel);
        return refunds.FirstOrDefault(one => one.Id == @event.Refund) is { } refund
            ? await NoticeOrders.MakeAsync(apps, TradeNotice.WhenRefunded(refund.Trade, refund, refunds), refund, cancel)
            : null;
    }
}

internal static class NoticeOrders
{
    /// <summary>The order of a notice, or null when there is nobody to tell.</summary>
    public static async Task<ICommand?> MakeAsync(AppReader apps, TradeView trade, TradeRefundView? refund, CancellationToken cancel)
    {
        if (TradeLabels.Of(trade, TradeLabels.App) is not { } app)
        {
            return null;
        }

        var url = TradeLabels.Of(trade, TradeLabels.NotifyUrl) ?? (await apps.FindAsync(new AppId(app), cancel))?.NotifyUrl;
        return !WireText.IsWebAddress(url) ? null : new OrderNotify(trade.Id, trade.Merchant.Value, app, url, TradeNotice.Of(trade, refund));
    }
}
