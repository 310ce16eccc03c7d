using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peony.Book;
using Peony.Edge;

namespace Peony.Credit;

/// <param name="Reason">A code of the reasons of <c>GET /credit/hardship/offer</c>.</param>
internal sealed record HardshipBody(HardshipRelief Relief, string Reason);

/// <summary>The native API of relief and contacts, for customers.</summary>
internal static class HardshipApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var hardship = api.MapGroup("/credit/hardship").WithTags("Credit");

        hardship.MapGet("/offer", async (ApiCall call, IBook book) => call.Answer(await book.RunAsync(new ReadHardshipOffer(call.Session), cancel: call.Cancel)))
            .Produces<HardshipOffer>()
            .WithSummary("Shows what a customer who cannot pay may ask for now, and why not the rest");

        hardship.MapGet("/preview", async (HardshipKind kind, int count, ApiCall call, IBook book) =>
                call.Answer(await book.RunAsync(new PreviewRelief(call.Session, new HardshipRelief(kind, count)), cancel: call.Cancel)))
            .Produces<HardshipPreview>()
            .WithSummary("Shows what an extension of so many days, or a plan of so many instalments, would do");

        hardship.MapPost("", (HardshipBody body, ApiCall call) => call.RunAsync(new AskForRelief(call.Session, body.Relief, body.Reason), status: StatusCodes.Status201Created))
            .Produces<HardshipView>(StatusCodes.Status201Created)
            .WithSummary("Asks for an extension or a plan; two operators decide");

        hardship.MapGet("", (ApiCall call, [AsParameters] PageQuery page) =>
                ApiCall.ListAsync(page, part => HardshipReader.ListAsync(call.Reader, call.Customer, part, call.Cancel)))
            .Produces<ListBody<HardshipView>>()
            .WithSummary("Lists requests for relief, newest first");

        hardship.MapGet("/{id}", async (string id, ApiCall call) =>
                await HardshipReader.OneAsync(call.Reader, call.Customer, new HardshipId(id), call.Cancel) is { } found ? ApiCall.Json(found) : call.Problem(HardshipRefusals.NotFound))
            .Produces<HardshipView>()
            .WithSummary("Shows a request for relief");

        hardship.MapPost("/{id}/withdraw", (string id, ApiCall call) => call.RunAsync(new WithdrawHardship(call.Session, new HardshipId(id))))
            .Produces<HardshipView>()
            .WithSummary("Takes a request back that nobody has decided");

        api.MapGet("/credit/contacts", (ApiCall call, [AsParameters] PageQuery page) =>
                ApiCall.ListAsync(page, part => ContactReader.ListAsync(call.Reader, call.Customer, part, call.Cancel)))
            .WithTags("Credit")
            .Produces<ListBody<ContactView>>()
            .WithSummary("Lists contacts made to collect what was overdue, newest first: when, how and by whom");
    }
}
