using Peony.Book;
using Peony.Credit;
using Peony.Customers;
using Peony.Ledger;
using Peony.Merchants;
using Peony.Wallet;

namespace Peony.Trades;

/// <summary>The merchant gives back a part of a trade, or all of it: to where it came from, out of what the merchant is owed. The same number again answers what it did the first time.</summary>
/// <param name="OutRequestNo">The merchant's own number of the refund, 1 to 64 characters without <c>/</c>; may be left out for all of it.</param>
internal sealed record RefundTrade(SellerProof Seller, TradeSelector Trade, Money Amount, string? OutRequestNo, string? Reason) : ICommand<TradeRefundView>
{
    private const int NumberMost = 64;
    private const int ReasonMost = 256;

    public Result<TradeRefundView> Handle(IWork work)
    {
        if (new AuthenticateSeller(Seller, IsForSelling: false).Handle(work).IsRefused(out var refusal, out var seller))
        {
            return refusal;
        }

        if (TradeOrders.Find(work, seller.Merchant, Trade) is not { IsBlocked: false } trade)
        {
            return TradesRefusals.NotFound;
        }

        if (OutRequestNo is { } own && (own.Length > NumberMost || own.Contains('/', StringComparison.Ordinal)))
        {
            return TradesRefusals.OrderInvalid.With("field", "out_request_no");
        }

        if (Reason is { Length: > ReasonMost })
        {
            return TradesRefusals.OrderInvalid.With("field", "refund_reason");
        }

        if (string.IsNullOrEmpty(OutRequestNo) && Amount != trade.Order.Total)
        {
            return TradesRefusals.RefundNeedsNumber;
        }

        var number = string.IsNullOrEmpty(OutRequestNo) ? trade.Order.OutTradeNo : OutRequestNo;
        if (work.FindOne<TradeRefund>(TradesModule.ByTradeNumber, TradeRefund.TradeKey(trade.Id, number)) is { } before)
        {
            return before.Amount == Amount ? before.View(trade, isRepeat: true) : TradesRefusals.RefundInconsistent;
        }

        return TradeRefunds.Make(work, trade, Amount, number, Reason);
    }
}

internal static class TradeRefunds
{
    public static Result<TradeRefundView> Make(IWork work, Trade trade, Money amount, string number, string? reason)
    {
        if (trade.Refund(amount, work.Now).IsRefused(out var refusal, out var after))
        {
            return refusal;
        }

        if (new LookUpCustomer(trade.Buyer!.Value).Handle(work).IsRefused(out refusal, out var buyer))
        {
            return refusal;
        }

        if (buyer.IsErased)
        {
            return TradesRefusals.BuyerGone;
        }

        var payment = trade.Payment!;
        var feeBack = after.Payment!.FeeBack - payment.FeeBack;
        if (work.Account(MerchantAccounts.Payable(trade.Merchant)).Available + feeBack.Minor < amount.Minor)
        {
            return TradesRefusals.SellerBalanceShort;
        }

        var id = work.NewId<TradeRefundId>();
        if (feeBack.IsPositive)
        {
            work.Post(TradePostings.FeeBack(trade, id, feeBack));
        }

        if (GiveBack(work, trade, id, amount).IsRefused(out refusal, out var to))
        {
            return refusal;
        }

        var refund = new TradeRefund(id, trade.Id, trade.Merchant, number, amount, feeBack, reason, to, work.Now);
        work.Save(refund);
        work.Save(after);
        work.Tell(new TradeRefunded(trade.Id, id, trade.Merchant, trade.Buyer.Value, trade.SellerName, amount));
        return refund.View(after);
    }

    private static Result<IReadOnlyList<FundPart>> GiveBack(IWork work, Trade trade, TradeRefundId id, Money amount)
    {
        if (trade.Payment!.Purchase is not { } purchase)
        {
            WalletAccounts.Open(work, trade.Buyer!.Value);
            work.Post(TradePostings.RefundedToWallet(trade, id, amount));
            return new FundPart[] { new(Funding.Wallet, amount) };
        }

        if (new GiveBackPurchase(purchase, amount).Handle(work).IsRefused(out var refusal, out var given))
        {
            return refusal;
        }

        FundPart[] parts = [new(Funding.CreditLine, given.ToDebt), new(Funding.CreditBalance, given.ToBalance)];
        return parts.Where(part => part.Amount.IsPositive).ToArray();
    }
}
