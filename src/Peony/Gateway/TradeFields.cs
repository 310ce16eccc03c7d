using System.Globalization;
using System.Text.RegularExpressions;
using Peony.Ledger;
using Peony.Trades;

namespace Peony.Gateway;

/// <summary>Names a refund of a trade.</summary>
internal sealed record RefundSelector(TradeSelector Trade, string OutRequestNo);

/// <summary>What was found of a refund; the trade may be there without it.</summary>
internal sealed record RefundFound(RefundSelector Asked, TradeView? Trade, TradeRefundView? Refund);

/// <summary>From the fields of the trade methods to the commands of <see cref="Trades"/>.</summary>
internal static partial class TradeFields
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(15);

    /// <summary>Fields that come back in answers and notices as they came.</summary>
    private static readonly string[] Echoed = ["store_id", "operator_id", "terminal_id", "alipay_store_id", "passback_params", "quit_url"];

    /// <summary>Ways of paying and dividing that are products of their own, which nobody can have here yet.</summary>
    private static readonly string[] OtherProducts = ["agreement_params", "auth_no", "royalty_info", "settle_info", "refund_royalty_parameters"];

    public static PayTrade Pay(GatewayCall call)
    {
        RefuseOtherProducts(call.Fields);
        return new PayTrade(call.Seller, Order(call, "FACE_TO_FACE_PAYMENT"), call.Fields.Required("auth_code"));
    }

    public static PrepareTrade Precreate(GatewayCall call) => Prepare(call, "FACE_TO_FACE_PAYMENT", isPage: false);

    public static PrepareTrade PagePay(GatewayCall call) => Prepare(call, "FAST_INSTANT_TRADE_PAY", isPage: true);

    public static PrepareTrade WapPay(GatewayCall call) => Prepare(call, "QUICK_WAP_WAY", isPage: true);

    public static PrepareTrade AppPay(GatewayCall call) => Prepare(call, "QUICK_MSECURITY_PAY", isPage: true);

    public static CreateTrade Create(GatewayCall call)
    {
        RefuseOtherProducts(call.Fields);
        return new CreateTrade(call.Seller, Order(call, "FACE_TO_FACE_PAYMENT"), call.Fields.Required("buyer_id"));
    }

    public static CancelTrade Cancel(GatewayCall call) => new(call.Seller, Select(call.Fields));

    public static CloseTrade Close(GatewayCall call) => new(call.Seller, Select(call.Fields));

    public static RefundTrade Refund(GatewayCall call)
    {
        RefuseOtherProducts(call.Fields);
        RefuseOtherCurrencies(call.Fields, "refund_currency");
        return new RefundTrade(call.Seller, Select(call.Fields), call.Fields.Amount("refund_amount"), call.Fields.Text("out_request_no"), call.Fields.Text("refund_reason"));
    }

    public static RefundSelector SelectRefund(GatewayCall call) => new(Select(call.Fields), call.Fields.Required("out_request_no"));

    public static TradeSelector Select(Fields fields) => (fields.Text("trade_no"), fields.Text("out_trade_no")) switch
    {
        (null, null) => throw fields.Invalid("trade_no", "与out_trade_no不能同时为空"),
        var (number, outTradeNo) => new TradeSelector(number, outTradeNo),
    };

    private static PrepareTrade Prepare(GatewayCall call, string product, bool isPage)
    {
        RefuseOtherProducts(call.Fields);
        return new PrepareTrade(call.Seller, Order(call, product), isPage);
    }

    private static TradeOrder Order(GatewayCall call, string product)
    {
        var fields = call.Fields;
        RefuseOtherCurrencies(fields, "trans_currency", "settle_currency", "pay_currency");
        return new TradeOrder(fields.Required("out_trade_no"), fields.Amount("total_amount"), fields.Required("subject"), fields.Text("body"), fields.Text("product_code") ?? product,
            Instalments(fields.Object("extend_params")), Channels(fields), Life(fields, call.Now), Labels(call));
    }

    /// <summary>Instalments are named by both fields or by neither: how many, and who bears the fee (100: the merchant, 0: the buyer).</summary>
    private static TradeInstalments? Instalments(Fields extended)
    {
        var (periods, share) = (extended.Number("hb_fq_num"), extended.Text("hb_fq_seller_percent"));
        return (periods, share) switch
        {
            (null, null) => null,
            ({ } number, "0") => new TradeInstalments(number, InstalmentFeeBearer.Buyer),
            ({ } number, "100") => new TradeInstalments(number, InstalmentFeeBearer.Merchant),
            (null, _) => throw extended.Invalid("hb_fq_num", "不能为空"),
            (_, null) => throw extended.Invalid("hb_fq_seller_percent", "不能为空"),
            _ => throw extended.Invalid("hb_fq_seller_percent", "只能是0或100"),
        };
    }

    /// <summary>What the order may be paid from, by the protocol's names of channels; null for all. A list of names that we have nothing for allows nothing.</summary>
    private static IReadOnlyList<Funding>? Channels(Fields fields)
    {
        var (enabled, disabled) = (fields.Words("enable_pay_channels"), fields.Words("disable_pay_channels"));
        if (enabled.Count > 0 && disabled.Count > 0)
        {
            throw fields.Invalid("enable_pay_channels", "与disable_pay_channels互斥");
        }

        return enabled.Count > 0 ? [.. Enum.GetValues<Funding>().Where(funding => enabled.Any(channel => IsFor(channel, funding)))]
            : disabled.Count > 0 ? [.. Enum.GetValues<Funding>().Where(funding => !disabled.Any(channel => IsFor(channel, funding) && channel != "pcreditpayInstallment"))]
            : null;
    }

    private static bool IsFor(string channel, Funding funding) => funding switch
    {
        Funding.Wallet or Funding.CreditBalance => channel is "balance",
        Funding.CreditLine => channel is "pcredit" or "pcreditpayInstallment" or "credit_group",
    };

    /// <summary>How long the buyer may take. A moment (<c>time_expire</c>) wins over a duration.</summary>
    private static TimeSpan? Life(Fields fields, DateTimeOffset now)
    {
        if (fields.Text("time_expire") is { } moment)
        {
            return !WireText.TryTime(moment, out var end) ? throw fields.Invalid("time_expire", "格式应为yyyy-MM-dd HH:mm:ss")
                : end <= now ? throw new GatewayException(GatewayError.Refused("ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR", "当前时间已超过允许支付的时间"))
                : end - now;
        }

        var name = fields.Has("qr_code_timeout_express") ? "qr_code_timeout_express" : "timeout_express";
        return fields.Text(name) is { } text ? Duration(text, now) ?? throw fields.Invalid(name, "格式有误，取值范围1m～15d或1c") : null;
    }

    /// <summary><c>90m</c>, <c>3h</c>, <c>15d</c>; <c>1c</c> lasts until midnight. Whole numbers, a minute to fifteen days.</summary>
    private static TimeSpan? Duration(string text, DateTimeOffset now)
    {
        if (text == "1c")
        {
            return TimeSpan.FromDays(1) - WireText.Local(now).TimeOfDay;
        }

        var match = DurationForm().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var number = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        var life = match.Groups[2].Value switch
        {
            "m" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            _ => TimeSpan.FromDays(number),
        };
        return life > TimeSpan.Zero && life <= LongestLife ? life : null;
    }

    private static Dictionary<string, string> Labels(GatewayCall call)
    {
        var labels = new Dictionary<string, string>
        {
            [TradeLabels.App] = call.App.Id.Value,
            [TradeLabels.Method] = call.Method,
            [TradeLabels.Charset] = call.Charset,
            [TradeLabels.SignType] = SignTypes.NameOf(call.SignType),
        };
        Add(TradeLabels.NotifyUrl, Address(call.NotifyUrl, TradeLabels.NotifyUrl));
        Add(TradeLabels.ReturnUrl, Address(call.ReturnUrl, TradeLabels.ReturnUrl));
        foreach (var name in Echoed)
        {
            Add(name, call.Fields.Text(name));
        }

        return labels;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                labels[name] = value;
            }
        }
    }

    private static string? Address(string? text, string name) =>
        text is null || WireText.IsWebAddress(text) ? text : throw new GatewayException(GatewayError.ParameterInvalid($"{name}不是http或https地址"));

    private static void RefuseOtherProducts(Fields fields)
    {
        if (OtherProducts.Any(fields.Has) || fields.Text("scene") == "ZHIMA_CREDIT_CODE")
        {
            throw new GatewayException(GatewayError.NotPermitted);
        }
    }

    /// <summary>An amount in another currency would be taken for yuan.</summary>
    private static void RefuseOtherCurrencies(Fields fields, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (fields.Text(name) is { } currency && currency != Currency.Cny.Code)
            {
                throw fields.Invalid(name, "仅支持CNY");
            }
        }
    }

    [GeneratedRegex("^([1-9][0-9]{0,4})([mhd])$", RegexOptions.ECMAScript)]
    private static partial Regex DurationForm();
}

/// <summary>What the gateway keeps with an order, for notices and ways back.</summary>
internal static class TradeLabels
{
    public const string App = "app_id";
    public const string Method = "method";
    public const string Charset = "charset";
    public const string SignType = "sign_type";
    public const string NotifyUrl = "notify_url";
    public const string ReturnUrl = "return_url";
    public const string Passback = "passback_params";

    public static string? Of(TradeView trade, string name) => trade.Order.Labels?.GetValueOrDefault(name);
}
