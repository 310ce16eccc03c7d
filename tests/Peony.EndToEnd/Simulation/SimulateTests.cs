using System.Diagnostics;
using Peony.Book;

namespace Peony.EndToEnd.Simulation;

/// <summary>The verb <c>simulate</c> as anybody would run it, and the proof that it finds what is wrong: the same program with one planted bug at a time.</summary>
public sealed class SimulateTests
{
    public static TheoryData<string> Bugs => [.. Planted.All];

    [Fact]
    public async Task Five_hundred_seeds_break_nothing_and_reach_every_class()
    {
        var (exit, output) = await RunAsync(Configuration, bug: null, "simulate", "--seeds", "500");
        Assert.True(exit == 0, output);
        Assert.Contains("0 broken invariants", output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Bugs))]
    public async Task A_planted_bug_is_found(string bug)
    {
        var (exit, output) = await RunAsync("planted", bug, "simulate", "--seeds", "60");
        Assert.True(exit == 1 && output.Contains("broken; replay with", StringComparison.Ordinal), $"{bug} was not found:\n{output}");
    }

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Name;

    private static async Task<(int Exit, string Output)> RunAsync(string configuration, string? bug, params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "..", "..", "Peony.Server", configuration, "Peony.Server.dll");
        Assert.True(File.Exists(program), $"The program is not built in the configuration {configuration}: run ./test, which builds it.");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (bug is not null)
        {
            start.Environment["PEONY_PLANTED_BUG"] = bug;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }
}
