namespace Peony.Book;

/// <summary>Another process has taken the Book over: this one must never write again.</summary>
internal sealed class FencedException(string message) : Exception(message);

/// <summary>The Book refuses to start, and says why: weak durability, a foreign book, a newer format, a journal that is not the one sealed.</summary>
public class StartRefusedException(string message) : Exception(message);

/// <summary>The server takes no writes because it follows another. It may be promoted any moment.</summary>
internal sealed class StandbyServerException(string message) : StartRefusedException(message);

/// <summary>
/// The journal: frames in order, one append one sync. It is the truth. An append that throws anything but <see cref="FencedException"/> may or may not have
/// happened; the head tells.
/// </summary>
internal interface IJournal : IAsyncDisposable
{
    /// <summary>Waits until no other process writes, raises the epoch, and returns it. Ends with <see cref="OperationCanceledException"/> when cancelled while standing by.</summary>
    /// <param name="standingBy">Called once when another process holds the Book and this one begins to wait.</param>
    /// <exception cref="StartRefusedException">The store is not durable enough, and the message says what to set.</exception>
    Task<long> TakeAsync(Action standingBy, CancellationToken cancel);

    /// <summary>
    /// Raises the epoch once more after an append whose outcome nobody knows. When this returns, every append begun before has either happened or never will.
    /// </summary>
    /// <exception cref="FencedException">Another process has taken over meanwhile.</exception>
    Task<long> RenewAsync(CancellationToken cancel);

    /// <summary>Appends and syncs. Returns only after the frame is durable.</summary>
    /// <exception cref="FencedException">The epoch is not this one any more; nothing was written.</exception>
    Task AppendAsync(StoredFrame frame, CancellationToken cancel);

    /// <summary>The last frame, or null for an empty journal.</summary>
    Task<StoredFrame?> HeadAsync(CancellationToken cancel);

    /// <summary>Frames from a sequence on, in order, until the head at the time of the call.</summary>
    IAsyncEnumerable<StoredFrame> ReadAsync(long from, CancellationToken cancel);
}
