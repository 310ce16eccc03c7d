using Peony.Book;
using Peony.Edge;
using Peony.Merchants;

namespace Peony.Trades;

/// <summary>Tells a merchant's open pages which of its trades has moved, after that is on disk. It goes through no queue that waits: a till says "paid" while the buyer still looks at the phone.</summary>
internal sealed class TradeFeed
{
    private readonly Listeners<MerchantId, TradeId> _listeners = new();

    public void Publish(MerchantId merchant, TradeId trade) => _listeners.Publish(merchant, trade);

    public IAsyncEnumerable<TradeId> ListenAsync(MerchantId merchant, CancellationToken cancel) => _listeners.ListenAsync(merchant, cancel);
}

/// <summary>Tells open pages of an event of trades.</summary>
internal abstract class TradeFeedOn<TEvent>(string name, TradeFeed feed, Func<TEvent, (MerchantId Merchant, TradeId Trade)> where) : IEffect<TEvent>
    where TEvent : IEvent
{
    public string Name => name;

    public Task<ICommand?> ActAsync(TEvent @event, EffectContext context, CancellationToken cancel)
    {
        var (merchant, trade) = where(@event);
        feed.Publish(merchant, trade);
        return Task.FromResult<ICommand?>(null);
    }
}

internal sealed class TradePaidFeed(TradeFeed feed) : TradeFeedOn<TradePaid>(EffectName, feed, told => (told.Merchant, told.Trade))
{
    public const string EffectName = "trades.feed_paid";
}

internal sealed class TradeRefundedFeed(TradeFeed feed) : TradeFeedOn<TradeRefunded>(EffectName, feed, told => (told.Merchant, told.Trade))
{
    public const string EffectName = "trades.feed_refunded";
}

internal sealed class TradeClosedFeed(TradeFeed feed) : TradeFeedOn<TradeClosed>(EffectName, feed, told => (told.Merchant, told.Trade))
{
    public const string EffectName = "trades.feed_closed";
}
