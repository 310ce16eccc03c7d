using System.Text;
using System.Text.Json;

namespace Peony.Book;

/// <summary>How much the Book takes at once.</summary>
internal sealed record CoreLimits
{
    /// <summary>Commands decided into one frame at the most.</summary>
    public int GroupMost { get; init; } = 2048;

    /// <summary>Postings decided into one frame, from which on no further command is taken into it: eight full bulk entries.</summary>
    public int GroupPostingsMost { get; init; } = 8 * IWork.TransfersMost;

    /// <summary>Bulk timers run before one group.</summary>
    public int BulkTimersMost { get; init; } = 64;

    /// <summary>Slots kept in memory before it shrinks.</summary>
    public int MemoryMost { get; init; } = 400_000;

    /// <summary>Timers loaded ahead at once.</summary>
    public int TimersAhead { get; init; } = 4096;

    /// <summary>Frames decided but not yet durable: one being written, one waiting.</summary>
    public int FramesAhead { get; init; } = 2;

    /// <summary>While a frame is being written, a group is decided only when at least this many commands wait: small groups are better put together.</summary>
    public int DecideAheadFrom { get; init; } = 64;

    /// <summary>How often a timer or outcome may throw before it is parked.</summary>
    public int ThrowsMost { get; init; } = 3;

    /// <summary>
    /// How often a command may be set aside before it counts as a defect. Most need a handful of loads; one that asks for something else each time it runs, such as an index value made
    /// from a new id, would never end.
    /// </summary>
    public int SetAsideMost { get; init; } = 1000;

    /// <summary>How long a reply is kept for its key, microseconds: 30 days.</summary>
    public long ReplyLifeMicros { get; init; } = 30L * 24 * 3600 * 1_000_000;
}

/// <summary>What one step asks the shell to do.</summary>
internal sealed class StepOutput
{
    /// <summary>A frame to append, if one was decided.</summary>
    public (StoredFrame Stored, Frame Frame)? Append { get; set; }

    /// <summary>What to load, if commands missed something.</summary>
    public LoadRequest? Load { get; set; }

    /// <summary>Answers that may go out now.</summary>
    public List<(Ticket Ticket, Outcome Outcome)> Answers { get; } = [];

    /// <summary>True when another step would find work at once.</summary>
    public bool HasMore { get; set; }
}

/// <summary>What a command that ended looks like to metrics.</summary>
/// <param name="Ticket">Null for timers.</param>
internal readonly record struct Decided(string Name, string? Refusal, bool IsFault, Ticket? Ticket = null, bool IsBulk = false, Exception? Fault = null);

/// <summary>
/// The Book's step function: waiting commands, clock and store results go in; one frame, load requests and answers come out. Single-threaded, no I/O, no ambient time
/// or randomness, so a seeded simulation drives it and replays exactly.
/// </summary>
internal sealed class BookCore
{
    private readonly BookSchema _schema;
    private readonly Secrets _secrets;
    private readonly byte[] _chainKey;
    private readonly CoreLimits _limits;
    private readonly Action<Decided>? _observe;
    private readonly Queue<Ticket> _ready = new();
    private readonly Queue<Ticket> _priority = new();
    private readonly Queue<Ticket> _again = new();
    private readonly Dictionary<string, Ticket> _running = new(StringComparer.Ordinal);
    private readonly Dictionary<long, (List<Ticket> Tickets, long AppliedAtIssue)> _loads = [];
    private readonly Queue<(long After, Ticket Ticket, Outcome Outcome)> _unanswered = new();
    private readonly Dictionary<string, int> _timerThrows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _timerMisses = new(StringComparer.Ordinal);
    private readonly Work _work;
    private readonly ReplyFilter _replyKeys = new();
    private Counters _counters;
    private byte[] _hash = new byte[32];
    private string _book = "";
    private long _epoch;
    private long _group;
    private long _loadNumber;
    private long _timersLoad;
    private int _shrinkAt;
    private bool _knowsEarlierKeys;
    private bool _isStarted;

    public BookCore(BookSchema schema, Secrets secrets, IRandomness randomness, CoreLimits limits, Action<Decided>? observe = null)
    {
        _schema = schema;
        _secrets = secrets;
        _chainKey = secrets.Key("chain");
        _limits = limits;
        _shrinkAt = limits.MemoryMost;
        _observe = observe;
        Memory = new Memory(limits.MemoryMost);
        _work = new Work(schema, Memory, randomness);
    }

    public Memory Memory { get; }

    /// <summary>The last frame decided.</summary>
    public long Sequence { get; private set; }

    /// <summary>The last frame known durable.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>The last frame known applied.</summary>
    public long Applied { get; private set; }

    public long NowMicros { get; private set; }

    public long ClockAheadMicros { get; private set; }

    public bool IsPoisoned { get; private set; }

    public int Waiting => _again.Count + _ready.Count + _priority.Count + _loads.Values.Sum(load => load.Tickets.Count);

    /// <summary>True when nothing waits, loads, or is being written.</summary>
    public bool IsIdle => _again.Count + _ready.Count + _priority.Count + _loads.Count + _unanswered.Count == 0 && Acknowledged == Sequence;

    /// <summary>The moment of the earliest timer in memory, Book time, or null.</summary>
    public long? NextTimerMicros => Memory.FirstTimer?.Due;

    /// <summary>Starts, or starts anew after poison, at the head of the journal. Every frame up to the head must be applied.</summary>
    public void Start(FrameHeader head, byte[] hash, long epoch)
    {
        Memory.Clear();
        _loads.Clear();
        _timersLoad = 0;
        _hash = hash;
        _book = head.Book;
        _epoch = epoch;
        _counters = new Counters { Account = head.LastAccount, Entry = head.LastEntry, Posting = head.LastPosting, Event = head.LastEvent };
        Sequence = Acknowledged = Applied = head.Sequence;
        NowMicros = head.NowMicros;
        ClockAheadMicros = head.ClockAheadMicros;
        IsPoisoned = false;
        _isStarted = true;
    }

    public void Submit(Ticket ticket) => (ticket.Kind == TicketKind.Call || ticket.Kind == TicketKind.DryRun ? _ready : _priority).Enqueue(ticket);

    /// <summary>A load came back. Its commands run again.</summary>
    public void OnLoaded(LoadResult result)
    {
        // A load asked for before the Book was poisoned: its answer means nothing any more, and its commands wait anew.
        if (_loads.Remove(result.Request.Number, out var load))
        {
            Memory.TakeIn(result, _schema, _group);
            foreach (var ticket in load.Tickets)
            {
                _again.Enqueue(ticket);
            }

            if (_timersLoad == result.Request.Number)
            {
                _timersLoad = 0;
            }
        }
    }

    /// <summary>A load failed: its commands are answered unavailable.</summary>
    public void OnLoadFailed(LoadRequest request, Exception exception, StepOutput output)
    {
        if (_loads.Remove(request.Number, out var load))
        {
            foreach (var ticket in load.Tickets)
            {
                Answer(output, ticket, Outcome.Failed(new BookUnavailableException("The database did not answer: " + exception.Message)));
            }

            if (_timersLoad == request.Number)
            {
                _timersLoad = 0;
            }
        }
    }

    /// <summary>The frame is durable: its answers, and those that rest on it, go out.</summary>
    public void OnAppended(long sequence, StepOutput output)
    {
        Acknowledged = sequence;
        ReleaseAnswers(output);
    }

    /// <summary>Tells the keys of all replies that were in the tables at some moment since the start. From then on a new key needs no load.</summary>
    public void OnEarlierKeys(ReplyFilter earlier)
    {
        if (!Planted.Has("earlier-keys-forgotten"))
        {
            _replyKeys.Add(earlier);
        }

        _knowsEarlierKeys = true;
    }

    public void OnApplied(long sequence) => Applied = Math.Max(Applied, sequence);

    /// <summary>An append failed or nobody knows: every decision since is void until the journal's head has been read.</summary>
    public void Poison() => IsPoisoned = true;

    /// <summary>
    /// Goes on after poison. Answers that rest on frames up to the head go out as they were decided; all other commands wait anew, oldest first, and their keys tell
    /// whether they were carried out.
    /// </summary>
    public void Recover(FrameHeader head, byte[] hash, long epoch, StepOutput output)
    {
        var again = new List<Ticket>();
        foreach (var (after, ticket, outcome) in _unanswered)
        {
            if (after <= head.Sequence)
            {
                Answer(output, ticket, outcome);
            }
            else
            {
                again.Add(ticket);
            }
        }

        _unanswered.Clear();
        again.AddRange(_loads.Values.SelectMany(load => load.Tickets));
        again.AddRange(_again);
        again.AddRange(_priority);
        again.AddRange(_ready);
        _again.Clear();
        _priority.Clear();
        _ready.Clear();
        Start(head, hash, epoch);
        foreach (var ticket in again)
        {
            Submit(ticket);
        }
    }

    /// <summary>Ends every command that waits, when this process may not write any more. What is in the journal is answered as decided.</summary>
    public void Abandon(long durable, Func<bool, Exception> fault, StepOutput output)
    {
        foreach (var (after, ticket, outcome) in _unanswered)
        {
            Answer(output, ticket, after <= durable ? outcome : Outcome.Failed(fault(true)));
        }

        _unanswered.Clear();
        foreach (var ticket in _loads.Values.SelectMany(load => load.Tickets).Concat(_again).Concat(_priority).Concat(_ready).ToList())
        {
            Answer(output, ticket, Outcome.Failed(fault(false)));
        }

        _loads.Clear();
        _again.Clear();
        _priority.Clear();
        _ready.Clear();
        _isStarted = false;
    }

    /// <summary>Decides the next group, if there is something to decide and room to write it.</summary>
    /// <param name="wallMicros">The wall clock.</param>
    public void Step(long wallMicros, StepOutput output)
    {
        var ahead = Sequence - Acknowledged;
        if (!_isStarted || IsPoisoned || ahead >= _limits.FramesAhead || (ahead > 0 && _again.Count + _ready.Count + _priority.Count < _limits.DecideAheadFrom))
        {
            return;
        }

        var now = Math.Max(NowMicros, wallMicros + ClockAheadMicros);
        _group++;
        var misses = new LoadRequest { Number = ++_loadNumber };
        var missed = new List<Ticket>();
        var ops = new List<FrameOp>();
        var sequence = Sequence + 1;
        var clockAhead = ClockAheadMicros;
        var answers = new List<(Ticket Ticket, Outcome Outcome)>();

        if (RunTimers(now, sequence, ops, misses))
        {
            var room = _limits.GroupMost;
            var postingsMost = _counters.Posting + _limits.GroupPostingsMost;
            while (room-- > 0 && _counters.Posting < postingsMost && (_again.TryDequeue(out var ticket) || _priority.TryDequeue(out ticket) || _ready.TryDequeue(out ticket)))
            {
                if (!Run(ticket, now, sequence, ops, misses, answers, ref clockAhead))
                {
                    ticket.SetAsideAt = ticket.SetAsideAt == 0 ? _group : ticket.SetAsideAt;
                    missed.Add(ticket);
                }
            }
        }

        if (!misses.IsEmpty)
        {
            _loads.Add(misses.Number, (missed, Applied));
            output.Load = misses;
        }

        if (ops.Count > 0)
        {
            Close(now, clockAhead, ops, output);
        }

        foreach (var (ticket, outcome) in answers)
        {
            _unanswered.Enqueue((Sequence, ticket, outcome));
        }

        ReleaseAnswers(output);
        var floor = Applied;
        foreach (var (_, appliedAtIssue) in _loads.Values)
        {
            floor = Math.Min(floor, appliedAtIssue);
        }

        Memory.Settle(floor);
        if (Memory.Count > _shrinkAt)
        {
            var inUse = _loads.Values.SelectMany(load => load.Tickets).Concat(_again).Select(ticket => ticket.SetAsideAt).Append(_group).Min();
            Memory.Shrink(floor, _group, inUse);
            _shrinkAt = Math.Max(_limits.MemoryMost, Memory.Count + (_limits.MemoryMost / 8));
        }

        // While the timers' load is under way nothing else may run; its return is the next step.
        output.HasMore = _timersLoad == 0 && _again.Count + _ready.Count + _priority.Count > 0 && Sequence - Acknowledged < _limits.FramesAhead;
    }

    /// <summary>Runs what is due. False when something must be loaded first: then no command may run before it.</summary>
    private bool RunTimers(long now, long sequence, List<FrameOp> ops, LoadRequest misses)
    {
        if (_timersLoad != 0)
        {
            return false;
        }

        if (Memory.TimersThrough.Due <= now)
        {
            misses.TimersAfter = (Memory.TimersThrough.Due, Memory.TimersThrough.Key, _limits.TimersAhead);
            _timersLoad = misses.Number;
            return false;
        }

        foreach (var timer in Memory.TimersDue(now, _limits.BulkTimersMost))
        {
            // One that ran before may have taken this one away or set it anew.
            if (Memory.Timers[timer.Key].Timer != timer)
            {
                continue;
            }

            if (_timersLoad != 0)
            {
                LookAhead(timer, now, misses);
            }
            else if (!RunTimer(timer, now, sequence, ops, misses))
            {
                _timersLoad = misses.Number;
            }
        }

        return _timersLoad == 0;
    }

    /// <summary>Finds out what a timer will miss that has to wait for one before it, so that all is loaded together. Nothing of the run is kept.</summary>
    private void LookAhead(TimerOp timer, long now, LoadRequest misses)
    {
        _work.Begin(now, _group, _counters, misses);
        try
        {
            ((ICommand)JsonSerializer.Deserialize(timer.Body, _schema.CommandType(timer.Command), BookJson.Options)!).RunBoxed(_work);
        }
        catch (MissException)
        {
            // What it misses is on the list now.
        }
        catch (Exception)
        {
            // It may well throw where the one before it has not run; when its turn comes it is run for good.
        }
    }

    private bool RunTimer(TimerOp timer, long now, long sequence, List<FrameOp> ops, LoadRequest misses)
    {
        var counters = _counters;
        _work.Begin(now, _group, counters, misses);
        try
        {
            var command = (ICommand)JsonSerializer.Deserialize(timer.Body, _schema.CommandType(timer.Command), BookJson.Options)!;
            var (_, refusal) = command.RunBoxed(_work);
            if (refusal is not null)
            {
                _work.KeepOnlyWhatRefusalKeeps(counters);
            }

            // Gone first, so that a timer may set itself again.
            ops.Add(new TimerGoneOp(timer.Key));
            Memory.SetTimer(timer.Key, null, sequence);
            ops.Add(new CommandOp(timer.Command, null, refusal?.Code));
            _work.Commit(ops, sequence, ref _counters);
            _timerThrows.Remove(timer.Key);
            _timerMisses.Remove(timer.Key);
            _observe?.Invoke(new Decided(timer.Command, refusal?.Code, false, IsBulk: timer.Class == TimerClass.Bulk));
            return true;
        }
        catch (MissException) when (!NeverEnds(timer))
        {
            return false;
        }
        catch (Exception exception)
        {
            _observe?.Invoke(new Decided(timer.Command, null, true, Fault: exception));
            var throws = _timerThrows[timer.Key] = _timerThrows.GetValueOrDefault(timer.Key) + 1;
            if (throws >= _limits.ThrowsMost)
            {
                _timerThrows.Remove(timer.Key);
                _timerMisses.Remove(timer.Key);
                ops.Add(new TimerGoneOp(timer.Key));
                Memory.SetTimer(timer.Key, null, sequence);
                ops.Add(new ParkedOp("timer", timer.Key, Describe(exception), timer.Command, timer.Body));
            }

            return true;
        }
    }

    /// <summary>Counts how often a timer was set aside.</summary>
    private bool NeverEnds(TimerOp timer)
    {
        var times = _timerMisses[timer.Key] = _timerMisses.GetValueOrDefault(timer.Key) + 1;
        return times >= _limits.SetAsideMost;
    }

    /// <summary>Runs one command. False when it missed something.</summary>
    private bool Run(Ticket ticket, long now, long sequence, List<FrameOp> ops, LoadRequest misses, List<(Ticket, Outcome)> answers, ref long clockAhead)
    {
        if (ticket.System is { } system)
        {
            var write = new SystemWrite(Memory, ops, sequence) { ClockAheadMicros = clockAhead };
            system(write);
            clockAhead = write.ClockAheadMicros;
            answers.Add((ticket, default));
            return true;
        }

        if (ticket.ReplyKey is { } replyKey && !MayRun(ticket, replyKey, now, misses, answers, out var isSettled))
        {
            return isSettled;
        }

        var counters = _counters;
        _work.Begin(now, _group, counters, misses, ticket.Kind == TicketKind.DryRun, ticket.Drawn);
        try
        {
            var (reply, refusal) = ticket.Command?.RunBoxed(_work) ?? default;
            if (ticket.Kind == TicketKind.DryRun)
            {
                answers.Add((ticket, new Outcome(reply, refusal, null, refusal is null ? [.. _work.Postings] : [])));
                return true;
            }

            if (refusal is not null)
            {
                _work.KeepOnlyWhatRefusalKeeps(counters);
            }

            var name = ticket.Command is null ? "book.effect_done" : _schema.NameOf(ticket.Command);
            if (_work.HasChanges || ticket.ReplyKey is not null || ticket.Kind == TicketKind.EffectOutcome)
            {
                var stored = ReplyOf(ticket, reply, refusal);
                ops.Add(new CommandOp(name, ticket.Key?.Caller, refusal?.Code));
                _work.Commit(ops, sequence, ref _counters);
                if (stored is not null)
                {
                    ops.Add(stored);
                    Memory.SetReply(ticket.ReplyKey!, new ReplySlot { Reply = stored, AtMicros = now, ChangedAt = sequence, UsedAt = _group });
                    _replyKeys.Add(stored.Key);
                }

                if (ticket.Kind == TicketKind.EffectOutcome)
                {
                    ops.Add(new EffectDoneOp(ticket.Event, ticket.Effect!));
                }
            }

            _observe?.Invoke(new Decided(name, refusal?.Code, false, ticket));
            answers.Add((ticket, new Outcome(reply, refusal, null)));
            return true;
        }
        catch (MissException) when (++ticket.TimesSetAside < _limits.SetAsideMost)
        {
            return false;
        }
        catch (Exception exception)
        {
            _observe?.Invoke(new Decided(ticket.Command is null ? "book.effect_done" : _schema.NameOrTypeOf(ticket.Command), null, true, ticket, Fault: exception));
            Fail(ticket, exception, ops, answers);
            return true;
        }
    }

    /// <summary>
    /// Idempotency. True when the command is to run. Otherwise it is settled (answered, or waiting for the first of the same key), or the key's reply must be loaded.
    /// </summary>
    private bool MayRun(Ticket ticket, string replyKey, long now, LoadRequest misses, List<(Ticket, Outcome)> answers, out bool isSettled)
    {
        isSettled = true;
        if (_running.TryGetValue(replyKey, out var first) && first != ticket)
        {
            if (first.Key!.Fingerprint.AsSpan().SequenceEqual(ticket.Key!.Fingerprint))
            {
                (first.Followers ??= []).Add(ticket);
            }
            else
            {
                answers.Add((ticket, new Outcome(null, BookRefusals.KeyReused, null)));
            }

            return false;
        }

        if (!Memory.Replies.TryGetValue(replyKey, out var slot) && IsNewKey(replyKey))
        {
            _running[replyKey] = ticket;
            return true;
        }

        if (slot is null)
        {
            misses.Replies.Add(replyKey);
            _running[replyKey] = ticket;
            isSettled = false;
            return false;
        }

        slot.UsedAt = _group;
        if (slot.Reply is null || now - slot.AtMicros > _limits.ReplyLifeMicros)
        {
            _running[replyKey] = ticket;
            return true;
        }

        answers.Add((ticket, slot.Reply.Fingerprint.AsSpan().SequenceEqual(ticket.Key!.Fingerprint)
            ? Stored(ticket, slot.Reply)
            : new Outcome(null, BookRefusals.KeyReused, null)));
        return false;
    }

    private bool IsNewKey(string replyKey)
    {
        Span<byte> key = stackalloc byte[16];
        Convert.FromHexString(replyKey, key, out _, out _);
        return _knowsEarlierKeys && !_replyKeys.MayContain(key);
    }

    private static Outcome Stored(Ticket ticket, ReplyOp reply) => reply.IsRefusal
        ? new Outcome(null, JsonSerializer.Deserialize<Refusal>(reply.Body, BookJson.Options), null)
        : new Outcome(JsonSerializer.Deserialize(reply.Body, ticket.Command!.ReplyType, BookJson.Options), null, null);

    private static ReplyOp? ReplyOf(Ticket ticket, object? reply, Refusal? refusal)
    {
        if (ticket.ReplyKey is null || Planted.Has("reply-not-kept"))
        {
            return null;
        }

        var body = refusal is not null
            ? JsonSerializer.SerializeToUtf8Bytes(refusal, BookJson.Options)
            : JsonSerializer.SerializeToUtf8Bytes(reply is IShownOnce once ? once.WithoutSecrets() : reply, ticket.Command!.ReplyType, BookJson.Options);
        return new ReplyOp(Convert.FromHexString(ticket.ReplyKey), ticket.Key!.Fingerprint, refusal is not null, body);
    }

    /// <summary>The hash under which a caller's key is stored: keys of different callers never meet.</summary>
    public string ReplyKeyOf(CallKey key) => _secrets.Hash("reply", key.Caller.Length + ":" + key.Caller + key.Key);

    private void Fail(Ticket ticket, Exception exception, List<FrameOp> ops, List<(Ticket, Outcome)> answers)
    {
        ticket.Throws++;
        if (ticket.Kind == TicketKind.EffectOutcome && ticket.Throws < _limits.ThrowsMost)
        {
            Submit(ticket);
            return;
        }

        if (ticket.Kind == TicketKind.EffectOutcome)
        {
            ops.Add(new ParkedOp("effect", $"{ticket.Event}/{ticket.Effect}", Describe(exception), ticket.Effect!, []));
        }

        answers.Add((ticket, Outcome.Failed(new CommandFailedException(ticket.Command!.GetType().Name, exception))));
    }

    /// <summary>What may be kept of an exception: its type and where it was thrown, never its message (it may quote data).</summary>
    private static string Describe(Exception exception)
    {
        var text = new StringBuilder(exception.GetType().Name);
        var frame = new System.Diagnostics.StackTrace(exception).GetFrame(0)?.GetMethod();
        return frame is null ? text.ToString() : text.Append(" in ").Append(frame.DeclaringType?.Name).Append('.').Append(frame.Name).ToString();
    }

    private void Close(long now, long clockAhead, List<FrameOp> ops, StepOutput output)
    {
        Sequence++;
        NowMicros = now + (clockAhead - ClockAheadMicros);
        ClockAheadMicros = clockAhead;
        var header = new FrameHeader
        {
            Book = _book,
            Sequence = Sequence,
            Epoch = _epoch,
            NowMicros = now,
            ClockAheadMicros = clockAhead,
            LastAccount = _counters.Account,
            LastEntry = _counters.Entry,
            LastPosting = _counters.Posting,
            LastEvent = _counters.Event,
            PreviousHash = _hash,
        };
        var payload = FrameCodec.Encode(header, ops);
        _hash = FrameCodec.Hash(_chainKey, payload);
        output.Append = (new StoredFrame(Sequence, _epoch, payload, _hash), new Frame(header, ops, _hash));
    }

    private void ReleaseAnswers(StepOutput output)
    {
        while (!IsPoisoned && _unanswered.TryPeek(out var next) && (next.After <= Acknowledged || Planted.Has("answer-before-append")))
        {
            _unanswered.Dequeue();
            Answer(output, next.Ticket, next.Outcome);
        }
    }

    private void Answer(StepOutput output, Ticket ticket, Outcome outcome)
    {
        output.Answers.Add((ticket, outcome));
        if (ticket.ReplyKey is null || !_running.TryGetValue(ticket.ReplyKey, out var first) || first != ticket)
        {
            return;
        }

        _running.Remove(ticket.ReplyKey);
        foreach (var follower in ticket.Followers ?? [])
        {
            // After a defect or when the Book went away nothing is stored: everybody who asked hears the same.
            output.Answers.Add((follower, outcome.Reply is IShownOnce once ? outcome with { Reply = once.WithoutSecrets() } : outcome));
        }

        ticket.Followers = null;
    }
}

/// <summary>Refusals of the Book itself.</summary>
public static class BookRefusals
{
    /// <summary>The key was used for another request.</summary>
    public static readonly Refusal KeyReused = new("idempotency.key_reused", RefusalKind.Conflict);
}
