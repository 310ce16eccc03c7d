namespace Peony.Book;

/// <summary>
/// Acts outside on an event and returns the command that tells the Book what came of it, or null when there is nothing to tell.
/// It may be called again for the same event after a crash: <see cref="EffectContext.Id"/> is the same then, and must be what the outside dedupes on.
/// </summary>
public interface IEffect<in TEvent>
    where TEvent : IEvent
{
    /// <summary>The name given in <see cref="BookSchema.EffectOn{TEvent}"/>.</summary>
    string Name { get; }

    /// <exception cref="Exception">Thrown when it could not even be tried or its result is not known; it is tried again with growing pauses, and parked after eight tries.</exception>
    Task<ICommand?> ActAsync(TEvent @event, EffectContext context, CancellationToken cancel);
}

/// <param name="Id">The same for every try of the same effect on the same event: <c>evt_17/sms</c>.</param>
/// <param name="Attempt">1 and up, since the process started.</param>
public sealed record EffectContext(string Id, int Attempt, IBookReader Reader);
