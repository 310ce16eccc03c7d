using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Peony.Simulators.Bank;

/// <summary>The bank's three calls. Every answer about an order is a pain.002.001.10.</summary>
internal static partial class BankApi
{
    public const string CollectionName = "collection.1";
    private const string Xml = "application/xml; charset=utf-8";

    public static void Map(IEndpointRouteBuilder app)
    {
        var bank = app.MapGroup("bank").AddEndpointFilter(async (context, next) =>
        {
            var faults = ((BankSimulator)context.HttpContext.RequestServices.GetService(typeof(BankSimulator))!).Faults;
            return faults.Down ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable) : await next(context);
        });
        bank.MapPost("payments", PayAsync);
        bank.MapPost("collections", CollectAsync);
        bank.MapGet("orders/{endToEndId}", Ask);
    }

    private static async Task<IResult> PayAsync(HttpContext http, BankSimulator bank, SimulatorClock clock)
    {
        if (CutBefore(http, bank))
        {
            return Results.Empty;
        }

        var (orders, messageId, refused) = await CreditTransfer.ReadAsync(http.Request.Body, http.RequestAborted);
        if (refused is not null)
        {
            return Results.Bytes(StatusReport.WriteRefusedFile(messageId, CreditTransfer.MessageName, refused, clock.Now), Xml);
        }

        var cut = bank.Faults.TimeoutAfterAccept;
        // One report answers a file of one order, which is what Peony sends; the state of each order of a larger file is asked for by its id.
        var answers = orders.Select(order => StatusReport.Write(order, bank.Take(order))).ToList();
        return Answer(http, cut, answers[^1]);
    }

    private static IResult CollectAsync(HttpContext http, CollectionOrder order, BankSimulator bank, SimulatorClock clock)
    {
        if (CutBefore(http, bank))
        {
            return Results.Empty;
        }

        if (!Amount().IsMatch(order.Amount) || order.EndToEndId.Length is 0 or > 35 || order.MessageId.Length is 0 or > 35 || order.Currency.Length != 3)
        {
            return Results.Bytes(StatusReport.WriteRefusedFile(order.MessageId, CollectionName, "FF01", clock.Now), Xml);
        }

        var cut = bank.Faults.TimeoutAfterAccept;
        var instruction = new BankInstruction(Direction.Collection, order.MessageId, CollectionName, order.MessageId, order.EndToEndId, order.Amount, order.Currency,
            order.DebtorName, order.DebtorAccount, order.Purpose);
        return Answer(http, cut, StatusReport.Write(instruction, bank.Take(instruction)));
    }

    private static IResult Ask(string endToEndId, BankSimulator bank, SimulatorClock clock) => bank.Find(endToEndId) is { } found
        ? Results.Bytes(StatusReport.Write(found.Instruction, found.Status), Xml)
        : new NotKnown(StatusReport.WriteNotKnown(endToEndId[..Math.Min(35, endToEndId.Length)], clock.Now));

    private static bool CutBefore(HttpContext http, BankSimulator bank)
    {
        if (bank.Faults.TimeoutBeforeAccept)
        {
            http.Abort();
            return true;
        }

        return false;
    }

    private static IResult Answer(HttpContext http, bool cut, byte[] report)
    {
        if (cut)
        {
            http.Abort();
            return Results.Empty;
        }

        return Results.Bytes(report, Xml);
    }

    [GeneratedRegex(@"^[0-9]{1,12}\.[0-9]{2}$")]
    private static partial Regex Amount();

    /// <summary>A debit of a card. ISO 20022 has pain.008 for this; this bank takes the same facts as JSON, and its answers are pain.002 all the same.</summary>
    internal sealed record CollectionOrder(
        string MessageId,
        string EndToEndId,
        string Amount,
        string Currency,
        string DebtorName,
        string DebtorAccount,
        string? Purpose = null);

    /// <summary>404 with a report that says NOOR: only both together mean that the bank does not know the id.</summary>
    private sealed class NotKnown(byte[] report) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status404NotFound;
            httpContext.Response.ContentType = Xml;
            return httpContext.Response.Body.WriteAsync(report).AsTask();
        }
    }
}
