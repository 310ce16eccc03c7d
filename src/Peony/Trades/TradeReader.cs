using Peony.Book;
using Peony.Customers;
using Peony.Merchants;

namespace Peony.Trades;

/// <summary>What the doors read of trades.</summary>
internal sealed class TradeReader(IBookReader reader)
{
    private const int RefundsMost = 200;
    private const int PageMost = 500;

    /// <summary>The merchant's trade, or null: a stranger's looks like none, and so does a number that was only blocked.</summary>
    public async Task<TradeView?> FindAsync(MerchantId merchant, TradeSelector selector, CancellationToken cancel = default)
    {
        var found = selector switch
        {
            { Number: { Length: > 0 } number } => await reader.ListAsync<Trade>(TradesModule.ByNumber, number, cancel: cancel),
            { OutTradeNo: { Length: > 0 } own } => await reader.ListAsync<Trade>(TradesModule.ByMerchantNumber, Trade.MerchantKey(merchant, own), cancel: cancel),
            _ => [],
        };
        return found is [var trade] && trade.Merchant == merchant && !trade.IsBlocked ? trade.View() : null;
    }

    /// <summary>The trade of this number, whosoever it is: for operators.</summary>
    public async Task<TradeView?> OfNumberAsync(string number, CancellationToken cancel = default) =>
        await reader.ListAsync<Trade>(TradesModule.ByNumber, number, cancel: cancel) is [{ IsBlocked: false } trade] ? trade.View() : null;

    /// <summary>A trade that a customer may look at: one that is open to all, or theirs.</summary>
    public async Task<TradeView?> ForBuyerAsync(CustomerId customer, TradeId id, CancellationToken cancel = default) =>
        await reader.FindAsync<Trade>(id.Value, cancel) is { IsBlocked: false } trade && (trade.Buyer is not { } buyer || buyer == customer) ? trade.View() : null;

    /// <summary>The merchant's trade, or null.</summary>
    public async Task<TradeView?> OfSellerAsync(MerchantId merchant, TradeId id, CancellationToken cancel = default) =>
        await reader.FindAsync<Trade>(id.Value, cancel) is { IsBlocked: false } trade && trade.Merchant == merchant ? trade.View() : null;

    /// <summary>The number of the pay-code key of the customer's phone that got one last, or null.</summary>
    public async Task<string?> PhoneOfAsync(CustomerId customer, CancellationToken cancel = default) =>
        (await reader.ListAsync<PayCodeKey>(TradesModule.ByBuyer, customer.Value, cancel: cancel)).Where(key => !key.IsSpare).MaxBy(key => key.At)?.Number;

    /// <summary>The number of the pay-code key of a session, or null when it has none.</summary>
    public async Task<string?> PhoneOfAsync(SessionId session, CancellationToken cancel = default) =>
        (await reader.ListAsync<PayCodeKey>(TradesModule.BySession, session.Value, cancel: cancel)) is [var key] ? key.Number : null;

    /// <summary>A customer's trades, newest first.</summary>
    public async Task<IReadOnlyList<TradeView>> OfBuyerAsync(CustomerId customer, Page? page = null, CancellationToken cancel = default) =>
        [.. (await reader.ListAsync<Trade>(TradesModule.ByBuyer, customer.Value, page, cancel)).Select(trade => trade.View())];

    /// <summary>A merchant's trades, newest first.</summary>
    public async Task<IReadOnlyList<TradeView>> OfMerchantAsync(MerchantId merchant, Page? page = null, CancellationToken cancel = default) =>
        [.. (await reader.ListAsync<Trade>(TradesModule.ByMerchant, merchant.Value, page, cancel)).Where(trade => !trade.IsBlocked).Select(trade => trade.View())];

    /// <summary>What happened to a merchant's money on a day of China's, payments and refunds in the order in which they happened.</summary>
    /// <param name="most">No more than so many of each.</param>
    public async Task<IReadOnlyList<TradeMovement>> MovementsAsync(MerchantId merchant, DateOnly day, int most, CancellationToken cancel = default)
    {
        var key = TradeDay.KeyOf(merchant, day);
        var movements = (await AllAsync<Trade>(key, most, cancel)).Select(trade => new TradeMovement(trade.View(), null)).ToList();
        foreach (var refund in await AllAsync<TradeRefund>(key, most, cancel))
        {
            var trade = await reader.FindAsync<Trade>(refund.Trade.Value, cancel) ?? throw new InvalidOperationException($"{refund.Id} is of no trade.");
            movements.Add(new TradeMovement(trade.View(), refund.View(trade)));
        }

        return [.. movements.OrderBy(movement => movement.At)];
    }

    private async Task<List<TRecord>> AllAsync<TRecord>(string day, int most, CancellationToken cancel)
        where TRecord : class, IRecord
    {
        var all = new List<TRecord>();
        while (all.Count < most)
        {
            var page = await reader.ListAsync<TRecord>(TradesModule.ByDay, day, new Page(Math.Min(PageMost, most - all.Count), all.Count == 0 ? null : all[^1].Key, NewestFirst: false), cancel);
            all.AddRange(page);
            if (page.Count < PageMost)
            {
                break;
            }
        }

        return all;
    }

    /// <summary>The refund of a trade by the merchant's number of it, or null.</summary>
    public async Task<TradeRefundView?> RefundAsync(MerchantId merchant, TradeSelector selector, string outRequestNo, CancellationToken cancel = default) =>
        await FindAsync(merchant, selector, cancel) is { } trade
        && await reader.ListAsync<TradeRefund>(TradesModule.ByTradeNumber, TradeRefund.TradeKey(trade.Id, outRequestNo), cancel: cancel) is [var refund]
            ? refund.View(trade)
            : null;

    /// <summary>The refunds of a trade, the first one first.</summary>
    public async Task<IReadOnlyList<TradeRefundView>> RefundsAsync(TradeId id, CancellationToken cancel = default) =>
        await reader.FindAsync<Trade>(id.Value, cancel) is { } trade
            ? [.. (await reader.ListAsync<TradeRefund>(TradesModule.ByTrade, id.Value, new Page(RefundsMost, NewestFirst: false), cancel)).Select(refund => refund.View(trade.View()))]
            : [];
}
