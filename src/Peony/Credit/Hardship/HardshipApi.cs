using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peony.Book;
using Peony.Customers;
using Peony.Edge;
using Peony.Operators;

namespace Peony.Credit;

/// <param name="Reason">A code of the reasons of <c>GET /credit/hardship/offer</c>.</param>
internal sealed record HardshipBody(HardshipRelief Relief, string Reason);

/// <param name="Grant">What is to be granted; null to decline.</param>
/// <param name="Reason">Why, as the customer will read it.</param>
internal sealed record PrepareHardshipBody(string Reason, HardshipRelief? Grant = null);

/// <param name="Reason">Why, for the operator who prepared it.</param>
internal sealed record RejectHardshipBody(string Reason);

/// <param name="Outcome">A code of the channel's outcomes.</param>
internal sealed record ContactBody(ContactChannel Channel, string Outcome);

/// <summary>The native API of relief and contacts, for customers and for operators.</summary>
internal static class HardshipApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        MapCustomers(api);
        MapOperators(api.MapGroup("/ops").WithTags("Hardship"));
    }

    private static void MapOperators(RouteGroupBuilder ops)
    {
        ops.MapGet("/hardship", (ApiCall call, [AsParameters] PageQuery page) => ApiCall.ListAsync(page, part => HardshipReader.AllAsync(call.Reader, part, call.Cancel)))
            .RequireAuthorization(OperatorAuthentication.Support).Produces<ListBody<HardshipFile>>()
            .WithSummary("Lists requests for relief of all customers, newest first");

        ops.MapGet("/hardship/{id}", async (string id, ApiCall call) =>
                await HardshipReader.FileAsync(call.Reader, new HardshipId(id), call.Cancel) is { } found ? ApiCall.Json(found) : call.Problem(HardshipRefusals.NotFound))
            .RequireAuthorization(OperatorAuthentication.Support).Produces<HardshipFile>()
            .WithSummary("Shows a request for relief with what was prepared and rejected");

        ops.MapPost("/hardship/{id}/prepare", (string id, PrepareHardshipBody body, ApiCall call) =>
                call.RunAsync(new PrepareHardship(call.OperatorSession(), new HardshipId(id), body.Grant, body.Reason)))
            .RequireAuthorization(OperatorAuthentication.Support).Produces<HardshipFile>()
            .WithSummary("Prepares the answer to a request: grant it as asked or otherwise, or decline it; it waits for a second operator");

        ops.MapPost("/hardship/{id}/approve", (string id, ApiCall call) => call.RunAsync(new ApproveHardship(call.OperatorSession(), new HardshipId(id))))
            .RequireAuthorization(OperatorAuthentication.Reviewer).Produces<HardshipFile>()
            .WithSummary("Approves the answer that another operator prepared; it holds at once");

        ops.MapPost("/hardship/{id}/reject", (string id, RejectHardshipBody body, ApiCall call) => call.RunAsync(new RejectHardship(call.OperatorSession(), new HardshipId(id), body.Reason)))
            .RequireAuthorization(OperatorAuthentication.Reviewer).Produces<HardshipFile>()
            .WithSummary("Rejects the answer that another operator prepared, with a reason; the request waits for another one");

        ops.MapPost("/customers/{id}/contacts", (string id, ContactBody body, ApiCall call) =>
                call.RunAsync(new RecordContact(call.OperatorSession(), new CustomerId(id), body.Channel, body.Outcome), status: StatusCodes.Status201Created))
            .RequireAuthorization(OperatorAuthentication.Support).Produces<ContactView>(StatusCodes.Status201Created)
            .WithSummary("Records a contact made to collect what is overdue; by SMS it sends the text itself");
    }

    private static void MapCustomers(IEndpointRouteBuilder api)
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
