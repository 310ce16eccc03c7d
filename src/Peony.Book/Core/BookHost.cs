using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Peony.Book;

/// <summary>What the Book is doing.</summary>
public enum BookState
{
    Starting,

    /// <summary>Another process holds the Book; this one waits for it to end.</summary>
    StandingBy,
    Serving,

    /// <summary>An append failed or nobody knows whether it happened; the head is being read.</summary>
    Recovering,

    /// <summary>Another process took the Book over.</summary>
    Fenced,

    /// <summary>A defect in the applier, or the end of the process.</summary>
    Stopped,
}

/// <summary>How full and how far the Book may get before it asks callers to come again.</summary>
public sealed record BookOptions
{
    /// <summary>The instance's id: stands in every frame.</summary>
    public string Book { get; init; } = "main";

    /// <summary>Commands from edges that may wait; timers and outcomes have no such bound.</summary>
    public int QueueMost { get; init; } = 20_000;

    /// <summary>Frame bytes that may be durable but not yet applied.</summary>
    public long LagBytesMost { get; init; } = 256L << 20;

    /// <summary>How long frames may gather before they are applied when nobody waits to read them.</summary>
    public TimeSpan GatherAtMost { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a read waits for the tables.</summary>
    public TimeSpan ReadWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>True in the sandbox: the clock may be advanced.</summary>
    public bool MayAdvanceClock { get; init; }

    /// <summary>A wall clock that jumps further than this against the monotonic one makes the Book not ready.</summary>
    public TimeSpan ClockJumpMost { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>How the Book does, for health pages and <c>/readyz</c>.</summary>
public sealed record BookHealth(BookState State, string? Problem, long Sequence, long Acknowledged, long Applied, long LagBytes, int Waiting, long SealedSequence,
    int OutstandingEffects, TimeSpan ClockAhead, DateTimeOffset Now, int InMemory, long Epoch);

/// <summary>
/// The shell around the step function: one writer thread, one append at a time, the applier, the seal. All state of the core is touched by the writer thread alone;
/// everything else talks to it through two queues.
/// </summary>
internal sealed class BookHost : IBook, IBookGauges, IAsyncDisposable
{
    /// <summary>How long callers of commands in doubt wait for a journal that does not answer.</summary>
    private static readonly TimeSpan CallersWait = TimeSpan.FromSeconds(5);
    private readonly BookSchema _schema;
    private readonly IJournal _journal;
    private readonly ITables _tables;
    private readonly SealFile? _seal;
    private readonly TimeProvider _clock;
    private readonly BookOptions _options;
    private readonly ILogger _log;
    private readonly byte[] _chainKey;
    private readonly BookCore _core;
    private readonly EffectRunner _effects;
    private readonly ConcurrentQueue<Ticket> _calls = new();
    private readonly ConcurrentQueue<Action<StepOutput>> _inputs = new();
    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <summary>Frames to append; no frame means: look where the journal stands.</summary>
    private readonly Channel<(StoredFrame Stored, Frame? Frame, int Generation, int Commands)> _toAppend = Channel.CreateUnbounded<(StoredFrame, Frame?, int, int)>(new() { SingleReader = true });
    private readonly Channel<ToApply> _toApply = Channel.CreateUnbounded<ToApply>(new() { SingleReader = true });
    private readonly RecalledRecords _recalled = new();
    private readonly Lock _appliedLock = new();
    private readonly List<(long Sequence, TaskCompletionSource Reached)> _waitingReaders = [];
    private TaskCompletionSource? _hurry;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _tasks = [];
    private readonly BookMeter _meter;
    private readonly BulkPace _pace = new();
    private readonly BookRing _ring = new();
    private Thread? _writer;
    private int _generation;
    private long _acknowledged;
    private long _applied;
    private long _lagBytes;
    private long _sealed;
    private long _sealedAt = Stopwatch.GetTimestamp();
    private long _sampledAt = Stopwatch.GetTimestamp();
    private long _unappliedSince;
    private long _steppedAt;
    private int _decidedInStep;
    private long _epoch;
    private int _callCount;
    private long _bookAhead;
    private long _lastNow;
    private volatile bool _isDoubtful;
    private volatile bool _isFenced;
    private readonly Lock _sealLock = new();
    private volatile BookState _state = BookState.Starting;
    private volatile string? _problem;
    private volatile string? _clockProblem;
    private volatile SealedHead? _durable;
    private byte[] _appliedHash = new byte[32];
    private bool _isLookWanted;
    private CancellationTokenSource _applying = new();

    /// <summary>What the applier is handed: a frame, or the wish to be told that the tables stand where they are taken to stand.</summary>
    private readonly record struct ToApply(Frame? Frame, int Bytes, long At, TaskCompletionSource? Checked);

    public BookHost(BookSchema schema, Secrets secrets, IJournal journal, ITables tables, SealFile? seal, TimeProvider clock, BookOptions options,
        Func<IEnumerable<EffectRegistration>> effects, ILogger<BookHost> log, CoreLimits? limits = null)
    {
        (_schema, _journal, _tables, _seal, _clock, _options, _log) = (schema, journal, tables, seal, clock, options, log);
        _chainKey = secrets.Key("chain");
        _meter = new BookMeter(this);
        _core = new BookCore(schema, secrets, new CryptographicRandomness(), limits ?? new CoreLimits(), Observe);
        Reader = new BookReader(schema, tables, CurrentAsync, () => Now, _recalled, RefuseReadsWhenUnable);
        tables.FellBack += OnFellBack;
        _effects = new EffectRunner(this, schema, effects, log, _meter);
    }

    public IBookReader Reader { get; }

    public IBookRows Rows => _tables;

    /// <summary>How far the timers of a bulk command are.</summary>
    /// <param name="command">The command's name, as its module declared it.</param>
    /// <param name="since">The Book's time from which on those carried out count, at most two days ago.</param>
    public async Task<BulkProgress> ProgressAsync(string command, DateTimeOffset since, CancellationToken cancel = default) =>
        _pace.Progress(command, await _tables.TimersDueAsync(command, Instants.Micros(Now), cancel), Instants.Micros(since), Stopwatch.GetTimestamp());

    /// <summary>The Book's time.</summary>
    public DateTimeOffset Now => Instants.Of(Math.Max(Interlocked.Read(ref _lastNow), WallMicros + Interlocked.Read(ref _bookAhead)));

    public BookHealth Health => new(_state, _problem ?? _clockProblem, Interlocked.Read(ref _acknowledged), Interlocked.Read(ref _acknowledged), Interlocked.Read(ref _applied),
        Interlocked.Read(ref _lagBytes), _callCount, Interlocked.Read(ref _sealed), _effects.Count, TimeSpan.FromMicroseconds(Interlocked.Read(ref _bookAhead)), Now,
        _core.Memory.Count, _epoch);

    /// <summary>True when commands are taken and reads are current.</summary>
    public bool IsReady => _state == BookState.Serving && _clockProblem is null && Interlocked.Read(ref _lagBytes) < _options.LagBytesMost;

    /// <summary>What the Book did in the last hour, in samples of five seconds.</summary>
    public IReadOnlyList<BookSample> Samples => _ring.Samples;

    /// <summary>When the last sample ended, or null before the first.</summary>
    public DateTimeOffset? SampledAt => _ring.LastAt;

    /// <summary>What was refused since the start, by name, the most frequent first.</summary>
    public IReadOnlyList<(string Code, long Count)> Refusals => _ring.Refusals;

    /// <summary>What an operator ought to know though the Book may serve: a slow disk, tables far behind.</summary>
    public IReadOnlyList<BookConcern> Concerns => _ring.Concerns(Stand, _options.ReadWait, SealAge);

    public int Queue => Volatile.Read(ref _callCount);

    public long LagBytes => Interlocked.Read(ref _lagBytes);

    public long LagFrames => Math.Max(0, Interlocked.Read(ref _acknowledged) - Interlocked.Read(ref _applied));

    public TimeSpan LagAge => Interlocked.Read(ref _unappliedSince) is > 0 and var since ? Stopwatch.GetElapsedTime(since) : TimeSpan.Zero;

    public TimeSpan SealAge => _seal is null || _state is not (BookState.Serving or BookState.Recovering) ? TimeSpan.Zero : Stopwatch.GetElapsedTime(Interlocked.Read(ref _sealedAt));

    public int Slots => _core.Memory.Count;

    public IReadOnlyDictionary<string, int> EffectsByName => _effects.CountByName;

    private BookStand Stand => new(Queue, LagBytes, LagFrames, LagAge.TotalSeconds, Slots);

    private long WallMicros => Instants.Micros(_clock.GetUtcNow());

    /// <summary>Takes the Book (standing by while another process has it), brings the tables up to the head, and serves.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        _epoch = await _journal.TakeAsync(() =>
        {
            _state = BookState.StandingBy;
            _log.LogInformation("Another process holds the Book; standing by.");
        }, cancel);
        _state = BookState.Starting;
        await _tables.PrepareAsync(cancel);
        var head = await HeadAsync(cancel);
        if (_seal is not null && _seal.Read() is { } sealedHead)
        {
            await CheckSealAsync(sealedHead, head.Header.Sequence, cancel);
        }
        else if (head.Header.Sequence == 0)
        {
            // From the first frame on there is a seal: one that is missing later was taken away.
            _seal?.Write(new SealedHead(_options.Book, 0, new byte[32]));
        }
        else if (_seal is not null)
        {
            throw new StartRefusedException(
                $"The journal ends at frame {head.Header.Sequence} and the seal of its head is not there: nothing outside the database says how far it must reach. Put the seal back, or run "
                + "verify and, when it finds nothing else, rebuild --seal.");
        }

        await StartTablesAsync(head.Header.Sequence, head.Hash, cancel);
        _appliedHash = head.Hash;
        Interlocked.Exchange(ref _applied, head.Header.Sequence);
        _durable = new SealedHead(_options.Book, head.Header.Sequence, head.Hash);
        _core.Start(head.Header, head.Hash, _epoch);
        Publish(head.Header);
        _state = BookState.Serving;
        _writer = new Thread(WriterLoop) { Name = "peony-writer", IsBackground = true };
        _writer.Start();
        _tasks.Add(Task.Run(AppendLoopAsync, CancellationToken.None));
        _tasks.Add(Task.Factory.StartNew(ApplyLoopAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap());
        _tasks.Add(Task.Run(SealLoopAsync, CancellationToken.None));
        _tasks.Add(Task.Run(SampleLoopAsync, CancellationToken.None));
        _tasks.Add(Task.Run(LearnKeysAsync, CancellationToken.None));
        foreach (var effect in await _tables.OutstandingAsync(cancel))
        {
            _effects.Enqueue(effect);
        }
    }

    /// <summary>A batch that takes the database longer than the applier's patience is tried again with more of it.</summary>
    private async Task StartTablesAsync(long head, byte[] headHash, CancellationToken cancel)
    {
        const int triesMost = 6;
        for (var tries = 1; ; tries++)
        {
            try
            {
                await CatchUpAsync(head, headHash, cancel);
                return;
            }
            catch (Exception exception) when (tries < triesMost && Passing.Is(exception))
            {
                _log.LogWarning("The tables could not be brought up to the journal (try {Try}): {Message}", tries, exception.Message);
            }
        }
    }

    /// <summary>Learns which idempotency keys have replies, beside serving; until then each new key is looked up.</summary>
    private async Task LearnKeysAsync()
    {
        try
        {
            var keys = new ReplyFilter();
            await _tables.ReadReplyKeysAsync(key => keys.Add(key), _stopping.Token);
            Input(_ => _core.OnEarlierKeys(keys));
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The Book stops.
        }
        catch (Exception exception)
        {
            _log.LogWarning(exception, "The keys of earlier replies could not be read: each new key will be looked up.");
        }
    }

    public async Task<Result<TReply>> RunAsync<TReply>(ICommand<TReply> command, CallKey? key = null, CancellationToken cancel = default)
    {
        var outcome = await CallAsync(TicketKind.Call, command, key, cancel);
        return outcome.Refusal is { } refusal ? refusal : (TReply)outcome.Reply!;
    }

    public async Task<DryRun<TReply>> DryRunAsync<TReply>(ICommand<TReply> command, CancellationToken cancel = default)
    {
        var outcome = await CallAsync(TicketKind.DryRun, command, null, cancel);
        return new DryRun<TReply>(outcome.Refusal is { } refusal ? refusal : (TReply)outcome.Reply!, outcome.Postings ?? []);
    }

    private async Task<Outcome> CallAsync(TicketKind kind, ICommand command, CallKey? key, CancellationToken cancel)
    {
        RefuseWhenUnable();
        var waiting = Interlocked.Increment(ref _callCount);
        if (waiting > _options.QueueMost)
        {
            Interlocked.Decrement(ref _callCount);
            throw Unavailable("queue_full", "Too many commands wait. Nothing moved; come again.");
        }

        _ring.Waiting(waiting);
        using var activity = _meter.StartCommand(_schema, command);
        var entered = Stopwatch.GetTimestamp();
        var answered = new TaskCompletionSource<Outcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls.Enqueue(new Ticket
        {
            Kind = kind,
            Command = command,
            Key = key,
            ReplyKey = key is null ? null : _core.ReplyKeyOf(key),
            EnteredAt = entered,
            Activity = activity,
            Complete = outcome =>
            {
                Interlocked.Decrement(ref _callCount);
                answered.TrySetResult(outcome);
            },
        });
        Wake();
        var outcome = await answered.Task.WaitAsync(cancel);
        var took = Stopwatch.GetElapsedTime(entered);
        _ring.Answered(took);
        _meter.Answered(took, outcome);
        if (activity is not null)
        {
            BookMeter.EndCommand(activity, outcome);
        }

        return outcome.Fault is { } fault ? throw fault : outcome;
    }

    private void RefuseWhenUnable()
    {
        switch (_state)
        {
            case BookState.Serving:
                break;
            case BookState.Recovering:
                if (_problem is not null)
                {
                    throw Unavailable("journal", "The journal does not answer. Nothing moved.", 2);
                }

                break;
            case BookState.StandingBy or BookState.Starting:
                throw Unavailable("starting", "This process is not serving the Book yet. Nothing moved.", 2);
            case BookState.Fenced or BookState.Stopped:
                throw Unavailable("stopped", "This process does not serve the Book any more. Nothing moved.", 5);
        }

        if (Interlocked.Read(ref _lagBytes) > _options.LagBytesMost)
        {
            throw Unavailable("lag", "The tables are too far behind the journal. Nothing moved; come again.", 2);
        }
    }

    /// <summary>Hands in the outcome of an effect. Answers when it is durable.</summary>
    public Task<Outcome> FinishEffectAsync(OutstandingEffect effect, ICommand? outcome)
    {
        var answered = new TaskCompletionSource<Outcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        Input(_ => _core.Submit(new Ticket
        {
            Kind = TicketKind.EffectOutcome,
            Command = outcome,
            Event = effect.Event,
            Effect = effect.Effect,
            Complete = answer => answered.TrySetResult(answer),
        }));
        return answered.Task;
    }

    /// <summary>Says whether an effect has reported no outcome yet and is not parked; null while the Book does not serve and nobody can know.</summary>
    public async Task<bool?> IsOutstandingAsync(OutstandingEffect effect, CancellationToken cancel)
    {
        if (_state != BookState.Serving)
        {
            return null;
        }

        await CurrentAsync(cancel);
        return await _tables.IsOutstandingAsync(effect.Event, effect.Effect, cancel);
    }

    /// <summary>Writes something of the Book's own: parking, taking up again, the clock.</summary>
    public async Task WriteAsync(Action<SystemWrite> write)
    {
        var answered = new TaskCompletionSource<Outcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        Input(_ => _core.Submit(new Ticket { Kind = TicketKind.System, System = write, Complete = answer => answered.TrySetResult(answer) }));
        if ((await answered.Task).Fault is { } fault)
        {
            throw fault;
        }
    }

    /// <summary>Takes a parked timer or effect up again.</summary>
    /// <returns>False when nothing of that name is parked.</returns>
    public async Task<bool> TakeUpAsync(string what, string key, CancellationToken cancel)
    {
        var parked = (await _tables.ParkedAsync(10_000, cancel)).FirstOrDefault(row => row.What == what && row.Key == key);
        if (parked is null)
        {
            return false;
        }

        var now = Instants.Micros(Now);
        await WriteAsync(write =>
        {
            write.Add(new CommandOp("book.taken_up", null, null));
            write.Add(new UnparkedOp(what, key));
            if (what == "timer")
            {
                write.Add(new TimerOp(key, now, TimerClass.Normal, parked.Command, parked.Body));
            }
        });
        if (what == "effect")
        {
            await CurrentAsync(cancel);
            foreach (var effect in (await _tables.OutstandingAsync(cancel)).Where(effect => $"{effect.Event}/{effect.Effect}" == key))
            {
                _effects.Enqueue(effect);
            }
        }

        return true;
    }

    /// <summary>
    /// Advances the Book's clock: to each due moment in turn, waiting at each until timers and effects are quiet. Stored in the journal, forward only.
    /// </summary>
    /// <param name="reached">Called at each moment stopped at, so that what is outside can follow; says when something is due there next, if anything is.</param>
    public async Task AdvanceClockAsync(TimeSpan by, Func<DateTimeOffset, Task<DateTimeOffset?>> reached, CancellationToken cancel)
    {
        if (!_options.MayAdvanceClock)
        {
            throw new InvalidOperationException("The clock is advanced in the sandbox only.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var target = Instants.Micros(Now + by);
        while (true)
        {
            await QuietAsync(cancel);
            var outside = await reached(Now);
            await QuietAsync(cancel);
            var now = Instants.Micros(Now);
            if (now >= target)
            {
                return;
            }

            var next = target;
            if (await AskAsync(() => _core.NextTimerMicros) is { } timer && timer < next)
            {
                next = timer;
            }

            if (outside is { } due && Instants.Micros(due) < next)
            {
                next = Instants.Micros(due);
            }

            var step = Math.Max(1, next - now);
            await WriteAsync(write =>
            {
                write.Add(new CommandOp("book.clock_advanced", null, null));
                write.ClockAheadMicros += step;
            });
        }
    }

    /// <summary>Waits until no timer is due, nothing waits, and no effect is being carried out (at most 30 s).</summary>
    public async Task QuietAsync(CancellationToken cancel)
    {
        var deadline = Stopwatch.GetTimestamp() + (30 * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < deadline)
        {
            var isQuiet = await AskAsync(() => _core.IsIdle && !(_core.NextTimerMicros <= Instants.Micros(Now))) && _effects.BusyCount == 0;
            if (isQuiet && await AskAsync(() => _core.IsIdle && !(_core.NextTimerMicros <= Instants.Micros(Now))) && _effects.BusyCount == 0)
            {
                await CurrentAsync(cancel);
                return;
            }

            Wake();
            await Task.Delay(2, cancel);
        }
    }

    /// <summary>Waits until the tables have reached what is acknowledged now.</summary>
    public async ValueTask CurrentAsync(CancellationToken cancel)
    {
        RefuseReadsWhenUnable();
        var target = Interlocked.Read(ref _acknowledged);
        if (Interlocked.Read(ref _applied) >= target)
        {
            return;
        }

        TaskCompletionSource reached;
        lock (_appliedLock)
        {
            if (_applied >= target)
            {
                return;
            }

            reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waitingReaders.Add((target, reached));
            _hurry?.TrySetResult();
        }

        var started = Stopwatch.GetTimestamp();
        try
        {
            await reached.Task.WaitAsync(_options.ReadWait, cancel);
            _meter.ReadWaited(Stopwatch.GetElapsedTime(started));
        }
        catch (TimeoutException)
        {
            throw Unread("read_behind", "The tables are behind the journal; nothing stale is shown. Come again.");
        }
    }

    private void RefuseReadsWhenUnable()
    {
        if (_state is not (BookState.Serving or BookState.Recovering))
        {
            throw Unread(_state is BookState.Starting or BookState.StandingBy ? "starting" : "stopped", "This process does not serve the Book. Nothing was read.", 2);
        }
    }

    /// <summary>Ends cleanly: what waits is answered, what is durable is applied and sealed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _effects.DisposeAsync();
        if (_writer is not null)
        {
            if (_state == BookState.Serving)
            {
                // Refuses new calls, then lets what waits come to its end.
                _state = BookState.Stopped;
                for (var tries = 0; tries < 2000 && !await AskAsync(() => _core.IsIdle); tries++)
                {
                    await Task.Delay(5);
                }
            }

            _state = BookState.Stopped;
            await _stopping.CancelAsync();
            Wake();
            _writer.Join();
        }

        await _stopping.CancelAsync();
        _toAppend.Writer.TryComplete();
        _toApply.Writer.TryComplete();
        await Task.WhenAll(_tasks);
        WriteSeal();
        await _tables.DisposeAsync();
        await _journal.DisposeAsync();
        _meter.Dispose();
        _wake.Dispose();
        _stopping.Dispose();
    }

    private void Observe(Decided decided)
    {
        _decidedInStep++;
        _ring.Decided(decided);
        _meter.Decided(decided, _steppedAt);
        if (decided.IsBulk)
        {
            _pace.Carried(decided.Name, Instants.Micros(Now), Stopwatch.GetTimestamp());
        }
    }

    private ReadUnavailableException Unread(string reason, string message, int retryAfterSeconds = 1)
    {
        _ring.Unavailable();
        _meter.Unavailable(reason);
        return new ReadUnavailableException(message, retryAfterSeconds);
    }

    private BookUnavailableException Unavailable(string reason, string message, int retryAfterSeconds = 1)
    {
        if (reason is not "starting")
        {
            _ring.Unavailable();
        }

        _meter.Unavailable(reason);
        return new BookUnavailableException(message, retryAfterSeconds);
    }

    private void Input(Action<StepOutput> input)
    {
        _inputs.Enqueue(input);
        Wake();
    }

    private Task<T> AskAsync<T>(Func<T> question)
    {
        var answered = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Input(_ => answered.TrySetResult(question()));
        return answered.Task;
    }

    private void Wake()
    {
        if (_wake.CurrentCount == 0)
        {
            try
            {
                _wake.Release();
            }
            catch (SemaphoreFullException)
            {
                // Somebody else woke the writer at the same moment.
            }
            catch (ObjectDisposedException)
            {
                // The Book has stopped.
            }
        }
    }

    private void WriterLoop()
    {
        while (!_stopping.IsCancellationRequested)
        {
            var output = new StepOutput();
            while (_inputs.TryDequeue(out var input))
            {
                input(output);
            }

            while (_calls.TryDequeue(out var call))
            {
                _core.Submit(call);
            }

            if (_state is BookState.Fenced)
            {
                _core.Abandon(Interlocked.Read(ref _acknowledged),
                    isDecided => isDecided && _isDoubtful
                        ? new OutcomeUnknownException("Another process took the Book over; ask it with the same key.")
                        : new BookUnavailableException("Another process took the Book over. Nothing moved; ask it with the same key."),
                    output);
            }
            else
            {
                _steppedAt = Stopwatch.GetTimestamp();
                _core.Step(WallMicros, output);
            }

            Dispatch(output);
            if (!output.HasMore && _inputs.IsEmpty && _calls.IsEmpty)
            {
                var due = _core.NextTimerMicros is { } next ? (next - WallMicros - _core.ClockAheadMicros) / 1000 : 1000;
                _wake.Wait((int)Math.Clamp(due, 1, 1000));
            }
        }
    }

    private void Dispatch(StepOutput output)
    {
        if (output.Append is { } append)
        {
            Interlocked.Exchange(ref _bookAhead, _core.ClockAheadMicros);
            Interlocked.Exchange(ref _lastNow, _core.NowMicros);
            _toAppend.Writer.TryWrite((append.Stored, append.Frame, _generation, _decidedInStep));
        }

        _decidedInStep = 0;

        if (output.Load is { } load)
        {
            _ring.Missed(load.Count);
            _meter.Missed(load);
            _ = Task.Run(() => LoadAsync(load));
        }

        foreach (var (ticket, outcome) in output.Answers)
        {
            ticket.Activity?.AddEvent(new ActivityEvent("durable"));
            ticket.Complete(outcome);
        }
    }

    private async Task LoadAsync(LoadRequest request)
    {
        try
        {
            var started = Stopwatch.GetTimestamp();
            var result = await _tables.LoadAsync(request, _stopping.Token);
            _meter.Loaded(Stopwatch.GetElapsedTime(started));
            Input(_ => _core.OnLoaded(result));
        }
        catch (Exception exception)
        {
            _log.LogWarning(exception, "A load failed.");
            Input(output => _core.OnLoadFailed(request, exception, output));
        }
    }

    private async Task AppendLoopAsync()
    {
        var broken = -1;
        await foreach (var (stored, frame, generation, commands) in _toAppend.Reader.ReadAllAsync())
        {
            if (frame is null)
            {
                Interlocked.Exchange(ref _isLookWanted, false);
                if (_state == BookState.Serving)
                {
                    broken = await PoisonAsync();
                    await RecoverAsync(null);
                }

                continue;
            }

            if (generation <= broken)
            {
                // Decided after an append that failed: void.
                continue;
            }

            try
            {
                var started = Stopwatch.GetTimestamp();
                await _journal.AppendAsync(stored, CancellationToken.None);
                var took = Stopwatch.GetElapsedTime(started);
                _ring.Appended(commands, took);
                _meter.Appended(commands, stored.Payload.Length, took);
                Durable(stored, frame);
                Input(output => _core.OnAppended(stored.Sequence, output));
            }
            catch (FencedException fenced)
            {
                broken = generation;
                _meter.AppendFailed(fenced);
                Fence(fenced.Message);
            }
            catch (Exception exception)
            {
                broken = generation;
                _meter.AppendFailed(exception);
                _log.LogError(exception, "Appending frame {Sequence} failed or its outcome is not known. Reading the head.", stored.Sequence);
                await PoisonAsync();
                await RecoverAsync((stored, frame));
            }
        }
    }

    /// <summary>From here on the frame is a fact: readers wait for it, the applier and effects get it.</summary>
    private void Durable(StoredFrame stored, Frame frame)
    {
        _durable = new SealedHead(_options.Book, stored.Sequence, stored.Hash);
        _recalled.Forget(frame.Ops, () => Interlocked.Exchange(ref _acknowledged, stored.Sequence));
        Interlocked.Add(ref _lagBytes, stored.Payload.Length);
        _toApply.Writer.TryWrite(new ToApply(frame, stored.Payload.Length, Stopwatch.GetTimestamp(), null));
        foreach (var op in frame.Ops)
        {
            if (op is EventOp told)
            {
                foreach (var effect in told.Effects)
                {
                    _effects.Enqueue(new OutstandingEffect(told.Number, effect, told.Type, told.Lane, told.Body));
                }
            }
        }
    }

    /// <returns>The last generation whose frames are void.</returns>
    private Task<int> PoisonAsync()
    {
        _state = BookState.Recovering;
        // What happened to the journal's connection may have happened to the applier's, which then waits for an answer that will not come. It is given up and begun anew.
        Interlocked.Exchange(ref _applying, new CancellationTokenSource()).Cancel();
        return AskAsync(() =>
        {
            _core.Poison();
            return _generation++;
        });
    }

    /// <summary>
    /// The tables fell back, so the database crashed or is another: what memory was loaded from is not there any more, and whether the journal still has all that was answered
    /// must be asked of the server that takes writes.
    /// </summary>
    private void OnFellBack()
    {
        if (_state == BookState.Serving && !Interlocked.Exchange(ref _isLookWanted, true))
        {
            _log.LogWarning("The tables are not where they were: the database crashed or is another one. Reading the head.");
            _toAppend.Writer.TryWrite((default, null, 0, 0));
        }
    }

    private void Fence(string message, string problem = "Another process took the Book over.")
    {
        _log.LogError("{Problem} {Message}", problem, message);
        _problem = problem;
        _isFenced = true;
        _state = BookState.Fenced;
        Input(_ =>
        {
            _core.Poison();
            _generation++;
        });
    }

    /// <summary>
    /// After an append nobody knows the outcome of, or when the tables fell back: raises the epoch, so that every append has happened or never will, reads the head, and goes on
    /// from there. The tables may have lost what they had if the database crashed, so they are looked at before anything is decided on them.
    /// </summary>
    private async Task RecoverAsync((StoredFrame Stored, Frame Frame)? doubtful)
    {
        var since = Stopwatch.GetTimestamp();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var epoch = await _journal.RenewAsync(_stopping.Token);
                var head = await HeadAsync(_stopping.Token);
                var answered = Interlocked.Read(ref _acknowledged);
                if (head.Header.Sequence < answered)
                {
                    _isDoubtful = true;
                    // What was answered is kept outside the database: no process is to begin on a journal that does not have it.
                    WriteSeal();
                    Fence($"The journal ends at frame {head.Header.Sequence}; frame {answered} was answered.",
                        "The database has lost frames that were answered: a server that did not have them was made primary, or an older copy was put back.");
                    return;
                }

                if (doubtful is var (stored, frame) && head.Header.Sequence == stored.Sequence && head.Hash.AsSpan().SequenceEqual(stored.Hash))
                {
                    if (answered < stored.Sequence)
                    {
                        Durable(stored, frame);
                    }
                }
                else if (head.Header.Sequence > answered)
                {
                    throw new FencedException($"The head is frame {head.Header.Sequence}, not the one this process wrote.");
                }

                if (!await TablesStandAsync())
                {
                    return;
                }

                _epoch = epoch;
                Input(output =>
                {
                    _core.Recover(head.Header, head.Hash, epoch, output);
                    Publish(head.Header);
                    _state = BookState.Serving;
                });
                _log.LogWarning("Recovered at frame {Sequence} after {Milliseconds} ms{Doubtful}.", head.Header.Sequence, (long)Stopwatch.GetElapsedTime(since).TotalMilliseconds,
                    doubtful is null ? "" : head.Header.Sequence == doubtful.Value.Stored.Sequence ? "; the doubtful frame is in the journal" : "; the doubtful frame is not in the journal");
                return;
            }
            catch (FencedException fenced)
            {
                _isDoubtful = doubtful is { } last && !await IsSettledAsync(last.Stored);
                Fence(fenced.Message);
                return;
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                _log.LogWarning("The journal does not answer: {Message}", exception.Message);
                _problem = "The journal does not answer.";
                if (Stopwatch.GetElapsedTime(since) > CallersWait)
                {
                    // Callers hear that nobody knows; their keys will tell later.
                    Input(output => _core.Abandon(Interlocked.Read(ref _acknowledged),
                        isDecided => isDecided ? new OutcomeUnknownException("The journal does not answer.", exception) : new BookUnavailableException("The journal does not answer. Nothing moved."),
                        output));
                }

                await Task.Delay(250, CancellationToken.None);
            }
        }
    }

    /// <summary>Waits until the tables have all that is acknowledged, and really have it.</summary>
    /// <returns>False when the Book stopped instead.</returns>
    private async Task<bool> TablesStandAsync()
    {
        var isChecked = CheckTables();
        while (!isChecked.IsCompleted && _state == BookState.Recovering)
        {
            await Task.WhenAny(isChecked, Task.Delay(50, _stopping.Token));
            _stopping.Token.ThrowIfCancellationRequested();
        }

        return _state == BookState.Recovering;
    }

    /// <summary>Asks the applier to see that the tables stand where they are taken to stand. Ends when they do.</summary>
    private Task CheckTables()
    {
        var isChecked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _toApply.Writer.TryWrite(new ToApply(null, 0, 0, isChecked));
        lock (_appliedLock)
        {
            _hurry?.TrySetResult();
        }

        return isChecked.Task;
    }

    /// <summary>After a takeover: finds out whether the doubtful frame came in before it, so that its commands are answered rightly.</summary>
    private async Task<bool> IsSettledAsync(StoredFrame doubtful)
    {
        try
        {
            await foreach (var frame in _journal.ReadAsync(doubtful.Sequence, _stopping.Token))
            {
                if (frame.Hash.AsSpan().SequenceEqual(doubtful.Hash))
                {
                    Interlocked.Exchange(ref _acknowledged, doubtful.Sequence);
                }

                return true;
            }

            // The epoch was raised before the head was read: what is not there by now never will be.
            return true;
        }
        catch (Exception exception)
        {
            _log.LogError(exception, "The journal could not be read after the takeover.");
            return false;
        }
    }

    private void Publish(FrameHeader head)
    {
        _problem = null;
        Interlocked.Exchange(ref _acknowledged, head.Sequence);
        Interlocked.Exchange(ref _bookAhead, head.ClockAheadMicros);
        Interlocked.Exchange(ref _lastNow, head.NowMicros);
    }

    private async Task ApplyLoopAsync()
    {
        // A bulk entry is one change of many bytes.
        const int bytesOfAnOp = 100;
        var batch = new List<Frame>();
        var asked = new List<TaskCompletionSource>();
        while (await _toApply.Reader.WaitToReadAsync())
        {
            Interlocked.Exchange(ref _unappliedSince, _toApply.Reader.TryPeek(out var oldest) ? oldest.At : 0);
            await GatherAsync();
            batch.Clear();
            asked.Clear();
            var (bytes, ops) = (0L, 0);
            while (ops < 40_000 && _toApply.Reader.TryRead(out var next))
            {
                if (next.Checked is { } isChecked)
                {
                    asked.Add(isChecked);
                }
                else if (next.Frame is { } frame)
                {
                    batch.Add(frame);
                    bytes += next.Bytes;
                    ops += frame.Ops.Count + (next.Bytes / bytesOfAnOp);
                }
            }

            if (batch.Count > 0)
            {
                var started = Stopwatch.GetTimestamp();
                if (!await InsistAsync(batch[0].Header.Sequence, () => ApplyAsync(batch)))
                {
                    return;
                }

                _appliedHash = batch[^1].Hash;
                Interlocked.Add(ref _lagBytes, -bytes);
                _ring.Applied(Stopwatch.GetElapsedTime(started), LagAge);
                Applied(batch[^1].Header.Sequence);
            }

            if (asked.Count > 0)
            {
                if (!await InsistAsync(Interlocked.Read(ref _applied), RiseAgainAsync))
                {
                    return;
                }

                asked.ForEach(one => one.TrySetResult());
            }

            Interlocked.Exchange(ref _unappliedSince, 0);
        }
    }

    /// <summary>
    /// Lets frames gather while nobody reads: a page that many of them change is then written once. Whoever waits to read ends it at once, and a backlog is gathered enough.
    /// </summary>
    private async Task GatherAsync()
    {
        const long enough = 1 << 20;
        Task hurry;
        lock (_appliedLock)
        {
            if (_waitingReaders.Count > 0 || Interlocked.Read(ref _lagBytes) >= enough)
            {
                return;
            }

            _hurry = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            hurry = _hurry.Task;
        }

        await Task.WhenAny(hurry, Task.Delay(_options.GatherAtMost, _stopping.Token));
    }

    private async Task ApplyAsync(List<Frame> batch)
    {
        var started = Stopwatch.GetTimestamp();
        var cancel = Volatile.Read(ref _applying).Token;
        try
        {
            await _tables.ApplyAsync(batch, cancel);
        }
        catch (TablesFellBackException fellBack)
        {
            _log.LogWarning("{Message} Applying again what they lost.", fellBack.Message);
            await CatchUpAsync(batch[0].Header.Sequence - 1, batch[0].Header.PreviousHash, cancel);
            await _tables.ApplyAsync(batch, cancel);
        }

        _meter.Applied(batch.Count, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Sees that the tables have what they had, and applies again what they lost.</summary>
    private async Task RiseAgainAsync()
    {
        var applied = Interlocked.Read(ref _applied);
        var cancel = Volatile.Read(ref _applying).Token;
        var position = await _tables.PositionAsync(cancel);
        if (position.Sequence < applied)
        {
            _log.LogWarning("The tables stand at frame {Position}; they had reached {Applied}. Applying again what they lost.", position.Sequence, applied);
            await CatchUpAsync(applied, _appliedHash, cancel);
        }
    }

    /// <summary>Tries until it is done: a database that is away comes back. What fails with the database there is a defect.</summary>
    private async Task<bool> InsistAsync(long frame, Func<Task> act)
    {
        for (var (tries, defects) = (1, 0); ; tries++)
        {
            try
            {
                await act();
                return true;
            }
            catch (Exception exception)
            {
                if (tries < 3 || tries % 60 == 0)
                {
                    _log.LogError(exception, "Applying from frame {Frame} on failed (try {Try}).", frame, tries);
                }

                defects += exception is OperationCanceledException || Passing.Is(exception) ? 0 : 1;
                if (defects >= 3 || (_stopping.IsCancellationRequested && tries >= 3))
                {
                    // A frame that cannot be applied is a defect: nothing more may be decided on top of it.
                    _problem = $"Frame {frame} cannot be applied: {exception.Message}";
                    _state = BookState.Stopped;
                    Input(output =>
                    {
                        _core.Poison();
                        _core.Abandon(Interlocked.Read(ref _acknowledged), _ => new BookUnavailableException("The Book has stopped: the tables cannot follow the journal.", 60), output);
                    });
                    return false;
                }

                await Task.Delay(Math.Min(1000, 50 * tries));
            }
        }
    }

    private void Applied(long sequence)
    {
        List<TaskCompletionSource>? reached = null;
        lock (_appliedLock)
        {
            Interlocked.Exchange(ref _applied, sequence);
            for (var index = _waitingReaders.Count - 1; index >= 0; index--)
            {
                if (_waitingReaders[index].Sequence <= sequence)
                {
                    (reached ??= []).Add(_waitingReaders[index].Reached);
                    _waitingReaders.RemoveAt(index);
                }
            }
        }

        reached?.ForEach(reader => reader.TrySetResult());
        Input(_ => _core.OnApplied(sequence));
    }

    private async Task<(FrameHeader Header, byte[] Hash)> HeadAsync(CancellationToken cancel)
    {
        if (await _journal.HeadAsync(cancel) is not { } head)
        {
            return (FrameHeader.Genesis(_options.Book), new byte[32]);
        }

        if (!FrameCodec.Hash(_chainKey, head.Payload).AsSpan().SequenceEqual(head.Hash))
        {
            throw new StartRefusedException($"Frame {head.Sequence}, the journal's last, does not have the hash it claims. Was it changed, or is this another instance's key? Run verify.");
        }

        var header = FrameCodec.DecodeHeader(head.Payload);
        return header.Book == _options.Book
            ? (header, head.Hash)
            : throw new StartRefusedException($"This is the journal of Book '{header.Book}', not of '{_options.Book}'.");
    }

    private async Task CheckSealAsync(SealedHead sealedHead, long head, CancellationToken cancel)
    {
        if (sealedHead.Sequence > head)
        {
            throw new StartRefusedException(
                $"The seal says the journal reached frame {sealedHead.Sequence}, but it ends at {head}: its tail was cut or an older journal was put back. Run verify; restore says how to go on.");
        }

        if (sealedHead.Sequence == 0)
        {
            return;
        }

        await foreach (var frame in _journal.ReadAsync(sealedHead.Sequence, cancel))
        {
            if (!frame.Hash.AsSpan().SequenceEqual(sealedHead.Hash))
            {
                throw new StartRefusedException($"Frame {sealedHead.Sequence} is not the one that was sealed: another journal was put in place. Run verify.");
            }

            return;
        }
    }

    /// <summary>Applies what the tables lack up to a frame, checking the chain on the way.</summary>
    private async Task CatchUpAsync(long head, byte[] headHash, CancellationToken cancel)
    {
        var position = await _tables.PositionAsync(cancel);
        if (position.Sequence > head)
        {
            throw new StartRefusedException($"The tables stand at frame {position.Sequence}, the journal ends at {head}: the journal is older than its tables. Run verify.");
        }

        var (last, hash) = position;
        if (position.Sequence > 0)
        {
            await foreach (var frame in _journal.ReadAsync(position.Sequence, cancel))
            {
                if (!frame.Hash.AsSpan().SequenceEqual(hash))
                {
                    throw new StartRefusedException($"The tables were made from another frame {position.Sequence} than the journal's. Rebuild them.");
                }

                break;
            }
        }

        var batch = new List<Frame>();
        await foreach (var stored in _journal.ReadAsync(position.Sequence + 1, cancel))
        {
            if (stored.Sequence > head)
            {
                break;
            }

            var frame = FrameCodec.Decode(stored.Payload, stored.Hash);
            if (!frame.Header.PreviousHash.AsSpan().SequenceEqual(hash) || !FrameCodec.Hash(_chainKey, stored.Payload).AsSpan().SequenceEqual(stored.Hash))
            {
                throw new StartRefusedException($"Frame {stored.Sequence} does not follow from the one before: the chain is broken. Run verify.");
            }

            (last, hash) = (stored.Sequence, stored.Hash);
            batch.Add(frame);
            if (batch.Count == 512)
            {
                await _tables.ApplyAsync(batch, cancel);
                batch.Clear();
            }
        }

        if (batch.Count > 0)
        {
            await _tables.ApplyAsync(batch, cancel);
        }

        if (last < head)
        {
            throw new EndOfStreamException($"The journal could be read up to frame {last} only, not to frame {head}.");
        }

        if (!hash.AsSpan().SequenceEqual(headHash))
        {
            throw new StartRefusedException($"The tables reached another frame {head} than the journal's.");
        }
    }

    /// <summary>Seals the head outside the database at least every second, and watches the wall clock for jumps.</summary>
    private async Task SealLoopAsync()
    {
        var watch = new ClockWatch(_clock, _options.ClockJumpMost);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(500, _stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            WriteSeal();
            var isSteady = _clockProblem is null;
            _clockProblem = watch.Look();
            if (isSteady && _clockProblem is { } problem)
            {
                _log.LogError("{Problem} Not ready until it is back or has been steady for a minute.", problem);
            }
        }
    }

    /// <summary>Closes a sample of what was counted every five seconds, for the operator's charts.</summary>
    private async Task SampleLoopAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(BookRing.Interval, _stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            CloseSample();
        }
    }

    /// <summary>Ends the sample that is being counted and begins the next.</summary>
    internal BookSample CloseSample()
    {
        var now = Stopwatch.GetTimestamp();
        return _ring.Close(_clock.GetUtcNow(), Stopwatch.GetElapsedTime(Interlocked.Exchange(ref _sampledAt, now), now), Stand);
    }

    private void WriteSeal()
    {
        lock (_sealLock)
        {
            if (_seal is null || _isFenced)
            {
                return;
            }

            if (_durable is not { Sequence: > 0 } durable || durable.Sequence == Interlocked.Read(ref _sealed))
            {
                Interlocked.Exchange(ref _sealedAt, Stopwatch.GetTimestamp());
                return;
            }

            try
            {
                _seal.Write(durable);
                Interlocked.Exchange(ref _sealed, durable.Sequence);
                Interlocked.Exchange(ref _sealedAt, Stopwatch.GetTimestamp());
            }
            catch (IOException exception)
            {
                _log.LogError(exception, "The head could not be sealed.");
            }
        }
    }
}
