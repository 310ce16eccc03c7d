using System.Globalization;
using System.Text;
using CsvHelper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peony.Credit;
using Peony.Ledger;
using Peony.Operators;

namespace Peony.Web.Operator;

/// <summary>The operator's reports for a spreadsheet: UTF-8 with its mark, amounts as plain decimals, and the ledger's own figures and the difference in the last rows.</summary>
internal static class ReportFiles
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "trial", async (reports, cancel) =>
        {
            var report = await reports.TrialBalanceAsync(cancel);
            return (report.At, [["account", "accounts", "debit", "credit", "currency"],
                .. report.Rows.Select(row => Row(row.Account, Text(row.Accounts), row.Debit.Amount(), row.Credit.Amount(), row.Debit.Currency.Code))], report.TieOuts);
        });
        Map(routes, "ageing", async (reports, cancel) =>
        {
            var report = await reports.AgeingAsync(cancel);
            return (report.At, [["stage", "lines", "principal", "interest", "fees"],
                .. report.Rows.Select(row => Row(row.Stage, Text(row.Lines), row.Principal.Amount(), row.Interest.Amount(), row.Fees.Amount())),
                .. report.AtRisk.Select(risk => Row($"PAR{Text(risk.MoreThanDays)}", Text(risk.Lines), risk.Principal.Amount(), new Rate(risk.Ppm).ToString(), ""))], report.TieOuts);
        });
        Map(routes, "income", async (reports, cancel) =>
        {
            var report = await reports.IncomeAsync(cancel);
            return (report.At, [["month", "interest", "late_fees", "instalment_fees", "advance_fees"],
                .. report.Months.Select(row => Row(row.Month.ToString("yyyy-MM", CultureInfo.InvariantCulture), row.Interest.Amount(), row.LateFees.Amount(), row.InstalmentFees.Amount(), row.AdvanceFees.Amount()))], report.TieOuts);
        });
    }

    private static void Map(IEndpointRouteBuilder routes, string name, Func<CreditReports, CancellationToken, Task<(DateTimeOffset At, List<string[]> Rows, IReadOnlyList<TieOut> TieOuts)>> read) =>
        routes.MapGet($"/ops/reports/{name}.csv", async (CreditReports reports, CancellationToken cancel) =>
        {
            var (at, rows, tieOuts) = await read(reports, cancel);
            using var text = new StringWriter(CultureInfo.InvariantCulture);

            // Names of accounts and stages are ours, so no cell can be a formula.
            using (var csv = CsvWriter.Create(text, new CsvWriterOptions(), leaveOpen: true))
            {
                string[] head = ["", "reported", "ledger", "difference", "currency"];
                foreach (var row in rows.Append(head).Concat(tieOuts.Select(one => Row(one.Name, one.Reported.Amount(), one.Ledger.Amount(), one.Difference.Amount(), one.Reported.Currency.Code))))
                {
                    csv.WriteRecord(row);
                }
            }

            return Results.File([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())], "text/csv; charset=utf-8", $"peony-{name}-{at.UtcDateTime:yyyyMMdd-HHmmss}.csv");
        }).RequireAuthorization(OperatorAuthentication.Support).ExcludeFromDescription();

    private static string[] Row(params string[] cells) => cells;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
