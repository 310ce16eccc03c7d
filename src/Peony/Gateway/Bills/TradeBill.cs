using System.Globalization;
using System.IO.Compression;
using System.Text;
using Peony.Ledger;
using Peony.Merchants;
using Peony.Trades;

namespace Peony.Gateway.Bills;

/// <summary>
/// The bill of a merchant's trades as programs of its protocol read it: a ZIP with two files of comma-separated values, in GBK down to the names of the files. Readers count on the account in the second line, the heads in
/// the fifth, 25 columns, a tabulator behind each text, and the line that ends the list.
/// </summary>
internal static class TradeBill
{
    private const string Heads = "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,"
        + "商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注";
    private const string SumHeads = "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）";

    private const int Gbk = 936;

    /// <summary>Behind a seller's number stands the number of its first account.</summary>
    private const string AccountSuffix = "0156";

    /// <summary>What GBK lacks becomes a question mark: the file is for programs that read nothing else.</summary>
    private static readonly Encoding Chinese = CodePagesEncodingProvider.Instance.GetEncoding(Gbk) ?? throw new InvalidOperationException("The runtime has no GBK.");

    /// <param name="period">As it stands in the files' names: <c>20260605</c>, <c>202606</c>.</param>
    /// <param name="last">The last day of it.</param>
    /// <param name="movements">In the order in which they happened.</param>
    public static byte[] Zip(string sellerNumber, string period, DateOnly first, DateOnly last, IReadOnlyList<TradeMovement> movements, DateTimeOffset now)
    {
        var account = sellerNumber + AccountSuffix;
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true, Chinese))
        {
            Write(zip, $"{account}_{period}_业务明细.csv", Details(account, first, last, movements, now));
            Write(zip, $"{account}_{period}_业务明细(汇总).csv", Sums(account, first, last, movements, now));
        }

        return stream.ToArray();
    }

    private static void Write(ZipArchive zip, string name, string text)
    {
        using var file = zip.CreateEntry(name).Open();
        file.Write(Chinese.GetBytes(text));
    }

    private static string Details(string account, DateOnly first, DateOnly last, IReadOnlyList<TradeMovement> movements, DateTimeOffset now)
    {
        var bill = new StringBuilder(Top("支付宝业务明细查询", account, first, last));
        Line(bill, "#-----------------------------------------业务明细列表----------------------------------------");
        Line(bill, Heads);
        foreach (var movement in movements)
        {
            Line(bill, Row(movement));
        }

        var (paid, refunded) = (movements.Where(one => one.Refund is null).ToList(), movements.Where(one => one.Refund is not null).ToList());
        Line(bill, "#-----------------------------------------业务明细列表结束------------------------------------");
        Line(bill, $"#交易合计：{paid.Count}笔，商家实收共{Sum(paid.Select(Amount))}元，商家优惠共0.00元");
        Line(bill, $"#退款合计：{refunded.Count}笔，商家实收退款共{Sum(refunded.Select(Amount))}元，商家优惠退款共0.00元");
        Line(bill, $"#导出时间：[{Moment(now)}]");
        return bill.ToString();
    }

    private static string Sums(string account, DateOnly first, DateOnly last, IReadOnlyList<TradeMovement> movements, DateTimeOffset now)
    {
        var bill = new StringBuilder(Top("支付宝业务汇总查询", account, first, last));
        Line(bill, "#-----------------------------------------业务汇总列表----------------------------------------");
        Line(bill, SumHeads);
        // A line for each shop, by the number that the merchant's programs gave with the order; the last one for all.
        foreach (var shop in movements.GroupBy(movement => Label(movement.Trade, "store_id")).OrderBy(shop => shop.Key, StringComparer.Ordinal))
        {
            Line(bill, SumRow(shop.Key, [.. shop]));
        }

        Line(bill, SumRow("合计", movements));
        Line(bill, "#-----------------------------------------业务汇总列表结束------------------------------------");
        Line(bill, $"#导出时间：[{Moment(now)}]");
        return bill.ToString();
    }

    private static string Top(string title, string account, DateOnly first, DateOnly last)
    {
        var top = new StringBuilder();
        Line(top, "#" + title);
        Line(top, $"#账号：[{account}]");
        Line(top, $"#起始日期：[{Day(first)} 00:00:00]   终止日期：[{Day(last.AddDays(1))} 00:00:00]");
        return top.ToString();
    }

    private static string Row(TradeMovement movement)
    {
        var (trade, refund, amount) = (movement.Trade, movement.Refund, Amount(movement).Amount());
        string[] cells =
        [
            Text(trade.Number), Text(trade.OutTradeNo), Text(refund is null ? "交易" : "退款"), Text(trade.Order.Subject), WireText.Time(trade.CreatedAt)!, WireText.Time(movement.At)!,
            Text(Label(trade, "store_id")), Text(trade.SellerName), Text(Label(trade, "operator_id")), Text(Label(trade, "terminal_id")), Text(trade.BuyerNumber ?? ""),
            amount, amount, "0.00", "0.00", "0.00", "0.00", "0.00", "", "0.00", "0.00", Text(refund?.OutRequestNo ?? ""), Fee(movement).Amount(), "0.00", Text(refund?.Reason ?? ""),
        ];
        return string.Join(',', cells);
    }

    private static string SumRow(string shop, IReadOnlyList<TradeMovement> movements)
    {
        var (amount, fee) = (Sum(movements.Select(Amount)), Sum(movements.Select(Fee)));
        string[] cells =
        [
            Text(shop), "", movements.Count(one => one.Refund is null).ToString(CultureInfo.InvariantCulture), movements.Count(one => one.Refund is not null).ToString(CultureInfo.InvariantCulture),
            amount, amount, "0.00", "0.00", "0.00", fee, "0.00", Sum(movements.Select(one => Amount(one) + Fee(one))),
        ];
        return string.Join(',', cells);
    }

    /// <summary>What the merchant got, below zero for what went back.</summary>
    private static Money Amount(TradeMovement movement) => movement.Refund is { } refund ? -refund.Amount : movement.Trade.Order.Total;

    /// <summary>What the merchant paid, below zero; what of it came back with a refund, above.</summary>
    private static Money Fee(TradeMovement movement) => movement.Refund is { } refund ? refund.FeeBack : -(movement.Trade.Fee + movement.Trade.InstalmentFee);

    private static string Sum(IEnumerable<Money> amounts) => amounts.Aggregate(Money.Zero(Currency.Cny), (sum, amount) => sum + amount).Amount();

    private static string Label(TradeView trade, string name) => TradeLabels.Of(trade, name) ?? "";

    /// <summary>A text is cut of what would end the cell or the line, and has a tabulator behind it, which keeps spreadsheets from reading a number.</summary>
    private static string Text(string text) => text.Length == 0 ? "" : string.Concat(text.Where(character => character is not (',' or '"') && !char.IsControl(character))) + "\t";

    private static string Day(DateOnly day) => day.ToString("yyyy年MM月dd日", CultureInfo.InvariantCulture);

    private static string Moment(DateTimeOffset moment) => WireText.Local(moment).ToString("yyyy年MM月dd日 HH:mm:ss", CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, string line) => text.Append(line).Append("\r\n");
}
