using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Peony.Book;

/// <summary>What the Book measures of itself at the moment it is asked.</summary>
internal interface IBookGauges
{
    int Queue { get; }

    long LagBytes { get; }

    long LagFrames { get; }

    TimeSpan LagAge { get; }

    TimeSpan SealAge { get; }

    int Slots { get; }

    bool IsReady { get; }

    IReadOnlyDictionary<string, int> EffectsByName { get; }
}

/// <summary>
/// The instruments of the Book: a meter and a source of traces, both named <c>Peony.Book</c>, after the conventions of OpenTelemetry (seconds, bytes, things in braces). While nobody
/// listens an instrument costs one comparison. Tags hold names of commands, refusals and effects, never an id or anything a person typed.
/// </summary>
internal sealed class BookMeter : IDisposable
{
    /// <summary>What meter and traces are called.</summary>
    public const string Name = "Peony.Book";

    private const string Command = "peony.command.name";
    private const string OutcomeTag = "peony.command.outcome";
    private const string ErrorType = "error.type";
    private const string Effect = "peony.effect.name";

    /// <summary>From a hundred microseconds (a good disk's sync) to the patience of a person.</summary>
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private static readonly InstrumentAdvice<int> Sizes = new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048] };
    private static readonly InstrumentAdvice<int> Bytes = new() { HistogramBucketBoundaries = [512, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304] };

    private readonly Meter _meter = new(Name);
    private readonly ActivitySource _traces = new(Name);
    private readonly Counter<long> _commands;
    private readonly Histogram<double> _wait;
    private readonly Histogram<double> _duration;
    private readonly Histogram<int> _frameCommands;
    private readonly Histogram<int> _frameSize;
    private readonly Histogram<double> _append;
    private readonly Counter<long> _appendFaults;
    private readonly Histogram<double> _apply;
    private readonly Histogram<int> _applyFrames;
    private readonly Counter<long> _misses;
    private readonly Histogram<double> _load;
    private readonly Histogram<double> _effect;
    private readonly Histogram<double> _readWait;
    private readonly Counter<long> _unavailable;

    public BookMeter(IBookGauges gauges)
    {
        _commands = _meter.CreateCounter<long>("peony.book.commands", "{command}", "Commands decided, by name and outcome; error.type names the refusal");
        _wait = _meter.CreateHistogram("peony.book.command.wait.duration", "s", "From a command's coming in until it is decided, loading included", advice: Durations);
        _duration = _meter.CreateHistogram("peony.book.command.duration", "s", "From a command's coming in until its caller is answered", advice: Durations);
        _frameCommands = _meter.CreateHistogram("peony.book.frame.commands", "{command}", "Commands decided into one frame, which share one append", advice: Sizes);
        _frameSize = _meter.CreateHistogram("peony.book.frame.size", "By", "Size of a frame", advice: Bytes);
        _append = _meter.CreateHistogram("peony.book.append.duration", "s", "Appending a frame to the journal and syncing it", advice: Durations);
        _appendFaults = _meter.CreateCounter<long>("peony.book.append.faults", "{append}", "Appends that failed or whose outcome was not known; the Book recovered or was fenced");
        _apply = _meter.CreateHistogram("peony.book.apply.duration", "s", "Bringing a batch of frames into the tables", advice: Durations);
        _applyFrames = _meter.CreateHistogram("peony.book.apply.frames", "{frame}", "Frames in one batch", advice: Sizes);
        _misses = _meter.CreateCounter<long>("peony.book.misses", "{slot}", "Things commands needed that were not in memory and had to be loaded, by kind");
        _load = _meter.CreateHistogram("peony.book.load.duration", "s", "One load of everything a group missed", advice: Durations);
        _effect = _meter.CreateHistogram("peony.book.effect.duration", "s", "One try of an effect outside, by name; error.type when it threw", advice: Durations);
        _readWait = _meter.CreateHistogram("peony.book.read.wait.duration", "s", "Reads that had to wait for the tables", advice: Durations);
        _unavailable = _meter.CreateCounter<long>("peony.book.unavailable", "{request}", "Callers told to come again (HTTP 503), by reason in error.type");
        _meter.CreateObservableUpDownCounter("peony.book.queue", () => gauges.Queue, "{command}", "Commands waiting for their answer");
        _meter.CreateObservableUpDownCounter("peony.book.lag.size", () => gauges.LagBytes, "By", "Frames that are durable and not yet in the tables");
        _meter.CreateObservableUpDownCounter("peony.book.lag.frames", () => gauges.LagFrames, "{frame}", "Frames that are durable and not yet in the tables");
        _meter.CreateObservableGauge("peony.book.lag.duration", () => gauges.LagAge.TotalSeconds, "s", "Age of the oldest frame that is not yet in the tables");
        _meter.CreateObservableGauge("peony.book.seal.age", () => gauges.SealAge.TotalSeconds, "s", "How long the head of the journal has been ahead of its seal");
        _meter.CreateObservableUpDownCounter("peony.book.memory.slots", () => gauges.Slots, "{slot}", "Things kept in memory");
        _meter.CreateObservableGauge("peony.book.ready", () => gauges.IsReady ? 1 : 0, "1", "1 when commands are taken and reads are current");
        _meter.CreateObservableUpDownCounter("peony.book.effects.outstanding",
            () => gauges.EffectsByName.Select(effect => new Measurement<int>(effect.Value, new KeyValuePair<string, object?>(Effect, effect.Key))), "{effect}", "Effects not yet carried out, by name");
    }

    /// <summary>The trace of one command, or null when nobody listens.</summary>
    public Activity? StartCommand(BookSchema schema, ICommand command)
    {
        if (!_traces.HasListeners())
        {
            return null;
        }

        var name = schema.NameOrTypeOf(command);
        var activity = _traces.StartActivity(name);
        activity?.SetTag(Command, name);
        return activity;
    }

    /// <summary>The trace of one try of an effect; what it sends outside becomes part of it.</summary>
    public Activity? StartEffect(string effect, long @event, int attempt)
    {
        if (!_traces.HasListeners() || _traces.StartActivity("effect " + effect, ActivityKind.Consumer, parentContext: default) is not { } activity)
        {
            return null;
        }

        return activity.SetTag(Effect, effect).SetTag("peony.event", @event).SetTag("peony.attempt", attempt);
    }

    public static void EndCommand(Activity activity, in Outcome outcome)
    {
        var error = outcome.Fault is { } fault ? (fault.InnerException ?? fault).GetType().Name : outcome.Refusal?.Code;
        activity.SetTag(OutcomeTag, NameOf(outcome));
        if (error is not null)
        {
            activity.SetTag(ErrorType, error);
        }

        if (outcome.Fault is not null)
        {
            activity.SetStatus(ActivityStatusCode.Error);
        }
    }

    public void Decided(in Decided decided, long now)
    {
        if (_commands.Enabled)
        {
            var outcome = NameOf(decided.IsFault, decided.Refusal);
            if (decided.Refusal is { } code)
            {
                _commands.Add(1, new(Command, decided.Name), new(OutcomeTag, outcome), new(ErrorType, code));
            }
            else
            {
                _commands.Add(1, new(Command, decided.Name), new(OutcomeTag, outcome));
            }
        }

        if (decided.Ticket is not { EnteredAt: > 0 } ticket)
        {
            return;
        }

        if (_wait.Enabled)
        {
            _wait.Record(Stopwatch.GetElapsedTime(ticket.EnteredAt, now).TotalSeconds);
        }

        ticket.Activity?.AddEvent(new ActivityEvent("decided"));
    }

    public void Answered(TimeSpan took, in Outcome outcome)
    {
        if (_duration.Enabled)
        {
            _duration.Record(took.TotalSeconds, new KeyValuePair<string, object?>(OutcomeTag, NameOf(outcome)));
        }
    }

    public void Appended(int commands, int bytes, TimeSpan took)
    {
        _frameCommands.Record(commands);
        _frameSize.Record(bytes);
        _append.Record(took.TotalSeconds);
    }

    public void AppendFailed(Exception exception) => _appendFaults.Add(1, new KeyValuePair<string, object?>(ErrorType, exception.GetType().Name));

    public void Applied(int frames, TimeSpan took)
    {
        _applyFrames.Record(frames);
        _apply.Record(took.TotalSeconds);
    }

    public void Missed(LoadRequest request)
    {
        if (!_misses.Enabled)
        {
            return;
        }

        Add("record", request.Records.Count);
        Add("index", request.Indexes.Count);
        Add("account", request.Accounts.Count + request.AccountNumbers.Count);
        Add("hold", request.Holds.Count);
        Add("entry_key", request.EntryKeys.Count);
        Add("timer", request.TimerKeys.Count + (request.TimersAfter is null ? 0 : 1));
        Add("reply", request.Replies.Count);

        void Add(string kind, int count)
        {
            if (count > 0)
            {
                _misses.Add(count, new KeyValuePair<string, object?>("peony.slot.kind", kind));
            }
        }
    }

    public void Loaded(TimeSpan took) => _load.Record(took.TotalSeconds);

    public void EffectTried(string effect, TimeSpan took, Exception? exception)
    {
        if (exception is null)
        {
            _effect.Record(took.TotalSeconds, new KeyValuePair<string, object?>(Effect, effect));
        }
        else
        {
            _effect.Record(took.TotalSeconds, new(Effect, effect), new(ErrorType, exception.GetType().Name));
        }
    }

    public void ReadWaited(TimeSpan took) => _readWait.Record(took.TotalSeconds);

    public void Unavailable(string reason) => _unavailable.Add(1, new KeyValuePair<string, object?>(ErrorType, reason));

    public void Dispose()
    {
        _meter.Dispose();
        _traces.Dispose();
    }

    private static string NameOf(in Outcome outcome) =>
        outcome.Fault is BookUnavailableException ? "unavailable" : NameOf(outcome.Fault is not null, outcome.Refusal?.Code);

    private static string NameOf(bool isFault, string? refusal) => isFault ? "fault" : refusal is null ? "done" : "refused";
}
