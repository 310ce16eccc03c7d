using System.Buffers.Binary;
using System.Data.Common;
using Peony.Ledger;

namespace Peony.Book;

/// <summary>
/// Recomputes everything from the journal and compares it with every column of every row of the tables, in one state of them, so that it may run beside a serving Book. It
/// stops at the first thing that is wrong and names it.
/// </summary>
internal sealed class BookVerifier
{
    private readonly IJournal _journal;
    private readonly Dialect _dialect;
    private readonly BookSchema _schema;
    private readonly TableShapes _shapes;
    private readonly SealFile? _seal;
    private readonly string _book;
    private readonly byte[] _chainKey;
    private readonly IProgress<VerifyProgress>? _progress;
    private readonly List<string> _notes = [];
    private VerifyReport _report = new();
    private bool _isCompared;

    private BookVerifier(IJournal journal, Dialect dialect, SealFile? seal, BookSchema schema, Secrets secrets, string book, IProgress<VerifyProgress>? progress)
    {
        (_journal, _dialect, _seal, _schema, _book, _progress) = (journal, dialect, seal, schema, book, progress);
        _shapes = new TableShapes(schema);
        _chainKey = secrets.Key("chain");
    }

    /// <param name="tables">Where the tables are; opened for reading only.</param>
    /// <param name="seal">The seal of the journal's head, or null when this place keeps none.</param>
    public static async Task<VerifyReport> RunAsync(IJournal journal, Dialect tables, SealFile? seal, BookSchema schema, Secrets secrets, string book,
        IProgress<VerifyProgress>? progress = null, CancellationToken cancel = default)
    {
        var verifier = new BookVerifier(journal, tables, seal, schema, secrets, book, progress);
        try
        {
            await verifier.RunAsync(cancel);
            return verifier._report with { Notes = verifier._notes };
        }
        catch (Exception exception) when (exception is VerifyFailedException or StartRefusedException)
        {
            return verifier._report with { Notes = verifier._notes, Problem = exception.Message };
        }
        catch (DbException exception)
        {
            return verifier._report with { Notes = verifier._notes, Problem = $"The database cannot be read: {exception.Message}" };
        }
    }

    private async Task RunAsync(CancellationToken cancel)
    {
        // The order matters beside a serving Book: what is read later may only be further on.
        var sealedHead = _seal?.Read();
        using var tables = await OpenTablesAsync(cancel);
        var head = await _journal.HeadAsync(cancel) is { } last ? last.Sequence : 0;
        CheckSeal(sealedHead, head);
        if (tables is not null && tables.Position > head)
        {
            throw new VerifyFailedException($"The tables stand at frame {tables.Position}, the journal ends at frame {head}: its tail was cut, or an older journal was put back.");
        }

        using var digest = new RowDigest();
        var recomputed = new Recomputed(_shapes, digest);
        if (tables is { Position: 0 })
        {
            Compare(tables, recomputed, digest, null);
        }

        var chain = new FrameChain(_book, _chainKey);
        await foreach (var stored in _journal.ReadAsync(1, cancel))
        {
            var frame = chain.Next(stored);
            if (sealedHead?.Sequence == stored.Sequence && !stored.Hash.AsSpan().SequenceEqual(sealedHead.Hash))
            {
                throw new VerifyFailedException($"Frame {stored.Sequence} is not the one that was sealed: another journal was put in its place.");
            }

            var isApplied = tables is not null && stored.Sequence <= tables.Position;
            recomputed.Add(frame, isApplied ? tables!.Entry : static _ => { }, isApplied ? tables!.Posting : static _ => { }, isApplied ? tables!.Run : static _ => { });
            if (tables is not null && stored.Sequence == tables.Position)
            {
                Compare(tables, recomputed, digest, frame);
            }

            Count(recomputed, stored.Sequence, sealedHead?.Sequence ?? 0);
            if (stored.Sequence % 256 == 0 || stored.Sequence == head)
            {
                _progress?.Report(new VerifyProgress(stored.Sequence, head, "frames"));
            }
        }

        if (chain.Sequence < head)
        {
            throw new VerifyFailedException($"Frame {chain.Sequence + 1} is missing.");
        }

        if (tables is not null && !_isCompared)
        {
            throw new VerifyFailedException($"The tables stand at frame {tables.Position}, which no journal has.");
        }

        _report = _report with { TrialBalance = recomputed.TrialBalance() };
        await NameMissingAsync(tables, cancel);
        if (tables is not null)
        {
            RunControls(tables);
            NoteLag(head, tables.Position);
        }
    }

    private void CheckSeal(SealedHead? sealedHead, long head)
    {
        if (_seal is null)
        {
            return;
        }

        if (sealedHead is null)
        {
            if (head > 0)
            {
                throw new VerifyFailedException("The seal of the journal's head is missing: nothing outside the database says how far the journal must reach.");
            }
        }
        else if (sealedHead.Book != _book)
        {
            throw new VerifyFailedException($"The seal is of the Book '{sealedHead.Book}', not of '{_book}'.");
        }
        else if (sealedHead.Sequence > head)
        {
            throw new VerifyFailedException($"The seal says the journal reached frame {sealedHead.Sequence}, but it ends at frame {head}: its tail was cut, or an older journal was put back.");
        }
    }

    private async Task<AppliedTables?> OpenTablesAsync(CancellationToken cancel)
    {
        if (!await _dialect.HasHomeAsync(cancel))
        {
            _notes.Add("There are no tables yet; they are made from the journal when the Book is served.");
            return null;
        }

        var present = await _dialect.TablesAsync(cancel);
        if (!present.ContainsKey(_shapes.Position.Name))
        {
            _notes.Add("There are no tables yet; they are made from the journal when the Book is served.");
            return null;
        }

        var snapshot = _dialect.OpenSnapshot();
        try
        {
            CheckShapes(snapshot, present);
            return new AppliedTables(snapshot, _shapes);
        }
        catch
        {
            snapshot.Dispose();
            throw;
        }
    }

    private void CheckShapes(ITablesSnapshot snapshot, IReadOnlyDictionary<string, IReadOnlyList<string>> present)
    {
        var declared = new Dictionary<string, string>(StringComparer.Ordinal);
        if (present.ContainsKey(_shapes.Shape.Name))
        {
            foreach (var row in snapshot.Scan(_shapes.Shape))
            {
                declared[row[0].Text] = row[1].Text;
            }
        }

        foreach (var shape in _shapes.All)
        {
            if (!present.TryGetValue(shape.Name, out var columns) || shape.Columns.Any(column => !columns.Contains(column.Name)))
            {
                throw new VerifyFailedException($"Table {shape.Name} is missing, or one of its columns is.");
            }

            if (shape.Record is { } record && declared.GetValueOrDefault(shape.Name) != TableShapes.Declared(record))
            {
                throw new VerifyFailedException($"Table {shape.Name} was made for another declaration of {record.Name} than this program's. Serving the Book once brings it up to date.");
            }
        }

        if (snapshot.Damage() is { } damage)
        {
            throw new VerifyFailedException($"{_dialect.Describe} is damaged: {damage}");
        }
    }

    private void Compare(AppliedTables tables, Recomputed recomputed, RowDigest digest, Frame? at)
    {
        _progress?.Report(new VerifyProgress(tables.Position, tables.Position, "tables"));
        _isCompared = true;
        tables.CheckPosition(at);
        tables.CheckEnds();
        new TableComparison(tables, recomputed, _shapes, digest).Run();
        _report = _report with { RowsCompared = tables.RowsCompared, TablesAt = tables.Position };
    }

    private void Count(Recomputed recomputed, long sequence, long sealedSequence) => _report = _report with
    {
        Frames = sequence,
        Commands = recomputed.Commands,
        Entries = recomputed.Entries,
        Postings = recomputed.Postings,
        Accounts = recomputed.Accounts.Count,
        OpenHolds = recomputed.OpenHolds,
        Records = recomputed.Records.Count,
        Replies = recomputed.Replies.Count,
        Timers = recomputed.Timers.Count,
        UnsealedTail = Math.Max(0, sequence - sealedSequence),
    };

    /// <summary>Rows the tables lack are known by digest alone; a second walk through the journal finds whose they are.</summary>
    private async Task NameMissingAsync(AppliedTables? tables, CancellationToken cancel)
    {
        if (tables is null || tables.Missing.Count == 0)
        {
            return;
        }

        await foreach (var stored in _journal.ReadAsync(1, cancel))
        {
            foreach (var (shape, key) in FrameCodec.Decode(stored.Payload, stored.Hash).Ops.SelectMany(op => Rows(op)))
            {
                if (tables.IsMissing(shape, key))
                {
                    throw new VerifyFailedException($"Table {shape.Name} lacks row {AppliedTables.NameOf(shape, key)}, which frame {stored.Sequence} wrote.");
                }
            }
        }

        throw new VerifyFailedException("A table lacks a row that the journal wrote.");
    }

    private IEnumerable<(TableShape Shape, Cell[] Key)> Rows(FrameOp op) => op switch
    {
        RecordOp record => [(_shapes.Of(record.Type), [Cell.Of(record.Id)])],
        TimerOp timer => [(_shapes.Timers, [Cell.Of(timer.Key)])],
        EventOp told => told.Effects.Select(effect => (_shapes.Effects, new[] { Cell.Of(told.Number), Cell.Of(effect) })),
        ReplyOp reply => [(_shapes.Replies, [Cell.Of(reply.Key)])],
        ParkedOp parked => [(_shapes.Parked, [Cell.Of(parked.What), Cell.Of(parked.Key)])],
        _ => [],
    };

    private void RunControls(AppliedTables tables)
    {
        var context = new ControlContext(tables.Snapshot, _dialect, _schema, _shapes, tables.NowMicros);
        foreach (var control in _schema.Controls)
        {
            _progress?.Report(new VerifyProgress(tables.Position, tables.Position, control.Name));
            if (control.Check(context) is { } problem)
            {
                throw new VerifyFailedException($"Control '{control.Name}': {problem}");
            }

            _report = _report with { Controls = _report.Controls + 1 };
        }
    }

    private void NoteLag(long head, long position)
    {
        if (position < head)
        {
            _notes.Add($"The tables are {head - position} frames behind the journal; they catch up when the Book is served.");
        }
    }
}

/// <summary>The tables as they lie, walked side by side with the journal.</summary>
internal sealed class AppliedTables : IDisposable
{
    private readonly TableShapes _shapes;
    private readonly List<Cell[]> _positions;
    private readonly IEnumerator<Cell[]> _entries;
    private readonly IEnumerator<Cell[]> _postings;
    private readonly IEnumerator<Cell[]> _runs;
    private Func<TableShape, Cell[], UInt128>? _keyOf;

    public AppliedTables(ITablesSnapshot snapshot, TableShapes shapes)
    {
        (Snapshot, _shapes) = (snapshot, shapes);
        _positions = snapshot.Scan(shapes.Position).ToList();
        Position = _positions.Count == 0 ? 0 : _positions[0][1].Int;
        NowMicros = _positions.Count == 0 ? 0 : _positions[0][3].Int;
        _entries = snapshot.ScanByNumber(shapes.Entries).GetEnumerator();
        _postings = snapshot.ScanByNumber(shapes.Postings).GetEnumerator();
        _runs = snapshot.ScanByNumber(shapes.PostingRuns).GetEnumerator();
    }

    public ITablesSnapshot Snapshot { get; }

    public long Position { get; }

    public long NowMicros { get; }

    public long RowsCompared { get; private set; }

    /// <summary>Digests of the keys of rows that ought to be there.</summary>
    public HashSet<UInt128> Missing { get; } = [];

    /// <summary>The key of a row as words: <c>17</c>, or <c>17, withdrawals.send_code</c>.</summary>
    public static string NameOf(TableShape shape, ReadOnlySpan<Cell> row) => string.Join(", ", row[..shape.KeyLength].ToArray().Select(cell => cell.Text));

    public void Entry(Cell[] expected) => Next(_entries, _shapes.Entries, expected);

    public void Posting(Cell[] expected) => Next(_postings, _shapes.Postings, expected);

    public void Run(Cell[] expected) => Next(_runs, _shapes.PostingRuns, expected);

    /// <summary>The position is one row, or none before the first frame, and names the very frame.</summary>
    public void CheckPosition(Frame? at)
    {
        var isRight = at is null
            ? _positions.Count == 0
            : _positions is [var row] && row[0].IsSame(Cell.Of(1)) && row[2].IsSame(Cell.Of(at.Hash)) && row[3].IsSame(Cell.Of(at.Header.NowMicros));
        if (!isRight)
        {
            throw new VerifyFailedException($"The tables' position does not name frame {Position} of this journal: the row was changed, or the tables belong to another journal.");
        }
    }

    /// <summary>Nothing may follow the last entry and the last posting.</summary>
    public void CheckEnds()
    {
        foreach (var (rows, shape) in new[] { (_entries, _shapes.Entries), (_postings, _shapes.Postings), (_runs, _shapes.PostingRuns) })
        {
            if (rows.MoveNext())
            {
                throw new VerifyFailedException($"Table {shape.Name} has row {NameOf(shape, rows.Current)}, which the journal does not have.");
            }
        }
    }

    /// <summary>Compares a whole row with what it ought to be and names the column that differs.</summary>
    public void Compare(TableShape shape, Cell[] expected, Cell[] actual)
    {
        RowsCompared++;
        for (var column = 0; column < expected.Length; column++)
        {
            if (!expected[column].IsSame(in actual[column]))
            {
                throw new VerifyFailedException(
                    $"Table {shape.Name}, row {NameOf(shape, actual)}: {shape.Columns[column].Name} is {Shown(actual[column])}, the journal says {Shown(expected[column])}.");
            }
        }
    }

    public void Counted() => RowsCompared++;

    public void Lacks(IEnumerable<UInt128> keys, Func<TableShape, Cell[], UInt128> keyOf)
    {
        Missing.UnionWith(keys);
        _keyOf = keyOf;
    }

    public bool IsMissing(TableShape shape, Cell[] key) => Missing.Contains(_keyOf!(shape, key));

    public void Dispose()
    {
        _entries.Dispose();
        _postings.Dispose();
        _runs.Dispose();
        Snapshot.Dispose();
    }

    private void Next(IEnumerator<Cell[]> rows, TableShape shape, Cell[] expected)
    {
        if (!rows.MoveNext() || rows.Current[0].Int > expected[0].Int)
        {
            throw new VerifyFailedException($"Table {shape.Name} lacks row {NameOf(shape, expected)}.");
        }

        Compare(shape, expected, rows.Current);
    }

    /// <summary>Numbers are told; texts and bytes may be personal and are not.</summary>
    private static string Shown(Cell cell) => cell.Kind is null or ColumnKind.Int ? cell.Text : "another text";
}

/// <summary>Compares the tables that change in place with what the frames up to the position come to.</summary>
internal sealed class TableComparison(AppliedTables tables, Recomputed recomputed, TableShapes shapes, RowDigest digest)
{
    public void Run()
    {
        var accounts = new HashSet<long>();
        foreach (var row in tables.Snapshot.Scan(shapes.Accounts))
        {
            Expect(shapes.Accounts, row, recomputed.Accounts.ContainsKey(row[0].Int) && accounts.Add(row[0].Int));
            tables.Compare(shapes.Accounts, recomputed.AccountRow(row[0].Int), row);
        }

        ExpectAll(shapes.Accounts, recomputed.Accounts.Keys, accounts);
        var holds = new HashSet<long>();
        foreach (var row in tables.Snapshot.Scan(shapes.Holds))
        {
            Expect(shapes.Holds, row, recomputed.Holds.ContainsKey(row[0].Int) && holds.Add(row[0].Int));
            tables.Compare(shapes.Holds, recomputed.HoldRow(row[0].Int), row);
        }

        ExpectAll(shapes.Holds, recomputed.Holds.Keys, holds);
        var missing = new HashSet<UInt128>();
        CompareByDigest(shapes.Timers, recomputed.Timers, row => row, missing);
        CompareByDigest(shapes.Effects, recomputed.Effects, effect => effect.IsParked ? effect.RowWhenParked : effect.Row, missing);
        CompareByDigest(shapes.Parked, recomputed.Parked, row => row, missing);
        CompareByDigest(shapes.Replies, recomputed.Replies, reply => reply.Row, missing);
        CompareRecords(missing);
        tables.Lacks(missing, KeyOf);
    }

    private static void Expect(TableShape shape, Cell[] row, bool isExpected)
    {
        if (!isExpected)
        {
            throw new VerifyFailedException($"Table {shape.Name} has row {AppliedTables.NameOf(shape, row)}, which the journal does not have, or has it twice.");
        }
    }

    private static void ExpectAll(TableShape shape, IEnumerable<long> expected, HashSet<long> found)
    {
        foreach (var number in expected)
        {
            if (!found.Contains(number))
            {
                throw new VerifyFailedException($"Table {shape.Name} lacks row {number}.");
            }
        }
    }

    private UInt128 KeyOf(TableShape shape, Cell[] row) => shape == shapes.Replies ? ReplyKey(row) : recomputed.Key(shape, row);

    private static UInt128 ReplyKey(Cell[] row) => row[0].Bytes.Length == 16 ? BinaryPrimitives.ReadUInt128LittleEndian(row[0].Bytes) : UInt128.MaxValue;

    private void CompareRecords(HashSet<UInt128> missing)
    {
        var unseen = new HashSet<UInt128>(recomputed.Records.Keys);
        foreach (var shape in shapes.Records)
        {
            var unique = new HashSet<UInt128>();
            var own = shape.Columns.Count - shape.Record!.Indexes.Count;
            foreach (var row in tables.Snapshot.Scan(shape))
            {
                var key = recomputed.Key(shape, row);
                Expect(shape, row, unseen.Remove(key));
                if (digest.Of(shape.Name, row.AsSpan(0, own)) != recomputed.Records[key].Row)
                {
                    throw Changed(shape, row);
                }

                CompareIndexes(shape, row, own, unique);
                tables.Counted();
            }
        }

        missing.UnionWith(unseen);
    }

    private void CompareIndexes(TableShape shape, Cell[] row, int own, HashSet<UInt128> unique)
    {
        string?[] values;
        try
        {
            values = SqlTables.IndexValues(shape.Record!, row[3].Bytes, (int)row[2].Int);
        }
        catch (Exception exception) when (exception is System.Text.Json.JsonException or InvalidOperationException)
        {
            throw new VerifyFailedException($"Table {shape.Name}, row {row[0].Text}: the body cannot be read as {shape.Record!.Name}: {exception.GetType().Name}.");
        }

        for (var index = 0; index < values.Length; index++)
        {
            var declared = shape.Record!.Indexes[index];
            if (!Cell.Of(values[index]).IsSame(in row[own + index]))
            {
                throw new VerifyFailedException($"Table {shape.Name}, row {row[0].Text}: {shape.Columns[own + index].Name} is not what the body says.");
            }

            if (declared.IsUnique && values[index] is not null && !unique.Add(digest.Of(declared.Name, [row[own + index]])))
            {
                throw new VerifyFailedException($"Table {shape.Name}, row {row[0].Text}: another row has the same value in unique index {declared.Name}.");
            }
        }
    }

    private void CompareByDigest<T>(TableShape shape, Dictionary<UInt128, T> expected, Func<T, UInt128> rowOf, HashSet<UInt128> missing)
    {
        var seen = new HashSet<UInt128>();
        foreach (var row in tables.Snapshot.Scan(shape))
        {
            var key = KeyOf(shape, row);
            var isExpected = expected.TryGetValue(key, out var found) && seen.Add(key);
            Expect(shape, row, isExpected);
            if (digest.Of(shape.Name, row) != rowOf(found!))
            {
                throw Changed(shape, row);
            }

            tables.Counted();
        }

        missing.UnionWith(expected.Keys.Where(key => !seen.Contains(key)));
    }

    private static VerifyFailedException Changed(TableShape shape, Cell[] row) =>
        new($"Table {shape.Name}, row {AppliedTables.NameOf(shape, row)}: the row is not what the journal says.");
}

/// <summary>The tables' one state as capabilities' control totals see it.</summary>
internal sealed class ControlContext(ITablesSnapshot snapshot, Dialect dialect, BookSchema schema, TableShapes shapes, long nowMicros, CancellationToken cancel = default) : IControlContext
{
    private const int ReadAtOnce = 500;
    private const int AccountsAtOnce = 2_000;

    public DateTimeOffset Now => DateTimeOffset.UnixEpoch.AddMicroseconds(nowMicros);

    public IEnumerable<T> All<T>()
        where T : class, IRecord => AllAfter<T>("");

    public IEnumerable<T> AllAfter<T>(string id)
        where T : class, IRecord
    {
        var declaration = schema.RecordOf(typeof(T));
        var table = dialect.Table(shapes.Of(declaration.Name).Name);
        for (var after = id; ;)
        {
            cancel.ThrowIfCancellationRequested();
            var page = new List<T>();
            snapshot.Read(new Query($"SELECT id, schema, body FROM {table} WHERE id > $1 ORDER BY id LIMIT {ReadAtOnce}", [after], row =>
            {
                after = row.GetString(0);
                page.Add((T)declaration.Read(row.GetFieldValue<byte[]>(2), (int)row.GetInt64(1)));
            }));
            foreach (var record in page)
            {
                yield return record;
            }

            if (page.Count < ReadAtOnce)
            {
                yield break;
            }
        }
    }

    public AccountState Account(LedgerAccountId account)
    {
        var state = default(AccountState);
        snapshot.Read(new Query($"SELECT {SqlTables.AccountColumns("a")} FROM {dialect.Table("accounts")} a WHERE a.id = $1", [account.Value], row => (_, state) = SqlTables.ReadAccount(row, 0)));
        return state;
    }

    public HoldState Hold(HoldId hold)
    {
        var state = default(HoldState);
        snapshot.Read(new Query($"SELECT {SqlTables.HoldColumns} FROM {dialect.Table("holds")} WHERE number = $1", [hold.Number], row => state = SqlTables.ReadHold(row)));
        return state;
    }

    public IEnumerable<(LedgerAccountId Id, AccountState State)> Accounts(string prefix)
    {
        var (from, comparison) = (prefix, ">=");
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var page = new List<(LedgerAccountId Id, AccountState State)>();
            snapshot.Read(new Query(
                $"SELECT {SqlTables.AccountColumns("a")} FROM {dialect.Table("accounts")} a WHERE a.id {comparison} $1 AND a.id < $2 ORDER BY a.id LIMIT {AccountsAtOnce}",
                [from, SqlTables.AfterPrefix(prefix)],
                row =>
                {
                    var (id, state) = SqlTables.ReadAccount(row, 0);
                    page.Add((new LedgerAccountId(id), state));
                }));
            foreach (var account in page)
            {
                yield return account;
            }

            if (page.Count < AccountsAtOnce)
            {
                yield break;
            }

            (from, comparison) = (page[^1].Id.Value, ">");
        }
    }

    public (string Kind, IReadOnlyList<Posting> Postings)? Entry(EntryKey key)
    {
        string? kind = null;
        var postings = new List<Posting>();
        snapshot.Read(new Query(
            $"SELECT e.kind, p.number, p.kind, p.debit, p.credit, p.amount, p.hold, p.expires_at, p.prev_debit, p.prev_credit FROM {dialect.Table("entries")} e"
            + $" JOIN {dialect.Table("postings")} p ON p.number >= e.first_posting AND p.number < e.first_posting + e.postings WHERE e.key = $1 ORDER BY p.number",
            [key.Value],
            row =>
            {
                kind = row.GetString(0);
                postings.Add(SqlTables.ReadPosting(row, 1));
            }));
        if (kind is null)
        {
            snapshot.Read(new Query($"SELECT kind FROM {dialect.Table("entries")} WHERE key = $1", [key.Value], row => kind = row.GetString(0)));
            snapshot.Read(new Query(SqlTables.RunsOfEntry(dialect), [key.Value],
                row => postings.AddRange(SqlTables.Unpack(row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2)).Select(found => found.Posting))));
        }

        return kind is null ? null : (kind, postings);
    }
}
