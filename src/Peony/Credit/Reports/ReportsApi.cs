using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peony.Edge;
using Peony.Operators;

namespace Peony.Credit;

/// <summary>The operator's reports in the native API. Each names the ledger's own figures beside what it adds up to.</summary>
internal static class ReportsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var reports = api.MapGroup("/ops/reports").WithTags("Reports");

        reports.MapGet("/trial-balance", async (ApiCall call, CreditReports all) => ApiCall.Json(await all.TrialBalanceAsync(call.Cancel)))
            .RequireAuthorization(OperatorAuthentication.Support).Produces<LedgerTrialBalance>()
            .WithSummary("Shows the trial balance: every balance on its side");

        reports.MapGet("/ageing", async (ApiCall call, CreditReports all) => ApiCall.Json(await all.AgeingAsync(call.Cancel)))
            .RequireAuthorization(OperatorAuthentication.Support).Produces<Ageing>()
            .WithSummary("Shows what is owed by stage of being overdue, and the portfolio at risk");

        reports.MapGet("/income", async (ApiCall call, CreditReports all) => ApiCall.Json(await all.IncomeAsync(call.Cancel)))
            .RequireAuthorization(OperatorAuthentication.Support).Produces<Income>()
            .WithSummary("Shows interest and fees earned, by month and kind");
    }
}
