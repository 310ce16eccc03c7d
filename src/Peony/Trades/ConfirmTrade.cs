using Peony.Book;
using Peony.Customers;

namespace Peony.Trades;

/// <summary>A customer has opened the code or page of a trade: from now on the merchant sees it wait. Anybody may still pay it, unless it was made for one buyer.</summary>
internal sealed record OpenTrade(SessionId Session, TradeId Trade) : ICommand<TradeView>
{
    public Result<TradeView> Handle(IWork work)
    {
        if (new Authenticate(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        if (work.Find<Trade>(Trade.Value) is not { IsBlocked: false } trade || (trade.Buyer is { } buyer && buyer != caller.Customer))
        {
            return TradesRefusals.NotFound;
        }

        if (trade.State == TradeState.Prepared)
        {
            trade = trade with { State = TradeState.Waiting };
            work.Save(trade);
        }

        return trade.View();
    }
}

/// <summary>The buyer pays a trade in the app, with the payment PIN. A trade that this buyer has paid answers as it stands.</summary>
internal sealed record ConfirmTrade(SessionId Session, TradeId Trade, PinProof Pin, PaymentChoice Choice) : ICommand<TradeView>
{
    public Result<TradeView> Handle(IWork work)
    {
        if (new AuthenticateActive(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        if (work.Find<Trade>(Trade.Value) is not { IsBlocked: false } trade || (trade.Buyer is { } buyer && buyer != caller.Customer))
        {
            return TradesRefusals.NotFound;
        }

        if (trade.IsPaid)
        {
            return trade.View();
        }

        if (trade.State == TradeState.Closed)
        {
            return TradesRefusals.AlreadyClosed;
        }

        if (new RequireVerified(caller.Customer, VerificationLevel.Basic).Handle(work).IsRefused(out refusal, out _)
            || new CheckPin(caller.Customer, Pin).Handle(work).IsRefused(out refusal, out _))
        {
            return refusal;
        }

        if (new NumberOfCustomer(caller.Customer).Handle(work).IsRefused(out refusal, out var number))
        {
            return refusal;
        }

        return TradeFunding.Pay(work, trade.For(caller.Customer, number), caller.Customer, Choice).IsRefused(out refusal, out var paid) ? refusal : paid.View();
    }
}
