using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging;
using Peony.Credit;
using Peony.Customers;
using Peony.Documents;
using Peony.Edge;
using Peony.Ledger;
using Peony.Web.Resources;
using Peony.Web.Shared;

namespace Peony.Web.Consumer;

/// <summary>A statement on paper, in the language of the page: the same lines and words, drawn here at the edge from what was read.</summary>
internal sealed partial class StatementPaper(
    BillingReader billing, StatementReader behind, CustomerContacts contacts, PeonyOptions options, IStringLocalizer<Texts> texts, ILogger<StatementPaper> log)
{
    private const string MediaType = "application/pdf";

    private static CultureInfo Language => CultureInfo.CurrentUICulture;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/app/statements/{id}.pdf", (string id, HttpContext http, StatementPaper paper) =>
                paper.AnswerAsync(http, id, refusal => PageRoutes.ShowProblemAsync(http, Problem.Of(refusal.Is(CreditRefusals.NotFound) ? EdgeRefusals.NotFound : refusal, http.TraceIdentifier))))
            .RequireAuthorization().ExcludeFromDescription();
        routes.MapGet("/api/v1/credit/statements/{id}.pdf", (string id, HttpContext http, StatementPaper paper) =>
                paper.AnswerAsync(http, id, refusal => Problems.Of(http, refusal).ExecuteAsync(http)))
            .RequireAuthorization().WithTags("Credit").Produces<Stream>(StatusCodes.Status200OK, MediaType).WithSummary("Shows a statement as PDF, in the language asked for");
    }

    /// <summary>The statement as PDF.</summary>
    /// <exception cref="GlyphsMissingException">No font of this machine can write it.</exception>
    public async Task<byte[]> DrawAsync(CustomerId customer, StatementView statement, CancellationToken cancel) => PaperPdf.Draw(await SetAsync(customer, statement, cancel));

    private async Task AnswerAsync(HttpContext http, string id, Func<Book.Refusal, Task> refuse)
    {
        var (customer, cancel) = (PeonyClaims.CustomerOf(http.User)!.Value, http.RequestAborted);
        if (await billing.StatementAsync(customer, new StatementId(id), cancel) is not { } statement)
        {
            await refuse(CreditRefusals.NotFound);
            return;
        }

        byte[] bytes;
        try
        {
            bytes = await DrawAsync(customer, statement, cancel);
        }
        catch (GlyphsMissingException missing)
        {
            LogNoFont(missing.Message);
            await refuse(EdgeRefusals.NoFont);
            return;
        }

        http.Response.Headers.CacheControl = "no-store";
        await Results.File(bytes, MediaType, $"peony-statement-{statement.Day:yyyy-MM-dd}.pdf").ExecuteAsync(http);
    }

    private async Task<Paper> SetAsync(CustomerId customer, StatementView statement, CancellationToken cancel)
    {
        var masked = await contacts.MaskedAsync(customer, cancel);
        var rates = await behind.RatesAsync(statement.Id, cancel);
        var purchases = await billing.PurchasesOfAsync(customer, statement, cancel);
        return new Paper(options.OperatorName, texts["word.statement"], texts["statement.covers", Day(statement.From), Day(statement.Day)],
        [
            Facts(statement, masked),
            new PaperText(texts["statement.free"]),
            new PaperText(texts["paper.rate", rates.Purchases, rates.Advances, rates.Late]),
            Lines(statement),
            .. Bought("statement.line.purchases", purchases.Where(purchase => purchase.Periods is null && purchase.FromLine.IsPositive), statement.Purchases),
            .. Bought("paper.bought_in_instalments", purchases.Where(purchase => purchase.Periods is not null), sum: null),
        ], (page, pages) => texts["paper.page", page, pages]);
    }

    private PaperFacts Facts(StatementView statement, MaskedContact masked)
    {
        List<(string, string)> facts =
        [
            (texts["statement.total"], Money(statement.Total)),
            (texts["bill.minimum"], Money(statement.Minimum)),
            (texts["statement.due"], Day(statement.DueDay)),
            (texts["paper.customer"], string.Join(' ', new[] { masked.Name, masked.Phone }.OfType<string>())),
            (texts["paper.cut"], Day(statement.Day)),
        ];
        if (statement.ExtendedFrom is { } first)
        {
            facts.Insert(3, (texts["statement.extended"], Day(first)));
        }

        if (statement.Overdue.IsPositive)
        {
            facts.Add((texts["statement.overdue"], Money(statement.Overdue)));
        }

        return new PaperFacts(facts);
    }

    private PaperTable Lines(StatementView statement) => new(
        texts["statement.lines"],
        [new(texts["paper.line"], 3), new(texts["paper.amount"], 1, IsAmount: true)],
        [.. StatementLines.Of(statement).Select(line => (IReadOnlyList<string>)[texts["statement.line." + line.Name], Money(line.Amount)])],
        [texts["statement.total"], Money(statement.Total)]);

    private IEnumerable<PaperTable> Bought(string heading, IEnumerable<PurchaseView> purchases, Money? sum)
    {
        List<IReadOnlyList<string>> rows =
        [
            .. purchases.Select(purchase => (IReadOnlyList<string>)
            [
                Day(DateOnly.FromDateTime(TimeText.Local(purchase.At).DateTime)),
                purchase.Periods is { } periods ? texts["paper.in_parts", ShopNames.Of(purchase.Shop), periods] : ShopNames.Of(purchase.Shop),
                Money(purchase.FromLine),
            ]),
        ];
        if (rows.Count > 0)
        {
            yield return new PaperTable(texts[heading], [new(texts["paper.day"], 2), new(texts["paper.shop"], 5), new(texts["paper.amount"], 2, IsAmount: true)], rows,
                sum is { } all ? ["", texts["statement.line.purchases"], Money(all)] : null);
        }
    }

    private static string Day(DateOnly day) => TimeText.Day(day, Language);

    private static string Money(Money amount) => MoneyText.Format(amount, Language);

    [LoggerMessage(Level = LogLevel.Error, Message = "A statement was not drawn. {Reason}")]
    private partial void LogNoFont(string reason);
}
