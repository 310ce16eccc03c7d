using System.Globalization;
using System.Text;
using CsvHelper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;
using Peony.Book;
using Peony.Credit;
using Peony.Customers;
using Peony.Edge;
using Peony.Ledger;
using Peony.Web.Shared;

namespace Peony.Web.Consumer;

/// <summary>What a customer takes along: a statement for a spreadsheet, and the dates of the bill for a calendar.</summary>
internal static class CustomerFiles
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/app/statements/{id}.csv", StatementAsync).RequireAuthorization().ExcludeFromDescription();
        routes.MapGet("/app/bill.ics", CalendarAsync).RequireAuthorization().ExcludeFromDescription();
    }

    /// <summary>Every line of a statement and every purchase in it, amounts as plain decimals; UTF-8 with its mark, which spreadsheets need.</summary>
    private static async Task<IResult> StatementAsync(string id, HttpContext http, BillingReader billing, IStringLocalizer<Resources.Texts> texts, CancellationToken cancel)
    {
        var customer = Customer(http);
        if (await billing.StatementAsync(customer, new StatementId(id), cancel) is not { } statement)
        {
            return Results.NotFound();
        }

        using var text = new StringWriter(CultureInfo.InvariantCulture);
        // Nothing in it was written by anybody but us, so no cell can be a formula.
        using (var csv = CsvWriter.Create(text, new CsvWriterOptions(), leaveOpen: true))
        {
            Row(csv, "day", "what", "amount", "currency");
            foreach (var (name, amount) in StatementLines.Of(statement))
            {
                Row(csv, statement.Day.ToString("O", CultureInfo.InvariantCulture), texts["statement.line." + name], amount.Amount(), amount.Currency.Code);
            }

            Row(csv, statement.Day.ToString("O", CultureInfo.InvariantCulture), texts["statement.total"], statement.Total.Amount(), statement.Total.Currency.Code);
            foreach (var purchase in await billing.PurchasesOfAsync(customer, statement, cancel))
            {
                Row(csv, TimeText.Local(purchase.At).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), ShopNames.Of(purchase.Shop), purchase.FromLine.Amount(), purchase.Amount.Currency.Code);
            }
        }

        return Results.File([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())], "text/csv; charset=utf-8", $"peony-statement-{statement.Day:yyyy-MM-dd}.csv");
    }

    /// <summary>The due day of the bill and of every instalment to come, each a day of its own with a reminder the day before (RFC 5545).</summary>
    private static async Task<IResult> CalendarAsync(HttpContext http, BillingReader billing, IBookReader reader, IStringLocalizer<Resources.Texts> texts, CancellationToken cancel)
    {
        var customer = Customer(http);
        if (await billing.DuesAsync(customer, cancel) is not { } dues)
        {
            return Results.NotFound();
        }

        var calendar = new StringBuilder("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Peony//Bill//EN\r\n");
        foreach (var due in dues)
        {
            var day = due.Day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
            calendar.Append(CultureInfo.InvariantCulture, $"BEGIN:VEVENT\r\nUID:due-{day}@peony\r\nDTSTAMP:{reader.Now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}\r\nDTSTART;VALUE=DATE:{day}\r\n")
                .Append(CultureInfo.InvariantCulture, $"SUMMARY:{texts["calendar.due", MoneyText.Format(due.Amount, CultureInfo.CurrentUICulture)].Value.Replace(",", "\\,", StringComparison.Ordinal)}\r\n")
                .Append("BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Peony\r\nTRIGGER:-P1D\r\nEND:VALARM\r\nEND:VEVENT\r\n");
        }

        return Results.File(Encoding.UTF8.GetBytes(calendar.Append("END:VCALENDAR\r\n").ToString()), "text/calendar; charset=utf-8", "peony-bill.ics");
    }

    private static void Row(CsvWriter csv, params string[] fields) => csv.WriteRecord(fields);

    private static CustomerId Customer(HttpContext http) => PeonyClaims.CustomerOf(http.User)!.Value;
}

/// <summary>What a statement's total is made of, in the order it is shown.</summary>
internal static class StatementLines
{
    public static IReadOnlyList<(string Name, Money Amount)> Of(StatementView statement)
    {
        (string Name, Money Amount)[] all =
        [
            ("previous", statement.Previous),
            ("purchases", statement.Purchases),
            ("advances", statement.Advances),
            ("plan_parts", statement.PlanParts),
            ("interest", statement.Interest),
            ("fees", statement.Fees),
            ("reclaimed", statement.Reclaimed),
            ("repaid", -statement.Repaid),
            ("refunded", -statement.Refunded),
            ("to_plans", -statement.ToPlans),
        ];
        return [.. all.Where(line => !line.Amount.IsZero || line.Name is "previous" or "purchases")];
    }
}

/// <summary>The names of the sandbox's shops in the language of the page.</summary>
internal static class ShopNames
{
    public static string Of(string code) => SandboxShops.Find(code) is { } shop ? CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh" ? shop.Zh : shop.En : code;
}
