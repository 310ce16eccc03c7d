using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peony.Book;
using Peony.Merchants;
using Peony.Trades;

namespace Peony.Gateway.Bills;

/// <summary>What is asked for: the bill of a period.</summary>
internal sealed record BillQuery(BillPeriod Period);

/// <summary>Bills by an address that is good for half a minute and needs no sign-in: who has it may fetch that one bill.</summary>
internal sealed class BillDownload(TradeReader trades, IBookReader reader, Secrets secrets, TimeProvider clock)
{
    public const string Path = "/bills/";

    private const string KeyPurpose = "bill-download";
    private const string TradeType = "trade";
    private const string Empty = "EMPTY_DATA_WITH_BILL_FILE";

    /// <summary>By the wall clock, as is everything about addresses.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(30);

    public static BillQuery Read(GatewayCall call)
    {
        // The protocol spells it so.
        var invalid = GatewayError.Refused("INVAILID_ARGUMENTS", "入参不合法");
        return call.Fields.Text("bill_type") == TradeType && BillPeriod.Parse(call.Fields.Required("bill_date")) is { } period ? new BillQuery(period) : throw new GatewayException(invalid);
    }

    /// <summary>The address of the bill, or that there is none yet.</summary>
    public async Task<JsonObject> AddressAsync(GatewayCall call, BillQuery query, CancellationToken cancel)
    {
        if (!query.Period.IsOver(call.Now))
        {
            throw new GatewayException(GatewayError.Refused("BILL_NOT_EXIST", "账单不存在"));
        }

        var isEmpty = true;
        foreach (var day in query.Period.Days)
        {
            isEmpty = isEmpty && (await trades.MovementsAsync(call.App.Merchant, day, 1, cancel)).Count == 0;
        }

        var until = clock.GetUtcNow().Add(Life).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var what = $"{call.App.Merchant.Value}.{call.App.SellerNumber}.{query.Period.Text}.{until}";
        return new JsonObject().With("bill_download_url", $"{call.Origin}{Path}{what}.{ProofOf(what)}").With("bill_file_code", isEmpty ? Empty : null);
    }

    /// <summary>Answers whoever has a good address with the file.</summary>
    public async Task<IResult> SendAsync(string text, CancellationToken cancel)
    {
        var parts = text.Split('.');
        var what = text[..Math.Max(0, text.LastIndexOf('.'))];
        if (parts.Length != 5 || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(ProofOf(what)), Encoding.UTF8.GetBytes(parts[4]))
            || long.Parse(parts[3], CultureInfo.InvariantCulture) < clock.GetUtcNow().ToUnixTimeSeconds() || BillPeriod.Parse(parts[2]) is not { } period)
        {
            return Results.Text("账单下载链接无效或已过期 / This address is not valid, or no longer.", "text/plain; charset=utf-8", statusCode: StatusCodes.Status404NotFound);
        }

        var movements = new List<TradeMovement>();
        foreach (var day in period.Days)
        {
            movements.AddRange(await trades.MovementsAsync(new MerchantId(parts[0]), day, int.MaxValue, cancel));
        }

        return Results.File(TradeBill.Zip(parts[1], period.Plain, period.First, period.Last, movements, reader.Now), "application/zip", $"{parts[1]}_{period.Plain}.zip");
    }

    private string ProofOf(string what) => Base64Url.EncodeToString(HMACSHA256.HashData(secrets.Key(KeyPurpose), Encoding.UTF8.GetBytes(what)));
}
