using System.Data.Common;
using System.Text;
using Microsoft.Data.Sqlite;
using Npgsql;
using SQLitePCL;

namespace Peony.Book;

/// <summary>A value as it lies in a row: what it is, and its bytes. A kind of null is SQL's NULL.</summary>
internal readonly record struct Cell(ColumnKind? Kind, long Int, byte[] Bytes)
{
    public static readonly Cell Null = new(null, 0, []);

    public static Cell Of(long value) => new(ColumnKind.Int, value, []);

    public static Cell Of(string? value) => value is null ? Null : new Cell(ColumnKind.Text, 0, Encoding.UTF8.GetBytes(value));

    public static Cell Of(byte[] value) => new(ColumnKind.Bytes, 0, value);

    public string Text => Kind switch
    {
        null => "nothing",
        ColumnKind.Int => Int.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ColumnKind.Text => Encoding.UTF8.GetString(Bytes),
        _ => Convert.ToHexStringLower(Bytes),
    };

    public bool IsSame(in Cell other) => Kind == other.Kind && Int == other.Int && Bytes.AsSpan().SequenceEqual(other.Bytes);
}

/// <summary>One consistent state of the tables, for as long as it is held, while the Book goes on. Not for several threads.</summary>
internal interface ITablesSnapshot : IDisposable
{
    /// <summary>Every row of the table as it lies there, found without the help of an index.</summary>
    IEnumerable<Cell[]> Scan(TableShape shape);

    /// <summary>The rows in the order of the table's key, which is one number.</summary>
    IEnumerable<Cell[]> ScanByNumber(TableShape shape);

    void Read(Query query);

    /// <summary>What the database itself finds damaged, or null.</summary>
    string? Damage();
}

internal sealed class SqliteSnapshot : ITablesSnapshot
{
    private readonly SqliteConnection _connection;

    public SqliteSnapshot(string path)
    {
        _connection = SqliteFile.OpenReader(path);

        // The transaction sees one state from its first read on.
        SqliteFile.Execute(_connection, "BEGIN");
        SqliteFile.Number(_connection, "SELECT count(*) FROM sqlite_schema");
    }

    public IEnumerable<Cell[]> Scan(TableShape shape) => Stream(shape, " NOT INDEXED");

    public IEnumerable<Cell[]> ScanByNumber(TableShape shape) => Stream(shape, $" NOT INDEXED ORDER BY {shape.Columns[0].Name}");

    public void Read(Query query)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = query.Sql;
        SqliteDialect.SetArguments(command, query.Arguments);
        using DbDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            query.Row(rows);
        }
    }

    public string? Damage()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check(1)";
        var found = (string)command.ExecuteScalar()!;
        return found == "ok" ? null : found;
    }

    public void Dispose() => _connection.Dispose();

    private IEnumerable<Cell[]> Stream(TableShape shape, string rest)
    {
        using var statement = new SqliteStatement(_connection, $"SELECT {string.Join(", ", shape.Columns.Select(column => column.Name))} FROM {shape.Name}{rest}");
        while (statement.Step())
        {
            var row = new Cell[shape.Columns.Count];
            for (var column = 0; column < row.Length; column++)
            {
                row[column] = statement.StorageClass(column) switch
                {
                    raw.SQLITE_NULL => Cell.Null,
                    raw.SQLITE_INTEGER => Cell.Of(statement.Int(column)),
                    raw.SQLITE_TEXT => new Cell(ColumnKind.Text, 0, statement.Bytes(column).ToArray()),
                    raw.SQLITE_BLOB => new Cell(ColumnKind.Bytes, 0, statement.Bytes(column).ToArray()),
                    // No column holds fractions; the kind does not exist, so it equals nothing.
                    _ => new Cell((ColumnKind)99, 0, []),
                };
            }

            yield return row;
        }
    }
}

internal sealed class PostgresSnapshot : ITablesSnapshot
{
    private const int FetchedAtOnce = 1000;
    private readonly PostgresDialect _dialect;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private int _cursors;

    public PostgresSnapshot(string connectionString, PostgresDialect dialect)
    {
        _dialect = dialect;
        _connection = new NpgsqlConnection(PostgresConnections.ForSnapshot(connectionString));
        _connection.Open();
        _transaction = _connection.BeginTransaction(System.Data.IsolationLevel.RepeatableRead);
        using var first = new NpgsqlCommand("SELECT 1", _connection, _transaction);
        first.ExecuteScalar();
    }

    public IEnumerable<Cell[]> Scan(TableShape shape) => Stream(shape, "");

    public IEnumerable<Cell[]> ScanByNumber(TableShape shape) => Stream(shape, $" ORDER BY {shape.Columns[0].Name}");

    public void Read(Query query)
    {
        using var batch = new NpgsqlBatch(_connection, _transaction);
        batch.BatchCommands.Add(PostgresDialect.Command(query.Sql, query.Arguments));
        using DbDataReader rows = batch.ExecuteReader();
        while (rows.Read())
        {
            query.Row(rows);
        }
    }

    /// <summary>PostgreSQL's data checksums speak up by themselves when a damaged page is read.</summary>
    public string? Damage() => null;

    public void Dispose()
    {
        _transaction.Dispose();
        _connection.Dispose();
    }

    private IEnumerable<Cell[]> Stream(TableShape shape, string rest)
    {
        // A cursor, because several tables are walked side by side in one transaction.
        var cursor = $"verify_{++_cursors}";
        Execute($"DECLARE {cursor} NO SCROLL CURSOR FOR SELECT {string.Join(", ", shape.Columns.Select(column => column.Name))} FROM {_dialect.Table(shape.Name)}{rest}");
        for (var page = new List<Cell[]>(); ; page.Clear())
        {
            Read(new Query($"FETCH FORWARD {FetchedAtOnce} FROM {cursor}", [], row => page.Add(ReadRow(shape, row))));
            foreach (var row in page)
            {
                yield return row;
            }

            if (page.Count < FetchedAtOnce)
            {
                Execute($"CLOSE {cursor}");
                yield break;
            }
        }
    }

    private static Cell[] ReadRow(TableShape shape, DbDataReader row)
    {
        var cells = new Cell[shape.Columns.Count];
        for (var column = 0; column < cells.Length; column++)
        {
            cells[column] = row.IsDBNull(column)
                ? Cell.Null
                : shape.Columns[column].Kind switch
                {
                    ColumnKind.Int => Cell.Of(row.GetInt64(column)),
                    ColumnKind.Text => Cell.Of(row.GetString(column)),
                    ColumnKind.Bytes => Cell.Of(row.GetFieldValue<byte[]>(column)),
                };
        }

        return cells;
    }

    private void Execute(string sql)
    {
        using var command = new NpgsqlCommand(sql, _connection, _transaction);
        command.ExecuteNonQuery();
    }
}
