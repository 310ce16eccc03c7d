using System.Diagnostics;
using System.Text.Json.Nodes;
using Peony.EndToEnd.Proof;

namespace Peony.EndToEnd;

/// <summary>The bench runs: each measurement once for a second with few callers. What it measures here means nothing; that every ledger is sound afterwards does.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class BenchTests : IDisposable
{
    /// <summary>Open to others: PostgreSQL runs as a user of its own.</summary>
    private readonly string _directory = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"peony-bench-test-{Guid.NewGuid():N}")).FullName;

    [Fact]
    public async Task Everything_that_is_measured_runs_and_every_ledger_is_sound_afterwards()
    {
        var figures = Path.Combine(_directory, "figures.json");
        var (exitCode, printed) = await RunAsync("--smoke", "--full", "--data", _directory, "--json", figures);
        Assert.True(exitCode == 0, printed);

        var found = JsonNode.Parse(await File.ReadAllTextAsync(figures))!;
        Assert.NotEmpty(found["figures"]!.AsArray());
        Assert.All(found["figures"]!.AsArray(), figure => Assert.True(figure!["rate"]!["median"]!.GetValue<double>() > 0, figure["name"]!.GetValue<string>()));
        Assert.All(found["goals"]!.AsArray(), goal => Assert.True(goal!["measured"] is not null, goal["figure"]!.GetValue<string>()));
        Assert.Empty(found["problems"]!.AsArray());
        Assert.All(found["verified"]!.AsObject(), book => Assert.True(book.Value!["commands"]!.GetValue<long>() > 0, book.Key));
        Assert.Contains("peers: debits equal credits in each", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_nothing_has_is_refused()
    {
        var (exitCode, printed) = await RunAsync("--smoke", "--only", "nothing of that name", "--data", _directory);
        Assert.Equal(2, exitCode);
        Assert.Contains("nothing of that name", printed, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_directory));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task<(int ExitCode, string Printed)> RunAsync(params string[] arguments)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(here.Parent!.Parent!.FullName, "Peony.Bench", here.Name, "Peony.Bench.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var printed = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(printed));
    }
}
