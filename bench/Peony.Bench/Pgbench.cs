using System.Globalization;

namespace Peony.Bench;

/// <summary>A peer driven by pgbench: 8 clients on 2 threads, prepared statements, against PostgreSQL at its own default durability.</summary>
internal abstract class Pgbench(BenchStage stage) : IMeasurement
{
    private const int Clients = 8;
    private const int Threads = 2;

    public abstract string Name { get; }

    public abstract Comparison Comparison { get; }

    public virtual string Yardstick => Comparison.Yardstick;

    public virtual bool IsQuick => true;

    protected BenchStage Stage => stage;

    /// <summary>What pgbench runs: a built-in script or a file.</summary>
    protected abstract IReadOnlyList<string> Script { get; }

    /// <summary>The database, made when it is first asked for.</summary>
    protected abstract Task<string> DatabaseAsync(CancellationToken cancel);

    public async Task PrepareAsync(int seconds, CancellationToken cancel) => await DatabaseAsync(cancel);

    public async Task<Measured> RunAsync(int seconds, CancellationToken cancel)
    {
        var server = await stage.PostgresAsync(cancel);
        var database = await DatabaseAsync(cancel);
        var logs = Path.Combine(stage.Directory, "pgbench");
        var cpu = new CpuMeter().And("PostgreSQL", server.ProcessorTime).And("pgbench", Machine.EndedChildrenTime);
        var report = await server.PgbenchAsync(database,
            ["-c", $"{Clients}", "-j", $"{Threads}", "-M", "prepared", "-T", $"{seconds}", "-n", "-l", "--sampling-rate=0.1", $"--log-prefix={logs}", .. Script], cancel);
        var operations = (long)Number(report, "number of transactions actually processed: ");
        var rate = Number(report, "tps = ");
        var used = cpu.PerOperation(operations);
        var (median, p99) = Latencies.Of(TakeLatencies(logs));
        return new Measured(operations, operations / rate, rate, median, p99, used);
    }

    public abstract Task<string?> CheckAsync(CancellationToken cancel);

    /// <summary>A tenth of all transactions stand in pgbench's logs: client, number, microseconds, ….</summary>
    private static List<float> TakeLatencies(string prefix)
    {
        var milliseconds = new List<float>();
        foreach (var log in Directory.GetFiles(Path.GetDirectoryName(prefix)!, Path.GetFileName(prefix) + ".*"))
        {
            milliseconds.AddRange(File.ReadLines(log).Select(line => float.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture) / 1000));
            File.Delete(log);
        }

        milliseconds.Sort();
        return milliseconds;
    }

    private static double Number(string report, string after)
    {
        var from = report.IndexOf(after, StringComparison.Ordinal) + after.Length;
        var to = from;
        while (to < report.Length && (char.IsAsciiDigit(report[to]) || report[to] == '.'))
        {
            to++;
        }

        return double.Parse(report.AsSpan(from, to - from), CultureInfo.InvariantCulture);
    }
}

/// <summary>The yardstick: pgbench's TPC-B-like transaction, three balances and a history row.</summary>
internal sealed class TpcB(BenchStage stage) : Pgbench(stage)
{
    public const string Title = "pgbench TPC-B";

    public override string Name => Title;

    public override Comparison Comparison => Comparison.Ledgers;

    protected override IReadOnlyList<string> Script => ["-b", "tpcb-like"];

    protected override Task<string> DatabaseAsync(CancellationToken cancel) => Stage.PgbenchTablesAsync(cancel);

    public override Task<string?> CheckAsync(CancellationToken cancel) => Stage.CheckPgbenchAsync(cancel);
}

/// <summary>pgbench's simple-update: one balance and a history row, no row that everybody waits for.</summary>
internal sealed class SimpleUpdate(BenchStage stage) : Pgbench(stage)
{
    public override string Name => "pgbench simple-update";

    public override Comparison Comparison => Comparison.Ledgers;

    public override bool IsQuick => false;

    protected override IReadOnlyList<string> Script => ["-b", "simple-update"];

    protected override Task<string> DatabaseAsync(CancellationToken cancel) => Stage.PgbenchTablesAsync(cancel);

    public override Task<string?> CheckAsync(CancellationToken cancel) => Stage.CheckPgbenchAsync(cancel);
}

/// <summary>
/// A double-entry ledger as one PL/pgSQL function, called once a transfer: a transfer row whose id is unique, both accounts locked in order, their limits checked, both balances
/// updated, two entries with an index by account. What a careful team would write without a ledger product.
/// </summary>
/// <param name="hotPercent">How many of a hundred transfers are paid by account 1; 0 draws all accounts evenly.</param>
internal sealed class LedgerFunction(BenchStage stage, int hotPercent) : Pgbench(stage)
{
    public const string Uniform = "PL/pgSQL ledger";

    private const int Accounts = 1000;

    private const string Schema = """
        CREATE TABLE account (
            id bigint PRIMARY KEY,
            balance bigint NOT NULL DEFAULT 0,
            lowest bigint NOT NULL,
            CHECK (balance >= lowest));
        CREATE TABLE transfer (
            id uuid PRIMARY KEY,
            debit bigint NOT NULL REFERENCES account,
            credit bigint NOT NULL REFERENCES account,
            amount bigint NOT NULL CHECK (amount > 0),
            at timestamptz NOT NULL DEFAULT now());
        CREATE TABLE entry (
            number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            account bigint NOT NULL,
            transfer uuid NOT NULL,
            amount bigint NOT NULL);
        CREATE INDEX entry_by_account ON entry (account, number);
        CREATE FUNCTION post_transfer(key uuid, payer bigint, payee bigint, cents bigint) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM FROM account WHERE id IN (payer, payee) ORDER BY id FOR NO KEY UPDATE;
            INSERT INTO transfer (id, debit, credit, amount) VALUES (key, payer, payee, cents);
            UPDATE account SET balance = balance - cents WHERE id = payer;
            UPDATE account SET balance = balance + cents WHERE id = payee;
            INSERT INTO entry (account, transfer, amount) VALUES (payer, key, -cents), (payee, key, cents);
        END $$;
        INSERT INTO account (id, lowest) SELECT id, -1000000000000 FROM generate_series(1, 1000) id;
        ANALYZE;
        """;

    private string? _database;

    public override string Name => hotPercent == 0 ? Uniform : $"{Uniform}, {hotPercent} % on one account";

    public override Comparison Comparison => hotPercent == 0 ? Comparison.Ledgers : Comparison.OneAccount;

    public override string Yardstick => hotPercent == 0 ? Comparison.Yardstick : Uniform;

    public override bool IsQuick => hotPercent == 0;

    protected override IReadOnlyList<string> Script => ["-f", ScriptPath];

    private string ScriptPath => Path.Combine(Stage.Directory, $"ledger-{hotPercent}.sql");

    protected override async Task<string> DatabaseAsync(CancellationToken cancel)
    {
        if (_database is null)
        {
            var server = await Stage.PostgresAsync(cancel);
            var database = await server.CreateDatabaseAsync($"ledger_{hotPercent}", cancel);
            await server.ExecuteAsync(database, Schema, cancel);
            var payer = hotPercent == 0 ? $"random(1, {Accounts})" : $"CASE WHEN random(1, 100) <= {hotPercent} THEN 1 ELSE random(2, {Accounts}) END";
            await File.WriteAllTextAsync(ScriptPath, $"""
                \set payer {payer}
                \set payee 1 + mod(:payer + random(0, {Accounts - 2}), {Accounts})
                \set cents random(100, 5000)
                SELECT post_transfer(gen_random_uuid(), :payer, :payee, :cents);

                """, cancel);
            _database = database;
        }

        return _database;
    }

    public override async Task<string?> CheckAsync(CancellationToken cancel)
    {
        if (_database is null)
        {
            return null;
        }

        var server = await Stage.PostgresAsync(cancel);
        return await server.ReadAsync(_database, """
            SELECT CASE
                WHEN (SELECT sum(amount) FROM entry) <> 0 THEN 'debits do not equal credits'
                WHEN (SELECT count(*) FROM entry) <> 2 * (SELECT count(*) FROM transfer) THEN 'a transfer has not two entries'
                WHEN EXISTS (SELECT FROM account LEFT JOIN (SELECT account, sum(amount) AS sum FROM entry GROUP BY account) e ON e.account = id WHERE balance <> coalesce(sum, 0))
                    THEN 'a balance is not the sum of its entries'
                END
            """, cancel) is { Length: > 0 } wrong ? $"{Name}: {wrong}" : null;
    }
}
