using System.Diagnostics;

namespace Peony.Tests.House;

/// <summary>The sources are laid out as <c>.editorconfig</c> says. Code style is checked by the build; this is what the build does not see.</summary>
public sealed class FormatTests
{
    [Fact]
    public async Task The_sources_are_formatted()
    {
        var start = new ProcessStartInfo("dotnet", ["format", "whitespace", "Peony.slnx", "--verify-no-changes", "--no-restore"])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var format = Process.Start(start)!;
        var said = await Task.WhenAll(format.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), format.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await format.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(format.ExitCode == 0, string.Concat(said));
    }
}
