using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Peony.Edge;
using Peony.Ledger;
using Peony.Operators;

namespace Peony.Wallet.Disbursements;

/// <param name="Note">What the money is for.</param>
internal sealed record PrepareFundingRequest(Money Amount, string Note);

/// <param name="Reason">Why.</param>
internal sealed record RejectFundingRequest(string Reason);

/// <summary>The native API of fundings and disbursements, for operators.</summary>
internal static class DisbursementsApi
{
    private const string Json = "application/json";
    private const string Csv = "text/csv";

    /// <summary>1 MiB: 8,190 lines of compact JSON take 740 KB.</summary>
    private const long BodyMost = 1024 * 1024;

    public static void Map(IEndpointRouteBuilder api)
    {
        MapFundings(api.MapGroup("/ops/fundings").WithTags("Disbursements"));
        MapDisbursements(api.MapGroup("/ops/disbursements").WithTags("Disbursements"));
    }

    private static void MapFundings(RouteGroupBuilder fundings)
    {
        fundings.MapPost("", (PrepareFundingRequest request, ApiCall call) => call.RunAsync(
                new PrepareFunding(call.OperatorSession(), request.Amount, request.Note), status: StatusCodes.Status201Created))
            .RequireAuthorization(OperatorAuthentication.Admin).Produces<FundingView>(StatusCodes.Status201Created)
            .WithSummary("Prepares a funding of the disbursement fund; it waits for a second operator");

        fundings.MapGet("", (ApiCall call, [AsParameters] PageQuery page) => ApiCall.ListAsync(page, part => DisbursementReader.FundingsAsync(call.Reader, state: null, part, call.Cancel)))
            .RequireAuthorization(OperatorAuthentication.Support).Produces<ListBody<FundingView>>()
            .WithSummary("Lists fundings, newest first");

        fundings.MapPost("/{id}/approve", (string id, ApiCall call) => call.RunAsync(new ApproveFunding(call.OperatorSession(), new FundingId(id))))
            .RequireAuthorization(OperatorAuthentication.Reviewer).Produces<FundingView>()
            .WithSummary("Approves a funding that another operator prepared; the money is in the fund at once");

        fundings.MapPost("/{id}/reject", (string id, RejectFundingRequest request, ApiCall call) => call.RunAsync(new RejectFunding(call.OperatorSession(), new FundingId(id), request.Reason)))
            .RequireAuthorization(OperatorAuthentication.Reviewer).Produces<FundingView>()
            .WithSummary("Rejects a funding that another operator prepared, with a reason");
    }

    private static void MapDisbursements(RouteGroupBuilder disbursements)
    {
        disbursements.MapPost("", DisburseAsync)
            .RequireAuthorization(OperatorAuthentication.Admin).WithMetadata(new LargeBody(BodyMost))
            .Accepts<DisbursementRequest>(Json, Csv).Produces<Disbursed>(StatusCodes.Status201Created)
            .WithSummary("Pays up to 8,190 wallets from the fund, each line by itself; names the lines that were not paid");

        disbursements.MapGet("", (ApiCall call, [AsParameters] PageQuery page) => ApiCall.ListAsync(page, part => DisbursementReader.DisbursementsAsync(call.Reader, part, call.Cancel)))
            .RequireAuthorization(OperatorAuthentication.Support).Produces<ListBody<DisbursementView>>()
            .WithSummary("Lists disbursements, newest first");

        disbursements.MapGet("/fund", async (ApiCall call) => ApiCall.Json(await DisbursementReader.FundAsync(call.Reader, call.Cancel)))
            .RequireAuthorization(OperatorAuthentication.Support).Produces<FundView>()
            .WithSummary("Shows what is left in the disbursement fund");

        disbursements.MapGet("/{id}", async (string id, ApiCall call) =>
                await DisbursementReader.DisbursementAsync(call.Reader, new DisbursementId(id), call.Cancel) is { } disbursement
                    ? ApiCall.Json(disbursement) : call.Problem(DisbursementRefusals.NotFound))
            .RequireAuthorization(OperatorAuthentication.Support).Produces<DisbursementDetail>()
            .WithSummary("Shows a disbursement with the lines that were not paid");
    }

    /// <param name="purpose">For CSV, which has no place for it.</param>
    private static async Task<IResult> DisburseAsync(ApiCall call, [FromQuery] string? purpose)
    {
        using var body = await call.ReadBodyAsync();
        DisbursementLine[] lines;
        if (call.Http.Request.ContentType?.StartsWith(Csv, StringComparison.OrdinalIgnoreCase) == true)
        {
            lines = DisbursementBody.ReadCsv(body.Bytes);
        }
        else
        {
            (purpose, lines) = DisbursementBody.ReadJson(body.Bytes);
        }

        return await call.RunAsync(new Disburse(call.OperatorSession(), purpose ?? "", lines), status: StatusCodes.Status201Created);
    }
}
