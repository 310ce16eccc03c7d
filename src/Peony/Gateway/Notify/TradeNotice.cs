using System.Text;
using System.Text.Json.Nodes;
using Peony.Gateway.Keys;
using Peony.Ledger;
using Peony.Trades;

namespace Peony.Gateway.Notify;

/// <summary>
/// What a merchant's server is told of a trade, and what a buyer's browser takes back to the shop. Both are parameters signed without <c>sign_type</c>, which receivers take out
/// before they check; none is empty, because some receivers keep empty ones in what they check.
/// </summary>
internal static class TradeNotice
{
    /// <summary>When a notice goes out again that was not acknowledged: so long after the try before. Eight tries in 25 hours.</summary>
    public static readonly IReadOnlyList<TimeSpan> Pauses =
    [
        TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(6), TimeSpan.FromHours(15),
    ];

    /// <summary>The content of a notice, the same for each of its tries, but for its own id.</summary>
    /// <param name="trade">As it stood when that happened.</param>
    /// <param name="refund">The refund it tells of; null for a payment.</param>
    public static SortedDictionary<string, string> Of(TradeView trade, TradeRefundView? refund)
    {
        var (total, isPaid) = (trade.Order.Total.Amount(), trade.PaidAt is not null);
        var app = TradeLabels.Of(trade, TradeLabels.App);
        return Filled(
        [
            ("notify_type", "trade_status_sync"), ("charset", TradeLabels.Of(trade, TradeLabels.Charset) ?? GatewayCharset.Utf8.Name), ("version", "1.0"),
            ("sign_type", TradeLabels.Of(trade, TradeLabels.SignType) ?? SignTypes.NameOf(SignType.Rsa2)), ("app_id", app), ("auth_app_id", app), ("trade_no", trade.Number),
            ("out_trade_no", trade.OutTradeNo), ("out_biz_no", refund?.OutRequestNo), ("buyer_id", trade.BuyerNumber), ("buyer_logon_id", trade.BuyerLogon),
            ("seller_id", trade.SellerNumber), ("trade_status", TradeAnswers.StatusOf(trade)), ("total_amount", total), ("receipt_amount", isPaid ? total : null),
            ("invoice_amount", isPaid ? total : null), ("buyer_pay_amount", isPaid ? total : null), ("point_amount", isPaid ? Money.Zero(trade.Order.Total.Currency).Amount() : null),
            ("refund_fee", trade.Refunded.IsPositive ? trade.Refunded.Amount() : null), ("send_back_fee", refund?.Amount.Amount()), ("subject", Plain(trade.Order.Subject)), ("body", Plain(trade.Order.Body)),
            ("gmt_create", WireText.Time(trade.CreatedAt)), ("gmt_payment", WireText.Time(trade.PaidAt)), ("gmt_refund", refund is null ? null : WireText.Milliseconds(refund.At)),
            ("gmt_close", WireText.Time(trade.ClosedAt)), ("fund_bill_list", isPaid ? Bills(trade) : null), ("passback_params", TradeLabels.Of(trade, TradeLabels.Passback)),
        ]);
    }

    /// <summary>The trade as it stood when it was paid.</summary>
    public static TradeView WhenPaid(TradeView trade) => trade with { State = TradeState.Paid, Refunded = Money.Zero(trade.Order.Total.Currency), ClosedAt = null };

    /// <summary>The trade as it stood after a refund.</summary>
    /// <param name="refunds">All of the trade's, the first one first.</param>
    public static TradeView WhenRefunded(TradeView trade, TradeRefundView refund, IReadOnlyList<TradeRefundView> refunds)
    {
        var refunded = refunds.TakeWhile(one => one.Id != refund.Id).Select(one => one.Amount).Aggregate(refund.Amount, (sum, amount) => sum + amount);
        var isWhole = refunded == trade.Order.Total;
        return trade with { State = isWhole ? TradeState.Closed : TradeState.Paid, Refunded = refunded, ClosedAt = isWhole ? refund.At : null };
    }

    /// <summary>A try of a notice: its content with the time of this try, signed, as a form.</summary>
    public static byte[] Form(IReadOnlyDictionary<string, string> content, PlatformSigner signer, DateTimeOffset now)
    {
        var parameters = new SortedDictionary<string, string>(content.ToDictionary(), StringComparer.Ordinal) { ["notify_time"] = WireText.Time(now)! };
        return Encoding.ASCII.GetBytes(Signed(parameters, signer));
    }

    /// <summary>Where the buyer goes back to: the shop's address with what became of the trade. Shown there, no proof of payment. Null when the shop gave none.</summary>
    public static string? ReturnAddress(TradeView trade, PlatformSigner signer, DateTimeOffset now)
    {
        if (TradeLabels.Of(trade, TradeLabels.ReturnUrl) is not { } address)
        {
            return null;
        }

        var app = TradeLabels.Of(trade, TradeLabels.App);
        var query = Signed(Filled(
        [
            ("app_id", app), ("auth_app_id", app), ("charset", TradeLabels.Of(trade, TradeLabels.Charset) ?? GatewayCharset.Utf8.Name),
            ("method", TradeLabels.Of(trade, TradeLabels.Method) + ".return"), ("out_trade_no", trade.OutTradeNo), ("trade_no", trade.Number), ("total_amount", trade.Order.Total.Amount()),
            ("seller_id", trade.SellerNumber), ("timestamp", WireText.Time(now)), ("version", "1.0"),
            ("sign_type", TradeLabels.Of(trade, TradeLabels.SignType) ?? SignTypes.NameOf(SignType.Rsa2)),
        ]), signer);
        // The shop's own query stays as it is.
        var hash = address.IndexOf('#', StringComparison.Ordinal);
        var (front, fragment) = hash < 0 ? (address, "") : (address[..hash], address[hash..]);
        return front + (front.Contains('?', StringComparison.Ordinal) ? front[^1] is '?' or '&' ? "" : "&" : "?") + query + fragment;
    }

    private static string Signed(SortedDictionary<string, string> parameters, PlatformSigner signer)
    {
        var encoding = (GatewayCharset.Find(parameters["charset"]) ?? GatewayCharset.Utf8).Encoding;
        parameters["sign"] = signer.Key.Sign(encoding.GetBytes(SigningText.OfNotice(parameters)), SignTypes.Find(parameters["sign_type"]) ?? SignType.Rsa2);
        return string.Join('&', parameters.Select(pair => $"{pair.Key}={Escape(encoding.GetBytes(pair.Value))}"));
    }

    /// <summary>Percent-encodes all but letters, digits and <c>-._~</c>.</summary>
    private static string Escape(byte[] text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var value in text)
        {
            if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~')
            {
                escaped.Append((char)value);
            }
            else
            {
                escaped.Append('%').Append(Convert.ToHexString([value]));
            }
        }

        return escaped.ToString();
    }

    /// <summary>A percent sign becomes its wide sister: the check of one library decodes values once more and throws at the plain one.</summary>
    private static string? Plain(string? text) => text?.Replace('%', '％');

    /// <summary>In notices, unlike answers, the channel's name is in camelCase.</summary>
    private static string Bills(TradeView trade) => WireText.Write(new JsonArray(
        [.. TradeAnswers.ChannelsOf(trade.PaidFrom).Select(part => new JsonObject { ["amount"] = part.Amount.Amount(), ["fundChannel"] = part.Channel })]));

    private static SortedDictionary<string, string> Filled(IEnumerable<(string Name, string? Value)> pairs) =>
        new(pairs.Where(pair => !string.IsNullOrEmpty(pair.Value)).ToDictionary(pair => pair.Name, pair => pair.Value!), StringComparer.Ordinal);
}
