using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Peony.Book;

/// <summary>
/// A prepared SQLite statement without the layers of ADO.NET: the applier binds some hundred thousand values a second, and <c>verify</c> must see storage classes and bytes as they
/// are. One thread at a time.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private byte[] _scratch = new byte[512];

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_database, sql, out _statement), _database);
    }

    public void Bind(int parameter, long value) => Check(raw.sqlite3_bind_int64(_statement, parameter, value));

    public void Bind(int parameter, string? value)
    {
        if (value is null)
        {
            Check(raw.sqlite3_bind_null(_statement, parameter));
            return;
        }

        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (_scratch.Length < most)
        {
            _scratch = new byte[most];
        }

        var length = Encoding.UTF8.GetBytes(value, _scratch);
        Check(raw.sqlite3_bind_text(_statement, parameter, _scratch.AsSpan(0, length)));
    }

    public void Bind(int parameter, ReadOnlySpan<byte> value) =>
        Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(_statement, parameter, 0) : raw.sqlite3_bind_blob(_statement, parameter, value));

    /// <summary>True while there is a row.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code is raw.SQLITE_ROW or raw.SQLITE_DONE)
        {
            return code == raw.SQLITE_ROW;
        }

        // The message belongs to the last call on the connection, so it is read before the reset.
        try
        {
            SqliteException.ThrowExceptionForRC(code, _database);
        }
        finally
        {
            raw.sqlite3_reset(_statement);
        }

        return false;
    }

    /// <summary>Runs a statement without rows and makes it ready for the next. Returns how many rows it changed.</summary>
    public int Run()
    {
        Step();
        var changed = raw.sqlite3_changes(_database);
        raw.sqlite3_reset(_statement);
        return changed;
    }

    public void Reset() => raw.sqlite3_reset(_statement);

    public int StorageClass(int column) => raw.sqlite3_column_type(_statement, column);

    public long Int(int column) => raw.sqlite3_column_int64(_statement, column);

    /// <summary>The bytes of a text or a blob, valid until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(_statement, column);

    public void Dispose() => _statement.Dispose();

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, _database);
}
