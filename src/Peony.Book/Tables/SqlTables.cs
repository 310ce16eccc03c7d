using System.Globalization;
using System.Runtime.CompilerServices;
using Peony.Ledger;

namespace Peony.Book;

/// <summary>
/// The tables in a database. The applier's side is here: batches of frames become rows, with the position reached in the same transaction. What is read is in the other half.
/// </summary>
internal sealed partial class SqlTables : ITables
{
    /// <summary>
    /// How long a reply is kept. The rule is a function of the frames alone, so that <c>verify</c> can follow it: after a frame of the Book's time N, no reply is there that was
    /// given before the full hour N stands in, less 30 days.
    /// </summary>
    public static readonly TimeSpan RepliesKept = TimeSpan.FromDays(30);

    private const int CachedAccounts = 200_000;
    private const int CachedHolds = 200_000;
    private readonly Dialect _dialect;
    private readonly BookSchema _schema;
    private readonly TableShapes _shapes;
    private readonly bool _isRebuild;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly HashSet<string> _reshaped = new(StringComparer.Ordinal);
    private readonly Dictionary<long, AppliedAccount> _accounts = [];
    private readonly Dictionary<long, HoldState> _holds = [];
    private ITablesWriter? _writer;
    private Applied? _applied;
    private long _reached;
    private bool _mustForget;
    private bool _isDisposed;

    /// <param name="isRebuild">The frames to come may be old: index values are taken from the bodies by today's declarations.</param>
    public SqlTables(Dialect dialect, BookSchema schema, bool isRebuild = false)
    {
        _dialect = dialect;
        _schema = schema;
        _shapes = new TableShapes(schema);
        _isRebuild = isRebuild;
    }

    /// <summary>Where the applier stands, as it knows without asking.</summary>
    private sealed record Applied(long Sequence, byte[] Hash, long NowMicros, long LastAccount);

    /// <summary>The moment before which no reply is kept at the Book's time given.</summary>
    public static long RepliesFrom(long nowMicros)
    {
        const long hour = 3_600_000_000;
        return nowMicros - (nowMicros % hour) - (long)RepliesKept.TotalMicroseconds;
    }

    public event Action? FellBack;

    public async Task PrepareAsync(CancellationToken cancel)
    {
        await LeaveCallerAsync();
        await _dialect.CreateHomeAsync(cancel);
        await _turn.WaitAsync(cancel);
        try
        {
            // A new index over years of rows takes its time.
            _writer = _dialect.OpenWriter(isPatient: true);
            await new TablesUpgrade(_dialect, _shapes, _writer, _reshaped).RunAsync(cancel);
        }
        finally
        {
            await ForgetAsync();
            _turn.Release();
        }
    }

    /// <summary>Drops every table, so that they can be made anew from the journal.</summary>
    public async Task DropAsync(CancellationToken cancel)
    {
        await LeaveCallerAsync();
        await _dialect.CreateHomeAsync(cancel);
        await _turn.WaitAsync(cancel);
        try
        {
            await Writer.BeginAsync(cancel);
            foreach (var table in (await _dialect.TablesAsync(cancel)).Keys)
            {
                if (table == "shape" || table.StartsWith("r_", StringComparison.Ordinal) || _shapes.All.Any(shape => shape.Name == table))
                {
                    await Writer.ExecuteAsync($"DROP TABLE {_dialect.Table(table)}", [], cancel);
                }
            }

            await Writer.CommitAsync(cancel);
        }
        finally
        {
            await ForgetAsync();
            _turn.Release();
        }
    }

    public async Task ApplyAsync(IReadOnlyList<Frame> frames, CancellationToken cancel)
    {
        await LeaveCallerAsync();
        await _turn.WaitAsync(cancel);
        try
        {
            if (Interlocked.Exchange(ref _mustForget, false))
            {
                await ForgetAsync();
            }

            _applied ??= await AppliedAsync(cancel);
            if (frames.Count > 0 && frames[0].Header.Sequence > _applied.Sequence + 1 && _applied.Sequence < Interlocked.Read(ref _reached))
            {
                throw new TablesFellBackException(_applied.Sequence, _reached);
            }

            var next = Following(frames, _applied);
            if (next.Count > 0)
            {
                await ApplyAsync(next, _applied, cancel);
            }
        }
        catch
        {
            await ForgetAsync();
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        await _turn.WaitAsync();
        await ForgetAsync();
        _turn.Release();
        _turn.Dispose();
        await _dialect.DisposeAsync();
    }

    private ITablesWriter Writer => _writer ??= _dialect.OpenWriter(isPatient: _isRebuild);

    /// <summary>The frames after the position; they must go on from it without a gap and from its very hash.</summary>
    private static List<Frame> Following(IReadOnlyList<Frame> frames, Applied applied)
    {
        var (sequence, hash) = (applied.Sequence, applied.Hash);
        var next = new List<Frame>(frames.Count);
        foreach (var frame in frames)
        {
            if (frame.Header.Sequence <= applied.Sequence)
            {
                continue;
            }

            if (frame.Header.Sequence != sequence + 1 || !frame.Header.PreviousHash.AsSpan().SequenceEqual(hash))
            {
                throw new InvalidOperationException($"Frame {frame.Header.Sequence} does not follow frame {sequence}, which the tables hold: journal and tables do not belong together.");
            }

            (sequence, hash) = (frame.Header.Sequence, frame.Hash);
            next.Add(frame);
        }

        return next;
    }

    private async Task ApplyAsync(List<Frame> frames, Applied applied, CancellationToken cancel)
    {
        var last = frames[^1];
        await Writer.BeginAsync(cancel);
        await ReadMissingAsync(frames, applied.LastAccount, cancel);
        var changes = new ChangeSet(_shapes, IndexValues);
        foreach (var frame in frames)
        {
            changes.Add(frame, _accounts, _holds);
        }

        await changes.WriteAsync(Writer, _accounts, _holds, _dialect, cancel);
        var from = RepliesFrom(last.Header.NowMicros);
        if (from > RepliesFrom(applied.NowMicros))
        {
            await Writer.ExecuteAsync($"DELETE FROM {_dialect.Table("replies")} WHERE at < $1", [from], cancel);
        }

        await Writer.UpsertAsync(new Rows(_shapes.Position).Int(1).Int(last.Header.Sequence).Bytes(last.Hash).Int(last.Header.NowMicros), cancel);
        await Writer.CommitAsync(cancel);
        _applied = new Applied(last.Header.Sequence, last.Hash, last.Header.NowMicros, last.Header.LastAccount);
        Reached(last.Header.Sequence);
        Shrink();
    }

    private void Reached(long sequence)
    {
        for (var reached = Interlocked.Read(ref _reached); sequence > reached; reached = Interlocked.Read(ref _reached))
        {
            Interlocked.CompareExchange(ref _reached, sequence, reached);
        }
    }

    private async Task<Applied> AppliedAsync(CancellationToken cancel)
    {
        var applied = new Applied(0, new byte[32], 0, 0);
        await Writer.QueryAsync(
            new Query($"SELECT seq, hash, now FROM {_dialect.Table("position")}", [], row => applied = applied with
            {
                Sequence = row.GetInt64(0),
                Hash = row.GetFieldValue<byte[]>(1),
                NowMicros = row.GetInt64(2),
            }),
            cancel);
        await Writer.QueryAsync(
            new Query($"SELECT coalesce(max(number), 0) FROM {_dialect.Table("accounts")}", [], row => applied = applied with { LastAccount = row.GetInt64(0) }), cancel);
        return applied;
    }

    private async Task ReadMissingAsync(List<Frame> frames, long lastAccount, CancellationToken cancel)
    {
        var (accounts, holds) = ChangeSet.Needs(frames);
        accounts.RemoveWhere(number => number > lastAccount || _accounts.ContainsKey(number));
        holds.RemoveWhere(number => _holds.ContainsKey(number));
        if (accounts.Count > 0)
        {
            await Writer.QueryAsync(
                new Query($"SELECT {AccountColumns("a")} FROM {_dialect.Table("accounts")} a WHERE {_dialect.IsIn("a.number", 1, ColumnKind.Int)}", [accounts.ToArray()], row =>
                {
                    var (id, state) = ReadAccount(row, 0);
                    _accounts.Add(state.Number, new AppliedAccount(id) { State = state });
                }),
                cancel);
        }

        if (holds.Count > 0)
        {
            await Writer.QueryAsync(
                new Query($"SELECT {HoldColumns} FROM {_dialect.Table("holds")} WHERE {_dialect.IsIn("number", 1, ColumnKind.Int)}", [holds.ToArray()], row =>
                {
                    var hold = ReadHold(row);
                    _holds.Add(hold.Number, hold);
                }),
                cancel);
        }
    }

    /// <summary>
    /// The record's index values: as framed, unless the frame may have been written under other declarations. A body of an older schema or a declaration that changed
    /// since is asked anew.
    /// </summary>
    private string?[] IndexValues(RecordOp record, TableShape shape)
    {
        var declaration = shape.Record!;
        return !_isRebuild && record.Schema == declaration.Schema && record.IndexValues.Length == declaration.Indexes.Count && !_reshaped.Contains(declaration.Name)
            ? record.IndexValues
            : IndexValues(declaration, record.Body, record.Schema);
    }

    internal static string?[] IndexValues(RecordDeclaration declaration, ReadOnlySpan<byte> body, int schema)
    {
        if (declaration.Indexes.Count == 0)
        {
            return [];
        }

        var record = declaration.Read(body, schema);
        var values = new string?[declaration.Indexes.Count];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = declaration.Indexes[index].Value(record);
        }

        return values;
    }

    /// <summary>After a failure nothing remembered is sure: the next batch reads position, accounts and holds again.</summary>
    private async Task ForgetAsync()
    {
        _applied = null;
        _accounts.Clear();
        _holds.Clear();
        if (_writer is { } writer)
        {
            _writer = null;
            try
            {
                await writer.RollbackAsync();
            }
            catch (Exception exception) when (Passing.Is(exception))
            {
                // The connection is gone; so is its transaction.
            }

            await writer.DisposeAsync();
        }
    }

    private void Shrink()
    {
        if (_accounts.Count > CachedAccounts)
        {
            _accounts.Clear();
        }

        if (_holds.Count > CachedHolds)
        {
            _holds.Clear();
            return;
        }

        foreach (var (number, hold) in _holds)
        {
            if (hold.Status != HoldStatus.Open)
            {
                _holds.Remove(number);
            }
        }
    }

    /// <summary>Leaves the caller's thread when the database would occupy it.</summary>
    private ConfiguredTaskAwaitable LeaveCallerAsync() =>
        Task.CompletedTask.ConfigureAwait(_dialect.Blocks ? ConfigureAwaitOptions.ForceYielding : ConfigureAwaitOptions.None);
}

/// <summary>Makes what is missing from the declarations, and fills a new index before anybody uses it.</summary>
internal sealed class TablesUpgrade(Dialect dialect, TableShapes shapes, ITablesWriter writer, HashSet<string> reshaped)
{
    private const int FilledAtOnce = 1000;

    public async Task RunAsync(CancellationToken cancel)
    {
        var tables = await dialect.TablesAsync(cancel);
        var declared = await DeclaredAsync(tables, cancel);
        await writer.BeginAsync(cancel);
        await writer.ExecuteAsync(dialect.CreateTable(shapes.Shape), [], cancel);
        foreach (var shape in shapes.All)
        {
            if (shape.Record is { } record && tables.TryGetValue(shape.Name, out var columns) && declared.GetValueOrDefault(shape.Name) != TableShapes.Declared(record))
            {
                reshaped.Add(record.Name);
                await ReshapeAsync(shape, columns, cancel);
            }
            else
            {
                await writer.ExecuteAsync(dialect.CreateTable(shape), [], cancel);
            }

            foreach (var index in shape.Indexes)
            {
                await writer.ExecuteAsync(dialect.CreateIndex(shape, index), [], cancel);
            }
        }

        await RememberAsync(cancel);
        await writer.CommitAsync(cancel);
    }

    private async Task<Dictionary<string, string>> DeclaredAsync(IReadOnlyDictionary<string, IReadOnlyList<string>> tables, CancellationToken cancel)
    {
        var declared = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!tables.ContainsKey(shapes.Shape.Name))
        {
            return declared;
        }

        await dialect.ReadAsync(
            [new Query($"SELECT name, declared FROM {dialect.Table(shapes.Shape.Name)}", [], row => declared[row.GetString(0)] = row.GetString(1))], cancel);
        var format = declared.GetValueOrDefault("", "format:1");
        return format == Format
            ? declared
            : throw new StartRefusedException($"The tables in {dialect.Describe} are of another release ({format}, this program has {Format}). Make them anew: peony rebuild.");
    }

    private static string Format => "format:" + TableShapes.Format.ToString(CultureInfo.InvariantCulture);

    private async Task RememberAsync(CancellationToken cancel)
    {
        var rows = new Rows(shapes.Shape).Text("").Text(Format);
        foreach (var shape in shapes.Records)
        {
            rows.Text(shape.Name).Text(TableShapes.Declared(shape.Record!));
        }

        await writer.UpsertAsync(rows, cancel);
    }

    /// <summary>Columns that are declared no more go, new ones come, and every declared value is taken from the bodies anew.</summary>
    private async Task ReshapeAsync(TableShape shape, IReadOnlyList<string> columns, CancellationToken cancel)
    {
        foreach (var index in (await dialect.IndexesAsync(cancel)).Where(name => name.StartsWith(shape.Name + "_u_", StringComparison.Ordinal)
            || name.StartsWith(shape.Name + "_i_", StringComparison.Ordinal)))
        {
            await writer.ExecuteAsync(dialect.DropIndex(index), [], cancel);
        }

        foreach (var column in columns.Where(column => column.StartsWith("ix_", StringComparison.Ordinal) && shape.Columns.All(declared => declared.Name != column)))
        {
            await writer.ExecuteAsync($"ALTER TABLE {dialect.Table(shape.Name)} DROP COLUMN {column}", [], cancel);
        }

        foreach (var column in shape.Columns.Where(declared => !columns.Contains(declared.Name)))
        {
            await writer.ExecuteAsync($"ALTER TABLE {dialect.Table(shape.Name)} ADD COLUMN {column.Name} {dialect.TypeOf(column.Kind)}", [], cancel);
        }

        for (var after = ""; ;)
        {
            var rows = new Rows(shape);
            await writer.QueryAsync(
                new Query($"SELECT id, version, schema, body, seq FROM {dialect.Table(shape.Name)} WHERE id > $1 ORDER BY id LIMIT {FilledAtOnce}", [after], row =>
                {
                    after = row.GetString(0);
                    var (schema, body) = ((int)row.GetInt64(2), row.GetFieldValue<byte[]>(3));
                    rows.Text(after).Int(row.GetInt64(1)).Int(schema).Bytes(body).Int(row.GetInt64(4));
                    foreach (var value in SqlTables.IndexValues(shape.Record!, body, schema))
                    {
                        rows.Text(value);
                    }
                }),
                cancel);
            if (rows.Count == 0)
            {
                return;
            }

            await writer.UpsertAsync(rows, cancel);
        }
    }
}
