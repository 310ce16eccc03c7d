using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Peony.Book;

/// <summary>
/// The journal in a SQLite file of its own, one append one sync. Only the holder of <c>writer.lock</c> beside it writes: a kernel lock, so it is free the moment its process ends,
/// however it ends. The epoch in the file is checked in every append all the same.
/// </summary>
internal sealed class SqliteJournal(string path, string book, SqliteJournalOptions? options = null) : IJournal
{
    private const int ReadAtOnce = 32;
    private readonly SqliteJournalOptions _options = options ?? new SqliteJournalOptions();
    private readonly Lock _turn = new();
    private readonly SemaphoreSlim _readTurn = new(1, 1);
    private FileStream? _lock;
    private long _epoch;
    private bool _isDisposed;
    private SqliteConnection? _writer;
    private SqliteStatement? _append;
    private SqliteCheckpoints? _checkpoints;
    private SqliteConnection? _reader;

    public async Task<long> TakeAsync(Action standingBy, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        for (var hasTold = false; _lock is null; hasTold = true)
        {
            cancel.ThrowIfCancellationRequested();
            _lock = TryLock();
            if (_lock is not null)
            {
                break;
            }

            if (!hasTold)
            {
                standingBy();
            }

            await Task.Delay(_options.PollingInterval, cancel);
        }

        return await Task.Run(Take, cancel);
    }

    public async Task<long> RenewAsync(CancellationToken cancel) => await Task.Run(Renew, cancel);

    public async Task AppendAsync(StoredFrame frame, CancellationToken cancel) => await Task.Run(() => Append(frame), CancellationToken.None);

    public async Task<StoredFrame?> HeadAsync(CancellationToken cancel)
    {
        var found = await QueryAsync("SELECT seq, epoch, payload, hash FROM frames ORDER BY seq DESC LIMIT 1", [], cancel);
        return found.Count == 0 ? null : found[0];
    }

    public async IAsyncEnumerable<StoredFrame> ReadAsync(long from, [EnumeratorCancellation] CancellationToken cancel)
    {
        var head = (await HeadAsync(cancel))?.Sequence ?? 0;
        while (from <= head)
        {
            var page = await QueryAsync($"SELECT seq, epoch, payload, hash FROM frames WHERE seq >= $1 AND seq <= $2 ORDER BY seq LIMIT {ReadAtOnce}", [from, head], cancel);
            foreach (var frame in page)
            {
                yield return frame;
            }

            if (page.Count < ReadAtOnce)
            {
                yield break;
            }

            from = page[^1].Sequence + 1;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        lock (_turn)
        {
            _append?.Dispose();
            _checkpoints?.Dispose();
            _writer?.Dispose();
            _writer = null;
        }

        await _readTurn.WaitAsync();
        _reader?.Dispose();
        _readTurn.Dispose();

        // Last: the next writer may come in as soon as the lock is free.
        _lock?.Dispose();
    }

    /// <summary>Makes an empty journal whose next writer starts above the epoch given. For a restore into an empty place.</summary>
    internal void Restore(long epoch)
    {
        using var connection = SqliteFile.OpenWriter(path, _options.Synchronous);
        Create(connection);
        SqliteFile.Execute(connection, $"UPDATE fence SET epoch = max(epoch, {epoch})");
    }

    private FileStream? TryLock()
    {
        try
        {
            return new FileStream(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "writer.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    private long Take()
    {
        lock (_turn)
        {
            if (_writer is null)
            {
                var writer = SqliteFile.OpenWriter(path, _options.Synchronous);
                try
                {
                    Check(writer);
                    Create(writer);
                    CheckBook(writer);
                }
                catch
                {
                    writer.Dispose();
                    throw;
                }

                _writer = writer;
                _checkpoints = new SqliteCheckpoints(path, writer, _options.CheckpointPages);
                _append = new SqliteStatement(writer, "INSERT INTO frames (seq, epoch, payload, hash) SELECT ?1, ?2, ?3, ?4 FROM fence WHERE epoch = ?2");
            }

            _epoch = SqliteFile.Number(_writer, $"UPDATE fence SET epoch = epoch + 1, format = {FrameHeader.Format} RETURNING epoch");
            return _epoch;
        }
    }

    /// <summary>The write itself lies over whatever a failed append may have left at the end of the log, so that it can never come up after a crash.</summary>
    private long Renew()
    {
        lock (_turn)
        {
            using var command = (_writer ?? throw new InvalidOperationException("The journal was not taken.")).CreateCommand();
            command.CommandText = $"UPDATE fence SET epoch = epoch + 1 WHERE epoch = {_epoch} RETURNING epoch";
            _epoch = command.ExecuteScalar() is long epoch ? epoch : throw new FencedException($"Epoch {_epoch} is over: another process has taken the Book.");
            return _epoch;
        }
    }

    private static void Check(SqliteConnection writer)
    {
        if (SqliteFile.Number(writer, "PRAGMA synchronous") < 2)
        {
            throw new StartRefusedException("The journal's SQLite setting synchronous is weaker than FULL: a power cut could lose answered commands. Set synchronous=FULL.");
        }
    }

    private void Create(SqliteConnection writer)
    {
        SqliteFile.Execute(writer,
            """
            CREATE TABLE IF NOT EXISTS frames (seq INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, payload BLOB NOT NULL, hash BLOB NOT NULL) STRICT;
            CREATE TABLE IF NOT EXISTS fence (book TEXT PRIMARY KEY, epoch INTEGER NOT NULL, format INTEGER NOT NULL) STRICT;
            """);
        using var command = writer.CreateCommand();
        command.CommandText = "INSERT INTO fence (book, epoch, format) SELECT $1, 0, $2 WHERE NOT EXISTS (SELECT 1 FROM fence)";
        command.Parameters.AddWithValue("$1", book);
        command.Parameters.AddWithValue("$2", FrameHeader.Format);
        command.ExecuteNonQuery();
    }

    private void CheckBook(SqliteConnection writer)
    {
        using var command = writer.CreateCommand();
        command.CommandText = "SELECT book, format FROM fence";
        using var row = command.ExecuteReader();
        row.Read();
        JournalChecks.Check(path, book, row.GetString(0), row.GetInt64(1));
    }

    private void Append(StoredFrame frame)
    {
        lock (_turn)
        {
            var append = _append ?? throw new InvalidOperationException("The journal was not taken.");
            append.Bind(1, frame.Sequence);
            append.Bind(2, frame.Epoch);
            append.Bind(3, frame.Payload.AsSpan());
            append.Bind(4, frame.Hash.AsSpan());
            int written;
            try
            {
                written = append.Run();
            }
            catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_CONSTRAINT)
            {
                throw new FencedException($"Frame {frame.Sequence} is there already: another process writes this Book.");
            }

            if (written == 0)
            {
                throw new FencedException($"Epoch {frame.Epoch} is over: another process has taken the Book.");
            }

            _checkpoints!.Committed();
        }
    }

    private async Task<List<StoredFrame>> QueryAsync(string sql, object[] arguments, CancellationToken cancel)
    {
        await _readTurn.WaitAsync(cancel);
        try
        {
            if (_reader is null && !File.Exists(path))
            {
                return [];
            }

            return await Task.Run(() => Query(_reader ??= SqliteFile.OpenReader(path), sql, arguments), cancel);
        }
        finally
        {
            _readTurn.Release();
        }
    }

    private static List<StoredFrame> Query(SqliteConnection reader, string sql, object[] arguments)
    {
        using var command = reader.CreateCommand();
        command.CommandText = sql;
        SqliteDialect.SetArguments(command, arguments);
        var frames = new List<StoredFrame>();
        try
        {
            using var row = command.ExecuteReader();
            while (row.Read())
            {
                frames.Add(new StoredFrame(row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2), row.GetFieldValue<byte[]>(3)));
            }
        }
        catch (SqliteException exception) when (exception.Message.Contains("no such table", StringComparison.Ordinal))
        {
            // The file was made, its tables not yet: an empty journal.
        }

        return frames;
    }
}

/// <param name="Synchronous">SQLite's durability; anything below FULL is refused at start.</param>
internal sealed record SqliteJournalOptions(string Synchronous = "FULL")
{
    /// <summary>How often a process that stands by looks whether the Book is free.</summary>
    public TimeSpan PollingInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How many pages the write-ahead log may have before it is brought back into the file.</summary>
    public int CheckpointPages { get; init; } = 4096;
}

/// <summary>What both journals ask of a journal they find.</summary>
internal static class JournalChecks
{
    public static void Check(string where, string book, string found, long format)
    {
        if (found != book)
        {
            throw new StartRefusedException($"The journal in {where} is of the Book '{found}', not of '{book}'. Choose its own place for each Book.");
        }

        if (format > FrameHeader.Format)
        {
            throw new StartRefusedException(
                $"The journal in {where} asks for a reader of format {format}; this program reads up to {FrameHeader.Format}. Start the newer program that wrote it.");
        }
    }
}
