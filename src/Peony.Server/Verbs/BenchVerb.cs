using System.CommandLine;
using System.Diagnostics;
using Peony.Book;

namespace Peony.Server.Verbs;

/// <summary>
/// <c>bench</c>: builds and starts bench/Peony.Bench, a program of its own that only the source checkout has. The server does not reference it.
/// </summary>
internal static class BenchVerb
{
    private const string Project = "bench/Peony.Bench";

    public static Command Make() => new BenchOptions().Command(static (_, parsed, cancel) =>
        RunAsync([.. parsed.Tokens.Select(token => token.Value).SkipWhile(token => token != "bench").Skip(1)], cancel));

    private static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        var checkout = Checkout() ?? throw new StartRefusedException("bench measures from the source checkout; this program was started outside of one.");
        await Console.Error.WriteLineAsync("Building the bench ...");
        var built = await RunAsync(checkout, ["build", Project, "-c", "Release", "-v", "q", "-clp:ErrorsOnly"], Console.Error, cancel);
        if (built != 0)
        {
            return built;
        }

        // The bench runs where the caller stands, so that paths in its options mean what they say.
        return await RunAsync(Environment.CurrentDirectory, [Path.Combine(checkout, "artifacts", "bin", "Peony.Bench", "release", "Peony.Bench.dll"), .. arguments], null, cancel);
    }

    /// <param name="output">Where the program's standard output goes; null when it has the caller's own.</param>
    private static async Task<int> RunAsync(string directory, IEnumerable<string> arguments, TextWriter? output, CancellationToken cancel)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = directory, RedirectStandardOutput = output is not null })
            ?? throw new InvalidOperationException("dotnet did not start.");
        if (output is not null)
        {
            await output.WriteAsync(await process.StandardOutput.ReadToEndAsync(cancel));
        }

        // An interrupt from the keyboard reaches the bench as well; it takes away what it made and then ends by itself.
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }

    private static string? Checkout()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Peony.slnx")))
            {
                return folder.FullName;
            }
        }

        return null;
    }
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
