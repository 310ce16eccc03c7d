using Peony.Book;
using Peony.Merchants;

namespace Peony.Trades;

/// <summary>The merchant ends a trade that waits for its buyer. Repeated, it answers as the first time.</summary>
internal sealed record CloseTrade(SellerProof Seller, TradeSelector Trade) : ICommand<TradeView>
{
    public Result<TradeView> Handle(IWork work)
    {
        if (new AuthenticateSeller(Seller, IsForSelling: false).Handle(work).IsRefused(out var refusal, out var seller))
        {
            return refusal;
        }

        if (TradeOrders.Find(work, seller.Merchant, Trade) is not { IsBlocked: false } trade)
        {
            return TradesRefusals.NotFound;
        }

        if (trade is { State: TradeState.Closed, Payment: null })
        {
            return trade.View();
        }

        return TradeEnds.Close(work, trade).IsRefused(out refusal, out var closed) ? refusal : closed.View();
    }
}

/// <summary>
/// The merchant does not know what became of a trade and wants it undone: it is closed if it waits, given back if it was paid, and if there is none its number is blocked, so that a payment on its way
/// finds it ended. Repeated, it answers as the first time.
/// </summary>
internal sealed record CancelTrade(SellerProof Seller, TradeSelector Trade) : ICommand<CancelView>
{
    /// <summary>The number of the refund by which a paid trade is cancelled. Merchants' own numbers of refunds have no slash.</summary>
    private const string RefundNumber = "/cancel";

    public Result<CancelView> Handle(IWork work)
    {
        if (new AuthenticateSeller(Seller, IsForSelling: false).Handle(work).IsRefused(out var refusal, out var seller))
        {
            return refusal;
        }

        if (TradeOrders.Find(work, seller.Merchant, Trade) is not { } trade)
        {
            if (Trade is { Number: null or "", OutTradeNo: { Length: > 0 } own })
            {
                work.Save(Trades.Trade.Block(work, seller, own));
            }

            return new CancelView(CancelAction.Nothing, null);
        }

        if (trade.IsBlocked)
        {
            return new CancelView(CancelAction.Nothing, null);
        }

        switch (trade.State)
        {
            case TradeState.Finished:
                return TradesRefusals.Finished;
            case TradeState.Closed:
                return new CancelView(trade.Payment is null ? CancelAction.Closed : CancelAction.Refunded, trade.View());
            case TradeState.Prepared or TradeState.Waiting:
                return TradeEnds.Close(work, trade).IsRefused(out refusal, out var closed) ? refusal : new CancelView(CancelAction.Closed, closed.View());
            case TradeState.Paid:
                break;
        }

        if (work.Now > trade.CreatedAt + work.Use<TradeRules>().CancelWithin)
        {
            return TradesRefusals.CancelTooLate;
        }

        return TradeRefunds.Make(work, trade, trade.Order.Total - trade.Refunded, RefundNumber, null).IsRefused(out refusal, out var refund) ? refusal : new CancelView(CancelAction.Refunded, refund.Trade);
    }
}

/// <summary>Nobody paid it in time.</summary>
internal sealed record ExpireTrade(TradeId Trade) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        if (work.Get<Trade>(Trade.Value) is { State: TradeState.Prepared or TradeState.Waiting } trade)
        {
            TradeEnds.Close(work, trade);
        }

        return new Done();
    }
}

/// <summary>The time for refunds is over.</summary>
internal sealed record FinishTrade(TradeId Trade) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        if (!work.Get<Trade>(Trade.Value).Finish().IsRefused(out _, out var finished))
        {
            work.Save(finished);
        }

        return new Done();
    }
}

internal static class TradeEnds
{
    public static Result<Trade> Close(IWork work, Trade trade)
    {
        if (trade.Close(work.Now).IsRefused(out var refusal, out var closed))
        {
            return refusal;
        }

        work.Save(closed);
        work.CancelTimer(TradeOrders.ExpiryKey(trade.Id));
        // Nobody but the till has seen a code that no buyer opened.
        if (trade.State == TradeState.Waiting)
        {
            work.Tell(new TradeClosed(closed.Id, closed.Merchant));
        }

        return closed;
    }
}
