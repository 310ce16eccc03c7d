using System.Globalization;
using System.Text.Json.Nodes;
using Peony.Ledger;
using Peony.Trades;

namespace Peony.Gateway;

/// <summary>From what the slices of <see cref="Trades"/> answer to the fields of the trade methods.</summary>
internal static class TradeAnswers
{
    public static NodeReply Pay(GatewayCall call, TradeView trade) => trade.State == TradeState.Waiting
        ? new NodeReply(Named(trade).With("buyer_logon_id", trade.BuyerLogon).With("buyer_user_id", trade.BuyerNumber).With("total_amount", trade.Order.Total.Amount()), IsWaiting: true)
        : new NodeReply(Paid(Named(trade), trade).With("gmt_payment", WireText.Time(trade.PaidAt)));

    /// <summary>The code is the address of the page on which the trade is paid; any camera opens it.</summary>
    public static NodeReply Precreate(GatewayCall call, TradeView trade) =>
        new(new JsonObject().With("out_trade_no", trade.OutTradeNo).With("qr_code", call.Origin + trade.PayPath));

    public static NodeReply Name(GatewayCall call, TradeView trade) => new(Named(trade));

    public static NodeReply Query(GatewayCall call, TradeView? trade)
    {
        if (trade is null || trade.State == TradeState.Prepared)
        {
            throw new GatewayException(SubCodes.Of(TradesRefusals.NotFound, call.Method));
        }

        var node = Paid(Named(trade).With("trade_status", StatusOf(trade)), trade).With("send_pay_date", WireText.Time(trade.PaidAt)).With("subject", trade.Order.Subject)
            .With("body", trade.Order.Body);
        foreach (var label in (string[])["store_id", "terminal_id", "operator_id", TradeLabels.Passback])
        {
            node.With(label, TradeLabels.Of(trade, label));
        }

        return new NodeReply(node);
    }

    public static NodeReply Cancel(GatewayCall call, CancelView cancelled)
    {
        var node = cancelled.Trade is { } trade && cancelled.Action != CancelAction.Nothing ? Named(trade) : new JsonObject().With("out_trade_no", call.Fields.Text("out_trade_no"));
        return new NodeReply(node.With("retry_flag", "N").With("action", cancelled.Action switch
        {
            CancelAction.Nothing => null,
            CancelAction.Closed => "close",
            CancelAction.Refunded => "refund",
        }));
    }

    public static NodeReply Refund(GatewayCall call, TradeRefundView refund)
    {
        var node = Named(refund.Trade).With("buyer_logon_id", refund.Trade.BuyerLogon).With("buyer_user_id", refund.Trade.BuyerNumber)
            .With("fund_change", refund.IsRepeat ? "N" : "Y").With("refund_fee", refund.Trade.Refunded.Amount()).With("send_back_fee", refund.Amount.Amount())
            .With("gmt_refund_pay", WireText.Time(refund.At)).With("store_name", refund.Trade.SellerName);
        return new NodeReply(node.With("refund_detail_item_list", DetailsIfAsked(call, refund)));
    }

    /// <summary>A refund that was not made is no error: the status is missing then.</summary>
    public static NodeReply RefundQuery(GatewayCall call, RefundFound found)
    {
        if (found.Trade is not { } trade || trade.State == TradeState.Prepared)
        {
            throw new GatewayException(SubCodes.Of(TradesRefusals.NotFound, call.Method));
        }

        var node = Named(trade).With("out_request_no", found.Asked.OutRequestNo);
        if (found.Refund is { } refund)
        {
            node.With("refund_reason", refund.Reason).With("total_amount", trade.Order.Total.Amount()).With("refund_amount", refund.Amount.Amount())
                .With("refund_status", "REFUND_SUCCESS").With("send_back_fee", refund.Amount.Amount())
                .With("gmt_refund_pay", IsAsked(call, "gmt_refund_pay") ? WireText.Time(refund.At) : null)
                .With("refund_detail_item_list", DetailsIfAsked(call, refund));
        }

        return new NodeReply(node);
    }

    /// <summary>The protocol's word for where a trade stands.</summary>
    public static string StatusOf(TradeView trade) => trade.State switch
    {
        TradeState.Prepared or TradeState.Waiting => "WAIT_BUYER_PAY",
        TradeState.Paid => "TRADE_SUCCESS",
        TradeState.Finished => "TRADE_FINISHED",
        TradeState.Closed => "TRADE_CLOSED",
    };

    /// <summary>Amounts by the protocol's names of channels: the buyer's own money is one, the credit line another.</summary>
    public static IEnumerable<(string Channel, Money Amount)> ChannelsOf(IEnumerable<FundPart> parts) => parts.GroupBy(part => part.Funding switch
    {
        Funding.Wallet or Funding.CreditBalance => "ALIPAYACCOUNT",
        Funding.CreditLine => "PCREDIT",
    }).Select(channel => (channel.Key, channel.Select(part => part.Amount).Aggregate((sum, amount) => sum + amount)));

    private static JsonObject Named(TradeView trade) => new JsonObject().With("trade_no", trade.Number).With("out_trade_no", trade.OutTradeNo);

    /// <summary>What answers of payment and query share.</summary>
    private static JsonObject Paid(JsonObject node, TradeView trade)
    {
        var total = trade.Order.Total.Amount();
        node.With("buyer_logon_id", trade.BuyerLogon).With("buyer_user_id", trade.BuyerNumber).With("total_amount", total);
        if (trade.PaidAt is null)
        {
            return node;
        }

        return node.With("receipt_amount", total).With("buyer_pay_amount", total).With("point_amount", Money.Zero(trade.Order.Total.Currency).Amount()).With("invoice_amount", total)
            .With("fund_bill_list", Bills(trade.PaidFrom)).With("charge_info_list", Charges(trade)).With("hb_fq_pay_info", InstalmentsOf(trade)).With("store_name", trade.SellerName);
    }

    private static JsonArray Bills(IReadOnlyList<FundPart> parts) =>
        [.. ChannelsOf(parts).Select(part => new JsonObject { ["fund_channel"] = part.Channel, ["amount"] = part.Amount.Amount(), ["real_amount"] = part.Amount.Amount() })];

    /// <summary>What the merchant pays: for the payment, and for the buyer's instalments where it bears their fee.</summary>
    private static JsonArray Charges(TradeView trade)
    {
        return [.. from charge in ((string Type, Money Fee)[])[("trade", trade.Fee), ("hbfq", trade.InstalmentFee)]
                   where charge.Fee.IsPositive
                   select new JsonObject { ["charge_fee"] = charge.Fee.Amount(), ["original_charge_fee"] = charge.Fee.Amount(), ["charge_type"] = charge.Type }];
    }

    private static JsonObject? InstalmentsOf(TradeView trade) => trade.Order.Instalments is { } instalments
        ? new JsonObject
        {
            ["user_install_num"] = instalments.Periods.ToString(CultureInfo.InvariantCulture),
            ["fq_amount"] = trade.PaidFrom.Where(part => part.Funding == Funding.CreditLine).Select(part => part.Amount)
                .Aggregate(Money.Zero(trade.Order.Total.Currency), (sum, amount) => sum + amount).Amount(),
        }
        : null;

    private static JsonArray? DetailsIfAsked(GatewayCall call, TradeRefundView refund) => IsAsked(call, "refund_detail_item_list") ? Bills(refund.ToFunding) : null;

    private static bool IsAsked(GatewayCall call, string option) => call.Fields.Words("query_options").Contains(option);
}
