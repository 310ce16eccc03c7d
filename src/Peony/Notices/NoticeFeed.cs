using Peony.Customers;
using Peony.Edge;

namespace Peony.Notices;

/// <summary>The feed in this process.</summary>
internal sealed class NoticeFeed : INoticeFeed
{
    private readonly Listeners<CustomerId, FeedItem> _listeners = new();

    public void Publish(CustomerId customer, FeedItem item) => _listeners.Publish(customer, item);

    public IAsyncEnumerable<FeedItem> ListenAsync(CustomerId customer, CancellationToken cancel) => _listeners.ListenAsync(customer, cancel);
}
