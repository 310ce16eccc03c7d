using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Peony.Edge;
using Peony.Notices;

namespace Peony.Web.Shared;

/// <summary>Server-sent events for open pages. They say only that something changed; the page fetches itself again and shows what it may.</summary>
internal static class LiveStreams
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/app/live", Customers).RequireAuthorization().ExcludeFromDescription();

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
}
