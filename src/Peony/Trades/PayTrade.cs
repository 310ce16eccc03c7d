using Peony.Book;
using Peony.Credit;
using Peony.Customers;
using Peony.Merchants;

namespace Peony.Trades;

/// <summary>
/// A till shows the buyer's pay code: the trade is made and paid at once, or waits for the phone when the amount is above what a code pays alone. Asked again with the same content it answers what
/// stands, so money moves at most once whatever is repeated. A refused payment leaves no trade, and the code can be shown again for its minute.
/// </summary>
internal sealed record PayTrade(SellerProof Seller, TradeOrder Order, string PayCode) : ICommand<TradeView>
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

        if (standing is { IsPaid: true } or { State: TradeState.Waiting } && (standing.IsPaid || standing.PayCode == PayCode))
        {
            return standing.View();
        }

        if (BuyerOf(work).IsRefused(out refusal, out var buyer))
        {
            return refusal;
        }

        if (standing?.Buyer is { } expected && expected != buyer)
        {
            return TradesRefusals.OtherBuyer;
        }

        if (new NumberOfCustomer(buyer).Handle(work).IsRefused(out refusal, out var number))
        {
            return refusal;
        }

        var trade = (standing ?? Trade.Make(work, seller, Order, TradeState.Waiting, rules.CodeLife)).For(buyer, number) with { PayCode = PayCode };
        if (Order.Total.Minor > rules.CodeMost)
        {
            return AskPhone(work, trade);
        }

        if (!TradeFunding.Pay(work, trade, buyer, new PaymentChoice()).IsRefused(out refusal, out var paid))
        {
            return paid.View();
        }

        // The first instalments need the buyer's word, and only the phone can give it.
        return refusal.Is(CreditRefusals.InstalmentsNotOpen) ? AskPhone(work, trade) : refusal;
    }

    private static TradeView AskPhone(IWork work, Trade trade)
    {
        TradeOrders.Wait(work, trade);
        work.Tell(new TradeAwaitsBuyer(trade.Id, trade.Buyer!.Value, trade.SellerName, trade.Order.Total));
        return trade.View();
    }

    /// <summary>Whose code it is. A code that is wrong, old or used, or of a phone that was signed out, is one and the same to a till.</summary>
    private Result<CustomerId> BuyerOf(IWork work)
    {
        if (PayCodes.NumberOf(PayCode) is not { } number
            || work.Find<PayCodeKey>(number) is not { } key
            || !work.Use<PayCodes>().Matches(PayCode, work.Now)
            || work.FindOne<Trade>(TradesModule.ByPayCode, PayCode) is not null
            || new Authenticate(key.Session).Handle(work).IsRefused(out _, out var caller))
        {
            return TradesRefusals.PayCodeInvalid;
        }

        return caller.IsFrozen ? CustomersRefusals.Frozen : caller.Customer;
    }
}
