using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Peony.Book;

/// <summary>The tables in a SQLite file of their own.</summary>
/// <param name="checkpointPages">How many pages the write-ahead log may have before it is brought back into the file.</param>
internal sealed class SqliteDialect(string path, int checkpointPages = 16_384) : Dialect
{
    /// <summary>A row changes a page somewhere in each index, and each changed page goes into the log whole.</summary>
    internal const int PageBytes = 4096;

    private const int KeptReaders = 8;
    private readonly ConcurrentBag<Reader> _readers = [];

    public string Path => path;

    public override string Describe => System.IO.Path.GetFileName(path);

    public override bool Blocks => true;

    public override bool MayFallBack => false;

    protected override string TableSuffix => " STRICT";

    public override string TypeOf(ColumnKind kind) => kind switch
    {
        ColumnKind.Int => "INTEGER",
        ColumnKind.Text => "TEXT",
        ColumnKind.Bytes => "BLOB",
    };

    public override string Table(string name) => name;

    public override string DropIndex(string name) => $"DROP INDEX IF EXISTS {name}";

    public override string IsIn(string column, int parameter, ColumnKind kind) =>
        $"{column} IN (SELECT {(kind == ColumnKind.Bytes ? "unhex(value)" : "value")} FROM json_each(${parameter}))";

    public override Task CreateHomeAsync(CancellationToken cancel)
    {
        SqliteFile.OpenWriter(path, "NORMAL", pageBytes: PageBytes).Dispose();
        return Task.CompletedTask;
    }

    public override Task<bool> HasHomeAsync(CancellationToken cancel) => Task.FromResult(File.Exists(path));

    public override async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> TablesAsync(CancellationToken cancel)
    {
        var tables = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        await ReadAsync(
            [
                new Query("SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'", [], row =>
                {
                    tables.TryAdd(row.GetString(0), new List<string>());
                    ((List<string>)tables[row.GetString(0)]).Add(row.GetString(1));
                }),
            ],
            cancel);
        return tables;
    }

    public override async Task<IReadOnlySet<string>> IndexesAsync(CancellationToken cancel)
    {
        var indexes = new HashSet<string>(StringComparer.Ordinal);
        await ReadAsync([new Query("SELECT name FROM sqlite_schema WHERE type = 'index' AND name NOT LIKE 'sqlite_%'", [], row => indexes.Add(row.GetString(0)))], cancel);
        return indexes;
    }

    public override ITablesWriter OpenWriter(bool isPatient) => new SqliteTablesWriter(path, checkpointPages);

    public override ITablesSnapshot OpenSnapshot() => new SqliteSnapshot(path);

    public override Task ReadAsync(IReadOnlyList<Query> queries, CancellationToken cancel)
    {
        if (!_readers.TryTake(out var reader))
        {
            reader = new Reader(path);
        }

        try
        {
            reader.Read(queries, cancel);
        }
        catch
        {
            reader.Dispose();
            throw;
        }

        if (_readers.Count < KeptReaders)
        {
            _readers.Add(reader);
        }
        else
        {
            reader.Dispose();
        }

        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        while (_readers.TryTake(out var reader))
        {
            reader.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Sets <c>$1</c>, <c>$2</c>…; a list goes in as JSON, which SQLite can read as a table.</summary>
    internal static void SetArguments(SqliteCommand command, IReadOnlyList<object> arguments)
    {
        for (var index = 0; index < arguments.Count; index++)
        {
            var value = arguments[index] switch
            {
                IReadOnlyList<long> numbers => JsonSerializer.Serialize(numbers),
                IReadOnlyList<string> texts => JsonSerializer.Serialize(texts),
                IReadOnlyList<byte[]> blobs => JsonSerializer.Serialize(blobs.Select(Convert.ToHexString)),
                var single => single,
            };
            if (command.Parameters.Count <= index)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = $"${index + 1}" });
            }

            command.Parameters[index].Value = value;
        }
    }

    /// <summary>A connection that only reads, with the statements it has prepared.</summary>
    private sealed class Reader(string path) : IDisposable
    {
        private readonly SqliteConnection _connection = SqliteFile.OpenReader(path);
        private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

        public void Read(IReadOnlyList<Query> queries, CancellationToken cancel)
        {
            using var transaction = queries.Count > 1 ? _connection.BeginTransaction(IsolationLevel.Serializable, deferred: true) : null;
            foreach (var query in queries)
            {
                cancel.ThrowIfCancellationRequested();
                if (!_commands.TryGetValue(query.Sql, out var command))
                {
                    command = _connection.CreateCommand();
                    command.CommandText = query.Sql;
                    _commands.Add(query.Sql, command);
                }

                command.Transaction = transaction;
                SetArguments(command, query.Arguments);
                using DbDataReader rows = command.ExecuteReader();
                while (rows.Read())
                {
                    query.Row(rows);
                }
            }

            transaction?.Commit();
        }

        public void Dispose()
        {
            foreach (var command in _commands.Values)
            {
                command.Dispose();
            }

            _connection.Dispose();
        }
    }
}

/// <summary>Writes the tables of a SQLite file: prepared statements, rows in the order of their keys, one transaction.</summary>
internal sealed class SqliteTablesWriter : ITablesWriter
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCheckpoints _checkpoints;
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);
    private readonly Dictionary<(TableShape, string), string> _sql = [];

    public SqliteTablesWriter(string path, int checkpointPages)
    {
        _connection = SqliteFile.OpenWriter(path, "NORMAL", cacheKibibytes: 65_536, SqliteDialect.PageBytes);
        _checkpoints = new SqliteCheckpoints(path, _connection, checkpointPages);
    }

    public Task BeginAsync(CancellationToken cancel)
    {
        Statement("BEGIN IMMEDIATE").Run();
        return Task.CompletedTask;
    }

    public Task AppendAsync(Rows rows, CancellationToken cancel) => Write(rows, Sql(rows.Shape, "insert", Insert));

    public Task UpsertAsync(Rows rows, CancellationToken cancel) => Write(rows, Sql(rows.Shape, "upsert", static shape =>
    {
        var changed = shape.Columns.Skip(shape.KeyLength).Select(column => $"{column.Name}=excluded.{column.Name}");
        return $"{Insert(shape)} ON CONFLICT ({Names(shape.Columns.Take(shape.KeyLength))}) DO UPDATE SET {string.Join(", ", changed)}";
    }));

    public Task DeleteAsync(Rows keys, CancellationToken cancel) => Write(keys, Sql(keys.Shape, "delete", static shape =>
        $"DELETE FROM {shape.Name} WHERE {string.Join(" AND ", shape.Columns.Select((column, index) => $"{column.Name}=?{index + 1}"))}"));

    public Task ClearChangedAsync(Rows changing, CancellationToken cancel) => Write(changing, Sql(changing.Shape, "clear", static shape =>
        $"UPDATE {shape.Name} SET {shape.Columns[1].Name}=NULL WHERE {shape.Columns[0].Name}=?1 AND {shape.Columns[1].Name} IS NOT NULL AND {shape.Columns[1].Name} IS NOT ?2"));

    public Task ExecuteAsync(string sql, IReadOnlyList<object> arguments, CancellationToken cancel)
    {
        using var command = Command(sql, arguments);
        command.ExecuteNonQuery();
        return Task.CompletedTask;
    }

    public Task QueryAsync(Query query, CancellationToken cancel)
    {
        using var command = Command(query.Sql, query.Arguments);
        using DbDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            query.Row(rows);
        }

        return Task.CompletedTask;
    }

    public Task CommitAsync(CancellationToken cancel)
    {
        Statement("COMMIT").Run();
        _checkpoints.Committed();
        return Task.CompletedTask;
    }

    public Task RollbackAsync()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
        {
            Statement("ROLLBACK").Run();
        }

        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _checkpoints.Dispose();
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Names(IEnumerable<Column> columns) => string.Join(", ", columns.Select(column => column.Name));

    private static string Insert(TableShape shape) =>
        $"INSERT INTO {shape.Name} ({Names(shape.Columns)}) VALUES ({string.Join(", ", shape.Columns.Select((_, index) => $"?{index + 1}"))})";

    private Task Write(Rows rows, string sql)
    {
        if (rows.Count == 0)
        {
            return Task.CompletedTask;
        }

        var statement = Statement(sql);
        var columns = rows.Shape.Columns;
        foreach (var row in rows.ByKey())
        {
            for (var column = 0; column < columns.Count; column++)
            {
                switch (columns[column].Kind)
                {
                    case ColumnKind.Int:
                        statement.Bind(column + 1, rows.Ints(column)[row]);
                        break;
                    case ColumnKind.Text:
                        statement.Bind(column + 1, rows.Texts(column)[row]);
                        break;
                    case ColumnKind.Bytes:
                        statement.Bind(column + 1, rows.Blobs(column)[row]);
                        break;
                }
            }

            statement.Run();
        }

        return Task.CompletedTask;
    }

    private string Sql(TableShape shape, string what, Func<TableShape, string> make)
    {
        if (!_sql.TryGetValue((shape, what), out var sql))
        {
            sql = make(shape);
            _sql.Add((shape, what), sql);
        }

        return sql;
    }

    private SqliteStatement Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = new SqliteStatement(_connection, sql);
            _statements.Add(sql, statement);
        }

        return statement;
    }

    private SqliteCommand Command(string sql, IReadOnlyList<object> arguments)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        SqliteDialect.SetArguments(command, arguments);
        return command;
    }
}
