using Peony.Book;
using Peony.Customers;
using Peony.Ledger;
using Peony.Merchants;

namespace Peony.Trades;

/// <summary>A till showed the buyer's pay code for more than the code alone may pay, or for something that needs a word of theirs: the phone asks.</summary>
internal sealed record TradeAwaitsBuyer(TradeId Trade, CustomerId Buyer, string Seller, Money Total) : IEvent
{
    public string Lane => Trade.Value;
}

internal sealed record TradePaid(TradeId Trade, MerchantId Merchant, CustomerId Buyer, string Seller, Money Total) : IEvent
{
    public string Lane => Trade.Value;
}

internal sealed record TradeRefunded(TradeId Trade, TradeRefundId Refund, MerchantId Merchant, CustomerId Buyer, string Seller, Money Amount) : IEvent
{
    public string Lane => Trade.Value;
}

/// <summary>A trade ended unpaid.</summary>
internal sealed record TradeClosed(TradeId Trade, MerchantId Merchant) : IEvent
{
    public string Lane => Trade.Value;
}
