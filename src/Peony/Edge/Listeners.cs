using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Peony.Edge;

/// <summary>Hands what happens in this process to whoever listens for it just now: one bounded channel a listener, the oldest item goes when one does not keep up.</summary>
internal sealed class Listeners<TKey, TItem>
    where TKey : notnull
{
    private const int Waiting = 64;
    private readonly ConcurrentDictionary<TKey, ConcurrentDictionary<Channel<TItem>, byte>> _listeners = new();

    public void Publish(TKey key, TItem item)
    {
        if (_listeners.TryGetValue(key, out var channels))
        {
            foreach (var channel in channels.Keys)
            {
                channel.Writer.TryWrite(item);
            }
        }
    }

    public async IAsyncEnumerable<TItem> ListenAsync(TKey key, [EnumeratorCancellation] CancellationToken cancel)
    {
        var channel = Channel.CreateBounded<TItem>(new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        var channels = _listeners.GetOrAdd(key, static _ => new());
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
            // The key's own entry stays: it is a few bytes, and taking it away would race with the next listener.
            channels.TryRemove(channel, out _);
        }
    }
}
