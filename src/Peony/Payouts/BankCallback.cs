using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peony.Book;
using Peony.Customers;
using Peony.Edge;
using Peony.Ledger;

namespace Peony.Payouts;

/// <summary>
/// Takes the bank's own reports (pain.002.001.10). The bank shows the shared provider key; a report is believed only about an order of ours, under its id and with its amount.
/// Reports come twice, late and out of order: the state machine only moves forward.
/// </summary>
internal static class BankCallback
{
    /// <summary>Where the bank posts its reports, below our own address.</summary>
    public const string Path = "/api/v1" + Route;

    private const string Route = "/bank/reports";

    public static void Map(IEndpointRouteBuilder api) => api.MapPost(Route, TakeAsync).AllowAnonymous().WithTags("Bank")
        .WithSummary("The bank's own status reports (pain.002.001.10); authenticated by X-Provider-Key")
        .Accepts<string>("application/xml").Produces(StatusCodes.Status204NoContent).WithMetadata(KeepsNothing.Marker);

    private static async Task<IResult> TakeAsync(HttpContext http, IBook book, IBookReader reader, IVault vault, PeonyOptions options)
    {
        if (!IsBank(http, options))
        {
            return Problems.Of(http, EdgeRefusals.NotAllowed);
        }

        StatusReport report;
        using var body = new MemoryStream();
        try
        {
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            report = StatusFile.Read(body.ToArray());
        }
        catch (BankFormatException exception)
        {
            return Problems.Of(http, EdgeRefusals.Invalid.With("param", "body").With("reason", exception.Message));
        }

        // The whole report is known to be ours before any of it is carried out.
        var commands = new List<ICommand<Done>>();
        foreach (var endToEndId in report.Orders.Select(order => order.EndToEndId).Distinct())
        {
            if (await FindAsync(reader, endToEndId, http.RequestAborted) is not { } order || report.OriginalMessage != endToEndId)
            {
                return Problems.Of(http, PayoutRefusals.NotFound);
            }

            var files = new List<SealedFile>();
            await BankFiles.AddAsync(files, vault, order.Customer, StatusFile.Name, isSent: false, body.ToArray(), http.RequestAborted);
            commands.Add(order.Answered(StatusFile.AnswerFor(report, endToEndId, order.Amount), files));
        }

        foreach (var command in commands)
        {
            if ((await book.RunAsync(command, cancel: http.RequestAborted)).IsRefused(out var refusal, out _))
            {
                return Problems.Of(http, refusal);
            }
        }

        return Results.NoContent();
    }

    private static bool IsBank(HttpContext http, PeonyOptions options) => options.ProviderKey.Length >= 16
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(http.Request.Headers[Providers.KeyHeader].ToString()), Encoding.UTF8.GetBytes(options.ProviderKey));

    private static async Task<OurOrder?> FindAsync(IBookReader reader, string endToEndId, CancellationToken cancel)
    {
        if (endToEndId.StartsWith(PayoutId.Prefix + "_", StringComparison.Ordinal))
        {
            return await reader.FindAsync<Payout>(endToEndId, cancel) is { } payout
                ? new OurOrder(payout.Customer, payout.Amount, (answer, files) => new BankReported(new PayoutAnswered(payout.Id, answer, files), null))
                : null;
        }

        return await reader.FindAsync<Collection>(endToEndId, cancel) is { } collection
            ? new OurOrder(collection.Customer, collection.Amount, (answer, files) => new BankReported(null, new CollectionAnswered(collection.Id, answer, files)))
            : null;
    }

    private sealed record OurOrder(CustomerId Customer, Money Amount, Func<BankAnswer, IReadOnlyList<SealedFile>, ICommand<Done>> Answered);
}

/// <summary>The bank reported of its own accord.</summary>
internal sealed record BankReported(PayoutAnswered? Payout, CollectionAnswered? Collection) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        if (Payout is not null && Payout.Handle(work).IsRefused(out var noPayout, out _))
        {
            return noPayout;
        }

        return Collection is not null && Collection.Handle(work).IsRefused(out var noCollection, out _) ? noCollection : new Done();
    }
}
