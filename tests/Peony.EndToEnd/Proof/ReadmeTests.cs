using System.Diagnostics;
using System.Text.RegularExpressions;
using Peony.Proof;
using Peony.Testing;

namespace Peony.EndToEnd.Proof;

/// <summary>The README's first payment, run as it is printed.</summary>
public sealed partial class ReadmeTests(PostgresCluster cluster)
{
    [Fact]
    public async Task The_first_payment_of_the_README_runs_as_printed_and_is_paid_out()
    {
        var lines = FirstPayment().Match(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md")));
        Assert.True(lines.Success, "The README has no first payment.");
        await using var place = await ServerPlace.MakeAsync(Database.Sqlite, cluster);
        await using var server = await ServerProcess.StartAsync(place);

        var start = new ProcessStartInfo("bash", ["-eo", "pipefail", "-c", lines.Groups[1].Value]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PEONY"] = server.Address.ToString().TrimEnd('/');
        using var shell = Process.Start(start)!;
        var error = shell.StandardError.ReadToEndAsync();
        var reading = shell.StandardOutput.ReadToEndAsync();
        await Task.WhenAny(shell.WaitForExitAsync(), Task.Delay(TimeSpan.FromMinutes(1)));
        var isOver = shell.HasExited;
        if (!isOver)
        {
            shell.Kill(entireProcessTree: true);
        }

        var output = await reading;
        Assert.True(isOver && shell.ExitCode == 0, output + await error);
        Assert.EndsWith("paid", output.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(0, await server.StopAsync());
        await ServerProcess.VerifyAsync(place);
    }

    [GeneratedRegex("<!-- first payment -->\\s*```sh\\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex FirstPayment();
}
