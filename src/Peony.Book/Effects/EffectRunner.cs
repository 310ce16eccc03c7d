using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Peony.Book;

/// <summary>
/// Carries effects out, in lanes: the effects of one kind on one object run in the order of their events, one at a time; a slow lane blocks no other.
/// An effect that throws is tried again with growing pauses and parked after eight tries; its lane waits meanwhile.
/// </summary>
internal sealed class EffectRunner(BookHost book, BookSchema schema, Func<IEnumerable<EffectRegistration>> registrations, ILogger log, BookMeter meter) : IAsyncDisposable
{
    private const int TriesMost = 8;
    /// <summary>Asked for when the first effect comes: effects read the Book, so the Book must exist before them.</summary>
    private readonly Lazy<Dictionary<string, EffectRegistration>> _registrations = new(() => registrations().ToDictionary(registration => registration.Name));
    private readonly Dictionary<(string Effect, string Lane), Queue<OutstandingEffect>> _lanes = [];
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _room = new(32);
    private readonly CancellationTokenSource _stopping = new();
    private readonly HashSet<Task> _running = [];
    private int _waiting;
    private int _resting;

    /// <summary>Effects outstanding in this process.</summary>
    public int Count => Volatile.Read(ref _waiting);

    /// <summary>Effects outstanding, by name; a name that was ever seen stays, with none.</summary>
    public IReadOnlyDictionary<string, int> CountByName
    {
        get
        {
            lock (_lock)
            {
                return new Dictionary<string, int>(_byName, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>Effects outstanding that are not resting before another try.</summary>
    public int BusyCount => Volatile.Read(ref _waiting) - Volatile.Read(ref _resting);

    public void Enqueue(OutstandingEffect effect)
    {
        if (!_registrations.Value.ContainsKey(effect.Effect))
        {
            log.LogError("No effect is registered as {Effect}; event {Event} stays outstanding.", effect.Effect, effect.Event);
            return;
        }

        lock (_lock)
        {
            Interlocked.Increment(ref _waiting);
            _byName[effect.Effect] = _byName.GetValueOrDefault(effect.Effect) + 1;
            var lane = (effect.Effect, effect.Lane);
            if (_lanes.TryGetValue(lane, out var queue))
            {
                queue.Enqueue(effect);
                return;
            }

            _lanes.Add(lane, new Queue<OutstandingEffect>([effect]));
            var run = Task.Run(() => RunLaneAsync(lane));
            _running.Add(run);
            _ = run.ContinueWith(ended =>
            {
                lock (_lock)
                {
                    _running.Remove(ended);
                }
            }, TaskScheduler.Default);
        }
    }

    /// <summary>Lets what runs end (at most five seconds); what did not stays outstanding and is done after the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync();
        Task[] running;
        lock (_lock)
        {
            running = [.. _running];
        }

        await Task.WhenAny(Task.WhenAll(running), Task.Delay(5000));
        _room.Dispose();
        _stopping.Dispose();
    }

    private async Task RunLaneAsync((string Effect, string Lane) lane)
    {
        while (!_stopping.IsCancellationRequested)
        {
            OutstandingEffect effect;
            lock (_lock)
            {
                if (!_lanes[lane].TryPeek(out effect))
                {
                    _lanes.Remove(lane);
                    return;
                }
            }

            try
            {
                await RunAsync(effect);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }

            lock (_lock)
            {
                _lanes[lane].Dequeue();
                _byName[lane.Effect]--;
                Interlocked.Decrement(ref _waiting);
            }
        }
    }

    private async Task RunAsync(OutstandingEffect effect)
    {
        var registration = _registrations.Value[effect.Effect];
        var @event = (IEvent)JsonSerializer.Deserialize(effect.Body, schema.EventType(effect.Type), BookJson.Options)!;
        ICommand? outcome;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await _room.WaitAsync(_stopping.Token);
                try
                {
                    outcome = await TryAsync(registration, effect, @event, attempt);
                    break;
                }
                finally
                {
                    _room.Release();
                }
            }
            catch (Exception exception) when (!_stopping.IsCancellationRequested)
            {
                log.LogWarning("Effect {Effect} on event {Event} threw {Exception} (try {Attempt}).", effect.Effect, effect.Event, exception.GetType().Name, attempt);
                if (attempt >= TriesMost)
                {
                    await ParkAsync(effect, exception);
                    return;
                }

                await RestAsync(TimeSpan.FromSeconds(Math.Min(60, Math.Pow(2, attempt - 1))));
            }
        }

        await FinishAsync(effect, outcome);
    }

    /// <summary>
    /// Hands the outcome in. When the Book was away, nobody may know whether it was taken: once it serves again, the tables say whether the effect is still outstanding.
    /// </summary>
    private async Task FinishAsync(OutstandingEffect effect, ICommand? outcome)
    {
        do
        {
            var ended = await book.FinishEffectAsync(effect, outcome).WaitAsync(_stopping.Token);
            if (ended.Fault is not (BookUnavailableException or OutcomeUnknownException))
            {
                // A defect in the outcome's slice has parked the effect in the same frame.
                if (ended.Fault is not null)
                {
                    log.LogError("The outcome of {Effect} on event {Event} was not taken: {Fault}", effect.Effect, effect.Event, ended.Fault.GetType().Name);
                }

                return;
            }
        }
        while (await IsOutstandingAsync(effect));
    }

    private async Task ParkAsync(OutstandingEffect effect, Exception why)
    {
        do
        {
            try
            {
                await book.WriteAsync(write => write.Add(new ParkedOp("effect", $"{effect.Event}/{effect.Effect}", why.GetType().Name, effect.Effect, [])));
                return;
            }
            catch (Exception exception) when (exception is BookUnavailableException or OutcomeUnknownException)
            {
                // Looked at again when the Book is back.
            }
        }
        while (await IsOutstandingAsync(effect));
    }

    /// <summary>Waits until the Book serves, and looks.</summary>
    private async Task<bool> IsOutstandingAsync(OutstandingEffect effect)
    {
        while (true)
        {
            await RestAsync(TimeSpan.FromSeconds(1));
            try
            {
                if (await book.IsOutstandingAsync(effect, _stopping.Token) is { } isOutstanding)
                {
                    return isOutstanding;
                }
            }
            catch (BookUnavailableException)
            {
                // Not yet.
            }
        }
    }

    private async Task<ICommand?> TryAsync(EffectRegistration registration, OutstandingEffect effect, IEvent @event, int attempt)
    {
        using var activity = meter.StartEffect(effect.Effect, effect.Event, attempt);
        var started = Stopwatch.GetTimestamp();
        try
        {
            var outcome = await registration.ActAsync(@event, new EffectContext($"evt_{effect.Event}/{effect.Effect}", attempt, book.Reader), _stopping.Token);
            meter.EffectTried(effect.Effect, Stopwatch.GetElapsedTime(started), null);
            return outcome;
        }
        catch (Exception exception)
        {
            meter.EffectTried(effect.Effect, Stopwatch.GetElapsedTime(started), exception);
            activity?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", exception.GetType().Name);
            throw;
        }
    }

    private async Task RestAsync(TimeSpan pause)
    {
        Interlocked.Increment(ref _resting);
        try
        {
            await Task.Delay(pause, _stopping.Token);
        }
        finally
        {
            Interlocked.Decrement(ref _resting);
        }
    }
}
