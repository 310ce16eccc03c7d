using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peony.Customers;
using Peony.Edge;
using Peony.Ledger;
using Peony.Operators;

namespace Peony.Credit;

/// <param name="Limit">The limit to be, where it is the limit that changes.</param>
/// <param name="Reason">A code of <c>GET /ops/line-reasons</c>.</param>
/// <param name="Note">The operator's own words; the customer reads the reason, not these.</param>
internal sealed record LineChangeRequest(LineChangeKind Kind, string Reason, string Note, Money? Limit = null);

/// <param name="Reason">Why.</param>
internal sealed record RejectLineChangeRequest(string Reason);

/// <summary>The native API of limits and freezes, for operators.</summary>
internal static class LimitsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var ops = api.MapGroup("/ops").WithTags("Limits");

        ops.MapGet("/line-reasons", (LineReasons reasons) => ApiCall.List(reasons.Reasons))
            .RequireAuthorization(OperatorAuthentication.Support).Produces<ListBody<LineReasonRow>>()
            .WithSummary("Lists the reasons a line can be changed for");

        ops.MapPost("/customers/{id}/line-changes", (string id, LineChangeRequest request, ApiCall call) => call.RunAsync(
                new PrepareLineChange(call.OperatorSession(), new CustomerId(id), request.Kind, request.Limit, request.Reason, request.Note), status: StatusCodes.Status201Created))
            .RequireAuthorization(OperatorAuthentication.Reviewer).Produces<LineChangeView>(StatusCodes.Status201Created)
            .WithSummary("Prepares a new limit of a customer's line, or its freeze or unfreeze; it waits for a second operator");

        ops.MapGet("/customers/{id}/line-changes", (string id, ApiCall call, [AsParameters] PageQuery page) =>
                ApiCall.ListAsync(page, part => CreditReader.ChangesAsync(call.Reader, new CustomerId(id), part, call.Cancel)))
            .RequireAuthorization(OperatorAuthentication.Support).Produces<ListBody<LineChangeView>>()
            .WithSummary("Lists the changes of a customer's line, newest first");

        ops.MapGet("/line-changes", (ApiCall call, [AsParameters] PageQuery page) => ApiCall.ListAsync(page, part => CreditReader.WaitingChangesAsync(call.Reader, part, call.Cancel)))
            .RequireAuthorization(OperatorAuthentication.Support).Produces<ListBody<LineChangeView>>()
            .WithSummary("Lists the changes that wait for a second operator, newest first");

        ops.MapPost("/line-changes/{id}/approve", (string id, ApiCall call) => call.RunAsync(new ApproveLineChange(call.OperatorSession(), new LineChangeId(id))))
            .RequireAuthorization(OperatorAuthentication.Reviewer).Produces<LineChangeView>()
            .WithSummary("Approves a change that another operator prepared; it holds at once");

        ops.MapPost("/line-changes/{id}/reject", (string id, RejectLineChangeRequest request, ApiCall call) =>
                call.RunAsync(new RejectLineChange(call.OperatorSession(), new LineChangeId(id), request.Reason)))
            .RequireAuthorization(OperatorAuthentication.Reviewer).Produces<LineChangeView>()
            .WithSummary("Rejects a change that another operator prepared, with a reason");
    }
}
