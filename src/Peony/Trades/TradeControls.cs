using Peony.Book;
using Peony.Ledger;
using Peony.Merchants;

namespace Peony.Trades;

/// <summary>What <c>verify</c> asks of trades.</summary>
internal static class TradeControls
{
    /// <summary>Each merchant is owed what its trades were paid with, less fees and refunds.</summary>
    public static string? Payables(IControlContext books)
    {
        var owed = new Dictionary<MerchantId, long>();
        foreach (var trade in books.All<Trade>())
        {
            if (trade.Payment is { } payment)
            {
                var part = trade.Order.Total.Minor - payment.Fee.Minor - payment.InstalmentFee.Minor + payment.FeeBack.Minor - trade.Refunded.Minor;
                owed[trade.Merchant] = owed.GetValueOrDefault(trade.Merchant) + part;
            }
        }

        foreach (var (merchant, follows) in owed)
        {
            var account = MerchantAccounts.Payable(merchant);
            if (books.Account(account).Balance is var stands && stands != follows)
            {
                return $"{account} is at {Money.Cny(stands)}, by its trades it is {Money.Cny(follows)}";
            }
        }

        return null;
    }

    /// <summary>A trade's refunds are what it says was refunded, and never more than was paid.</summary>
    public static string? Refunds(IControlContext books)
    {
        var refunds = books.All<TradeRefund>().GroupBy(refund => refund.Trade).ToDictionary(refunds => refunds.Key, refunds => refunds.Sum(refund => refund.Amount.Minor));
        foreach (var trade in books.All<Trade>())
        {
            var sum = refunds.GetValueOrDefault(trade.Id);
            if (sum != trade.Refunded.Minor || sum > (trade.Payment is null ? 0 : trade.Order.Total.Minor))
            {
                return $"{trade.Id} was paid {(trade.Payment is null ? Money.Zero(trade.Order.Total.Currency) : trade.Order.Total)}, says that {trade.Refunded} was refunded, and its refunds are {Money.Cny(sum)}";
            }
        }

        return null;
    }
}
