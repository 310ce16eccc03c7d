using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peony.Book;
using Peony.Customers;
using Peony.Edge;
using Peony.Ledger;

namespace Peony.Trades;

internal sealed record PayCodeRequest(string Pin);

/// <summary>What a phone needs to make pay codes by itself.</summary>
/// <param name="Number">Eight digits, part of every code.</param>
/// <param name="Key">32 bytes, base64; the phone keeps it where no page can read it out again.</param>
/// <param name="StepSeconds">How long a step is.</param>
internal sealed record PayCodeView(string Number, string Key, int StepSeconds, DateTimeOffset Now);

/// <param name="From">What to pay from; left out: what is able to, the credit line first.</param>
/// <param name="Periods">Pays in so many instalments.</param>
/// <param name="AgreeToInstalments">Needed at the first use of instalments.</param>
internal sealed record PayTradeRequest(string Pin, Funding? From = null, int? Periods = null, bool AgreeToInstalments = false);

/// <summary>A trade as its buyer sees it: what the merchant pays for it, and what the merchant's programs keep with it, is not theirs to see.</summary>
/// <param name="Number">28 digits, beginning with its day.</param>
/// <param name="Instalments">Those the order asks for; null when the buyer may choose.</param>
/// <param name="PaidFrom">Empty until it is paid.</param>
/// <param name="Refunded">All refunds together.</param>
internal sealed record BuyerTradeView(TradeId Id, string Number, string SellerName, string OutTradeNo, Money Total, string Subject, string? Body, TradeInstalments? Instalments, TradeState State,
    IReadOnlyList<FundPart> PaidFrom, Money Refunded, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? PaidAt, DateTimeOffset? ClosedAt)
{
    public static BuyerTradeView Of(TradeView trade) => new(trade.Id, trade.Number, trade.SellerName, trade.OutTradeNo, trade.Order.Total, trade.Order.Subject, trade.Order.Body, trade.Order.Instalments,
        trade.State, trade.PaidFrom, trade.Refunded, trade.CreatedAt, trade.ExpiresAt, trade.PaidAt, trade.ClosedAt);
}

/// <summary>Trades as their buyers meet them.</summary>
internal static class TradesApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/pay-code", (PayCodeRequest request, ApiCall call, PayCodes codes) =>
                call.RunAsync(new EnablePayCode(call.Session, Pin(call, request.Pin)), number => new PayCodeView(number, Convert.ToBase64String(codes.KeyOf(number)), PayCodes.StepSeconds, call.Reader.Now)))
            .Produces<PayCodeView>()
            .WithTags("Trades")
            .WithSummary("Lets this device make pay codes, with or without a network");

        var trades = api.MapGroup("/trades").WithTags("Trades");
        trades.MapGet("/", (ApiCall call, TradeReader reader, [AsParameters] PageQuery page) => ApiCall.ListAsync<BuyerTradeView>(page, async part => (await reader.OfBuyerAsync(call.Customer, part, call.Cancel)).Select(BuyerTradeView.Of).ToList()))
            .Produces<ListBody<BuyerTradeView>>()
            .WithSummary("Lists the customer's trades, newest first");

        trades.MapGet("/{id}", async (string id, ApiCall call, TradeReader reader) =>
                await reader.ForBuyerAsync(call.Customer, new TradeId(id), call.Cancel) is { } found ? ApiCall.Json(BuyerTradeView.Of(found)) : call.Problem(TradesRefusals.NotFound))
            .Produces<BuyerTradeView>()
            .WithSummary("Shows a trade that is open to anybody, or the customer's own");

        trades.MapPost("/{id}/open", (string id, ApiCall call) => call.RunAsync(new OpenTrade(call.Session, new TradeId(id)), BuyerTradeView.Of))
            .Produces<BuyerTradeView>()
            .WithSummary("Says that a buyer has opened the code or page of a trade");

        trades.MapPost("/{id}/pay", (string id, PayTradeRequest request, ApiCall call) => call.RunAsync(
                new ConfirmTrade(call.Session, new TradeId(id), Pin(call, request.Pin), new PaymentChoice(request.From, request.Periods, request.AgreeToInstalments)), BuyerTradeView.Of))
            .Produces<BuyerTradeView>()
            .WithSummary("Pays a trade, with the payment PIN");
    }

    private static PinProof Pin(ApiCall call, string pin) => PersonalHashes.Pin(call.Secrets, call.Customer, pin);
}
