using System.Globalization;
using Peony.Book;
using Peony.Credit;
using Peony.Customers;
using Peony.Ledger;
using Peony.Merchants;

namespace Peony.Trades;

/// <summary>How a trade was paid.</summary>
/// <param name="From">What was taken from where; all of it together is the trade's total.</param>
/// <param name="Purchase">The purchase on the buyer's line, when the line or its credit balance paid.</param>
/// <param name="Fee">What the merchant pays for the payment.</param>
/// <param name="InstalmentFee">What the merchant pays for the buyer's instalments.</param>
/// <param name="FeeBack">What of the fee refunds gave back.</param>
internal sealed record TradePayment(IReadOnlyList<FundPart> From, PurchaseId? Purchase, Money Fee, Money InstalmentFee, Money FeeBack, DateTimeOffset At);

/// <summary>
/// A trade (交易): what a merchant asks a buyer to pay, and what came of it.
/// </summary>
/// <param name="Number">28 digits, beginning with the day it was made on.</param>
/// <param name="Buyer">Who is to pay or has paid; anybody may as long as it is null.</param>
/// <param name="PayCode">The pay code that was shown for it: a code pays one trade.</param>
/// <param name="IsBlocked">There never was an order: the merchant cancelled a number that was not used, and it stays unusable.</param>
internal sealed record Trade(TradeId Id, string Number, MerchantId Merchant, string SellerNumber, string SellerName, MerchantCategory Category, AppId? App, TradeOrder Order, TradeState State,
    CustomerId? Buyer, string? BuyerNumber, string? PayCode, TradePayment? Payment, Money Refunded, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? ClosedAt = null,
    bool IsBlocked = false) : IRecord
{
    /// <summary>Trade numbers have the day of China, in which their first digits are read.</summary>
    private static readonly TimeSpan DayOffset = TimeSpan.FromHours(8);

    public string Key => Id.Value;

    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsPaid => State is TradeState.Paid or TradeState.Finished;

    /// <summary>The merchant's own number, which only the merchant's trades share.</summary>
    public static string MerchantKey(MerchantId merchant, string outTradeNo) => $"{merchant.Value}/{outTradeNo}";

    public static string DrawNumber(IWork work)
    {
        var day = work.Now.ToOffset(DayOffset).ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var tail = BitConverter.ToUInt64(work.Nonce(sizeof(ulong))) % 10_000_000_000_000_000;
        return $"{day}2200{tail.ToString("D16", CultureInfo.InvariantCulture)}";
    }

    public static Trade Make(IWork work, Seller seller, TradeOrder order, TradeState state, TimeSpan life) => new(
        work.NewId<TradeId>(), DrawNumber(work), seller.Merchant, seller.Number, seller.Name, seller.Category, seller.App, order, state, null, null, null, null,
        Money.Zero(order.Total.Currency), work.Now, work.Now + (order.Life ?? life));

    /// <summary>A number that was cancelled before it was used.</summary>
    public static Trade Block(IWork work, Seller seller, string outTradeNo) =>
        Make(work, seller, new TradeOrder(outTradeNo, Money.Zero(Currency.Cny), ""), TradeState.Closed, TimeSpan.Zero) with { ClosedAt = work.Now, IsBlocked = true };

    /// <summary>Whether an order of the same number asks for the same.</summary>
    public bool IsFor(TradeOrder order) => !IsBlocked && Order.Total == order.Total && Order.Subject == order.Subject && Order.Instalments == order.Instalments;

    public Trade For(CustomerId buyer, string number) => this with { Buyer = buyer, BuyerNumber = number, State = State == TradeState.Prepared ? TradeState.Waiting : State };

    public Result<Trade> Pay(TradePayment payment) => State switch
    {
        TradeState.Prepared or TradeState.Waiting => this with { State = TradeState.Paid, Payment = payment },
        TradeState.Paid or TradeState.Finished => TradesRefusals.AlreadyPaid,
        TradeState.Closed => TradesRefusals.AlreadyClosed,
    };

    /// <summary>Ends it unpaid.</summary>
    public Result<Trade> Close(DateTimeOffset now) => State switch
    {
        TradeState.Prepared or TradeState.Waiting => this with { State = TradeState.Closed, ClosedAt = now },
        TradeState.Paid or TradeState.Finished or TradeState.Closed => TradesRefusals.NotWaiting,
    };

    /// <summary>The time for refunds is over.</summary>
    public Result<Trade> Finish() => State switch
    {
        TradeState.Paid => this with { State = TradeState.Finished },
        TradeState.Prepared or TradeState.Waiting or TradeState.Finished or TradeState.Closed => TradesRefusals.NotPaid,
    };

    /// <summary>Gives a part or the rest back. What of the merchant's fee goes with it follows from all refunds together, so many small ones give back what one large one would.</summary>
    public Result<Trade> Refund(Money amount, DateTimeOffset now)
    {
        switch (State)
        {
            case TradeState.Finished:
                return TradesRefusals.Finished;
            case TradeState.Closed when Payment is not null:
                return TradesRefusals.RefundTooMuch.With("most", Money.Zero(amount.Currency));
            case TradeState.Closed or TradeState.Prepared or TradeState.Waiting:
                return TradesRefusals.NotPaid;
            case TradeState.Paid:
                break;
        }

        if (!amount.IsPositive || amount.Currency != Order.Total.Currency || amount > Order.Total - Refunded)
        {
            return TradesRefusals.RefundTooMuch.With("most", Order.Total - Refunded);
        }

        var refunded = Refunded + amount;
        // Rounded down, so that never more is given back than was taken; the last refund gives all that is left.
        var feeBack = refunded == Order.Total ? Payment!.Fee : new Money((long)((Int128)Payment!.Fee.Minor * refunded.Minor / Order.Total.Minor), refunded.Currency);
        var after = this with { Refunded = refunded, Payment = Payment with { FeeBack = feeBack } };
        return refunded == Order.Total ? after with { State = TradeState.Closed, ClosedAt = now } : after;
    }

    public TradeView View() => new(Id, Number, Merchant, SellerNumber, SellerName, Order.OutTradeNo, Order, State, Buyer, BuyerNumber, null, Payment?.From ?? [],
        Payment?.Fee ?? Money.Zero(Order.Total.Currency), Payment?.InstalmentFee ?? Money.Zero(Order.Total.Currency), Refunded, CreatedAt, ExpiresAt, Payment?.At, ClosedAt, $"/app/pay/{Id.Value}");
}

/// <summary>A refund (退款) of a trade.</summary>
/// <param name="FeeBack">What of the merchant's fee came back with it.</param>
internal sealed record TradeRefund(TradeRefundId Id, TradeId Trade, MerchantId Merchant, string OutRequestNo, Money Amount, Money FeeBack, string? Reason, IReadOnlyList<FundPart> To, DateTimeOffset At) : IRecord
{
    public string Key => Id.Value;

    public static string TradeKey(TradeId trade, string outRequestNo) => $"{trade.Value}/{outRequestNo}";

    public TradeRefundView View(Trade trade, bool isRepeat = false) => View(trade.View(), isRepeat);

    public TradeRefundView View(TradeView trade, bool isRepeat = false) => new(Id, OutRequestNo, Amount, FeeBack, Reason, To, At, isRepeat, trade);
}
