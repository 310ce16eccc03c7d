using Peony.Book;

namespace Peony.Notices;

/// <summary>Tells open pages of a new notice, after it is on disk.</summary>
internal sealed class NoticeFeedEffect(INoticeFeed feed) : IEffect<NoticePosted>
{
    public const string EffectName = "notices.feed";

    public string Name => EffectName;

    public Task<ICommand?> ActAsync(NoticePosted @event, EffectContext context, CancellationToken cancel)
    {
        feed.Publish(@event.Customer, new FeedItem("notice", @event.Notice.Value));
        return Task.FromResult<ICommand?>(null);
    }
}

/// <summary>Tells open pages that a message has come a step further.</summary>
internal sealed class MessageFeedEffect(INoticeFeed feed) : IEffect<MessageMoved>
{
    public const string EffectName = "notices.message_feed";

    public string Name => EffectName;

    public Task<ICommand?> ActAsync(MessageMoved @event, EffectContext context, CancellationToken cancel)
    {
        feed.Publish(@event.Customer, new FeedItem("delivery", @event.Code?.Reference ?? @event.Message.Value));
        return Task.FromResult<ICommand?>(null);
    }
}
