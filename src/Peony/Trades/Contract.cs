using Peony.Book;
using Peony.Customers;
using Peony.Ledger;
using Peony.Merchants;

namespace Peony.Trades;

public readonly record struct TradeId(string Value) : IId<TradeId>
{
    public static string Prefix => "trd";
    public static TradeId Of(string value) => new(value);
    public override string ToString() => Value;
}

public readonly record struct TradeRefundId(string Value) : IId<TradeRefundId>
{
    public static string Prefix => "trf";
    public static TradeRefundId Of(string value) => new(value);
    public override string ToString() => Value;
}

/// <summary>Where a trade (交易) stands.</summary>
public enum TradeState
{
    /// <summary>The merchant has a code or page for it and no buyer has opened that yet; on the wire there is no such trade.</summary>
    Prepared = 1,

    /// <summary>A buyer is to pay.</summary>
    Waiting = 2,

    /// <summary>Paid; it may be refunded.</summary>
    Paid = 3,

    /// <summary>Paid, and the time for refunds is over.</summary>
    Finished = 4,

    /// <summary>Expired, closed or cancelled unpaid, or refunded whole.</summary>
    Closed = 5,
}

/// <summary>What a payment is taken from.</summary>
public enum Funding
{
    /// <summary>Wallet balance (余额).</summary>
    Wallet = 1,

    /// <summary>Credit balance (溢缴款).</summary>
    CreditBalance = 2,

    /// <summary>The credit line.</summary>
    CreditLine = 3,
}

/// <summary>Who pays the fee of instalments.</summary>
public enum InstalmentFeeBearer
{
    Buyer = 1,
    Merchant = 2,
}

/// <param name="Periods">3, 6, 12: what the terms of the buyer's line offer.</param>
public sealed record TradeInstalments(int Periods, InstalmentFeeBearer Bearer);

/// <summary>What a merchant wants to be paid.</summary>
/// <param name="OutTradeNo">The merchant's own number, 1 to 64 of letters, digits and underscores; unique for a merchant.</param>
/// <param name="Total">0.01 to 100,000,000.00.</param>
/// <param name="Subject">1 to 256 characters without <c>/ = &amp;</c>.</param>
/// <param name="Product">The product code on the wire, kept as it came.</param>
/// <param name="Allowed">What it may be paid from; null for all.</param>
/// <param name="Life">How long a buyer may take, from now; null for what the product gives.</param>
/// <param name="Labels">Everything the merchant wants back as it came: store, operator, terminal, passback parameters, addresses of notices; at most 32 of 1,024 characters.</param>
public sealed record TradeOrder(string OutTradeNo, Money Total, string Subject, string? Body = null, string? Product = null, TradeInstalments? Instalments = null,
    IReadOnlyList<Funding>? Allowed = null, TimeSpan? Life = null, IReadOnlyDictionary<string, string>? Labels = null);

/// <summary>Names a trade of the merchant who asks: by its number when it is given, else by the merchant's own.</summary>
/// <param name="Number">28 digits.</param>
public sealed record TradeSelector(string? Number, string? OutTradeNo);

/// <param name="Amount">What was taken from there and not given back by a refund is not taken off.</param>
public sealed record FundPart(Funding Funding, Money Amount);

/// <summary>A trade as its merchant and its buyer see it.</summary>
/// <param name="Number">28 digits, beginning with its day: <c>trade_no</c>.</param>
/// <param name="BuyerNumber">16 digits, beginning with 2088; null as long as there is no buyer.</param>
/// <param name="PaidFrom">Empty until it is paid.</param>
/// <param name="Fee">What the merchant pays for the payment, refunds not taken off.</param>
/// <param name="InstalmentFee">What the merchant pays for the buyer's instalments; zero when the buyer does.</param>
/// <param name="Refunded">All refunds together.</param>
/// <param name="PayPath">The page at which a buyer pays it, from the root: what a code shows and a payment page leads to.</param>
public sealed record TradeView(TradeId Id, string Number, MerchantId Merchant, string SellerNumber, string SellerName, string OutTradeNo, TradeOrder Order, TradeState State,
    CustomerId? Buyer, string? BuyerNumber, string? BuyerLogon, IReadOnlyList<FundPart> PaidFrom, Money Fee, Money InstalmentFee, Money Refunded,
    DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? PaidAt, DateTimeOffset? ClosedAt, string PayPath);

/// <summary>A refund (退款) of a trade.</summary>
/// <param name="OutRequestNo">The merchant's own number of it, unique for the trade.</param>
/// <param name="FeeBack">What of the merchant's fee came back with it.</param>
/// <param name="IsRepeat">It had been made before; nothing moved now.</param>
/// <param name="ToFunding">Where it went.</param>
public sealed record TradeRefundView(TradeRefundId Id, string OutRequestNo, Money Amount, Money FeeBack, string? Reason, IReadOnlyList<FundPart> ToFunding, DateTimeOffset At, bool IsRepeat, TradeView Trade);

/// <summary>What cancelling a trade did.</summary>
public enum CancelAction
{
    /// <summary>There was no such trade; its number is blocked now.</summary>
    Nothing = 1,

    /// <summary>It was not paid and cannot be any more.</summary>
    Closed = 2,

    /// <summary>It had been paid, and all of it was given back.</summary>
    Refunded = 3,
}

/// <param name="Trade">Null when there was none.</param>
public sealed record CancelView(CancelAction Action, TradeView? Trade);
