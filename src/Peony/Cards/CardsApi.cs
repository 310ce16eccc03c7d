using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peony.Customers;
using Peony.Edge;
using Peony.Identifiers;

namespace Peony.Cards;

/// <param name="Number">12 to 19 digits; spaces and hyphens do not matter.</param>
/// <param name="Phone">The mobile number the bank has for the card.</param>
internal sealed record BindCardRequest(string Number, string Phone);

/// <param name="Seen">The references of everything <c>GET /cards/{id}/uses</c> showed.</param>
internal sealed record UnbindCardRequest(string Pin, IReadOnlyList<string>? Seen = null);

/// <summary>The native API of cards.</summary>
internal static class CardsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var cards = api.MapGroup("/cards").WithTags("Cards");

        cards.MapGet("", async (ApiCall call) => ApiCall.List(await CardReader.BoundAsync(call.Reader, call.Customer, call.Cancel)))
            .Produces<ListBody<CardView>>()
            .WithSummary("Lists the bound cards");

        cards.MapPost("", BindAsync)
            .Produces<CardView>(StatusCodes.Status201Created)
            .WithSummary("Binds a card of the customer's own by the four elements; name and ID are the verified ones");

        cards.MapGet("/{id}", async (string id, ApiCall call) =>
                await CardReader.CardAsync(call.Reader, call.Customer, new CardId(id), call.Cancel) is { } card ? ApiCall.Json(card) : call.Problem(CardRefusals.NotFound))
            .Produces<CardView>()
            .WithSummary("Shows a card, bound or not");

        cards.MapGet("/{id}/uses", (string id, CardUseChecks checks, ApiCall call) => call.RunAsync(new WhatUsesCard(call.Session, new CardId(id), checks)))
            .Produces<CardUses>()
            .WithSummary("Shows what still uses a card; to be seen before it is unbound");

        cards.MapPost("/{id}/unbind", (string id, UnbindCardRequest request, CardUseChecks checks, ApiCall call) => call.RunAsync(
                new UnbindCard(call.Session, new CardId(id), PersonalHashes.Pin(call.Secrets, call.Customer, request.Pin), request.Seen ?? [], checks)))
            .Produces<CardView>()
            .WithSummary("Unbinds a card with the payment PIN");
    }

    private static async Task<IResult> BindAsync(BindCardRequest request, CardBinding binding, ApiCall call)
    {
        var number = CardText.Number(request.Number, "number");
        var phone = CardText.Phone(request.Phone, "phone");
        return (await call.KeyAsync()).IsRefused(out var refusal, out var key)
            ? call.Problem(refusal)
            : call.Answer(await binding.BindCardAsync(call.Session, number, phone, key, call.Cancel), status: StatusCodes.Status201Created);
    }
}

/// <summary>What a person types about a card, read for edges; what cannot be read says why in both languages.</summary>
internal static class CardText
{
    /// <exception cref="InvalidRequestException">The text is no card number.</exception>
    public static CardNumber Number(string? text, string field) => CardNumber.Parse(text) switch
    {
        ({ } number, _) => number,
        (_, CardNumberFault.Length) => throw new InvalidRequestException(field, "a card number has 12 to 19 digits.", "银行卡号为 12 至 19 位数字。"),
        (_, CardNumberFault.CheckDigit) => throw new InvalidRequestException(field, "a digit is wrong; compare it with the card.", "卡号有误，请与卡面核对。"),
        _ => throw new InvalidRequestException(field, "a card number has digits only.", "银行卡号只能是数字。"),
    };

    /// <exception cref="InvalidRequestException">The text is no mobile number of the mainland.</exception>
    public static MobileNumber Phone(string? text, string field) =>
        MobileNumber.Parse(text).Number ?? throw new InvalidRequestException(field, "a mainland mobile number of 11 digits is needed.", "请填写 11 位手机号码。");
}
