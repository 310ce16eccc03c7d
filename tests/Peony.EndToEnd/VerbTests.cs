using System.Diagnostics;

namespace Peony.EndToEnd;

/// <summary>What a verb that cannot go on says to whoever typed it.</summary>
public sealed class VerbTests
{
    [Fact]
    public async Task What_is_refused_at_the_start_is_one_line_and_exit_code_2()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(here.Parent!.Parent!.FullName, "Peony.Server", here.Name, "Peony.Server.dll");
        var folder = Directory.CreateTempSubdirectory("peony-verb-").FullName;
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "serve", "--production", "--data", folder]) { RedirectStandardError = true })!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Directory.Delete(folder, recursive: true);

        Assert.Equal(2, process.ExitCode);
        Assert.StartsWith("peony: Production does not start without", said, StringComparison.Ordinal);
        Assert.Single(said.TrimEnd().Split('\n'));
    }
}
