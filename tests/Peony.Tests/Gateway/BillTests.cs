using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Peony.Ledger;
using Peony.Merchants;
using Peony.Tests.Edge;

namespace Peony.Tests.Gateway;

/// <summary>The bill of trades, read as programs in the field read it.</summary>
public sealed class BillTests
{
    [Fact]
    public async Task The_bill_of_a_day_is_there_on_the_next_and_says_what_the_books_say()
    {
        await using var world = await GatewayWorld.StartAsync();
        var person = world.Join();
        foreach (var (number, amount) in new[] { ("a1", "88.50"), ("a2", "0.01"), ("a3", "10.00") })
        {
            Assert.Equal("10000", Of(await world.CallAsync("alipay.trade.pay", new { out_trade_no = number, total_amount = amount, subject = "乌龙茶, \"一壶\" 😀", auth_code = world.PayCode(person), store_id = "S1" }), "code"));
        }

        await world.CallAsync("alipay.trade.refund", new { out_trade_no = "a1", refund_amount = "8.50", out_request_no = "R1", refund_reason = "少一件" });
        Assert.Equal("BILL_NOT_EXIST", Of(await AskAsync(world, "2026-03-05"), "sub_code"));
        world.Book.Advance(TimeSpan.FromDays(1));
        await world.CallAsync("alipay.trade.refund", new { out_trade_no = "a3", refund_amount = "10.00", out_request_no = "R1" });

        var answer = await AskAsync(world, "2026-03-05");
        Assert.False(answer.TryGetProperty("bill_file_code", out _));
        var (files, rows) = Parse(await FetchAsync(world, answer));
        Assert.Equal([$"{world.App.SellerNumber}0156_20260305_业务明细.csv", $"{world.App.SellerNumber}0156_20260305_业务明细(汇总).csv"], files);
        Assert.Equal([("a1", "交易", 88.50m, -0.53m), ("a2", "交易", 0.01m, 0m), ("a3", "交易", 10.00m, -0.06m), ("a1", "退款", -8.50m, 0.05m)],
            rows.Select(row => (row[1], row[2], Number(row[12]), Number(row[22]))));
        Assert.All(rows, row => Assert.Equal(("乌龙茶 一壶 ??", "S1"), (row[3], row[6])));
        Assert.Equal(("R1", "少一件"), (rows[3][21], rows[3][24]));

        // Both days' bills together are what the merchant is owed.
        world.Book.Advance(TimeSpan.FromDays(1));
        var (_, next) = Parse(await FetchAsync(world, await AskAsync(world, "2026-03-06")));
        var owed = (await world.Book.Reader.AccountAsync(MerchantAccounts.Payable(world.App.Merchant), TestContext.Current.CancellationToken))!.State.Balance;
        Assert.Equal(Money.Cny(owed).Minor / 100m, rows.Concat(next).Sum(row => Number(row[12]) + Number(row[22])));
    }

    [Fact]
    public async Task A_month_is_one_bill_and_an_empty_one_says_so()
    {
        await using var world = await GatewayWorld.StartAsync();
        var person = world.Join();
        await world.CallAsync("alipay.trade.pay", new { out_trade_no = "a1", total_amount = "1.00", subject = "s", auth_code = world.PayCode(person) });
        Assert.Equal("BILL_NOT_EXIST", Of(await AskAsync(world, "2026-03"), "sub_code"));
        world.Book.Advance(TimeSpan.FromDays(31));
        var (files, rows) = Parse(await FetchAsync(world, await AskAsync(world, "2026-03")));
        Assert.EndsWith("0156_202603_业务明细.csv", files[0], StringComparison.Ordinal);
        Assert.Single(rows);
        var empty = await AskAsync(world, "2026-02-28");
        Assert.Equal("EMPTY_DATA_WITH_BILL_FILE", Of(empty, "bill_file_code"));
        Assert.Empty(Parse(await FetchAsync(world, empty)).Rows);
    }

    [Theory]
    [InlineData("trade", "2026-13-01")]
    [InlineData("trade", "20260305")]
    [InlineData("trade", "2026-3")]
    [InlineData("nothing", "2026-03-04")]
    public async Task What_is_no_bill_is_refused_in_the_protocols_own_spelling(string type, string date)
    {
        await using var world = await GatewayWorld.StartAsync();
        Assert.Equal("INVAILID_ARGUMENTS", Of(await world.CallAsync("alipay.data.dataservice.bill.downloadurl.query", new { bill_type = type, bill_date = date }), "sub_code"));
    }

    [Fact]
    public async Task An_address_that_was_changed_fetches_nothing()
    {
        await using var world = await GatewayWorld.StartAsync();
        var address = Of(await AskAsync(world, "2026-03-04"), "bill_download_url")!;
        using var client = world.Client();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(address, TestContext.Current.CancellationToken)).StatusCode);
        foreach (var changed in new[] { address.Replace("2026-03-04", "2026-03-03", StringComparison.Ordinal), address[..^1], address.Replace(world.App.Merchant.Value, world.Other.Merchant.Value, StringComparison.Ordinal), "/bills/x" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(changed, TestContext.Current.CancellationToken)).StatusCode);
        }
    }

    private static Task<JsonElement> AskAsync(GatewayWorld world, string date) => world.CallAsync("alipay.data.dataservice.bill.downloadurl.query", new { bill_type = "trade", bill_date = date });

    private static async Task<byte[]> FetchAsync(GatewayWorld world, JsonElement answer)
    {
        using var client = world.Client();
        using var response = await client.GetAsync(Of(answer, "bill_download_url"), TestContext.Current.CancellationToken);
        Assert.Equal("application/zip", response.Content.Headers.ContentType!.MediaType);
        return await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>As parsers in the field do: GBK, the account in the second line, heads in the fifth, 25 columns, until the line that ends the list.</summary>
    private static (string[] Files, List<string[]> Rows) Parse(byte[] file)
    {
        var gbk = CodePagesEncodingProvider.Instance.GetEncoding("gbk")!;
        using var zip = new ZipArchive(new MemoryStream(file), ZipArchiveMode.Read, leaveOpen: false, gbk);
        using var reader = new StreamReader(zip.Entries[0].Open(), gbk);
        var lines = reader.ReadToEnd().Split("\r\n");
        Assert.Matches(@"^#账号：\[2088[0-9]{12}0156\]$", lines[1]);
        Assert.Equal(25, lines[4].Split(',').Length);
        Assert.StartsWith("支付宝交易号,商户订单号,业务类型,商品名称", lines[4], StringComparison.Ordinal);
        var rows = lines.Skip(5).TakeWhile(line => !line.Contains("业务明细列表结束", StringComparison.Ordinal)).Select(line => line.Split(',')).ToList();
        Assert.All(rows, row => Assert.Equal(25, row.Length));
        return ([.. zip.Entries.Select(entry => entry.FullName)], [.. rows.Select(row => row.Select(cell => cell.TrimEnd('\t')).ToArray())]);
    }

    private static decimal Number(string cell) => decimal.Parse(cell, CultureInfo.InvariantCulture);

    private static string? Of(JsonElement node, string name) => node.TryGetProperty(name, out var value) ? value.GetString() : null;
}
