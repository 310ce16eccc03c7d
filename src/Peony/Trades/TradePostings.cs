using Peony.Customers;
using Peony.Ledger;
using Peony.Merchants;
using Peony.Wallet;

namespace Peony.Trades;

/// <summary>The entries of trades. What the credit line pays and gets back is posted by Credit, against the same account of the merchant.</summary>
internal static class TradePostings
{
    /// <summary>A trade paid from the wallet.</summary>
    public static Entry PaidFromWallet(Trade trade, CustomerId buyer) => new(
        new EntryKey($"trade/{trade.Id.Value}/paid"),
        "trade.paid",
        PostingLine.Post(WalletAccounts.Of(buyer), MerchantAccounts.Payable(trade.Merchant), trade.Order.Total));

    /// <summary>The merchant's fee.</summary>
    public static Entry Fee(Trade trade, Money fee) => new(
        new EntryKey($"trade/{trade.Id.Value}/fee"),
        "trade.fee",
        PostingLine.Post(MerchantAccounts.Payable(trade.Merchant), MerchantAccounts.FeeIncome, fee));

    /// <summary>The part of the fee that a refund gives back.</summary>
    public static Entry FeeBack(Trade trade, TradeRefundId refund, Money fee) => new(
        new EntryKey($"trade-refund/{refund.Value}/fee"),
        "trade.fee_given_back",
        PostingLine.Post(MerchantAccounts.FeeIncome, MerchantAccounts.Payable(trade.Merchant), fee));

    /// <summary>A refund to the wallet that had paid.</summary>
    public static Entry RefundedToWallet(Trade trade, TradeRefundId refund, Money amount) => new(
        new EntryKey($"trade-refund/{refund.Value}/made"),
        "trade.refunded",
        PostingLine.Post(MerchantAccounts.Payable(trade.Merchant), WalletAccounts.Of(trade.Buyer!.Value), amount));
}
