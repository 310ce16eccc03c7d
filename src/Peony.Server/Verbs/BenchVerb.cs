using System.CommandLine;

namespace Peony.Server.Verbs;

/// <summary>
/// <c>bench</c>: builds and starts bench/Peony.Bench, a program of its own that only the source checkout has. The server does not reference it.
/// </summary>
internal static class BenchVerb
{
    public static Command Make() => new BenchOptions().Command(static (_, parsed, cancel) => CheckoutProgram.RunAsync("bench/Peony.Bench", parsed, cancel));
}

/// <summary>What is measured, how long and where; the same options for the verb and for the bench it starts.</summary>
internal sealed class BenchOptions
{
    private readonly Argument<string?> _what = new("WHAT") { Description = "The same as --only: bench close-day", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _quick = new("--quick") { Description = "Three short rounds, below three minutes" };
    private readonly Option<bool> _full = new("--full") { Description = "Also what is measured once (growth, start), and the table of goals" };
    private readonly Option<bool> _smoke = new("--smoke") { Description = "Everything once for a second with few callers, to see that it runs; the figures mean nothing" };
    private readonly Option<int?> _seconds = new("--seconds") { Description = "Seconds each measurement takes in each round (10; quick 2)" };
    private readonly Option<int?> _rounds = new("--rounds") { Description = "Rounds, the order rotated in each (5; quick 3)" };
    private readonly Option<int?> _callers = new("--callers") { Description = "Callers of a Book at a time (512)" };
    private readonly Option<int?> _connections = new("--connections") { Description = "HTTP connections, one request in flight on each (128)" };
    private readonly Option<int?> _lines = new("--lines") { Description = "Credit lines of the night that close-day measures (100,000)" };
    private readonly Option<string?> _only = new("--only") { Description = "Only measurements whose name contains this (sqlite, purchases, http, standby), and their yardsticks" };
    private readonly Option<string> _data = new("--data") { Description = "Folder on the disk to measure; everything made there is removed", DefaultValueFactory = _ => Path.GetTempPath() };
    private readonly Option<string?> _database = new("--db") { Description = "PostgreSQL server to measure (connection string); without it a throw-away cluster under --data" };
    private readonly Option<string?> _json = new("--json") { Description = "Write the figures of every round to this file" };

    public Command Command(Func<BenchOptions, ParseResult, CancellationToken, Task<int>> run)
    {
        var command = new Command("bench", "Measures the Book and its HTTP edge beside pgbench, other ledgers and the same server's echo, interleaved")
        {
            _what, _quick, _full, _smoke, _seconds, _rounds, _callers, _connections, _lines, _only, _data, _database, _json,
        };
        command.SetAction((parsed, cancel) => run(this, parsed, cancel));
        return command;
    }

    public BenchPlan Read(ParseResult parsed)
    {
        var usual = parsed.GetValue(_smoke) ? new BenchPlan(Seconds: 1, Rounds: 1) { WarmSeconds = 0, Callers = 16, Connections = 8, Customers = 100, Scale = 1, Lines = 1400 }
            : parsed.GetValue(_quick) ? new BenchPlan(Seconds: 2, Rounds: 3) { WarmSeconds = 1, IsQuick = true }
            : new BenchPlan(Seconds: 10, Rounds: 5);
        return usual with
        {
            Seconds = parsed.GetValue(_seconds) ?? usual.Seconds,
            Rounds = parsed.GetValue(_rounds) ?? usual.Rounds,
            Callers = parsed.GetValue(_callers) ?? usual.Callers,
            Connections = parsed.GetValue(_connections) ?? usual.Connections,
            Lines = parsed.GetValue(_lines) ?? usual.Lines,
            IsFull = parsed.GetValue(_full),
            Only = parsed.GetValue(_only) ?? parsed.GetValue(_what),
            Directory = Path.GetFullPath(parsed.GetValue(_data)!),
            Database = parsed.GetValue(_database),
            Json = parsed.GetValue(_json),
        };
    }
}

/// <summary>What is measured, how long and where.</summary>
/// <param name="Seconds">How long callers call in one measurement of one round; draining comes on top and counts.</param>
internal sealed record BenchPlan(int Seconds, int Rounds)
{
    /// <summary>How long each runs once beforehand without being counted.</summary>
    public int WarmSeconds { get; init; } = 3;

    public int Callers { get; init; } = 512;

    public int Connections { get; init; } = 128;

    /// <summary>Among how many customers purchases are spread.</summary>
    public int Customers { get; init; } = 10_000;

    /// <summary>pgbench's scale: 100,000 accounts and one branch each.</summary>
    public int Scale { get; init; } = 10;

    /// <summary>Credit lines of the night that is closed.</summary>
    public int Lines { get; init; } = 100_000;

    public bool IsFull { get; init; }

    public bool IsQuick { get; init; }

    public string? Only { get; init; }

    public string Directory { get; init; } = "";

    public string? Database { get; init; }

    public string? Json { get; init; }
}
