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
    private readonly Option<bool> _quick = new("--quick") { Description = "Three short rounds" };
    private readonly Option<int?> _seconds = new("--seconds") { Description = "Seconds each measurement takes in each round (10; quick 3)" };
    private readonly Option<int?> _rounds = new("--rounds") { Description = "Rounds, the order rotated in each (5; quick 3)" };
    private readonly Option<int> _callers = new("--callers") { Description = "Callers at a time", DefaultValueFactory = _ => 512 };
    private readonly Option<string?> _only = new("--only") { Description = "Only measurements whose name contains this (sqlite, postgresql, purchases, withdrawals); TPC-B runs always" };
    private readonly Option<string> _data = new("--data") { Description = "Folder on the disk to measure; everything made there is removed", DefaultValueFactory = _ => Path.GetTempPath() };
    private readonly Option<string?> _database = new("--db") { Description = "PostgreSQL server to measure (connection string); without it a throw-away cluster under --data" };
    private readonly Option<string?> _json = new("--json") { Description = "Write the figures of every round to this file" };

    public Command Command(Func<BenchOptions, ParseResult, CancellationToken, Task<int>> run)
    {
        var command = new Command("bench", "Measures complete purchases and withdrawals a second beside pgbench TPC-B, interleaved, on SQLite and PostgreSQL")
        {
            _quick, _seconds, _rounds, _callers, _only, _data, _database, _json,
        };
        command.SetAction((parsed, cancel) => run(this, parsed, cancel));
        return command;
    }

    public BenchPlan Read(ParseResult parsed)
    {
        var isQuick = parsed.GetValue(_quick);
        return new BenchPlan(parsed.GetValue(_seconds) ?? (isQuick ? 3 : 10), parsed.GetValue(_rounds) ?? (isQuick ? 3 : 5), parsed.GetValue(_callers), parsed.GetValue(_only),
            Path.GetFullPath(parsed.GetValue(_data)!), parsed.GetValue(_database), parsed.GetValue(_json));
    }
}

/// <param name="Seconds">How long callers call in one measurement of one round; draining comes on top and counts.</param>
internal sealed record BenchPlan(int Seconds, int Rounds, int Callers, string? Only, string Directory, string? Database, string? Json);
