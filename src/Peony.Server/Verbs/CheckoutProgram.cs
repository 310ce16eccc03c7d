using System.CommandLine;
using System.Diagnostics;
using Peony.Book;

namespace Peony.Server.Verbs;

/// <summary>A program that only the source checkout has: a verb of its name builds and starts it. The server does not reference it.</summary>
internal static class CheckoutProgram
{
    /// <param name="project">The project's folder below the checkout.</param>
    /// <param name="parsed">The verb as it was called; what follows it is handed on.</param>
    public static async Task<int> RunAsync(string project, ParseResult parsed, CancellationToken cancel)
    {
        var verb = parsed.CommandResult.Command.Name;
        var checkout = Checkout() ?? throw new StartRefusedException($"{verb} works from the source checkout; this program was started outside of one.");
        var name = Path.GetFileName(project);
        await Console.Error.WriteLineAsync($"Building {name} ...");
        using var log = new StringWriter();
        var built = await RunAsync(checkout, ["build", project, "-c", "Release", "-v", "q", "-clp:ErrorsOnly"], log, cancel);
        if (built != 0)
        {
            await Console.Error.WriteAsync(log.ToString());
            return built;
        }

        // The program runs where the caller stands, so that paths in its options mean what they say.
        var arguments = parsed.Tokens.Select(token => token.Value).SkipWhile(token => token != verb).Skip(1);
        return await RunAsync(Environment.CurrentDirectory, [Path.Combine(checkout, "artifacts", "bin", name, "release", name + ".dll"), .. arguments], null, cancel);
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

        // An interrupt from the keyboard reaches the program as well; it takes away what it made and then ends by itself.
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
