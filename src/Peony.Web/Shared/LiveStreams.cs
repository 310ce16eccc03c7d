using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Peony.Book;
using Peony.Edge;
using Peony.Merchants;
using Peony.Notices;
using Peony.Operators;
using Peony.Trades;

namespace Peony.Web.Shared;

/// <summary>Server-sent events for open pages. They say only that something changed; the page fetches itself again and shows what it may.</summary>
internal static class LiveStreams
{
    /// <summary>How often the head is looked at for consoles: soon enough for a person, and no work for the Book.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(250);

    public static void Map(IEndpointRouteBuilder routes, PeonyOptions options)
    {
        routes.MapGet("/app/live", Customers).RequireAuthorization().ExcludeFromDescription();
        routes.MapGet("/merchant/{shop}/live", Trades).RequireAuthorization().ExcludeFromDescription();
        routes.MapGet("/ops/live", Head).RequireAuthorization(OperatorAuthentication.Support).ExcludeFromDescription();
        routes.MapGet("/ops/watch/live", Samples).RequireAuthorization(OperatorAuthentication.Support).ExcludeFromDescription();
        if (options.IsSandbox)
        {
            routes.MapGet("/desk/live", Head).AllowAnonymous().ExcludeFromDescription();
        }
    }

    private static ServerSentEventsResult<string> Customers(HttpContext http, INoticeFeed feed) =>
        TypedResults.ServerSentEvents(ChangesAsync(feed.ListenAsync(PeonyClaims.CustomerOf(http.User)!.Value, http.RequestAborted), http.RequestAborted));

    private static async IAsyncEnumerable<SseItem<string>> ChangesAsync(IAsyncEnumerable<FeedItem> feed, [EnumeratorCancellation] CancellationToken cancel)
    {
        yield return new SseItem<string>("", "ready");
        await foreach (var item in feed.WithCancellation(cancel))
        {
            yield return new SseItem<string>(item.Name, "changed");
        }
    }

    /// <summary>Whoever works for the merchant hears that one of its trades moved; to everybody else there is no such stream.</summary>
    private static async Task<Results<ServerSentEventsResult<string>, NotFound>> Trades(string shop, HttpContext http, StaffReader staff, TradeFeed feed) =>
        await staff.FindAsync(PeonyClaims.CustomerOf(http.User)!.Value, shop, http.RequestAborted) is { } place
            ? TypedResults.ServerSentEvents(TradesAsync(feed.ListenAsync(place.Merchant.Id, http.RequestAborted), http.RequestAborted))
            : TypedResults.NotFound();

    private static async IAsyncEnumerable<SseItem<string>> TradesAsync(IAsyncEnumerable<TradeId> feed, [EnumeratorCancellation] CancellationToken cancel)
    {
        yield return new SseItem<string>("", "ready");
        await foreach (var trade in feed.WithCancellation(cancel))
        {
            yield return new SseItem<string>(trade.Value, "changed");
        }
    }

    private static ServerSentEventsResult<string> Head(HttpContext http, BookHost book, TimeProvider clock) =>
        TypedResults.ServerSentEvents(HeadAsync(book, clock, http.RequestAborted));

    private static ServerSentEventsResult<string> Samples(HttpContext http, BookHost book, TimeProvider clock) =>
        TypedResults.ServerSentEvents(SamplesAsync(book, clock, http.RequestAborted));

    /// <summary>Whoever looks at the charts hears when there is another sample, not each time something is written.</summary>
    private static async IAsyncEnumerable<SseItem<string>> SamplesAsync(BookHost book, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancel)
    {
        yield return new SseItem<string>("", "ready");
        var seen = book.SampledAt;
        while (!cancel.IsCancellationRequested)
        {
            await Task.Delay(Glance, clock, cancel);
            if (book.SampledAt is var sampled && sampled != seen)
            {
                seen = sampled;
                yield return new SseItem<string>("sample", "changed");
            }
        }
    }

    /// <summary>Whoever watches everything hears that anything was written.</summary>
    private static async IAsyncEnumerable<SseItem<string>> HeadAsync(BookHost book, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancel)
    {
        yield return new SseItem<string>("", "ready");
        var seen = book.Health.Applied;
        while (!cancel.IsCancellationRequested)
        {
            await Task.Delay(Glance, clock, cancel);
            if (book.Health.Applied is var applied && applied != seen)
            {
                seen = applied;
                yield return new SseItem<string>("book", "changed");
            }
        }
    }
}
