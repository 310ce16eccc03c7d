using Peony.Book;
using Peony.Credit;
using Peony.Customers;
using Peony.Ledger;
using Peony.Merchants;
using Peony.Wallet;

namespace Peony.Trades;

/// <summary>How the buyer wants to pay.</summary>
/// <param name="From">What they chose; null for the first that is able to: the credit line with its credit balance, then the wallet.</param>
/// <param name="Periods">Instalments the buyer chose; those of the order, if it has any, stand in any case.</param>
/// <param name="AgreesToInstalments">The buyer agrees to open instalments; asked at their first use only.</param>
internal sealed record PaymentChoice(Funding? From = null, int? Periods = null, bool AgreesToInstalments = false);

/// <summary>Takes the money of a trade and ends its wait.</summary>
internal static class TradeFunding
{
    /// <summary>Pays the trade from what the buyer has and the order allows. Nothing is written when it is refused, but for what the caller's refusal undoes.</summary>
    public static Result<Trade> Pay(IWork work, Trade trade, CustomerId buyer, PaymentChoice choice)
    {
        if (new LookUpMerchant(trade.Merchant).Handle(work).IsRefused(out var refusal, out var seller))
        {
            return refusal;
        }

        if (Take(work, trade, seller, buyer, choice).IsRefused(out refusal, out var payment))
        {
            return refusal;
        }

        if (trade.Pay(payment).IsRefused(out refusal, out var paid))
        {
            return refusal;
        }

        if (payment.Fee.IsPositive)
        {
            work.Post(TradePostings.Fee(paid, payment.Fee));
        }

        work.Save(paid);
        work.CancelTimer(TradeOrders.ExpiryKey(trade.Id));
        work.SetTimer($"trade/{trade.Id.Value}/finish", work.Now + work.Use<TradeRules>().RefundWithin, new FinishTrade(trade.Id), TimerClass.Bulk);
        work.Tell(new TradePaid(paid.Id, paid.Merchant, buyer, paid.SellerName, paid.Order.Total));
        return paid;
    }

    private static Result<TradePayment> Take(IWork work, Trade trade, Seller seller, CustomerId buyer, PaymentChoice choice)
    {
        var order = trade.Order;
        var fee = new Rate(seller.RatePpm).Of(order.Total, Rounding.HalfUp);
        var periods = order.Instalments?.Periods ?? choice.Periods;
        if (periods is not null && !seller.Products.Contains(MerchantProduct.Instalments))
        {
            return MerchantsRefusals.ProductMissing;
        }

        Refusal? onLine = null;
        if (Allows(order, choice, Funding.CreditLine))
        {
            var taken = new TakePurchase(buyer, seller.Name, new PurchasePayee(MerchantAccounts.Payable(seller.Merchant), CategoryOf(seller.Category)), order.Total, periods,
                choice.AgreesToInstalments, order.Instalments?.Bearer == InstalmentFeeBearer.Merchant ? FeeBearer.Merchant : FeeBearer.Buyer).Handle(work);
            if (!taken.IsRefused(out onLine, out var made))
            {
                return new TradePayment(Parts(made.Purchase), made.Purchase.Id, fee, made.MerchantFee, Money.Zero(order.Total.Currency), work.Now);
            }
        }

        if (periods is not null || !Allows(order, choice, Funding.Wallet))
        {
            return onLine ?? TradesRefusals.NoFunding;
        }

        WalletAccounts.Open(work, buyer);
        if (work.PostOrRefuse(TradePostings.PaidFromWallet(trade, buyer), TradesRefusals.FundsShort).IsRefused(out var isShort, out _))
        {
            // Who has no line is told of the money that is short, everybody else what the line said.
            return onLine is { } said && !said.Is(CreditRefusals.LineNotOpen) ? said : isShort;
        }

        var none = Money.Zero(order.Total.Currency);
        return new TradePayment([new FundPart(Funding.Wallet, order.Total)], null, fee, none, none, work.Now);
    }

    private static bool Allows(TradeOrder order, PaymentChoice choice, Funding funding) =>
        (order.Allowed is not { } allowed || allowed.Contains(funding)) && (choice.From is not { } chosen || chosen == funding);

    private static List<FundPart> Parts(PurchaseView purchase)
    {
        List<FundPart> parts = [];
        if (purchase.FromBalance.IsPositive)
        {
            parts.Add(new FundPart(Funding.CreditBalance, purchase.FromBalance));
        }

        if (purchase.FromLine.IsPositive)
        {
            parts.Add(new FundPart(Funding.CreditLine, purchase.FromLine));
        }

        return parts;
    }

    private static ShopCategory CategoryOf(MerchantCategory category) => category switch
    {
        MerchantCategory.Dining => ShopCategory.Dining,
        MerchantCategory.Culture => ShopCategory.Culture,
        MerchantCategory.Groceries => ShopCategory.Groceries,
        MerchantCategory.Transport => ShopCategory.Transport,
        MerchantCategory.Other => ShopCategory.Other,
    };
}
