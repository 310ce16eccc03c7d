using System.Text.RegularExpressions;
using Peony.Book;
using Peony.Ledger;
using Peony.Merchants;

namespace Peony.Trades;

/// <summary>What every order is asked before anything else, and the trade that the merchant's number stands for.</summary>
internal static partial class TradeOrders
{
    private const int SubjectMost = 256;
    private const int BodyMost = 128;
    private const int LabelsMost = 32;
    private const int LabelMost = 1024;
    private static readonly TimeSpan LifeMost = TimeSpan.FromDays(15);

    /// <summary>Why an order cannot be, or null. The argument <c>field</c> names what is wrong.</summary>
    public static Refusal? Check(TradeOrder order, TradeRules rules)
    {
        if (!OutTradeNo().IsMatch(order.OutTradeNo))
        {
            return Invalid("out_trade_no");
        }

        if (!order.Total.IsPositive || order.Total.Minor > rules.TradeMost || order.Total.Currency != Currency.Cny)
        {
            return TradesRefusals.AmountInvalid.With("most", new Money(rules.TradeMost, Currency.Cny));
        }

        if (order.Subject.Length is 0 or > SubjectMost || order.Subject.AsSpan().IndexOfAny('/', '=', '&') >= 0)
        {
            return Invalid("subject");
        }

        if (order.Body?.Length > BodyMost)
        {
            return Invalid("body");
        }

        if (order.Life is { } life && (life <= TimeSpan.Zero || life > LifeMost))
        {
            return Invalid("timeout");
        }

        return order.Labels is { } labels && (labels.Count > LabelsMost || labels.Any(label => label.Value.Length > LabelMost)) ? Invalid("labels") : null;
    }

    /// <summary>The trade that stands under the number, or null when the number is free; refused when it stands for something else or has ended unpaid.</summary>
    public static Result<Trade?> Standing(IWork work, Seller seller, TradeOrder order)
    {
        if (work.FindOne<Trade>(TradesModule.ByMerchantNumber, Trade.MerchantKey(seller.Merchant, order.OutTradeNo)) is not { } standing)
        {
            return default(Trade);
        }

        if (standing.IsBlocked)
        {
            return TradesRefusals.AlreadyClosed;
        }

        if (!standing.IsFor(order))
        {
            return TradesRefusals.Inconsistent;
        }

        return standing.State == TradeState.Closed ? TradesRefusals.AlreadyClosed : standing;
    }

    /// <summary>The merchant's trade, or null; a stranger's looks like none.</summary>
    public static Trade? Find(IWork work, MerchantId merchant, TradeSelector selector)
    {
        var found = selector switch
        {
            { Number: { Length: > 0 } number } => work.FindOne<Trade>(TradesModule.ByNumber, number),
            { OutTradeNo: { Length: > 0 } own } => work.FindOne<Trade>(TradesModule.ByMerchantNumber, Trade.MerchantKey(merchant, own)),
            _ => null,
        };
        return found is { } trade && trade.Merchant == merchant ? trade : null;
    }

    /// <summary>Keeps a trade that waits for its buyer, and the moment it expires.</summary>
    public static void Wait(IWork work, Trade trade)
    {
        work.Save(trade);
        work.SetTimer(ExpiryKey(trade.Id), trade.ExpiresAt, new ExpireTrade(trade.Id), TimerClass.Expiry);
    }

    public static string ExpiryKey(TradeId trade) => $"trade/{trade.Value}/expire";

    private static Refusal Invalid(string field) => TradesRefusals.OrderInvalid.With("field", field);

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$")]
    private static partial Regex OutTradeNo();
}
