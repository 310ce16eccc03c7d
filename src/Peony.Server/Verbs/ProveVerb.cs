using System.CommandLine;

namespace Peony.Server.Verbs;

/// <summary>
/// <c>prove</c>: builds and starts tests/Peony.Proof, a program of its own that only the source checkout has. The server does not reference it.
/// </summary>
internal static class ProveVerb
{
    public static Command Make() => new ProveOptions().Command(static (_, parsed, cancel) => CheckoutProgram.RunAsync("tests/Peony.Proof", parsed, cancel));
}

/// <summary>What is proved and for how long; the same options for the verb and for the program it starts.</summary>
internal sealed class ProveOptions
{
    private readonly Option<double> _minutes = new("--minutes") { Description = "Go on for so many minutes; each proof runs at least once (0: exactly once)" };
    private readonly Option<double> _hours = new("--hours") { Description = "The same in hours" };
    private readonly Option<string?> _only = new("--only") { Description = "Only proofs whose name contains this (kills, races, images, faults, sqlite, postgresql …)" };
    private readonly Option<int> _firstSeed = new("--first-seed") { Description = "The seed of the first round; each round takes the next", DefaultValueFactory = _ => 1 };
    private readonly Option<string?> _report = new("--report") { Description = "Write a report an auditor can read to this file (Markdown)" };
    private readonly Option<string?> _json = new("--json") { Description = "Write the figures to this file" };
    private readonly Option<string> _data = new("--data") { Description = "Folder to work in; what failed is kept there", DefaultValueFactory = _ => Path.GetTempPath() };

    public Command Command(Func<ProveOptions, ParseResult, CancellationToken, Task<int>> run)
    {
        var command = new Command("prove", "Tries to break what the program promises, round after round with new seeds: kills, races, power cuts, failing and full disks, clock jumps")
        {
            _minutes, _hours, _only, _firstSeed, _report, _json, _data,
        };
        command.SetAction((parsed, cancel) => run(this, parsed, cancel));
        return command;
    }

    public ProvePlan Read(ParseResult parsed) => new(TimeSpan.FromMinutes(parsed.GetValue(_minutes)) + TimeSpan.FromHours(parsed.GetValue(_hours)), parsed.GetValue(_only),
        parsed.GetValue(_firstSeed), parsed.GetValue(_report), parsed.GetValue(_json), Path.GetFullPath(parsed.GetValue(_data)!));
}

/// <param name="For">How long rounds are begun; zero for one round of each proof.</param>
internal sealed record ProvePlan(TimeSpan For, string? Only, int FirstSeed, string? Report, string? Json, string Directory);
