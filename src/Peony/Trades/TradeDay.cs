using Peony.Merchants;

namespace Peony.Trades;

/// <summary>A day of a merchant's money: China's, in which trades are numbered and bills are made.</summary>
internal static class TradeDay
{
    private static readonly TimeSpan Offset = TimeSpan.FromHours(8);

    public static DateOnly Of(DateTimeOffset moment) => DateOnly.FromDateTime(moment.ToOffset(Offset).Date);

    /// <summary>What payments and refunds of the merchant's day are found by.</summary>
    public static string KeyOf(MerchantId merchant, DateTimeOffset moment) => KeyOf(merchant, Of(moment));

    public static string KeyOf(MerchantId merchant, DateOnly day) => $"{merchant.Value}/{day.ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture)}";
}

/// <summary>One thing that happened to a merchant's money: a payment, or a refund.</summary>
/// <param name="Refund">Null for a payment.</param>
internal sealed record TradeMovement(TradeView Trade, TradeRefundView? Refund)
{
    public DateTimeOffset At => Refund?.At ?? Trade.PaidAt ?? Trade.CreatedAt;
}
