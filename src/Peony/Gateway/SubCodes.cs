using System.Collections.Frozen;
using Peony.Book;
using Peony.Credit;
using Peony.Customers;
using Peony.Edge;
using Peony.Merchants;
using Peony.Trades;
using Peony.Wallet;

namespace Peony.Gateway;

/// <summary>The gateway's column of the refusal tables: which sub code a refusal has, and the sentence beside it. Places take the refusal's arguments, as in <see cref="RefusalTexts"/>.</summary>
internal static class SubCodes
{
    private static readonly FrozenDictionary<string, GatewayError> Rows = new (Refusal Refusal, GatewayError Error)[]
    {
        (TradesRefusals.NotFound, Business("ACQ.TRADE_NOT_EXIST", "交易不存在")),
        (TradesRefusals.Inconsistent, Business("ACQ.CONTEXT_INCONSISTENT", "交易信息被篡改：同一商户订单号的请求内容不一致")),
        (TradesRefusals.AlreadyPaid, Business("ACQ.TRADE_HAS_SUCCESS", "交易已被支付")),
        (TradesRefusals.AlreadyClosed, Business("ACQ.TRADE_HAS_CLOSE", "交易已经关闭")),
        (TradesRefusals.NotPaid, Business("ACQ.TRADE_STATUS_ERROR", "交易状态不合法：交易未支付")),
        (TradesRefusals.NotWaiting, Business("ACQ.TRADE_STATUS_ERROR", "交易状态不合法：只有等待付款的交易可以关闭")),
        (TradesRefusals.Finished, Business("ACQ.TRADE_HAS_FINISHED", "交易已结束，超过可退款期限")),
        (TradesRefusals.CancelTooLate, Business("ACQ.TRADE_CANCEL_TIME_OUT", "超过撤销时间范围")),
        (TradesRefusals.PayCodeInvalid, Business("ACQ.PAYMENT_AUTH_CODE_INVALID", "支付授权码无效，请用户刷新条码后重新扫码")),
        (TradesRefusals.OtherBuyer, Business("ACQ.TRADE_BUYER_NOT_MATCH", "交易买家不匹配")),
        (TradesRefusals.BuyerUnknown, Business("ACQ.INVALID_PARAMETER", "参数有误：买家不存在")),
        (TradesRefusals.AmountInvalid, Business("ACQ.TOTAL_FEE_EXCEED", "订单总金额不在允许范围内")),
        (TradesRefusals.OrderInvalid, Business("ACQ.INVALID_PARAMETER", "参数有误")),
        (TradesRefusals.FundsShort, Business("ACQ.BUYER_BALANCE_NOT_ENOUGH", "买家余额不足")),
        (TradesRefusals.NoFunding, Business("ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE", "没有可用的支付工具")),
        (TradesRefusals.RefundTooMuch, Business("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", "退款金额超限")),
        (TradesRefusals.RefundInconsistent, Business("ACQ.DISCORDANT_REPEAT_REQUEST", "请求信息不一致：同一退款请求号的退款金额不同")),
        (TradesRefusals.RefundNeedsNumber, Business("ACQ.INVALID_PARAMETER", "参数有误：部分退款时out_request_no不能为空")),
        (TradesRefusals.BuyerGone, Business("ACQ.BUYER_ERROR", "买家状态异常：账户已注销")),
        (TradesRefusals.SellerBalanceShort, Business("ACQ.SELLER_BALANCE_NOT_ENOUGH", "卖家余额不足")),

        (MerchantsRefusals.AppUnknown, GatewayError.AppUnknown),
        (MerchantsRefusals.NotActive, Business("ACQ.MERCHANT_STATUS_NOT_NORMAL", "商户状态非正常状态")),
        (MerchantsRefusals.ProductMissing, GatewayError.NotPermitted),

        (CustomersRefusals.Frozen, Business("ACQ.BUYER_ENABLE_STATUS_FORBID", "买家状态非法：账户已冻结")),
        (CustomersRefusals.VerificationRequired, Business("ACQ.BUYER_ENABLE_STATUS_FORBID", "买家状态非法：未实名认证")),
        (CustomersRefusals.HigherVerificationRequired, Business("ACQ.BUYER_ENABLE_STATUS_FORBID", "买家状态非法：认证等级不足")),
        (CreditRefusals.LineNotOpen, Business("ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE", "没有可用的支付工具：买家未开通信用付")),
        (CreditRefusals.LineStopped, Business("ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE", "没有可用的支付工具：买家的信用付已停用")),
        (CreditRefusals.LineFrozen, Business("ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE", "没有可用的支付工具：买家的信用付已冻结")),
        (CreditRefusals.LineOverdue, Business("ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE", "没有可用的支付工具：买家的信用付已逾期")),
        (CreditRefusals.LimitExceeded, Business("ACQ.BUYER_BALANCE_NOT_ENOUGH", "买家余额不足：可用额度不足")),
        (CreditRefusals.CapReached, Business("ACQ.BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR", "买家付款月额度超限")),
        (CreditRefusals.AmountInvalid, Business("ACQ.TOTAL_FEE_EXCEED", "订单总金额不在允许范围内")),
        (CreditRefusals.InstalmentsNotOpen, Business("ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE", "没有可用的支付工具：买家未开通分期")),
        (CreditRefusals.InstalmentsNotOffered, Business("ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE", "没有可用的支付工具：买家的信用付不支持该分期期数")),
        (CreditRefusals.RefundTooMuch, Business("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", "退款金额超限")),
        (WalletRefusals.BalanceShort, Business("ACQ.BUYER_BALANCE_NOT_ENOUGH", "买家余额不足")),
        (WalletRefusals.AmountInvalid, Business("ACQ.TOTAL_FEE_EXCEED", "订单总金额不在允许范围内")),
    }.ToFrozenDictionary(row => row.Refusal.Code, row => row.Error);

    /// <summary>True for a refusal that has a row.</summary>
    public static bool Has(Refusal refusal) => Rows.ContainsKey(refusal.Code);

    /// <summary>The error a refusal becomes. One without a row is answered as a system error, which makes the caller query: nothing is claimed that may not be so.</summary>
    public static GatewayError Of(Refusal refusal, string method)
    {
        if (!Rows.TryGetValue(refusal.Code, out var error))
        {
            // The protocol's own misspelling; callers compare it.
            return Business(method == "alipay.trade.cancel" ? "AQC.SYSTEM_ERROR" : Fields.PrefixOf(method) + "SYSTEM_ERROR", RefusalTexts.Of(refusal, Languages.Chinese).Title);
        }

        return refusal.Is(TradesRefusals.OrderInvalid) && refusal.Arguments is { Count: > 0 } named ? error with { SubMessage = $"{error.SubMessage}：{string.Join('，', named.Values)}" } : error;
    }

    private static GatewayError Business(string subCode, string subMessage) => GatewayError.Refused(subCode, subMessage);
}
