using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Peony.Customers;

namespace Peony.Notices;

/// <summary>The feed in this process: one bounded channel a listener.</summary>
internal sealed class NoticeFeed : INoticeFeed
{
    private const int Waiting = 64;
    private readonly ConcurrentDictionary<CustomerId, ConcurrentDictionary<Channel<FeedItem>, byte>> _listeners = new();

    public void Publish(CustomerId customer, FeedItem item)
    {
        if (_listeners.TryGetValue(customer, out var channels))
        {
            foreach (var channel in channels.Keys)
            {
                channel.Writer.TryWrite(item);
            }
        }
    }

    public async IAsyncEnumerable<FeedItem> ListenAsync(CustomerId customer, [EnumeratorCancellation] CancellationToken cancel)
    {
        var channel = Channel.CreateBounded<FeedItem>(new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        var channels = _listeners.GetOrAdd(customer, static _ => new());
        channels[channel] = 0;
        try
        {
            await foreach (var item in channel.Reader.ReadAllAsync(cancel))
            {
                yield return item;
            }
        }
        finally
        {
            // The customer's own entry stays: it is a few bytes, and taking it away would race with the next listener.
            channels.TryRemove(channel, out _);
        }
    }
}
