using System.Buffers.Binary;
using System.Text.Json;

namespace Peony.Book;

/// <summary>Random bytes out of a seed, the same on every machine (xoshiro256**).</summary>
internal sealed class SeededRandomness(ulong seed) : IRandomness
{
    private readonly ulong[] _state = [Mix(seed, 1), Mix(seed, 2), Mix(seed, 3), Mix(seed, 4)];

    public void Fill(Span<byte> bytes)
    {
        Span<byte> next = stackalloc byte[8];
        while (bytes.Length > 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(next, NextWord());
            var length = Math.Min(8, bytes.Length);
            next[..length].CopyTo(bytes);
            bytes = bytes[length..];
        }
    }

    /// <summary>A number from 0 to below <paramref name="below"/>.</summary>
    public int Next(int below) => (int)(NextWord() % (ulong)below);

    private ulong NextWord()
    {
        var result = ulong.RotateLeft(_state[1] * 5, 7) * 9;
        var t = _state[1] << 17;
        _state[2] ^= _state[0];
        _state[3] ^= _state[1];
        _state[1] ^= _state[2];
        _state[0] ^= _state[3];
        _state[2] ^= t;
        _state[3] = ulong.RotateLeft(_state[3], 45);
        return result;
    }

    private static ulong Mix(ulong seed, ulong index)
    {
        var z = seed + (index * 0x9E3779B97F4A7C15UL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}

/// <summary>
/// The Book without threads: the same step function, driven by hand, over a journal and tables in memory. Tests of slices, plain-text scenarios and simulations run on it;
/// effects are run when asked for, so that a test decides when the outside answers.
/// </summary>
internal sealed class SteppedBook : IBook
{
    private readonly BookSchema _schema;
    /// <summary>Asked for when the first effect comes: effects read the Book, so the Book must exist before them.</summary>
    private readonly Lazy<Dictionary<string, EffectRegistration>> _effects;
    private FrameHeader _head = FrameHeader.Genesis("stepped");

    public SteppedBook(BookSchema schema, Secrets? secrets = null, ulong seed = 1, IEnumerable<EffectRegistration>? effects = null, CoreLimits? limits = null,
        DateTimeOffset? start = null, Action<Decided>? observe = null)
    {
        _schema = schema;
        Secrets = secrets ?? new Secrets(new byte[32]);
        _effects = new(() => (effects ?? []).ToDictionary(effect => effect.Name));
        Randomness = new SeededRandomness(seed);
        Tables = new MemoryTables(schema);
        Core = new BookCore(schema, Secrets, Randomness, limits ?? new CoreLimits(), observe);
        WallMicros = Instants.Micros(start ?? new DateTimeOffset(2026, 3, 5, 2, 0, 0, TimeSpan.Zero));
        Core.Start(_head, new byte[32], 1);
        Reader = new BookReader(schema, Tables, _ => ValueTask.CompletedTask, () => Now);
    }

    public BookCore Core { get; }

    public MemoryTables Tables { get; }

    public Secrets Secrets { get; }

    public SeededRandomness Randomness { get; }

    public IBookReader Reader { get; }

    /// <summary>The frames appended so far.</summary>
    public List<StoredFrame> Journal { get; } = [];

    /// <summary>How often something had to be loaded.</summary>
    public int Loads { get; private set; }

    public long WallMicros { get; private set; }

    public DateTimeOffset Now => Instants.Of(Math.Max(Core.NowMicros, WallMicros + Core.ClockAheadMicros));

    /// <summary>Runs the command to its answer.</summary>
    public Result<TReply> Run<TReply>(ICommand<TReply> command, CallKey? key = null)
    {
        var outcome = RunTicket(TicketKind.Call, command, key);
        if (outcome.Fault is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(outcome.Fault);
        }

        return outcome.Refusal is { } refusal ? refusal : (TReply)outcome.Reply!;
    }

    public DryRun<TReply> DryRun<TReply>(ICommand<TReply> command)
    {
        var outcome = RunTicket(TicketKind.DryRun, command, null);
        if (outcome.Fault is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(outcome.Fault);
        }

        return new DryRun<TReply>(outcome.Refusal is { } refusal ? refusal : (TReply)outcome.Reply!, outcome.Postings ?? []);
    }

    public Task<Result<TReply>> RunAsync<TReply>(ICommand<TReply> command, CallKey? key = null, CancellationToken cancel = default) => Task.FromResult(Run(command, key));

    public Task<DryRun<TReply>> DryRunAsync<TReply>(ICommand<TReply> command, CancellationToken cancel = default) => Task.FromResult(DryRun(command));

    /// <summary>Moves the clock on, stopping at every timer due on the way and running effects in between, as the sandbox clock does.</summary>
    public void Advance(TimeSpan by)
    {
        var target = WallMicros + (by.Ticks / 10);
        for (Settle(); ; Settle())
        {
            var next = Tables.NextTimerAsync(default).Result - Core.ClockAheadMicros;
            if (next is null || next > target)
            {
                break;
            }

            WallMicros = Math.Max(WallMicros, next.Value);
        }

        WallMicros = target;
        Settle();
    }

    /// <summary>Runs timers that are due and effects that are outstanding, until nothing is left to do.</summary>
    public void Settle()
    {
        do
        {
            Pump();
        }
        while (RunEffects() > 0);
    }

    /// <summary>The effects that are outstanding now.</summary>
    public IReadOnlyList<OutstandingEffect> Outstanding => Tables.OutstandingAsync(default).Result;

    /// <summary>The events told since the beginning, of one type.</summary>
    public IEnumerable<TEvent> Told<TEvent>()
        where TEvent : IEvent =>
        Journal.SelectMany(frame => FrameCodec.Decode(frame.Payload, frame.Hash).Ops).OfType<EventOp>()
            .Where(op => _schema.EventType(op.Type) == typeof(TEvent)).Select(op => JsonSerializer.Deserialize<TEvent>(op.Body, BookJson.Options)!);

    /// <summary>Runs each outstanding effect that has an implementation here, once, and hands its outcome to the Book.</summary>
    public int RunEffects()
    {
        var ran = 0;
        foreach (var effect in Outstanding)
        {
            if (_effects.Value.TryGetValue(effect.Effect, out var registration))
            {
                var @event = (IEvent)JsonSerializer.Deserialize(effect.Body, _schema.EventType(effect.Type), BookJson.Options)!;
                var outcome = registration.ActAsync(@event, new EffectContext($"evt_{effect.Event}/{effect.Effect}", 1, Reader), default).GetAwaiter().GetResult();
                Finish(effect, outcome);
                ran++;
            }
        }

        return ran;
    }

    /// <summary>Ends an outstanding effect with an outcome, or with nothing to tell.</summary>
    public void Finish(OutstandingEffect effect, ICommand? outcome)
    {
        Outcome? ended = null;
        Core.Submit(new Ticket { Kind = TicketKind.EffectOutcome, Command = outcome, Event = effect.Event, Effect = effect.Effect, Complete = answer => ended = answer });
        Pump();
        if (ended?.Fault is { } fault)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(fault);
        }
    }

    /// <summary>Forgets all memory, as a restart does.</summary>
    public void Restart() => Core.Start(_head, Journal.Count == 0 ? new byte[32] : Journal[^1].Hash, _head.Epoch + 1);

    private Outcome RunTicket(TicketKind kind, ICommand command, CallKey? key)
    {
        Outcome? outcome = null;
        Core.Submit(new Ticket { Kind = kind, Command = command, Key = key, ReplyKey = key is null ? null : Core.ReplyKeyOf(key), Complete = answer => outcome = answer });
        Pump();
        return outcome ?? throw new InvalidOperationException("The Book came to rest without an answer.");
    }

    private void Pump()
    {
        while (true)
        {
            var output = new StepOutput();
            Core.Step(WallMicros, output);
            if (output.Append is { } append)
            {
                Journal.Add(append.Stored);
                _head = append.Frame.Header;
                Core.OnAppended(append.Stored.Sequence, output);
                Tables.ApplyAsync([FrameCodec.Decode(append.Stored.Payload, append.Stored.Hash)], default).GetAwaiter().GetResult();
                Core.OnApplied(append.Stored.Sequence);
            }

            if (output.Load is { } load)
            {
                Loads++;
                Core.OnLoaded(Tables.LoadAsync(load, default).Result);
            }

            foreach (var (ticket, outcome) in output.Answers)
            {
                ticket.Complete(outcome);
            }

            if (output.Append is null && output.Load is null && output.Answers.Count == 0)
            {
                return;
            }
        }
    }
}
