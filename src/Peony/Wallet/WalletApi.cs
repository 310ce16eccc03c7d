using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peony.Cards;
using Peony.Customers;
using Peony.Edge;
using Peony.Ledger;

namespace Peony.Wallet;

internal sealed record TopUpRequest(CardId Card, Money Amount, string Pin);

/// <summary>The native API of the wallet.</summary>
internal static class WalletApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var wallet = api.MapGroup("/wallet").WithTags("Wallet");

        wallet.MapGet("", async (ApiCall call) => ApiCall.Json(await WalletReader.ViewAsync(call.Reader, call.Customer, call.Cancel)))
            .Produces<WalletView>()
            .WithSummary("Shows the wallet: balance, available, held");

        wallet.MapPost("/top-ups", (TopUpRequest request, ApiCall call) => call.RunAsync(
                new OrderTopUp(call.Session, request.Card, request.Amount, PersonalHashes.Pin(call.Secrets, call.Customer, request.Pin)),
                status: StatusCodes.Status202Accepted))
            .Produces<TopUpView>(StatusCodes.Status202Accepted)
            .WithSummary("Orders a top-up from a bound debit card; the money is there when the bank has collected it");

        wallet.MapGet("/top-ups", (ApiCall call, [AsParameters] PageQuery page) =>
                ApiCall.ListAsync(page, part => WalletReader.TopUpsAsync(call.Reader, call.Customer, part, call.Cancel)))
            .Produces<ListBody<TopUpView>>()
            .WithSummary("Lists top-ups, newest first");

        wallet.MapGet("/top-ups/{id}", async (string id, ApiCall call) =>
                await WalletReader.TopUpAsync(call.Reader, call.Customer, new TopUpId(id), call.Cancel) is { } topUp
                    ? ApiCall.Json(topUp) : call.Problem(WalletRefusals.TopUpNotFound))
            .Produces<TopUpView>()
            .WithSummary("Shows a top-up");
    }
}
