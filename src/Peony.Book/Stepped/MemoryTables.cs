using Peony.Ledger;

namespace Peony.Book;

/// <summary>The tables in memory, for the stepped Book of tests and simulations. The same meaning as the tables in SQL, without durability.</summary>
internal sealed class MemoryTables(BookSchema schema) : ITables
{
    private readonly SortedDictionary<string, SortedDictionary<string, (LoadedRecord Record, string?[] Values)>> _records = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AccountState> _accounts = new(StringComparer.Ordinal);
    private readonly Dictionary<long, string> _accountIds = [];
    private readonly Dictionary<long, HoldState> _holds = [];
    private readonly Dictionary<string, EntryOp> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<long, (Posting Posting, EntryOp Entry, long AtMicros)> _postings = [];
    private readonly Dictionary<string, LoadedReply> _replies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimerOp> _timers = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(long Event, string Effect), OutstandingEffect> _effects = [];
    private readonly Dictionary<(string What, string Key), (ParkedOp Parked, long AtMicros)> _parked = [];
    private TablesPosition _position = new(0, new byte[32]);

    /// <summary>Memory goes with its process: it never falls back.</summary>
    public event Action? FellBack
    {
        add { }
        remove { }
    }

    /// <summary>The Book's time of the last frame applied.</summary>
    public long NowMicros { get; private set; }

    public long Position => _position.Sequence;

    public IEnumerable<(string Id, AccountState State)> Accounts => _accounts.Select(pair => (pair.Key, pair.Value));

    public IEnumerable<HoldState> Holds => _holds.Values;

    public IEnumerable<LoadedRecord> Records(string type) =>
        _records.TryGetValue(type, out var records) ? records.Values.Select(row => row.Record) : [];

    public IEnumerable<TimerOp> Timers => _timers.Values;

    public IEnumerable<EntryOp> Entries => _entries.Values;

    public EntryOp? EntryOf(string key) => _entries.GetValueOrDefault(key);

    public int ParkedCount => _parked.Count;

    public Task PrepareAsync(CancellationToken cancel) => Task.CompletedTask;

    public Task<TablesPosition> PositionAsync(CancellationToken cancel) => Task.FromResult(_position);

    public Task ApplyAsync(IReadOnlyList<Frame> frames, CancellationToken cancel)
    {
        foreach (var frame in frames.Where(frame => frame.Header.Sequence > _position.Sequence))
        {
            if (frame.Header.Sequence != _position.Sequence + 1 || !frame.Header.PreviousHash.AsSpan().SequenceEqual(_position.Hash))
            {
                throw new InvalidOperationException($"Frame {frame.Header.Sequence} does not follow {_position.Sequence}.");
            }

            foreach (var op in frame.Ops)
            {
                Apply(op, frame.Header.NowMicros);
            }

            NowMicros = frame.Header.NowMicros;
            _position = new TablesPosition(frame.Header.Sequence, frame.Hash);
        }

        return Task.CompletedTask;
    }

    private void Apply(FrameOp op, long now)
    {
        switch (op)
        {
            case RecordOp record:
                if (!_records.TryGetValue(record.Type, out var table))
                {
                    _records.Add(record.Type, table = new SortedDictionary<string, (LoadedRecord, string?[])>(StringComparer.Ordinal));
                }

                table[record.Id] = (new LoadedRecord(record.Type, record.Id, record.Version, record.Schema, record.Body), record.IndexValues);
                break;
            case AccountOp account:
                var state = _accounts.GetValueOrDefault(account.Id);
                (state.Number, state.Side, state.Currency, state.Floor, state.Ceiling) = (account.Number, account.Side, account.Currency, account.Floor, account.Ceiling);
                _accounts[account.Id] = state;
                _accountIds[account.Number] = account.Id;
                break;
            case BulkEntryOp bulk:
                var postings = new List<Posting>(bulk.Postings.Count);
                foreach (var posting in bulk.Postings)
                {
                    postings.Add(posting);
                }

                Apply(new EntryOp(bulk.Number, bulk.Key, bulk.Kind, null, [.. postings]), now);
                break;
            case EntryOp entry:
                _entries.Add(entry.Key, entry);
                foreach (var posting in entry.Postings)
                {
                    Apply(posting);
                    _postings.Add(posting.Number, (posting, entry, now));
                }

                break;
            case TimerOp timer:
                _timers[timer.Key] = timer;
                break;
            case TimerGoneOp gone:
                _timers.Remove(gone.Key);
                break;
            case EventOp told:
                foreach (var effect in told.Effects)
                {
                    _effects.Add((told.Number, effect), new OutstandingEffect(told.Number, effect, told.Type, told.Lane, told.Body));
                }

                break;
            case EffectDoneOp done:
                _effects.Remove((done.Event, done.Effect));
                break;
            case ReplyOp reply:
                _replies[Convert.ToHexStringLower(reply.Key)] = new LoadedReply(reply.Key, reply.Fingerprint, reply.IsRefusal, reply.Body, now);
                break;
            case ParkedOp parked:
                _parked[(parked.What, parked.Key)] = (parked, now);
                break;
            case UnparkedOp unparked:
                _parked.Remove((unparked.What, unparked.Key));
                break;
            case CommandOp:
                break;
            default:
                throw new InvalidOperationException($"{op.GetType().Name} is not applied.");
        }
    }

    private void Apply(Posting posting)
    {
        ref var debit = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrNullRef(_accounts, _accountIds[posting.Debit]);
        ref var credit = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrNullRef(_accounts, _accountIds[posting.Credit]);
        var hold = posting.Hold == 0 ? default : _holds.GetValueOrDefault(posting.Hold);
        switch (posting.Kind)
        {
            case PostingKind.Post:
                debit.DebitsPosted += posting.Amount;
                credit.CreditsPosted += posting.Amount;
                break;
            case PostingKind.Hold:
                debit.DebitsPending += posting.Amount;
                credit.CreditsPending += posting.Amount;
                hold = new HoldState
                {
                    Number = posting.Number,
                    Debit = posting.Debit,
                    Credit = posting.Credit,
                    Amount = posting.Amount,
                    Remaining = posting.Amount,
                    ExpiresAt = posting.ExpiresAt,
                    Status = HoldStatus.Open,
                };
                break;
            case PostingKind.Capture or PostingKind.Release or PostingKind.Expire:
                debit.DebitsPending -= posting.Amount;
                credit.CreditsPending -= posting.Amount;
                if (posting.Kind == PostingKind.Capture)
                {
                    debit.DebitsPosted += posting.Amount;
                    credit.CreditsPosted += posting.Amount;
                }

                hold.Remaining -= posting.Amount;
                if (hold.Remaining == 0)
                {
                    hold.Status = posting.Kind == PostingKind.Capture ? HoldStatus.Captured : posting.Kind == PostingKind.Release ? HoldStatus.Released : HoldStatus.Expired;
                }

                break;
        }

        debit.LastPosting = credit.LastPosting = posting.Number;
        if (posting.Hold != 0)
        {
            _holds[posting.Hold] = hold;
        }
    }

    public Task<LoadResult> LoadAsync(LoadRequest request, CancellationToken cancel)
    {
        var result = new LoadResult { Request = request, Position = _position.Sequence };
        var found = new HashSet<(string, string)>();
        foreach (var (type, id) in request.Records)
        {
            if (_records.TryGetValue(type, out var table) && table.TryGetValue(id, out var row) && found.Add((type, id)))
            {
                result.Records.Add(row.Record);
            }
        }

        foreach (var key in request.Indexes)
        {
            var ids = new List<string>();
            var index = IndexNumber(key.Type, key.Index);
            if (_records.TryGetValue(key.Type, out var table))
            {
                foreach (var (id, row) in table.Where(row => row.Value.Values[index] == key.Value))
                {
                    ids.Add(id);
                    if (found.Add((key.Type, id)))
                    {
                        result.Records.Add(row.Record);
                    }
                }
            }

            result.Indexes[key] = ids;
        }

        result.Accounts.AddRange(request.Accounts.Where(_accounts.ContainsKey).Select(id => (id, _accounts[id])));
        result.Accounts.AddRange(request.AccountNumbers.Where(_accountIds.ContainsKey).Select(number => (_accountIds[number], _accounts[_accountIds[number]])));
        result.Holds.AddRange(request.Holds.Where(_holds.ContainsKey).Select(number => _holds[number]));
        result.EntryKeys.UnionWith(request.EntryKeys.Where(_entries.ContainsKey));
        result.Replies.AddRange(request.Replies.Where(_replies.ContainsKey).Select(key => _replies[key]));
        result.Timers.AddRange(request.TimerKeys.Where(_timers.ContainsKey).Select(key => _timers[key]));
        if (request.TimersAfter is { } after)
        {
            result.NextTimers.AddRange(_timers.Values
                .Where(timer => timer.DueMicros > after.DueMicros || (timer.DueMicros == after.DueMicros && string.CompareOrdinal(timer.Key, after.Key) > 0))
                .OrderBy(timer => timer.DueMicros).ThenBy(timer => timer.Key, StringComparer.Ordinal).Take(after.Limit));
        }

        return Task.FromResult(result);
    }

    private int IndexNumber(string type, string index) => schema.RecordOf(type)!.Indexes.Select((declared, number) => (declared.Name, number)).First(pair => pair.Name == index).number;

    public Task ReadReplyKeysAsync(Action<byte[]> take, CancellationToken cancel)
    {
        foreach (var reply in _replies.Values)
        {
            take(reply.Key);
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<OutstandingEffect>> OutstandingAsync(CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<OutstandingEffect>>(_effects.Values.Where(effect => !_parked.ContainsKey(("effect", $"{effect.Event}/{effect.Effect}"))).ToList());

    public Task<bool> IsOutstandingAsync(long number, string effect, CancellationToken cancel) =>
        Task.FromResult(_effects.ContainsKey((number, effect)) && !_parked.ContainsKey(("effect", $"{number}/{effect}")));

    public Task<LoadedRecord?> RecordAsync(string type, string id, CancellationToken cancel) =>
        Task.FromResult<LoadedRecord?>(_records.TryGetValue(type, out var table) && table.TryGetValue(id, out var row) ? row.Record : null);

    public Task<IReadOnlyList<LoadedRecord>> RecordsAsync(string type, string? index, string? value, Page page, CancellationToken cancel)
    {
        IEnumerable<(LoadedRecord Record, string?[] Values)> rows = _records.TryGetValue(type, out var table) ? table.Values : [];
        if (index is not null)
        {
            var number = IndexNumber(type, index);
            rows = rows.Where(row => row.Values[number] == value);
        }

        var records = rows.Select(row => row.Record);
        records = page.NewestFirst
            ? records.Reverse().Where(record => page.After is null || string.CompareOrdinal(record.Id, page.After) < 0)
            : records.Where(record => page.After is null || string.CompareOrdinal(record.Id, page.After) > 0);
        return Task.FromResult<IReadOnlyList<LoadedRecord>>(records.Take(page.Limit).ToList());
    }

    public Task<T> ReadStateAsync<T>(Func<IControlContext, T> read, DateTimeOffset now, CancellationToken cancel) => Task.FromResult(read(new MemoryBooks(schema, this, now)));

    public Task<AccountRow?> AccountAsync(string id, CancellationToken cancel) =>
        Task.FromResult(_accounts.TryGetValue(id, out var state) ? new AccountRow(new LedgerAccountId(id), state) : null);

    public Task<IReadOnlyList<AccountRow>> AccountsAsync(string prefix, int limit, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<AccountRow>>(_accounts.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal).Take(limit).Select(pair => new AccountRow(new LedgerAccountId(pair.Key), pair.Value)).ToList());

    public Task<IReadOnlyList<PostingRow>> StatementAsync(string account, long? before, int limit, CancellationToken cancel)
    {
        var rows = new List<PostingRow>();
        if (_accounts.TryGetValue(account, out var state))
        {
            for (var at = state.LastPosting; at != 0 && rows.Count < limit;)
            {
                var (posting, _, _) = _postings[at];
                if (before is null || at < before)
                {
                    rows.Add(RowOf(at));
                }

                at = posting.Debit == state.Number ? posting.PreviousOfDebit : posting.PreviousOfCredit;
            }
        }

        return Task.FromResult<IReadOnlyList<PostingRow>>(rows);
    }

    public Task<IReadOnlyList<PostingRow>> EntryAsync(string key, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<PostingRow>>(_entries.TryGetValue(key, out var entry) ? entry.Postings.Select(posting => RowOf(posting.Number)).ToList() : []);

    private PostingRow RowOf(long number)
    {
        var (posting, entry, at) = _postings[number];
        return new PostingRow(posting, entry.Number, entry.Key, entry.Kind, entry.Cites, Instants.Of(at), _accountIds[posting.Debit], _accountIds[posting.Credit],
            _accounts[_accountIds[posting.Debit]].Currency);
    }

    public Task<IReadOnlyList<ParkedRow>> ParkedAsync(int limit, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<ParkedRow>>(_parked.Values.Take(limit)
            .Select(row => new ParkedRow(row.Parked.What, row.Parked.Key, row.Parked.Error, row.Parked.Command, row.Parked.Body, Instants.Of(row.AtMicros))).ToList());

    public Task<long> TimersDueAsync(string command, long nowMicros, CancellationToken cancel) =>
        Task.FromResult((long)_timers.Values.Count(timer => timer.Command == command && timer.DueMicros <= nowMicros));

    public Task<long?> NextTimerAsync(CancellationToken cancel) =>
        Task.FromResult(_timers.Count == 0 ? null : (long?)_timers.Values.Min(timer => timer.DueMicros));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
