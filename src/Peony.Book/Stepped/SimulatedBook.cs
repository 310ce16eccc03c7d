using Peony.Ledger;

namespace Peony.Book;

/// <summary>What a simulated world offers: callers with commands, and what must hold whatever happens.</summary>
internal interface ISimulatedWorld
{
    /// <summary>The next command somebody sends: the command, its key, and who is told the answer.</summary>
    (ICommand Command, CallKey? Key, Action<Outcome> Answered) Next(SeededRandomness random, DateTimeOffset now);

    /// <summary>What the outside says to an outstanding effect, or null to let it wait; may be asked again for the same one.</summary>
    (bool IsAnswered, ICommand? Outcome) Answer(OutstandingEffect effect, SeededRandomness random);

    /// <summary>The first thing that is wrong in a state of the tables at rest, or null.</summary>
    string? Check(MemoryTables tables, IReadOnlyList<Frame> journal);
}

/// <summary>An invariant broke. The seed replays it.</summary>
internal sealed class InvariantBrokenException(string message) : Exception(message);

/// <summary>
/// A Book whose whole outside comes from a seed: when appends end and how (done, failed, unknown), when loads and applies come back and in which order, crashes, clock steps,
/// duplicated and reordered commands. One run is one history; the same seed gives the same journal, hash for hash.
/// </summary>
internal sealed class SimulatedBook : IAsyncDisposable
{
    private readonly BookSchema _schema;
    private readonly Secrets _secrets = new([.. Enumerable.Range(1, 32).Select(number => (byte)number)]);
    private readonly ISimulatedWorld _world;
    private readonly SeededRandomness _random;
    private readonly CoreLimits _limits;
    private readonly SortedDictionary<string, long> _counts;
    private readonly List<StoredFrame> _journal = [];
    private readonly List<Frame> _frames = [];
    private readonly Queue<Frame> _toApply = new();
    private readonly List<(LoadRequest Request, LoadResult? Result)> _loads = [];
    private readonly Queue<(StoredFrame Stored, Frame Frame)> _appends = new();
    private readonly List<Call> _calls = [];
    private readonly HashSet<(long, string)> _effectsAtWork = [];
    private readonly MemoryTables _tables;
    private BookCore _core;
    private long _wall;
    private long _epoch = 1;
    private int _life;
    private bool _knowsKeys;

    public SimulatedBook(BookSchema schema, ISimulatedWorld world, ulong seed, SortedDictionary<string, long> counts, int? crashAtAppend = null)
    {
        (_schema, _world, _random, _counts, CrashAtAppend) = (schema, world, new SeededRandomness(seed), counts, crashAtAppend);
        // Small bounds, so that memory forgets and timers are loaded in windows all the time.
        _limits = new CoreLimits { GroupMost = 1 + _random.Next(8), MemoryMost = 40 + _random.Next(200), TimersAhead = 2 + _random.Next(6), BulkTimersMost = 2, DecideAheadFrom = 1 + _random.Next(4) };
        _tables = new MemoryTables(schema);
        _wall = Instants.Micros(new DateTimeOffset(2026, 3, 5, 2, 0, 0, TimeSpan.Zero));
        _core = NewCore();
        _core.Start(FrameHeader.Genesis("simulated"), new byte[32], _epoch);
    }

    /// <summary>Crash exactly at this append and nowhere else; null for crashes by chance.</summary>
    public int? CrashAtAppend { get; }

    public int Appends { get; private set; }

    /// <summary>The hash of the last frame: equal for equal seeds.</summary>
    public string Hash => _journal.Count == 0 ? "" : Convert.ToHexStringLower(_journal[^1].Hash);

    public MemoryTables Tables => _tables;

    public ValueTask DisposeAsync() => _tables.DisposeAsync();

    /// <summary>Runs until this many commands were answered, then lets everything come to rest and checks it.</summary>
    public void Run(int commands)
    {
        var answered = 0;
        for (var tick = 0; answered < commands; tick++)
        {
            if (tick > commands * 400)
            {
                throw new InvariantBrokenException($"The Book came to no end: {answered} of {commands} commands answered.");
            }

            switch (_random.Next(100))
            {
                // Few callers at a time: what they ask for should still be true when their turn comes.
                case < 30 when _core.Waiting < 12 && _calls.Count - answered < 24:
                    Send();
                    break;
                case < 55:
                    Step();
                    break;
                case < 75:
                    FinishAppend();
                    break;
                case < 83:
                    FinishLoad();
                    break;
                case < 91:
                    ApplySome();
                    break;
                case < 95:
                    AnswerEffect();
                    break;
                case < 96:
                    Resend();
                    break;
                case < 99:
                    _wall += _random.Next(20) == 0 ? _random.Next(3600) * 1_000_000L : _random.Next(5_000) * 1000L;
                    break;
                default:
                    if (CrashAtAppend is null && _random.Next(4) == 0)
                    {
                        Crash("crash at rest");
                    }

                    break;
            }

            answered = _calls.Count(call => call.IsAnswered);
            if (tick % 997 == 996)
            {
                Rest();
            }
        }

        Rest();
    }

    private BookCore NewCore() => new(_schema, _secrets, _random, _limits, decided =>
    {
        Count("decided " + decided.Name);
        if (decided.Refusal is not null)
        {
            Count("refusal " + decided.Refusal);
        }

        if (decided.IsFault)
        {
            Count("fault");
            throw new InvariantBrokenException($"{decided.Name} threw: {decided.Fault}");
        }
    });

    private void Count(string what) => _counts[what] = _counts.GetValueOrDefault(what) + 1;

    private void Send()
    {
        var (command, key, answered) = _world.Next(_random, Instants.Of(Math.Max(_core.NowMicros, _wall)));
        var call = new Call(command, key, answered);
        _calls.Add(call);
        Count("command");
        Submit(call);
        if (key is not null && _random.Next(6) == 0)
        {
            // The network delivered it twice.
            Count("duplicate");
            Submit(call);
        }
    }

    /// <summary>A caller that has waited long enough sends the same again, after others that came later.</summary>
    private void Resend()
    {
        var waiting = _calls.Where(call => !call.IsAnswered && call.Key is not null).ToList();
        if (waiting.Count > 0)
        {
            Count("reordered");
            Submit(waiting[_random.Next(waiting.Count)]);
        }
    }

    private void Submit(Call call)
    {
        var life = _life;
        _core.Submit(new Ticket
        {
            Kind = TicketKind.Call,
            Command = call.Command,
            Key = call.Key,
            ReplyKey = call.Key is null ? null : _core.ReplyKeyOf(call.Key),
            Complete = outcome =>
            {
                if (life != _life)
                {
                    return;
                }

                if (outcome.Fault is not null)
                {
                    throw new InvariantBrokenException($"{call.Command.GetType().Name} was answered {outcome.Fault.Message}");
                }

                if (outcome.Refusal?.Is(BookRefusals.KeyReused) == true)
                {
                    Count("refusal " + BookRefusals.KeyReused.Code);
                }

                call.Take(outcome);
            },
        });
    }

    private void Step()
    {
        // Sooner or later the keys of earlier replies are known.
        if (!_knowsKeys && _random.Next(20) == 0)
        {
            _knowsKeys = true;
            var keys = new ReplyFilter();
            _tables.ReadReplyKeysAsync(key => keys.Add(key), default).GetAwaiter().GetResult();
            _core.OnEarlierKeys(keys);
        }

        var output = new StepOutput();
        _core.Step(_wall, output);
        Dispatch(output);
    }

    private void Dispatch(StepOutput output)
    {
        if (output.Append is { } append)
        {
            Count("frame");
            foreach (var _ in append.Frame.Ops.OfType<TimerGoneOp>())
            {
                Count("timer gone");
            }

            _appends.Enqueue(append);
        }

        if (output.Load is { } load)
        {
            Count("miss");
            // Half of the loads see the tables as they are now, the others as they will be when the answer comes.
            _loads.Add((load, _random.Next(2) == 0 ? _tables.LoadAsync(load, default).Result : null));
        }

        foreach (var (ticket, outcome) in output.Answers)
        {
            ticket.Complete(outcome);
        }
    }

    private void FinishAppend()
    {
        if (!_appends.TryPeek(out var append))
        {
            return;
        }

        Appends++;
        var fate = CrashAtAppend is { } at ? Appends == at ? 90 : Appends == -at ? 95 : 0 : _random.Next(100);
        switch (fate)
        {
            case < 80:
                Land(append);
                _appends.Dequeue();
                var output = new StepOutput();
                _core.OnAppended(append.Stored.Sequence, output);
                Dispatch(output);
                break;
            case < 84:
                Count("failed append");
                Recover(isKnown: true);
                break;
            case < 87:
                Count("unknown append, not there");
                Recover(isKnown: false);
                break;
            case < 90:
                Count("unknown append, there");
                Land(append);
                Recover(isKnown: false);
                break;
            case < 95:
                Crash("crash before append");
                break;
            default:
                Land(append);
                Crash("crash after append");
                break;
        }
    }

    private void Land((StoredFrame Stored, Frame Frame) append)
    {
        if (append.Stored.Sequence != _journal.Count + 1)
        {
            throw new InvariantBrokenException($"Frame {append.Stored.Sequence} was appended after {_journal.Count}.");
        }

        _journal.Add(append.Stored);
        _frames.Add(FrameCodec.Decode(append.Stored.Payload, append.Stored.Hash));
        _toApply.Enqueue(_frames[^1]);
    }

    private void Recover(bool isKnown)
    {
        _appends.Clear();
        _core.Poison();
        Step();
        while (_toApply.Count > 0)
        {
            ApplySome();
        }

        var output = new StepOutput();
        var (head, hash) = Head();
        if (!isKnown && Planted.Has("unknown-append-taken-as-failed") && _journal.Count > 0)
        {
            head = head with { Sequence = head.Sequence - 1 };
        }

        _core.Recover(head, hash, ++_epoch, output);
        Dispatch(output);
    }

    /// <summary>The process dies: memory is gone, what was not appended is gone, callers ask again with their keys.</summary>
    private void Crash(string kind)
    {
        Count(kind);
        _life++;
        _appends.Clear();
        _loads.Clear();
        _effectsAtWork.Clear();
        while (_toApply.Count > 0)
        {
            ApplySome();
        }

        _core = NewCore();
        _knowsKeys = false;
        var (head, hash) = Head();
        _core.Start(head, hash, ++_epoch);
        foreach (var call in _calls.Where(call => !call.IsAnswered))
        {
            if (call.Key is null)
            {
                // Without a key nobody can ask again.
                call.Take(default);
            }
            else
            {
                Submit(call);
            }
        }
    }

    private (FrameHeader Head, byte[] Hash) Head() => _frames.Count == 0 ? (FrameHeader.Genesis("simulated"), new byte[32]) : (_frames[^1].Header, _journal[^1].Hash);

    private void FinishLoad()
    {
        if (_loads.Count > 0)
        {
            var at = _random.Next(_loads.Count);
            var (request, result) = _loads[at];
            _loads.RemoveAt(at);
            _core.OnLoaded(result ?? _tables.LoadAsync(request, default).Result);
        }
    }

    private void ApplySome()
    {
        var batch = new List<Frame>();
        for (var most = 1 + _random.Next(4); most > 0 && _toApply.TryDequeue(out var frame); most--)
        {
            batch.Add(frame);
        }

        if (batch.Count > 0)
        {
            _tables.ApplyAsync(batch, default).GetAwaiter().GetResult();
            _core.OnApplied(batch[^1].Header.Sequence);
        }
    }

    private void AnswerEffect()
    {
        var outstanding = _tables.OutstandingAsync(default).Result.Where(effect => !_effectsAtWork.Contains((effect.Event, effect.Effect))).ToList();
        if (outstanding.Count == 0)
        {
            return;
        }

        var effect = outstanding[_random.Next(outstanding.Count)];
        var (isAnswered, outcome) = _world.Answer(effect, _random);
        if (!isAnswered)
        {
            return;
        }

        Count("effect outcome");
        _effectsAtWork.Add((effect.Event, effect.Effect));
        _core.Submit(new Ticket
        {
            Kind = TicketKind.EffectOutcome,
            Command = outcome,
            Event = effect.Event,
            Effect = effect.Effect,
            Complete = ended =>
            {
                if (ended.Fault is not null)
                {
                    throw new InvariantBrokenException($"The outcome of {effect.Effect} threw: {ended.Fault.Message}");
                }
            },
        });
    }

    /// <summary>Lets everything come to its end, then compares memory with a replay and checks what must hold.</summary>
    private void Rest()
    {
        for (var rounds = 0; !_core.IsIdle || _appends.Count + _loads.Count + _toApply.Count > 0; rounds++)
        {
            if (rounds > 10_000)
            {
                throw new InvariantBrokenException($"The Book does not come to rest: {_core.Waiting} wait, {_loads.Count} loads, {_appends.Count} appends, {_toApply.Count} to apply, frames {_core.Acknowledged} of {_core.Sequence}, timers through {_core.Memory.TimersThrough}, now {_core.NowMicros}, first {_core.Memory.FirstTimer}.");
            }

            Step();
            if (_appends.TryDequeue(out var append))
            {
                Land(append);
                var output = new StepOutput();
                _core.OnAppended(append.Stored.Sequence, output);
                Dispatch(output);
            }

            FinishLoad();
            ApplySome();
        }

        Count("check");
        foreach (var call in _calls)
        {
            if (!call.IsAnswered)
            {
                throw new InvariantBrokenException($"{call.Command.GetType().Name} was never answered.");
            }
        }

        CheckChain();
        CheckMemory();
        CheckLedger();
        CheckReplies();
        if (_world.Check(_tables, _frames) is { } wrong)
        {
            throw new InvariantBrokenException(wrong);
        }
    }

    private void CheckChain()
    {
        var previous = new byte[32];
        for (var index = 0; index < _frames.Count; index++)
        {
            if (!_frames[index].Header.PreviousHash.AsSpan().SequenceEqual(previous) || _frames[index].Header.Sequence != index + 1
                || (index > 0 && _frames[index].Header.NowMicros < _frames[index - 1].Header.NowMicros))
            {
                throw new InvariantBrokenException($"Frame {index + 1} does not follow the one before.");
            }

            previous = _journal[index].Hash;
        }
    }

    /// <summary>Memory must equal a replay of the whole journal from nothing.</summary>
    private void CheckMemory()
    {
        var replay = new MemoryTables(_schema);
        replay.ApplyAsync(_frames, default).GetAwaiter().GetResult();
        foreach (var ((type, id), slot) in _core.Memory.Records)
        {
            var row = replay.RecordAsync(type, id, default).Result;
            var same = row is null ? slot.Record is null : slot.Record is not null && slot.Version == row.Value.Version
                && _schema.RecordOf(type)!.Write(slot.Record).AsSpan().SequenceEqual(row.Value.Body);
            if (!same)
            {
                throw new InvariantBrokenException($"Memory holds another {type} {id} than the journal.");
            }
        }

        foreach (var (id, slot) in _core.Memory.Accounts)
        {
            var row = replay.AccountAsync(id, default).Result;
            if (!(row?.State ?? default).Equals(slot.State))
            {
                throw new InvariantBrokenException($"Memory holds another state of account {id} than the journal.");
            }
        }

        foreach (var ((type, index, value), slot) in _core.Memory.Indexes.Where(pair => pair.Value.IsComplete))
        {
            var rows = replay.RecordsAsync(type, index, value, new Page(100_000, NewestFirst: false), default).Result;
            if (!rows.Select(row => row.Id).SequenceEqual(slot.Ids))
            {
                throw new InvariantBrokenException($"Memory holds other members of {type}.{index} than the journal.");
            }
        }

        foreach (var timer in replay.Timers)
        {
            if (string.CompareOrdinal($"{timer.DueMicros:D20}{timer.Key}", $"{Math.Max(0, _core.Memory.TimersThrough.Due):D20}{_core.Memory.TimersThrough.Key}") <= 0
                && _core.Memory.Timers.GetValueOrDefault(timer.Key)?.Timer is null)
            {
                throw new InvariantBrokenException($"The journal holds a timer {timer.Key} that memory does not.");
            }
        }

        foreach (var timer in _core.Memory.Timers.Where(pair => pair.Value.Timer is not null))
        {
            if (replay.Timers.All(known => known.Key != timer.Key || known.DueMicros != timer.Value.Timer!.DueMicros))
            {
                throw new InvariantBrokenException($"Memory holds a timer {timer.Key} that the journal does not.");
            }
        }
    }

    /// <summary>The books balance, holds add up, no account is beyond its limits as they were when it was posted.</summary>
    private void CheckLedger()
    {
        var totals = new Dictionary<Currency, long>();
        var pending = new Dictionary<long, (long Debit, long Credit)>();
        foreach (var hold in _tables.Holds.Where(hold => hold.Status == HoldStatus.Open))
        {
            var debit = pending.GetValueOrDefault(hold.Debit);
            pending[hold.Debit] = (debit.Debit + hold.Remaining, debit.Credit);
            var credit = pending.GetValueOrDefault(hold.Credit);
            pending[hold.Credit] = (credit.Debit, credit.Credit + hold.Remaining);
        }

        foreach (var (id, state) in _tables.Accounts)
        {
            totals[state.Currency] = totals.GetValueOrDefault(state.Currency) + state.DebitsPosted - state.CreditsPosted;
            if (pending.GetValueOrDefault(state.Number) != (state.DebitsPending, state.CreditsPending))
            {
                throw new InvariantBrokenException($"The open holds of account {id} do not add up to what it has pending.");
            }

            if (state.Floor != AccountState.NoFloor && state.Balance - (state.Side == NormalSide.Credit ? state.DebitsPending : state.CreditsPending) < state.Floor)
            {
                throw new InvariantBrokenException($"Account {id} is below its floor.");
            }
        }

        foreach (var (currency, total) in totals)
        {
            if (total != 0)
            {
                throw new InvariantBrokenException($"Debits and credits in {currency} differ by {total}.");
            }
        }
    }

    /// <summary>What a caller was told is what the journal keeps for the key.</summary>
    private void CheckReplies()
    {
        foreach (var call in _calls.Where(call => call.Key is not null && call.Outcome is { Refusal: null, Reply: not null }))
        {
            var stored = _tables.LoadAsync(LoadOf(_core.ReplyKeyOf(call.Key!)), default).Result.Replies;
            if (stored.Count != 1 || stored[0].IsRefusal)
            {
                throw new InvariantBrokenException($"{call.Command.GetType().Name} was acknowledged, and the journal does not know it.");
            }
        }
    }

    private static LoadRequest LoadOf(string replyKey)
    {
        var request = new LoadRequest { Number = 0 };
        request.Replies.Add(replyKey);
        return request;
    }

    private sealed class Call(ICommand command, CallKey? key, Action<Outcome> answered)
    {
        public ICommand Command { get; } = command;

        public CallKey? Key { get; } = key;

        public bool IsAnswered { get; private set; }

        public Outcome? Outcome { get; private set; }

        /// <summary>A call may be answered more than once when it was sent more than once: always the same.</summary>
        public void Take(Outcome outcome)
        {
            if (IsAnswered && Outcome is { } first && Key is not null && (first.Refusal?.Code != outcome.Refusal?.Code || !Same(first.Reply, outcome.Reply)))
            {
                throw new InvariantBrokenException($"{Command.GetType().Name} was answered twice, and differently.");
            }

            if (!IsAnswered)
            {
                IsAnswered = true;
                Outcome = outcome;
                answered(outcome);
            }
        }

        private static bool Same(object? left, object? right) =>
            left is null ? right is null : right is not null && System.Text.Json.JsonSerializer.Serialize(left, left.GetType(), BookJson.Options)
                == System.Text.Json.JsonSerializer.Serialize(right, right.GetType(), BookJson.Options);
    }
}
