using System.Data;
using System.Data.Common;
using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;

namespace Peony.Book;

/// <summary>The tables in a schema of a PostgreSQL database. Their commits may be asynchronous: what a crash takes, the journal brings back.</summary>
internal sealed class PostgresDialect(string connectionString, string schema) : Dialect
{
    private readonly string _schema = PostgresConnections.Checked(schema);
    private readonly NpgsqlDataSource _readers = NpgsqlDataSource.Create(PostgresConnections.ForReading(connectionString));
    private int _patienceSeconds = PostgresConnections.BatchSeconds;

    public string Schema => _schema;

    public override string Describe => $"schema {_schema}";

    public override bool Blocks => false;

    public override bool MayFallBack => true;

    protected override string TableSuffix => "";

    public override string TypeOf(ColumnKind kind) => kind switch
    {
        ColumnKind.Int => "bigint",
        // The order of bytes, as in SQLite: ids are compared, never shown in a language's order.
        ColumnKind.Text => "text COLLATE \"C\"",
        ColumnKind.Bytes => "bytea",
    };

    public override string Table(string name) => $"{_schema}.\"{name}\"";

    public override string DropIndex(string name) => $"DROP INDEX IF EXISTS {_schema}.{name}";

    public override string IsIn(string column, int parameter, ColumnKind kind) => $"{column} = ANY(${parameter})";

    public override async Task CreateHomeAsync(CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(PostgresConnections.ForTables(connectionString));
        await connection.OpenAsync(cancel);
        await PostgresConnections.CreateSchemaAsync(connection, _schema, cancel);
    }

    public override async Task<bool> HasHomeAsync(CancellationToken cancel) => (await TablesAsync(cancel)).Count > 0;

    public override async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> TablesAsync(CancellationToken cancel)
    {
        var tables = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        await ReadAsync(
            [
                new Query("SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = $1 ORDER BY ordinal_position", [_schema], row =>
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
        await ReadAsync([new Query("SELECT indexname::text FROM pg_indexes WHERE schemaname = $1", [_schema], row => indexes.Add(row.GetString(0)))], cancel);
        return indexes;
    }

    /// <summary>A writer has so much patience with its server; each that follows one without success has twice as much, because a batch may simply be long.</summary>
    public override ITablesWriter OpenWriter(bool isPatient)
    {
        if (isPatient)
        {
            return new PostgresTablesWriter(connectionString, this, patienceSeconds: 0);
        }

        var writer = new PostgresTablesWriter(connectionString, this, _patienceSeconds);
        _patienceSeconds = Math.Min(600, 2 * _patienceSeconds);
        return writer;
    }

    /// <summary>The writer got through.</summary>
    public void OnCommitted() => _patienceSeconds = PostgresConnections.BatchSeconds;

    public override ITablesSnapshot OpenSnapshot() => new PostgresSnapshot(connectionString, this);

    public override async Task ReadAsync(IReadOnlyList<Query> queries, CancellationToken cancel)
    {
        if (!await TryReadAsync(queries, mayGiveUp: true, cancel))
        {
            await TryReadAsync(queries, mayGiveUp: false, cancel);
        }
    }

    /// <returns>False when the connection was dead and another may be tried: nothing was read from it.</returns>
    private async Task<bool> TryReadAsync(IReadOnlyList<Query> queries, bool mayGiveUp, CancellationToken cancel)
    {
        // One batch is one transaction, and these connections are of isolation repeatable read: one round trip, one state.
        await using var connection = await _readers.OpenConnectionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var query in queries)
        {
            batch.BatchCommands.Add(Command(query.Sql, query.Arguments));
        }

        NpgsqlDataReader rows;
        try
        {
            rows = await batch.ExecuteReaderAsync(cancel);
        }
        catch (NpgsqlException exception) when (connection.FullState.HasFlag(ConnectionState.Broken))
        {
            // The others of the pool lead to the same server, and may have died with it or with its line.
            _readers.Clear();
            if (!mayGiveUp || exception.InnerException is TimeoutException)
            {
                throw;
            }

            return false;
        }

        await using (rows)
        {
            foreach (var query in queries)
            {
                while (await rows.ReadAsync(cancel))
                {
                    query.Row(rows);
                }

                await rows.NextResultAsync(cancel);
            }
        }

        return true;
    }

    public override async ValueTask DisposeAsync() => await _readers.DisposeAsync();

    internal static NpgsqlBatchCommand Command(string sql, IReadOnlyList<object> arguments)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var argument in arguments)
        {
            command.Parameters.Add(argument switch
            {
                long number => new NpgsqlParameter<long> { TypedValue = number },
                string text => new NpgsqlParameter<string> { TypedValue = text, NpgsqlDbType = NpgsqlDbType.Text },
                byte[] bytes => new NpgsqlParameter<byte[]> { TypedValue = bytes },
                long[] numbers => new NpgsqlParameter<long[]> { TypedValue = numbers },
                string?[] texts => new NpgsqlParameter<string?[]> { TypedValue = texts, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                byte[][] blobs => new NpgsqlParameter<byte[][]> { TypedValue = blobs, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
                _ => throw new InvalidOperationException($"A {argument.GetType().Name} is no argument of a query."),
            });
        }

        return command;
    }
}

/// <summary>The connections Peony makes to PostgreSQL, each with what it must be sure of written into it.</summary>
internal static partial class PostgresConnections
{
    /// <summary>A server that has not answered a batch of the applier by then is away.</summary>
    public const int BatchSeconds = 10;

    /// <summary>The same for everything else, which is short.</summary>
    private const int AnswerSeconds = 5;
    private const int ConnectSeconds = 5;
    private const string Synchronous = "-c synchronous_commit=on -c default_transaction_isolation=read\\ committed";
    private const string ReadOnly = "-c default_transaction_isolation=repeatable\\ read -c default_transaction_read_only=on";

    /// <summary>For pages, loads and reports: pooled, read only, each batch of queries one state.</summary>
    public static string ForReading(string given) => Make(given, ReadOnly, builder =>
    {
        builder.Pooling = true;
        builder.MaxPoolSize = 16;
        builder.CommandTimeout = IsGiven(builder, nameof(builder.CommandTimeout)) ? builder.CommandTimeout : AnswerSeconds;
    });

    /// <summary>For one long look: a connection of its own, where no statement is kept prepared, because a cursor's name stands for another table each time.</summary>
    public static string ForSnapshot(string given) => Make(given, ReadOnly, builder =>
    {
        builder.Pooling = false;
        builder.MaxAutoPrepare = 0;
    });

    /// <summary>For the applier: its commits need not wait for the disk.</summary>
    public static string ForTables(string given, int answerSeconds = BatchSeconds) => Make(given, "-c synchronous_commit=off -c default_transaction_isolation=read\\ committed", builder =>
    {
        builder.Pooling = false;
        builder.CommandTimeout = answerSeconds;
        builder.CancellationTimeout = -1;
    });

    /// <summary>
    /// For the journal's writer and its lock. An append that is not answered in time is given up at once and its outcome unknown: asking the server to cancel it and waiting for
    /// what comes would bring "done" for a commit that only this server has. A session whose program is gone ends within half a minute, so that another can take its turn.
    /// </summary>
    public static string ForJournal(string given) => Make(given, Synchronous + " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3", builder =>
    {
        builder.Pooling = false;
        builder.CancellationTimeout = -1;
        builder.CommandTimeout = IsGiven(builder, nameof(builder.CommandTimeout)) ? builder.CommandTimeout : AnswerSeconds;
    });

    /// <summary>For what must be on disk before anybody hears of it.</summary>
    public static string Durable(string given) => Make(given, Synchronous, builder => builder.Pooling = false);

    /// <summary>The same, pooled: for the keys.</summary>
    public static string DurablePool(string given) => Make(given, Synchronous, builder =>
    {
        builder.Pooling = true;
        builder.MaxPoolSize = 8;
    });

    /// <summary>As the operator configured it, to see how that is.</summary>
    public static string AsConfigured(string given) => Make(given, "", builder => builder.Pooling = false);

    public static async Task CreateSchemaAsync(NpgsqlConnection connection, string schema, CancellationToken cancel)
    {
        // Two processes may do this at once; the loser finds it made.
        await using var command = new NpgsqlCommand($"CREATE SCHEMA IF NOT EXISTS {schema}", connection);
        try
        {
            await command.ExecuteNonQueryAsync(cancel);
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DuplicateSchema)
        {
        }
    }

    /// <summary>A schema's name goes into SQL as it is, so it is a plain word.</summary>
    public static string Checked(string schema) => PlainName().IsMatch(schema)
        ? schema
        : throw new StartRefusedException($"'{schema}' is no name for a schema: lower-case letters, digits and underscores, at most 40.");

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,39}$")]
    private static partial Regex PlainName();

    /// <summary>
    /// Statements are planned for the arguments at hand. A plan kept since the tables were small reads them from end to end for every id of a load, and stays until the server
    /// next analyzes them: at tens of thousands of rows a load of some hundred ids takes seconds.
    /// </summary>
    private const string PlannedEachTime = "-c plan_cache_mode=force_custom_plan";

    /// <summary>What the operator says himself is his; the builder knows every keyword, but holds those that were set.</summary>
    private static bool IsGiven(NpgsqlConnectionStringBuilder builder, string property) =>
        builder.Keys.Any(key => string.Equals(key.Replace(" ", "", StringComparison.Ordinal), property, StringComparison.OrdinalIgnoreCase));

    private static string Make(string given, string options, Action<NpgsqlConnectionStringBuilder> set)
    {
        var builder = new NpgsqlConnectionStringBuilder(given)
        {
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
            Enlist = false,
            TcpKeepAlive = true,
            IncludeErrorDetail = false,
        };
        if (!IsGiven(builder, nameof(builder.Timeout)))
        {
            builder.Timeout = ConnectSeconds;
        }

        if (!IsGiven(builder, nameof(builder.TcpKeepAliveTime)) && builder.Host is { Length: > 0 } host && host[0] is not ('/' or '@'))
        {
            // A server that vanished without a word is found out within seconds, not hours. A socket in a folder knows at once.
            (builder.TcpKeepAliveTime, builder.TcpKeepAliveInterval) = (5, 2);
        }

        builder.ApplicationName ??= "peony";
        builder.Options = string.Join(' ', new[] { builder.Options, options, PlannedEachTime }.Where(part => !string.IsNullOrEmpty(part)));
        set(builder);
        return builder.ToString();
    }
}

/// <summary>
/// Writes tables in PostgreSQL: arrays unnested for what may be there already, binary COPY for what is new, as few round trips as possible. It has one connection as long as it
/// lives: what its user remembers of the tables holds for the server at the other end, and another connection may lead to another server.
/// </summary>
internal sealed class PostgresTablesWriter(string connectionString, PostgresDialect dialect, int patienceSeconds) : ITablesWriter
{
    private int _patienceSeconds = patienceSeconds;
    private readonly Dictionary<(TableShape, string), string> _sql = [];
    private NpgsqlConnection? _connection;
    private NpgsqlTransaction? _transaction;
    private NpgsqlBatch? _waiting;

    public async Task BeginAsync(CancellationToken cancel)
    {
        await OpenAsync(cancel);
        _transaction = await _connection!.BeginTransactionAsync(cancel);
        _waiting = new NpgsqlBatch(_connection, _transaction) { Timeout = _patienceSeconds };
    }

    public async Task AppendAsync(Rows rows, CancellationToken cancel)
    {
        if (rows.Count == 0)
        {
            return;
        }

        await FlushAsync(cancel);
        var columns = rows.Shape.Columns;
        await using var copy = await _connection!.BeginBinaryImportAsync(
            Sql(rows.Shape, "copy", shape => $"COPY {dialect.Table(shape.Name)} ({Names(shape.Columns)}) FROM STDIN (FORMAT BINARY)"), cancel);
        copy.Timeout = TimeSpan.FromSeconds(_patienceSeconds);
        for (var row = 0; row < rows.Count; row++)
        {
            await copy.StartRowAsync(cancel);
            for (var column = 0; column < columns.Count; column++)
            {
                switch (columns[column].Kind)
                {
                    case ColumnKind.Int:
                        await copy.WriteAsync(rows.Ints(column)[row], NpgsqlDbType.Bigint, cancel);
                        break;
                    case ColumnKind.Text when rows.Texts(column)[row] is { } text:
                        await copy.WriteAsync(text, NpgsqlDbType.Text, cancel);
                        break;
                    case ColumnKind.Text:
                        await copy.WriteNullAsync(cancel);
                        break;
                    case ColumnKind.Bytes:
                        await copy.WriteAsync(rows.Blobs(column)[row], NpgsqlDbType.Bytea, cancel);
                        break;
                }
            }
        }

        await copy.CompleteAsync(cancel);
    }

    public Task UpsertAsync(Rows rows, CancellationToken cancel) => Add(rows, "upsert", shape =>
    {
        var changed = shape.Columns.Skip(shape.KeyLength).Select(column => $"{column.Name} = excluded.{column.Name}");
        return $"INSERT INTO {dialect.Table(shape.Name)} ({Names(shape.Columns)}) SELECT * FROM {Unnest(shape)}"
            + $" ON CONFLICT ({Names(shape.Columns.Take(shape.KeyLength))}) DO UPDATE SET {string.Join(", ", changed)}";
    });

    public Task DeleteAsync(Rows keys, CancellationToken cancel) => Add(keys, "delete", shape =>
        $"DELETE FROM {dialect.Table(shape.Name)} t USING {Unnest(shape)} AS gone({Names(shape.Columns)}) WHERE "
        + string.Join(" AND ", shape.Columns.Select(column => $"t.{column.Name} = gone.{column.Name}")));

    public Task ClearChangedAsync(Rows changing, CancellationToken cancel) => Add(changing, "clear", shape =>
    {
        var (key, value) = (shape.Columns[0].Name, shape.Columns[1].Name);
        return $"UPDATE {dialect.Table(shape.Name)} t SET {value} = NULL FROM {Unnest(shape)} AS new(id, value)"
            + $" WHERE t.{key} = new.id AND t.{value} IS NOT NULL AND t.{value} IS DISTINCT FROM new.value";
    });

    public async Task ExecuteAsync(string sql, IReadOnlyList<object> arguments, CancellationToken cancel)
    {
        _waiting!.BatchCommands.Add(PostgresDialect.Command(sql, arguments));
        await Task.CompletedTask;
    }

    public async Task QueryAsync(Query query, CancellationToken cancel)
    {
        await OpenAsync(cancel);
        await FlushAsync(cancel);
        await using var batch = new NpgsqlBatch(_connection, _transaction) { Timeout = _patienceSeconds };
        batch.BatchCommands.Add(PostgresDialect.Command(query.Sql, query.Arguments));
        await using DbDataReader rows = await batch.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            query.Row(rows);
        }
    }

    public async Task CommitAsync(CancellationToken cancel)
    {
        await FlushAsync(cancel);
        await _transaction!.CommitAsync(cancel);
        await _transaction.DisposeAsync();
        _transaction = null;
        dialect.OnCommitted();
        if (_patienceSeconds > PostgresConnections.BatchSeconds)
        {
            // The long batch is through; the next dead line is to be found out as soon as ever.
            _patienceSeconds = PostgresConnections.BatchSeconds;
        }
    }

    public async Task RollbackAsync()
    {
        if (_transaction is { } transaction)
        {
            _transaction = null;
            await transaction.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_waiting is not null)
        {
            await _waiting.DisposeAsync();
        }

        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }
    }

    private static string Names(IEnumerable<Column> columns) => string.Join(", ", columns.Select(column => column.Name));

    private static string Unnest(TableShape shape) =>
        $"unnest({string.Join(", ", shape.Columns.Select((column, index) => $"${index + 1}::{ArrayOf(column.Kind)}"))})";

    private static string ArrayOf(ColumnKind kind) => kind switch
    {
        ColumnKind.Int => "bigint[]",
        ColumnKind.Text => "text[]",
        ColumnKind.Bytes => "bytea[]",
    };

    private Task Add(Rows rows, string what, Func<TableShape, string> make)
    {
        if (rows.Count > 0)
        {
            var columns = rows.Shape.Columns;
            var arguments = new object[columns.Count];
            for (var column = 0; column < arguments.Length; column++)
            {
                arguments[column] = columns[column].Kind switch
                {
                    ColumnKind.Int => rows.Ints(column).ToArray(),
                    ColumnKind.Text => rows.Texts(column).ToArray(),
                    ColumnKind.Bytes => rows.Blobs(column).ToArray(),
                };
            }

            _waiting!.BatchCommands.Add(PostgresDialect.Command(Sql(rows.Shape, what, make), arguments));
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

    private async Task OpenAsync(CancellationToken cancel)
    {
        if (_connection is null)
        {
            _connection = new NpgsqlConnection(PostgresConnections.ForTables(connectionString, _patienceSeconds));
            await _connection.OpenAsync(cancel);
        }
    }

    private async Task FlushAsync(CancellationToken cancel)
    {
        if (_waiting is { BatchCommands.Count: > 0 })
        {
            await _waiting.ExecuteNonQueryAsync(cancel);
            _waiting.BatchCommands.Clear();
        }
    }
}
