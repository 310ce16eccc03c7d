using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Peony.Bench;

/// <summary>
/// A ledger on SQLite as most would write it: one connection behind a lock, WAL with <c>synchronous=FULL</c>, and one transaction a transfer that inserts the transfer under its
/// unique id, updates both balances, which a check holds above their limit, and inserts two entries with an index by account. Its five statements are prepared once.
/// </summary>
internal sealed class SqliteRows(BenchStage stage) : IMeasurement, IAsyncDisposable
{
    public const string Title = "SQLite, rows";

    private const int Accounts = 1000;
    private const int Callers = 8;

    private readonly Lock _turn = new();
    private SqliteConnection? _connection;
    private SqliteCommand _begin = null!;
    private SqliteCommand _transfer = null!;
    private SqliteCommand _balance = null!;
    private SqliteCommand _entry = null!;
    private SqliteCommand _commit = null!;

    public string Name => Title;

    public Comparison Comparison => Comparison.Ledgers;

    public async Task PrepareAsync(int seconds, CancellationToken cancel)
    {
        if (_connection is not null)
        {
            return;
        }

        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(stage.Directory, "rows.db"), Pooling = false }.ToString());
        await _connection.OpenAsync(cancel);
        stage.Own(this);
        await ExecuteAsync("""
            PRAGMA journal_mode=WAL;
            PRAGMA synchronous=FULL;
            CREATE TABLE account (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL, lowest INTEGER NOT NULL, CHECK (balance >= lowest));
            CREATE TABLE transfer (id TEXT PRIMARY KEY, debit INTEGER NOT NULL, credit INTEGER NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0), at TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE entry (number INTEGER PRIMARY KEY, account INTEGER NOT NULL, transfer TEXT NOT NULL, amount INTEGER NOT NULL);
            CREATE INDEX entry_by_account ON entry (account, number);
            WITH RECURSIVE ids (id) AS (VALUES (1) UNION ALL SELECT id + 1 FROM ids WHERE id < 1000)
            INSERT INTO account SELECT id, 0, -1000000000000 FROM ids;
            """, cancel);
        _begin = Prepare("BEGIN IMMEDIATE");
        _transfer = Prepare("INSERT INTO transfer VALUES ($id, $debit, $credit, $amount, datetime())", "$id", "$debit", "$credit", "$amount");
        _balance = Prepare("UPDATE account SET balance = balance + $amount WHERE id = $account", "$amount", "$account");
        _entry = Prepare("INSERT INTO entry (account, transfer, amount) VALUES ($account, $transfer, $amount)", "$account", "$transfer", "$amount");
        _commit = Prepare("COMMIT");
    }

    public async Task<Measured> RunAsync(int seconds, CancellationToken cancel)
    {
        var cpu = new CpuMeter().And("own", static () => Environment.CpuUsage.TotalTime);
        var start = Stopwatch.GetTimestamp();
        var end = start + (seconds * Stopwatch.Frequency);
        var latencies = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() =>
        {
            var random = new Random(caller);
            var mine = new List<float>();
            for (var asked = start; asked < end && !cancel.IsCancellationRequested;)
            {
                asked = Stopwatch.GetTimestamp();
                Transfer(random);
                mine.Add((float)Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }

            return mine;
        }, cancel)));
        var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var all = latencies.SelectMany(mine => mine).Order().ToArray();
        var (median, p99) = Latencies.Of(all);
        return new Measured(all.Length, took, all.Length / took, median, p99, cpu.PerOperation(all.Length));
    }

    public async Task<string?> CheckAsync(CancellationToken cancel)
    {
        await using var command = _connection!.CreateCommand();
        command.CommandText = """
            SELECT CASE
                WHEN (SELECT sum(amount) FROM entry) <> 0 THEN 'debits do not equal credits'
                WHEN (SELECT count(*) FROM entry) <> 2 * (SELECT count(*) FROM transfer) THEN 'a transfer has not two entries'
                WHEN EXISTS (SELECT 1 FROM account LEFT JOIN (SELECT account, sum(amount) AS sum FROM entry GROUP BY account) ON account = id WHERE balance <> coalesce(sum, 0))
                    THEN 'a balance is not the sum of its entries'
                END
            """;
        return await command.ExecuteScalarAsync(cancel) is string wrong ? $"{Name}: {wrong}" : null;
    }

    public async ValueTask DisposeAsync() => await _connection!.DisposeAsync();

    private void Transfer(Random random)
    {
        long payer = random.Next(1, Accounts + 1);
        var payee = 1 + ((payer + random.Next(0, Accounts - 1)) % Accounts);
        long amount = random.Next(1_00, 50_00);
        var id = Guid.NewGuid().ToString();
        lock (_turn)
        {
            _begin.ExecuteNonQuery();
            Run(_transfer, id, payer, payee, amount);
            Run(_balance, -amount, payer);
            Run(_balance, amount, payee);
            Run(_entry, payer, id, -amount);
            Run(_entry, payee, id, amount);
            _commit.ExecuteNonQuery();
        }
    }

    private static void Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var index = 0; index < values.Length; index++)
        {
            command.Parameters[index].Value = values[index];
        }

        command.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string sql, params string[] parameters)
    {
        var command = _connection!.CreateCommand();
        command.CommandText = sql;
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        }

        command.Prepare();
        return command;
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancel)
    {
        await using var command = _connection!.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancel);
    }
}
