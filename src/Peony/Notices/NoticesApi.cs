using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Peony.Book;
using Peony.Edge;

namespace Peony.Notices;

/// <summary>The inbox over the native API.</summary>
internal static class NoticesApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var inbox = api.MapGroup("").WithTags("Inbox");
        inbox.MapGet("notices", (ApiCall call, [AsParameters] PageQuery page) => ApiCall.ListAsync(page, part =>
                NoticesInbox.ListAsync(call.Reader, call.Customer, call.Session, CultureInfo.CurrentUICulture.Name, part, call.Cancel)))
            .Produces<ListBody<NoticeView>>().WithName("ListNotices").WithSummary("The inbox, newest first");
        inbox.MapPost("notices/read", (ApiCall call, ReadUpTo body) => call.RunAsync(new ReadNotices(call.Customer, new NoticeId(body.UpTo)), status: StatusCodes.Status204NoContent))
            .Produces(StatusCodes.Status204NoContent).WithName("ReadNotices").WithSummary("Marks the inbox as read, up to and with a notice");
        inbox.MapGet("notices/stream", Stream).WithName("StreamNotices").WithSummary("Server-sent events: what changed for the customer, as it changes");
        inbox.MapGet("notices/choices", async (ApiCall call) => ApiCall.List(await NoticeChoicesReader.OfAsync(call.Reader, call.Customer, call.Cancel)))
            .Produces<ListBody<NoticeChoiceView>>().WithName("ListNoticeChoices").WithSummary("Where notices of each kind go beside the inbox");
        inbox.MapPut("notices/choices", (ApiCall call, Dictionary<string, NoticeChannels> body) => call.RunAsync(new ChooseNotices(call.Session, body), status: StatusCodes.Status204NoContent))
            .Produces(StatusCodes.Status204NoContent).WithName("ChooseNotices").WithSummary("Chooses where notices of some kinds go; what guards the account cannot be switched off");
        inbox.MapGet("device-messages", async (ApiCall call, DeviceMessages messages) =>
                ApiCall.List(await messages.ReadAsync(call.Customer, call.Device, CultureInfo.CurrentUICulture.Name, call.Cancel)))
            .Produces<ListBody<DeviceMessage>>().WithName("ListDeviceMessages").WithSummary("Messages pushed to the device that asks, and to no other");
    }

    private static ServerSentEventsResult<string> Stream(ApiCall call, INoticeFeed feed) => TypedResults.ServerSentEvents(Items(feed.ListenAsync(call.Customer, call.Cancel), call.Cancel));

    private static async IAsyncEnumerable<SseItem<string>> Items(IAsyncEnumerable<FeedItem> feed, [EnumeratorCancellation] CancellationToken cancel)
    {
        // The first event tells the listener that it is listening: what happened before is read from the inbox.
        yield return new SseItem<string>("", "ready");
        await foreach (var item in feed.WithCancellation(cancel))
        {
            yield return new SseItem<string>(item.Id, item.Name);
        }
    }

    internal sealed record ReadUpTo(string UpTo);
}
