using System.Buffers.Binary;
using System.Globalization;
using Peony.Ledger;

namespace Peony.Book;

/// <summary>An account as the tables hold it.</summary>
internal sealed class AppliedAccount(string id)
{
    public readonly string Id = id;
    public AccountState State;
}

/// <summary>
/// What a batch of frames comes to: of each record, account, hold, timer, effect and reply only its last state. Order within the batch is settled here, so that the tables are
/// written once a row.
/// </summary>
internal sealed class ChangeSet
{
    private readonly TableShapes _shapes;
    private readonly Func<RecordOp, TableShape, string?[]> _indexValues;
    private readonly Dictionary<string, Dictionary<string, PendingRecord>> _records = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimerOp?> _timers = new(StringComparer.Ordinal);
    private readonly Dictionary<(long Event, string Effect), PendingEffect> _effects = [];
    private readonly Dictionary<UInt128, (ReplyOp Reply, long At)> _replies = [];
    private readonly Dictionary<(string What, string Key), (ParkedOp? Parked, long At)> _parked = [];
    private readonly HashSet<long> _touchedAccounts = [];
    private readonly HashSet<long> _touchedHolds = [];

    public ChangeSet(TableShapes shapes, Func<RecordOp, TableShape, string?[]> indexValues)
    {
        _shapes = shapes;
        _indexValues = indexValues;
        Entries = new Rows(shapes.Entries);
        Postings = new Rows(shapes.Postings);
        PostingRuns = new Rows(shapes.PostingRuns);
    }

    private struct PendingRecord
    {
        public RecordOp Last;
        public long Sequence;
        public bool IsNew;
    }

    private sealed class PendingEffect
    {
        /// <summary>The event, when it was told in this batch.</summary>
        public EventOp? Told;
        public bool IsDone;
        public bool? IsParked;
    }

    public Rows Entries { get; }

    public Rows Postings { get; }

    public Rows PostingRuns { get; }

    /// <summary>Accounts the batch names, so that those not at hand can be read first.</summary>
    public static (HashSet<long> Accounts, HashSet<long> Holds) Needs(IReadOnlyList<Frame> frames)
    {
        HashSet<long> accounts = [];
        HashSet<long> holds = [];
        foreach (var frame in frames)
        {
            foreach (var op in frame.Ops)
            {
                switch (op)
                {
                    case AccountOp account:
                        accounts.Add(account.Number);
                        break;
                    case EntryOp entry:
                        foreach (ref readonly var posting in entry.Postings.AsSpan())
                        {
                            accounts.Add(posting.Debit);
                            accounts.Add(posting.Credit);
                            if (posting.Kind is not (PostingKind.Post or PostingKind.Hold))
                            {
                                holds.Add(posting.Hold);
                            }
                        }

                        break;
                    case BulkEntryOp bulk:
                        foreach (var posting in bulk.Postings)
                        {
                            accounts.Add(posting.Debit);
                            accounts.Add(posting.Credit);
                        }

                        break;
                }
            }
        }

        return (accounts, holds);
    }

    public void Add(Frame frame, Dictionary<long, AppliedAccount> accounts, Dictionary<long, HoldState> holds)
    {
        foreach (var op in frame.Ops)
        {
            switch (op)
            {
                case CommandOp:
                    break;
                case RecordOp record:
                    AddRecord(record, frame.Header.Sequence);
                    break;
                case AccountOp account:
                    AddAccount(account, accounts);
                    break;
                case EntryOp entry:
                    AddEntry(entry, frame.Header, accounts, holds);
                    break;
                case BulkEntryOp bulk:
                    AddEntry(bulk, frame.Header, accounts, holds);
                    break;
                case TimerOp timer:
                    _timers[timer.Key] = timer;
                    break;
                case TimerGoneOp gone:
                    _timers[gone.Key] = null;
                    break;
                case EventOp told:
                    foreach (var effect in told.Effects)
                    {
                        _effects[(told.Number, effect)] = new PendingEffect { Told = told };
                    }

                    break;
                case EffectDoneOp done:
                    EffectOf(done.Event, done.Effect).IsDone = true;
                    break;
                case ReplyOp reply:
                    _replies[ReplyKey(reply.Key)] = (reply, frame.Header.NowMicros);
                    break;
                case ParkedOp parked:
                    _parked[(parked.What, parked.Key)] = (parked, frame.Header.NowMicros);
                    MarkParked(parked.What, parked.Key, isParked: true);
                    break;
                case UnparkedOp unparked:
                    _parked[(unparked.What, unparked.Key)] = (null, 0);
                    MarkParked(unparked.What, unparked.Key, isParked: false);
                    break;
                default:
                    throw new InvalidOperationException($"The applier does not know {op.GetType().Name}.");
            }
        }
    }

    /// <summary>Writes everything but the position.</summary>
    public async Task WriteAsync(ITablesWriter writer, Dictionary<long, AppliedAccount> accounts, Dictionary<long, HoldState> holds, Dialect dialect, CancellationToken cancel)
    {
        await writer.AppendAsync(Entries, cancel);
        await writer.AppendAsync(Postings, cancel);
        await writer.AppendAsync(PostingRuns, cancel);
        await writer.UpsertAsync(AccountRows(accounts), cancel);
        await writer.UpsertAsync(HoldRows(holds), cancel);
        foreach (var (type, records) in _records)
        {
            await WriteRecordsAsync(writer, _shapes.Of(type), records, cancel);
        }

        await WriteTimersAsync(writer, cancel);
        await WriteEffectsAsync(writer, dialect, cancel);
        await WriteParkedAsync(writer, cancel);
        var replies = new Rows(_shapes.Replies);
        foreach (var (reply, at) in _replies.Values)
        {
            replies.Bytes(reply.Key).Bytes(reply.Fingerprint).Int(reply.IsRefusal ? 1 : 0).Bytes(reply.Body).Int(at);
        }

        await writer.UpsertAsync(replies, cancel);
    }

    /// <summary>An effect's key as it is parked: event number, slash, effect name.</summary>
    public static (long Event, string Effect) EffectKey(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && long.TryParse(key.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (number, key[(slash + 1)..])
            : throw new InvalidOperationException($"'{key}' names no effect of an event.");
    }

    private static UInt128 ReplyKey(byte[] key) => key.Length == 16
        ? BinaryPrimitives.ReadUInt128BigEndian(key)
        : throw new InvalidOperationException($"A reply's key has {key.Length} bytes instead of 16.");

    private void AddRecord(RecordOp record, long sequence)
    {
        if (!_records.TryGetValue(record.Type, out var ofType))
        {
            _records.Add(record.Type, ofType = new Dictionary<string, PendingRecord>(StringComparer.Ordinal));
        }

        ref var pending = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(ofType, record.Id, out var isThere);
        pending.IsNew = isThere ? pending.IsNew : record.Version == 1;
        pending.Last = record;
        pending.Sequence = sequence;
    }

    private void AddAccount(AccountOp op, Dictionary<long, AppliedAccount> accounts)
    {
        if (!accounts.TryGetValue(op.Number, out var account))
        {
            account = new AppliedAccount(op.Id) { State = new AccountState { Number = op.Number, Side = op.Side, Currency = op.Currency } };
            accounts.Add(op.Number, account);
        }

        account.State.Floor = op.Floor;
        account.State.Ceiling = op.Ceiling;
        _touchedAccounts.Add(op.Number);
    }

    private void AddEntry(EntryOp entry, FrameHeader header, Dictionary<long, AppliedAccount> accounts, Dictionary<long, HoldState> holds)
    {
        var first = entry.Postings.Length == 0 ? 0 : entry.Postings[0].Number;
        Entries.Int(entry.Number).Text(entry.Key).Text(entry.Kind).Text(entry.Cites).Int(header.Sequence).Int(header.NowMicros).Int(first).Int(entry.Postings.Length);
        foreach (ref readonly var posting in entry.Postings.AsSpan())
        {
            Postings.Int(posting.Number).Int((long)posting.Kind).Int(entry.Number).Int(posting.Debit).Int(posting.Credit).Int(posting.Amount).Int(posting.Hold)
                .Int(posting.ExpiresAt).Int(posting.PreviousOfDebit).Int(posting.PreviousOfCredit);
            CarryOut(in posting, accounts, holds);
        }
    }

    private void AddEntry(BulkEntryOp bulk, FrameHeader header, Dictionary<long, AppliedAccount> accounts, Dictionary<long, HoldState> holds)
    {
        var packed = bulk.Postings;
        Entries.Int(bulk.Number).Text(bulk.Key).Text(bulk.Kind).Text(null).Int(header.Sequence).Int(header.NowMicros).Int(packed.First).Int(packed.Count);
        foreach (var (first, bytes) in packed.Rows())
        {
            PostingRuns.Int(first).Int(bulk.Number).Bytes(bytes);
        }

        foreach (var posting in packed)
        {
            CarryOut(in posting, accounts, holds);
        }
    }

    /// <summary>What a posting does to its accounts and hold. It was decided when it was framed; here nothing is asked again.</summary>
    private void CarryOut(in Posting posting, Dictionary<long, AppliedAccount> accounts, Dictionary<long, HoldState> holds)
    {
        ref var debit = ref Touch(accounts, posting.Debit, posting.Number).State;
        ref var credit = ref Touch(accounts, posting.Credit, posting.Number).State;
        checked
        {
            switch (posting.Kind)
            {
                case PostingKind.Post:
                    debit.DebitsPosted += posting.Amount;
                    credit.CreditsPosted += posting.Amount;
                    break;
                case PostingKind.Hold:
                    debit.DebitsPending += posting.Amount;
                    credit.CreditsPending += posting.Amount;
                    holds[posting.Number] = new HoldState
                    {
                        Number = posting.Number,
                        Debit = posting.Debit,
                        Credit = posting.Credit,
                        Amount = posting.Amount,
                        Remaining = posting.Amount,
                        ExpiresAt = posting.ExpiresAt,
                        Status = HoldStatus.Open,
                    };
                    _touchedHolds.Add(posting.Number);
                    break;
                case PostingKind.Capture:
                case PostingKind.Release:
                case PostingKind.Expire:
                    debit.DebitsPending -= posting.Amount;
                    credit.CreditsPending -= posting.Amount;
                    if (posting.Kind == PostingKind.Capture)
                    {
                        debit.DebitsPosted += posting.Amount;
                        credit.CreditsPosted += posting.Amount;
                    }

                    UseHold(in posting, holds);
                    break;
                default:
                    throw new InvalidOperationException($"Posting {posting.Number} is of unknown kind {(byte)posting.Kind}.");
            }
        }

        debit.LastPosting = posting.Number;
        credit.LastPosting = posting.Number;
    }

    private void UseHold(in Posting posting, Dictionary<long, HoldState> holds)
    {
        if (!holds.TryGetValue(posting.Hold, out var hold))
        {
            throw new InvalidOperationException($"Posting {posting.Number} uses hold {posting.Hold}, which the tables do not have.");
        }

        hold.Remaining -= posting.Amount;
        if (hold.Remaining == 0)
        {
            hold.Status = posting.Kind switch
            {
                PostingKind.Capture => HoldStatus.Captured,
                PostingKind.Release => HoldStatus.Released,
                _ => HoldStatus.Expired,
            };
        }

        holds[posting.Hold] = hold;
        _touchedHolds.Add(posting.Hold);
    }

    private AppliedAccount Touch(Dictionary<long, AppliedAccount> accounts, long number, long posting)
    {
        _touchedAccounts.Add(number);
        return accounts.TryGetValue(number, out var account)
            ? account
            : throw new InvalidOperationException($"Posting {posting} names account {number}, which the tables do not have.");
    }

    private PendingEffect EffectOf(long @event, string effect)
    {
        if (!_effects.TryGetValue((@event, effect), out var pending))
        {
            _effects.Add((@event, effect), pending = new PendingEffect());
        }

        return pending;
    }

    private void MarkParked(string what, string key, bool isParked)
    {
        if (what == "effect")
        {
            var (@event, effect) = EffectKey(key);
            EffectOf(@event, effect).IsParked = isParked;
        }
    }

    private Rows AccountRows(Dictionary<long, AppliedAccount> accounts)
    {
        var rows = new Rows(_shapes.Accounts);
        foreach (var number in _touchedAccounts)
        {
            var account = accounts[number];
            ref readonly var state = ref account.State;
            rows.Int(number).Text(account.Id).Int((long)state.Side).Text(state.Currency.Code).Int(state.Floor).Int(state.Ceiling).Int(state.DebitsPending)
                .Int(state.DebitsPosted).Int(state.CreditsPending).Int(state.CreditsPosted).Int(state.LastPosting);
        }

        return rows;
    }

    private Rows HoldRows(Dictionary<long, HoldState> holds)
    {
        var rows = new Rows(_shapes.Holds);
        foreach (var number in _touchedHolds)
        {
            var hold = holds[number];
            rows.Int(number).Int(hold.Debit).Int(hold.Credit).Int(hold.Amount).Int(hold.Remaining).Int(hold.ExpiresAt).Int((long)hold.Status);
        }

        return rows;
    }

    private async Task WriteRecordsAsync(ITablesWriter writer, TableShape shape, Dictionary<string, PendingRecord> records, CancellationToken cancel)
    {
        var rows = new Rows(shape);
        var indexes = shape.Record!.Indexes;
        var changing = new Rows?[indexes.Count];
        foreach (var record in records.Values)
        {
            var op = record.Last;
            rows.Text(op.Id).Int(op.Version).Int(op.Schema).Bytes(op.Body).Int(record.Sequence);
            var values = _indexValues(op, shape);
            for (var index = 0; index < indexes.Count; index++)
            {
                rows.Text(values[index]);
                if (indexes[index].IsUnique && !record.IsNew)
                {
                    (changing[index] ??= new Rows(UniqueShape(shape, index))).Text(op.Id).Text(values[index]);
                }
            }
        }

        foreach (var rowsOfIndex in changing)
        {
            if (rowsOfIndex is not null)
            {
                await writer.ClearChangedAsync(rowsOfIndex, cancel);
            }
        }

        await writer.UpsertAsync(rows, cancel);
    }

    private TableShape UniqueShape(TableShape shape, int index) => _shapes.KeyAnd(shape, shape.Columns.Count - shape.Record!.Indexes.Count + index);

    private async Task WriteTimersAsync(ITablesWriter writer, CancellationToken cancel)
    {
        var set = new Rows(_shapes.Timers);
        var gone = new Rows(_shapes.Timers.Key);
        foreach (var (key, timer) in _timers)
        {
            if (timer is null)
            {
                gone.Text(key);
            }
            else
            {
                set.Text(key).Int(timer.DueMicros).Int((long)timer.Class).Text(timer.Command).Bytes(timer.Body);
            }
        }

        await writer.DeleteAsync(gone, cancel);
        await writer.UpsertAsync(set, cancel);
    }

    private async Task WriteEffectsAsync(ITablesWriter writer, Dialect dialect, CancellationToken cancel)
    {
        var told = new Rows(_shapes.Effects);
        var done = new Rows(_shapes.Effects.Key);
        foreach (var ((number, effect), pending) in _effects)
        {
            if (pending.Told is { } @event)
            {
                if (!pending.IsDone)
                {
                    told.Int(number).Text(effect).Text(@event.Type).Text(@event.Lane).Bytes(@event.Body).Int(pending.IsParked == true ? 1 : 0);
                }
            }
            else if (pending.IsDone)
            {
                done.Int(number).Text(effect);
            }
            else if (pending.IsParked is { } isParked)
            {
                await writer.ExecuteAsync($"UPDATE {dialect.Table("effects")} SET parked = $1 WHERE event = $2 AND effect = $3", [isParked ? 1L : 0L, number, effect], cancel);
            }
        }

        await writer.DeleteAsync(done, cancel);
        await writer.AppendAsync(told, cancel);
    }

    private async Task WriteParkedAsync(ITablesWriter writer, CancellationToken cancel)
    {
        var set = new Rows(_shapes.Parked);
        var gone = new Rows(_shapes.Parked.Key);
        foreach (var ((what, key), (parked, at)) in _parked)
        {
            if (parked is null)
            {
                gone.Text(what).Text(key);
            }
            else
            {
                set.Text(what).Text(key).Text(parked.Error).Text(parked.Command).Bytes(parked.Body).Int(at);
            }
        }

        await writer.DeleteAsync(gone, cancel);
        await writer.UpsertAsync(set, cancel);
    }
}
