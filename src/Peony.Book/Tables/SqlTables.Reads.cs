using System.Data.Common;
using Peony.Ledger;

namespace Peony.Book;

internal sealed partial class SqlTables
{
    internal const string HoldColumns = "number, debit, credit, amount, remaining, expires_at, status";

    public async Task<TablesPosition> PositionAsync(CancellationToken cancel)
    {
        var position = new TablesPosition(0, new byte[32]);
        await _dialect.ReadAsync(
            [new Query($"SELECT seq, hash FROM {_dialect.Table("position")}", [], row => position = new TablesPosition(row.GetInt64(0), row.GetFieldValue<byte[]>(1)))], cancel);
        if (position.Sequence < Interlocked.Read(ref _reached))
        {
            // What is remembered of the rows that are gone is of no use.
            Interlocked.Exchange(ref _mustForget, true);
        }

        Reached(position.Sequence);
        return position;
    }

    /// <summary>
    /// Reads out of one state, and no earlier one than the tables were seen at: the queries of one call are one transaction, so the position read with them tells.
    /// </summary>
    private async Task ReadAsync(IReadOnlyList<Query> queries, CancellationToken cancel)
    {
        if (!_dialect.MayFallBack)
        {
            await _dialect.ReadAsync(queries, cancel);
            return;
        }

        var reached = Interlocked.Read(ref _reached);
        try
        {
            await _dialect.ReadAsync(
                [
                    new Query($"SELECT coalesce(max(seq), 0) FROM {_dialect.Table("position")}", [], row =>
                    {
                        if (row.GetInt64(0) < reached)
                        {
                            throw new TablesFellBackException(row.GetInt64(0), reached);
                        }
                    }),
                    .. queries,
                ],
                cancel);
        }
        catch (Exception exception) when (Passing.Is(exception))
        {
            if (exception is TablesFellBackException)
            {
                FellBack?.Invoke();
            }

            throw new ReadUnavailableException("The database does not answer. Nothing was read.", 1, exception);
        }
    }

    public async Task<LoadResult> LoadAsync(LoadRequest request, CancellationToken cancel)
    {
        await LeaveCallerAsync();
        var loading = new Loading(request);
        List<Query> queries = [new($"SELECT seq FROM {_dialect.Table("position")}", [], row => loading.Position = row.GetInt64(0))];
        AddRecords(queries, loading);
        AddIndexes(queries, loading);
        AddLedger(queries, loading);
        AddTimers(queries, loading);
        if (request.Replies.Count > 0)
        {
            queries.Add(new Query(
                $"SELECT key, fingerprint, is_refusal, body, at FROM {_dialect.Table("replies")} WHERE {_dialect.IsIn("key", 1, ColumnKind.Bytes)}",
                [request.Replies.Select(Convert.FromHexString).ToArray()],
                row => loading.Replies.Add(new LoadedReply(row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1), row.GetInt64(2) != 0, row.GetFieldValue<byte[]>(3), row.GetInt64(4)))));
        }

        await ReadAsync(queries, cancel);
        return loading.Result();
    }

    public async Task ReadReplyKeysAsync(Action<byte[]> take, CancellationToken cancel)
    {
        const int page = 20_000;
        await LeaveCallerAsync();
        for (var (last, count) = (Array.Empty<byte>(), page); count == page;)
        {
            count = 0;
            await ReadAsync(
                [
                    new Query($"SELECT key FROM {_dialect.Table("replies")} WHERE key > $1 ORDER BY key LIMIT {page}", [last], row =>
                    {
                        last = row.GetFieldValue<byte[]>(0);
                        count++;
                        take(last);
                    }),
                ],
                cancel);
        }
    }

    public async Task<IReadOnlyList<OutstandingEffect>> OutstandingAsync(CancellationToken cancel)
    {
        var effects = new List<OutstandingEffect>();
        await ReadAsync(
            [
                new Query($"SELECT event, effect, type, lane, body FROM {_dialect.Table("effects")} WHERE parked = 0 ORDER BY event, effect", [], row =>
                    effects.Add(new OutstandingEffect(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetFieldValue<byte[]>(4)))),
            ],
            cancel);
        return effects;
    }

    public async Task<bool> IsOutstandingAsync(long number, string effect, CancellationToken cancel)
    {
        var isThere = false;
        await ReadAsync([new Query($"SELECT 1 FROM {_dialect.Table("effects")} WHERE event = $1 AND effect = $2 AND parked = 0", [number, effect], _ => isThere = true)], cancel);
        return isThere;
    }

    public async Task<LoadedRecord?> RecordAsync(string type, string id, CancellationToken cancel)
    {
        LoadedRecord? record = null;
        await ReadAsync([new Query($"SELECT id, version, schema, body FROM {RecordTable(type)} WHERE id = $1", [id], row => record = ReadRecord(type, row))], cancel);
        return record;
    }

    public async Task<IReadOnlyList<LoadedRecord>> RecordsAsync(string type, string? index, string? value, Page page, CancellationToken cancel)
    {
        var conditions = new List<string>();
        var arguments = new List<object>();
        if (index is not null)
        {
            arguments.Add(value ?? throw new ArgumentNullException(nameof(value)));
            conditions.Add($"{IndexColumn(type, index)} = ${arguments.Count}");
        }

        if (page.After is not null)
        {
            arguments.Add(page.After);
            conditions.Add($"id {(page.NewestFirst ? "<" : ">")} ${arguments.Count}");
        }

        arguments.Add((long)page.Limit);
        var records = new List<LoadedRecord>();
        await ReadAsync(
            [
                new Query(
                    $"SELECT id, version, schema, body FROM {RecordTable(type)}{(conditions.Count == 0 ? "" : " WHERE " + string.Join(" AND ", conditions))}"
                    + $" ORDER BY id {(page.NewestFirst ? "DESC" : "ASC")} LIMIT ${arguments.Count}",
                    arguments,
                    row => records.Add(ReadRecord(type, row))),
            ],
            cancel);
        return records;
    }

    public Task<T> ReadStateAsync<T>(Func<IControlContext, T> read, DateTimeOffset now, CancellationToken cancel) => Task.Run(
        () =>
        {
            using var snapshot = _dialect.OpenSnapshot();
            return read(new ControlContext(snapshot, _dialect, _schema, _shapes, Instants.Micros(now), cancel));
        },
        cancel);

    public async Task<AccountRow?> AccountAsync(string id, CancellationToken cancel)
    {
        AccountRow? account = null;
        await ReadAsync([new Query($"SELECT {AccountColumns("a")} FROM {_dialect.Table("accounts")} a WHERE a.id = $1", [id], row => account = ReadAccountRow(row))], cancel);
        return account;
    }

    public async Task<IReadOnlyList<AccountRow>> AccountsAsync(string prefix, int limit, CancellationToken cancel)
    {
        var accounts = new List<AccountRow>();
        await ReadAsync(
            [
                new Query(
                    $"SELECT {AccountColumns("a")} FROM {_dialect.Table("accounts")} a WHERE a.id >= $1 AND a.id < $2 ORDER BY a.id LIMIT $3",
                    [prefix, AfterPrefix(prefix), (long)limit],
                    row => accounts.Add(ReadAccountRow(row))),
            ],
            cancel);
        return accounts;
    }

    public async Task<IReadOnlyList<PostingRow>> StatementAsync(string account, long? before, int limit, CancellationToken cancel)
    {
        if (await AccountAsync(account, cancel) is not { } row)
        {
            return [];
        }

        var own = row.State.Number;
        var next = row.State.LastPosting;
        if (before is { } number)
        {
            var (from, _) = await WalkAsync(number, own, 1, inRuns: false, cancel);
            next = from.Count > 0 ? PreviousOf(own, from[0].Posting) : 0;
        }

        // Postings with rows of their own and packed ones take turns. They never change, so the reads need not see one state.
        var postings = new List<(Posting Posting, long Entry)>();
        var inRuns = false;
        while (next != 0 && postings.Count < limit)
        {
            (var walked, inRuns) = await WalkAsync(next, own, limit - postings.Count, inRuns, cancel);
            postings.AddRange(walked);
            next = walked.Count > 0 ? PreviousOf(own, walked[^1].Posting) : throw new InvalidOperationException($"Posting {next} of account {account} is not in the tables.");
        }

        return await NamedAsync(postings, cancel);
    }

    public async Task<IReadOnlyList<PostingRow>> EntryAsync(string key, CancellationToken cancel)
    {
        var postings = new List<(Posting Posting, long Entry)>();
        await ReadAsync(
            [
                new Query($"{PostingsOf(_dialect)} JOIN {_dialect.Table("entries")} e ON e.number = p.entry WHERE e.key = $1 AND p.number >= e.first_posting ORDER BY p.number", [key],
                    row => postings.Add((ReadPosting(row, 0), row.GetInt64(9)))),
                new Query(RunsOfEntry(_dialect), [key], row => postings.AddRange(Unpack(row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2)))),
            ],
            cancel);
        return await NamedAsync(postings, cancel);
    }

    /// <summary>The runs of the entry that has the key <c>$1</c>: first, entry, packed.</summary>
    internal static string RunsOfEntry(Dialect dialect) =>
        $"SELECT r.first, r.entry, r.packed FROM {dialect.Table("entries")} e JOIN {dialect.Table("posting_runs")} r ON r.first >= e.first_posting"
        + " AND r.first < e.first_posting + e.postings WHERE e.key = $1 ORDER BY r.first";

    internal static List<(Posting Posting, long Entry)> Unpack(long first, long entry, byte[] packed)
    {
        var postings = new List<(Posting Posting, long Entry)>(PackedPostings.RowMost);
        foreach (var posting in new PackedPostings(first, 0, packed))
        {
            postings.Add((posting, entry));
        }

        return postings;
    }

    private static long PreviousOf(long account, in Posting posting) => posting.Debit == account ? posting.PreviousOfDebit : posting.Credit == account ? posting.PreviousOfCredit : 0;

    private static string PostingsOf(Dialect dialect) =>
        $"SELECT p.number, p.kind, p.debit, p.credit, p.amount, p.hold, p.expires_at, p.prev_debit, p.prev_credit, p.entry FROM {dialect.Table("postings")} p";

    /// <summary>The account's postings from this one backwards, as far as they lie in rows of their own or in the same run.</summary>
    /// <param name="inRuns">Where to look first: where the one before was. Which of the two a posting is in is known only by looking.</param>
    private async Task<(List<(Posting Posting, long Entry)> Walked, bool InRuns)> WalkAsync(long from, long account, int limit, bool inRuns, CancellationToken cancel)
    {
        var walked = inRuns ? await WalkRunAsync(from, account, limit, cancel) : await WalkRowsAsync(from, account, limit, cancel);
        if (walked.Count > 0)
        {
            return (walked, inRuns);
        }

        return (inRuns ? await WalkRowsAsync(from, account, limit, cancel) : await WalkRunAsync(from, account, limit, cancel), !inRuns);
    }

    private async Task<List<(Posting Posting, long Entry)>> WalkRowsAsync(long from, long account, int limit, CancellationToken cancel)
    {
        var walked = new List<(Posting Posting, long Entry)>();
        await ReadAsync(
            [
                new Query(
                    $"""
                    WITH RECURSIVE walk(number, step) AS (
                        SELECT CAST($1 AS bigint), CAST(1 AS bigint)
                        UNION ALL
                        SELECT CASE WHEN p.debit = $2 THEN p.prev_debit ELSE p.prev_credit END, walk.step + 1
                        FROM walk JOIN {_dialect.Table("postings")} p ON p.number = walk.number
                        WHERE walk.step < $3)
                    {PostingsOf(_dialect)} JOIN walk ON p.number = walk.number ORDER BY p.number DESC
                    """,
                    [from, account, (long)limit],
                    row => walked.Add((ReadPosting(row, 0), row.GetInt64(9)))),
            ],
            cancel);
        return walked;
    }

    private async Task<List<(Posting Posting, long Entry)>> WalkRunAsync(long from, long account, int limit, CancellationToken cancel)
    {
        List<(Posting Posting, long Entry)> run = [];
        await ReadAsync(
            [
                new Query($"SELECT first, entry, packed FROM {_dialect.Table("posting_runs")} WHERE first <= $1 ORDER BY first DESC LIMIT 1", [from],
                    row => run = Unpack(row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2))),
            ],
            cancel);
        var walked = new List<(Posting Posting, long Entry)>();
        for (var at = run.Count == 0 ? -1 : from - run[0].Posting.Number; at >= 0 && at < run.Count && walked.Count < limit;)
        {
            walked.Add(run[(int)at]);
            at = PreviousOf(account, walked[^1].Posting) - run[0].Posting.Number;
        }

        return walked;
    }

    /// <summary>Postings with the names of their entries and accounts.</summary>
    private async Task<IReadOnlyList<PostingRow>> NamedAsync(List<(Posting Posting, long Entry)> postings, CancellationToken cancel)
    {
        if (postings.Count == 0)
        {
            return [];
        }

        var accounts = new Dictionary<long, (string Id, Currency Currency)>();
        var entries = new Dictionary<long, (string Key, string Kind, string? Cites, DateTimeOffset At)>();
        await ReadAsync(
            [
                new Query($"SELECT number, key, kind, cites, at FROM {_dialect.Table("entries")} WHERE {_dialect.IsIn("number", 1, ColumnKind.Int)}",
                    [postings.Select(posting => posting.Entry).Distinct().ToArray()],
                    row => entries.Add(row.GetInt64(0), (row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), TimeOf(row.GetInt64(4))))),
                new Query($"SELECT number, id, currency FROM {_dialect.Table("accounts")} WHERE {_dialect.IsIn("number", 1, ColumnKind.Int)}",
                    [postings.SelectMany(posting => new[] { posting.Posting.Debit, posting.Posting.Credit }).Distinct().ToArray()],
                    row => accounts.Add(row.GetInt64(0), (row.GetString(1), Currency.Parse(row.GetString(2))))),
            ],
            cancel);
        return
        [
            .. postings.Select(found =>
            {
                var (posting, entry) = (found.Posting, entries[found.Entry]);
                return new PostingRow(posting, found.Entry, entry.Key, entry.Kind, entry.Cites, entry.At, accounts[posting.Debit].Id, accounts[posting.Credit].Id,
                    accounts[posting.Debit].Currency);
            }),
        ];
    }

    public async Task<IReadOnlyList<ParkedRow>> ParkedAsync(int limit, CancellationToken cancel)
    {
        var parked = new List<ParkedRow>();
        await ReadAsync(
            [
                new Query($"SELECT what, key, error, command, body, at FROM {_dialect.Table("parked")} ORDER BY at DESC, what, key LIMIT $1", [(long)limit], row =>
                    parked.Add(new ParkedRow(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetFieldValue<byte[]>(4), TimeOf(row.GetInt64(5))))),
            ],
            cancel);
        return parked;
    }

    public async Task<long?> NextTimerAsync(CancellationToken cancel)
    {
        long? due = null;
        await ReadAsync([new Query($"SELECT due FROM {_dialect.Table("timers")} ORDER BY due, key LIMIT 1", [], row => due = row.GetInt64(0))], cancel);
        return due;
    }

    public async Task<long> TimersDueAsync(string command, long nowMicros, CancellationToken cancel)
    {
        var count = 0L;
        await ReadAsync([new Query($"SELECT count(*) FROM {_dialect.Table("timers")} WHERE due <= $1 AND command = $2", [nowMicros, command], row => count = row.GetInt64(0))], cancel);
        return count;
    }

    /// <summary>The first text after all that start with the prefix, in the order of UTF-8 bytes both databases keep.</summary>
    internal static string AfterPrefix(string prefix) => prefix + "\U0010FFFF";

    internal static string AccountColumns(string alias) =>
        string.Join(", ", new[] { "id", "number", "side", "currency", "floor", "ceiling", "debits_pending", "debits_posted", "credits_pending", "credits_posted", "last_posting" }
            .Select(column => $"{alias}.{column}"));

    internal static (string Id, AccountState State) ReadAccount(DbDataReader row, int at) => (row.GetString(at), new AccountState
    {
        Number = row.GetInt64(at + 1),
        Side = (NormalSide)row.GetInt64(at + 2),
        Currency = Currency.Parse(row.GetString(at + 3)),
        Floor = row.GetInt64(at + 4),
        Ceiling = row.GetInt64(at + 5),
        DebitsPending = row.GetInt64(at + 6),
        DebitsPosted = row.GetInt64(at + 7),
        CreditsPending = row.GetInt64(at + 8),
        CreditsPosted = row.GetInt64(at + 9),
        LastPosting = row.GetInt64(at + 10),
    });

    internal static HoldState ReadHold(DbDataReader row) => new()
    {
        Number = row.GetInt64(0),
        Debit = row.GetInt64(1),
        Credit = row.GetInt64(2),
        Amount = row.GetInt64(3),
        Remaining = row.GetInt64(4),
        ExpiresAt = row.GetInt64(5),
        Status = (HoldStatus)row.GetInt64(6),
    };

    private static LoadedRecord ReadRecord(string type, DbDataReader row) =>
        new(type, row.GetString(0), row.GetInt64(1), (int)row.GetInt64(2), row.GetFieldValue<byte[]>(3));

    private static AccountRow ReadAccountRow(DbDataReader row)
    {
        var (id, state) = ReadAccount(row, 0);
        return new AccountRow(new LedgerAccountId(id), state);
    }

    private static DateTimeOffset TimeOf(long micros) => DateTimeOffset.UnixEpoch.AddMicroseconds(micros);

    private static TimerOp ReadTimer(DbDataReader row) =>
        new(row.GetString(0), row.GetInt64(1), (TimerClass)row.GetInt64(2), row.GetString(3), row.GetFieldValue<byte[]>(4));

    internal static Posting ReadPosting(DbDataReader row, int at) => new()
    {
        Number = row.GetInt64(at),
        Kind = (PostingKind)row.GetInt64(at + 1),
        Debit = row.GetInt64(at + 2),
        Credit = row.GetInt64(at + 3),
        Amount = row.GetInt64(at + 4),
        Hold = row.GetInt64(at + 5),
        ExpiresAt = row.GetInt64(at + 6),
        PreviousOfDebit = row.GetInt64(at + 7),
        PreviousOfCredit = row.GetInt64(at + 8),
    };

    private string RecordTable(string type) => _dialect.Table(_shapes.Of(type).Name);

    private string IndexColumn(string type, string index) => _shapes.Of(type).Record!.Indexes.Any(declared => declared.Name == index)
        ? "ix_" + index
        : throw new InvalidOperationException($"{type} declares no index {index}.");

    private void AddRecords(List<Query> queries, Loading loading)
    {
        foreach (var ofType in loading.Request.Records.GroupBy(record => record.Type, record => record.Id, StringComparer.Ordinal))
        {
            queries.Add(new Query(
                $"SELECT id, version, schema, body FROM {RecordTable(ofType.Key)} WHERE {_dialect.IsIn("id", 1, ColumnKind.Text)}",
                [ofType.ToArray()],
                row => loading.Add(ReadRecord(ofType.Key, row))));
        }
    }

    private void AddIndexes(List<Query> queries, Loading loading)
    {
        foreach (var ofIndex in loading.Request.Indexes.GroupBy(wanted => (wanted.Type, wanted.Index), wanted => wanted.Value))
        {
            var (type, index) = ofIndex.Key;
            foreach (var value in ofIndex)
            {
                loading.Indexes.Add((type, index, value), []);
            }

            var column = IndexColumn(type, index);
            queries.Add(new Query(
                $"SELECT id, version, schema, body, {column} FROM {RecordTable(type)} WHERE {_dialect.IsIn(column, 1, ColumnKind.Text)} ORDER BY id",
                [ofIndex.ToArray()],
                row =>
                {
                    loading.Add(ReadRecord(type, row));
                    loading.Indexes[(type, index, row.GetString(4))].Add(row.GetString(0));
                }));
        }
    }

    private void AddLedger(List<Query> queries, Loading loading)
    {
        var request = loading.Request;
        var accounts = $"SELECT {AccountColumns("a")} FROM {_dialect.Table("accounts")} a WHERE ";
        if (request.Accounts.Count > 0)
        {
            queries.Add(new Query(accounts + _dialect.IsIn("a.id", 1, ColumnKind.Text), [request.Accounts.ToArray()], row => loading.Add(ReadAccount(row, 0))));
        }

        if (request.AccountNumbers.Count > 0)
        {
            queries.Add(new Query(accounts + _dialect.IsIn("a.number", 1, ColumnKind.Int), [request.AccountNumbers.ToArray()], row => loading.Add(ReadAccount(row, 0))));
        }

        if (request.Holds.Count > 0)
        {
            queries.Add(new Query(
                $"SELECT {HoldColumns} FROM {_dialect.Table("holds")} WHERE {_dialect.IsIn("number", 1, ColumnKind.Int)}",
                [request.Holds.ToArray()],
                row => loading.Holds.Add(ReadHold(row))));
        }

        if (request.EntryKeys.Count > 0)
        {
            queries.Add(new Query(
                $"SELECT key FROM {_dialect.Table("entries")} WHERE {_dialect.IsIn("key", 1, ColumnKind.Text)}",
                [request.EntryKeys.ToArray()],
                row => loading.EntryKeys.Add(row.GetString(0))));
        }
    }

    private void AddTimers(List<Query> queries, Loading loading)
    {
        var timers = $"SELECT key, due, class, command, body FROM {_dialect.Table("timers")} WHERE ";
        if (loading.Request.TimerKeys.Count > 0)
        {
            queries.Add(new Query(timers + _dialect.IsIn("key", 1, ColumnKind.Text), [loading.Request.TimerKeys.ToArray()], row => loading.Timers.Add(ReadTimer(row))));
        }

        if (loading.Request.TimersAfter is var (due, key, limit))
        {
            queries.Add(new Query(timers + "(due, key) > ($1, $2) ORDER BY due, key LIMIT $3", [due, key, (long)limit], row => loading.NextTimers.Add(ReadTimer(row))));
        }
    }

    /// <summary>A load result in the making: a record or an account found twice, by id and by index, is kept once.</summary>
    private sealed class Loading(LoadRequest request)
    {
        private readonly Dictionary<(string Type, string Id), LoadedRecord> _records = [];
        private readonly Dictionary<long, (string Id, AccountState State)> _accounts = [];

        public LoadRequest Request => request;

        public long Position { get; set; }

        public Dictionary<(string Type, string Index, string Value), List<string>> Indexes { get; } = [];

        public List<HoldState> Holds { get; } = [];

        public List<string> EntryKeys { get; } = [];

        public List<LoadedReply> Replies { get; } = [];

        public List<TimerOp> Timers { get; } = [];

        public List<TimerOp> NextTimers { get; } = [];

        public void Add(LoadedRecord record) => _records[(record.Type, record.Id)] = record;

        public void Add((string Id, AccountState State) account) => _accounts[account.State.Number] = account;

        public LoadResult Result()
        {
            var result = new LoadResult { Request = request, Position = Position };
            result.Records.AddRange(_records.Values);
            result.Accounts.AddRange(_accounts.Values);
            result.Holds.AddRange(Holds);
            result.EntryKeys.UnionWith(EntryKeys);
            result.Replies.AddRange(Replies);
            result.Timers.AddRange(Timers);
            result.NextTimers.AddRange(NextTimers);
            foreach (var (wanted, ids) in Indexes)
            {
                result.Indexes.Add(wanted, ids);
            }

            return result;
        }
    }
}
