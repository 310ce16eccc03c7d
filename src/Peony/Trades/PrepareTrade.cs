using Peony.Book;
using Peony.Customers;
using Peony.Merchants;

namespace Peony.Trades;

/// <summary>Makes a trade for a code of the till or a payment page: whoever opens that pays it. The same order again is the same trade.</summary>
/// <param name="IsPage">It is for a page, whose buyers may take longer.</param>
internal sealed record PrepareTrade(SellerProof Seller, TradeOrder Order, bool IsPage = false) : ICommand<TradeView>
{
    public Result<TradeView> Handle(IWork work)
    {
        if (new AuthenticateSeller(Seller, MerchantProduct.Payments).Handle(work).IsRefused(out var refusal, out var seller))
        {
            return refusal;
        }

        var rules = work.Use<TradeRules>();
        if (TradeOrders.Check(Order, rules) is { } invalid)
        {
            return invalid;
        }

        if (TradeOrders.Standing(work, seller, Order).IsRefused(out refusal, out var standing))
        {
            return refusal;
        }

        if (standing is not null)
        {
            return standing.IsPaid ? TradesRefusals.AlreadyPaid : standing.View();
        }

        var trade = Trade.Make(work, seller, Order, TradeState.Prepared, IsPage ? rules.PageLife : rules.ScanLife);
        TradeOrders.Wait(work, trade);
        return trade.View();
    }
}

/// <summary>Makes a trade for one buyer, who pays it in the app.</summary>
/// <param name="BuyerNumber">16 digits.</param>
internal sealed record CreateTrade(SellerProof Seller, TradeOrder Order, string BuyerNumber) : ICommand<TradeView>
{
    public Result<TradeView> Handle(IWork work)
    {
        if (new AuthenticateSeller(Seller, MerchantProduct.Payments).Handle(work).IsRefused(out var refusal, out var seller))
        {
            return refusal;
        }

        var rules = work.Use<TradeRules>();
        if (TradeOrders.Check(Order, rules) is { } invalid)
        {
            return invalid;
        }

        if (TradeOrders.Standing(work, seller, Order).IsRefused(out refusal, out var standing))
        {
            return refusal;
        }

        if (new CustomerOfNumber(BuyerNumber).Handle(work).IsRefused(out _, out var buyer) || (new LookUpCustomer(buyer).Handle(work) is var known && (!known.IsDone || known.Value.IsErased)))
        {
            return TradesRefusals.BuyerUnknown;
        }

        if (standing is not null)
        {
            return standing.Buyer != buyer ? TradesRefusals.OtherBuyer : standing.IsPaid ? TradesRefusals.AlreadyPaid : standing.View();
        }

        var trade = Trade.Make(work, seller, Order, TradeState.Waiting, rules.PageLife).For(buyer, BuyerNumber);
        TradeOrders.Wait(work, trade);
        work.Tell(new TradeAwaitsBuyer(trade.Id, buyer, trade.SellerName, Order.Total));
        return trade.View();
    }
}
