using System.Collections.Frozen;
using Peony.Book;
using Peony.Gateway.Bills;
using Peony.Gateway.Keys;
using Peony.Merchants;
using Peony.Trades;

namespace Peony.Gateway;

/// <summary>
/// The methods of the gateway: a row each, with the slice or the read behind it and two functions that map fields to it and its answer to fields. v2 and v3 share them. Rules
/// are the slices'; here is none.
/// </summary>
internal sealed class GatewayMethods
{
    private readonly IBook _book;
    private readonly FrozenDictionary<string, GatewayMethod> _methods;

    public GatewayMethods(IBook book, TradeReader trades, PlatformKeys platform, BillDownload bills, IBookReader reader)
    {
        _book = book;
        GatewayMethod[] rows =
        [
            Act("alipay.trade.pay", TradeFields.Pay, TradeAnswers.Pay),
            Act("alipay.trade.precreate", TradeFields.Precreate, TradeAnswers.Precreate),
            Act("alipay.trade.create", TradeFields.Create, TradeAnswers.Name),
            Act("alipay.trade.cancel", TradeFields.Cancel, TradeAnswers.Cancel),
            Act("alipay.trade.close", TradeFields.Close, TradeAnswers.Name),
            Act("alipay.trade.refund", TradeFields.Refund, TradeAnswers.Refund),
            Read("alipay.trade.query", call => TradeFields.Select(call.Fields), (call, trade, cancel) => trades.FindAsync(call.App.Merchant, trade, cancel), TradeAnswers.Query),
            Read("alipay.trade.fastpay.refund.query", TradeFields.SelectRefund, (call, refund, cancel) => FindRefundAsync(trades, call.App.Merchant, refund, cancel), TradeAnswers.RefundQuery),
            Page("alipay.trade.page.pay", TradeFields.PagePay, trade => trade.PayPath),
            Page("alipay.trade.wap.pay", TradeFields.WapPay, trade => trade.PayPath),
            Page("alipay.trade.app.pay", TradeFields.AppPay, trade => trade.PayPath),
            Read("alipay.data.dataservice.bill.downloadurl.query", BillDownload.Read, bills.AddressAsync, (_, answer) => new NodeReply(answer)),
            Read("alipay.fund.account.query", FundMapping.ReadAccount, (call, _, cancel) => reader.AccountAsync(MerchantAccounts.Payable(call.App.Merchant), cancel), FundMapping.WriteAccount),
            Read("alipay.open.app.alipaycert.download", call => call.Fields.Required("alipay_cert_sn"), async (_, serial, cancel) => CertificateAnswers.Find(await platform.GetAsync(cancel), serial),
                CertificateAnswers.Download),
        ];
        _methods = rows.ToFrozenDictionary(row => row.Name);
    }

    public IReadOnlyCollection<GatewayMethod> All => _methods.Values;

    /// <summary>The method; null when the protocol has none of this name.</summary>
    public GatewayMethod? Find(string name) => _methods.GetValueOrDefault(name) ?? OtherMethods.Find(name);

    /// <summary>A method that runs a command.</summary>
    private GatewayMethod Act<TReply>(string name, Func<GatewayCall, ICommand<TReply>> read, Func<GatewayCall, TReply, NodeReply> write) => new(name, IsPage: false,
        async (call, cancel) => write(call, await RunAsync(name, read(call), cancel)));

    /// <summary>A method that leads a browser to a page of what a command made.</summary>
    private GatewayMethod Page<TReply>(string name, Func<GatewayCall, ICommand<TReply>> read, Func<TReply, string> path) => new(name, IsPage: true,
        async (call, cancel) => new PageReply(path(await RunAsync(name, read(call), cancel))));

    /// <summary>A method that only looks something up.</summary>
    private static GatewayMethod Read<TQuery, TFound>(string name, Func<GatewayCall, TQuery> read, Func<GatewayCall, TQuery, CancellationToken, Task<TFound>> find,
        Func<GatewayCall, TFound, NodeReply> write) => new(name, IsPage: false, async (call, cancel) => write(call, await find(call, read(call), cancel)));

    private async Task<TReply> RunAsync<TReply>(string method, ICommand<TReply> command, CancellationToken cancel) =>
        (await _book.RunAsync(command, cancel: cancel)).IsRefused(out var refusal, out var reply) ? throw new GatewayException(SubCodes.Of(refusal, method)) : reply!;

    private static async Task<RefundFound> FindRefundAsync(TradeReader trades, MerchantId merchant, RefundSelector refund, CancellationToken cancel)
    {
        var trade = await trades.FindAsync(merchant, refund.Trade, cancel);
        return new RefundFound(refund, trade, trade is null ? null : await trades.RefundAsync(merchant, refund.Trade, refund.OutRequestNo, cancel));
    }
}
