using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Peony.Book;

/// <summary>How Peony opens a SQLite file: write-ahead log, no checkpoint of its own accord, and the durability asked for.</summary>
internal static class SqliteFile
{
    /// <summary>Opens the file for its one writer and makes it if it is not there.</summary>
    /// <param name="synchronous"><c>FULL</c> for what must survive a power cut, <c>NORMAL</c> for what the journal can bring back.</param>
    /// <param name="pageBytes">The size of a page when the file is made: large for blobs in a row, small where rows are changed all over the file.</param>
    public static SqliteConnection OpenWriter(string path, string synchronous, int cacheKibibytes = 16_384, int pageBytes = 8192)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var connection = Open(path, SqliteOpenMode.ReadWriteCreate);
        Execute(connection,
            $"""
            PRAGMA page_size={pageBytes.ToString(CultureInfo.InvariantCulture)};
            PRAGMA journal_mode=WAL;
            PRAGMA synchronous={synchronous};
            PRAGMA fullfsync=ON;
            PRAGMA checkpoint_fullfsync=ON;
            PRAGMA wal_autocheckpoint=0;
            PRAGMA cache_size=-{cacheKibibytes.ToString(CultureInfo.InvariantCulture)};
            PRAGMA temp_store=MEMORY;
            """);
        return connection;
    }

    public static SqliteConnection OpenReader(string path)
    {
        // Read-write, because a reader of a write-ahead log takes part in its shared memory; query_only keeps it from writing.
        var connection = Open(path, SqliteOpenMode.ReadWrite);
        Execute(connection, "PRAGMA query_only=ON; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-8192; PRAGMA temp_store=MEMORY;");
        return connection;
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 10 }.ToString());
        try
        {
            connection.Open();
            raw.sqlite3_busy_timeout(connection.Handle, 10_000);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}

/// <summary>
/// Brings a write-ahead log back into its file without stopping the writer: a first pass in the background copies nearly all of it, a second one, in the writer's own turn, the
/// little that came meanwhile, after which SQLite begins the log anew. Only then is the log sure to stay small.
/// </summary>
internal sealed class SqliteCheckpoints(string path, SqliteConnection writer, int pages) : IDisposable
{
    /// <summary>SQLITE_DBSTATUS_CACHE_WRITE: pages written to the log since the counter was last set back.</summary>
    private const int PagesWritten = 9;
    private SqliteConnection? _own;
    private Task _background = Task.CompletedTask;
    private int _inLog;
    private int _later;
    private bool _isSecondPass;

    /// <summary>Called by the writer after each commit, in its own turn.</summary>
    public void Committed()
    {
        raw.sqlite3_db_status(writer.Handle, PagesWritten, out var written, out _, 1);
        _inLog += written;
        if (_inLog < pages + _later || !_background.IsCompleted)
        {
            return;
        }

        if (!_isSecondPass)
        {
            _own ??= SqliteFile.OpenWriter(path, "NORMAL", cacheKibibytes: 512);
            _isSecondPass = true;
            _background = Task.Run(() => Copy(_own));
            return;
        }

        _isSecondPass = false;
        var whole = Copy(_own!);
        _inLog = whole ? 0 : _inLog;

        // A reader that holds an old state keeps the log from starting anew: try again after as much more.
        _later = whole ? 0 : _inLog;
    }

    public void Dispose()
    {
        _background.Wait();
        _own?.Dispose();
    }

    /// <summary>True when the whole log is in the file. A checkpoint that cannot be made now is made later; the log keeps everything.</summary>
    private static bool Copy(SqliteConnection connection) =>
        raw.sqlite3_wal_checkpoint_v2(connection.Handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out var inLog, out var copied) == raw.SQLITE_OK && inLog == copied;
}
