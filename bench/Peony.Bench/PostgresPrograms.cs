using System.Diagnostics;
using Peony.Book;

namespace Peony.Bench;

/// <summary>The programs PostgreSQL comes with, run as a user they accept.</summary>
internal static class PostgresPrograms
{
    private static readonly Lazy<string> Folder = new(() => Find() ?? throw new StartRefusedException("PostgreSQL is not installed (initdb, pgbench): apt-get install postgresql."));

    /// <summary>Makes a folder that the server's user owns: PostgreSQL will not run as root.</summary>
    public static async Task MakeFolderAsync(string directory, CancellationToken cancel)
    {
        Directory.CreateDirectory(directory);
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", ["postgres", directory], [], cancel);
        }
    }

    /// <summary>Runs one as whoever started the bench.</summary>
    public static Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancel, params (string Name, string Value)[] environment) =>
        RunAsync(Path.Combine(Folder.Value, program), arguments, environment, cancel);

    /// <summary>Runs one as the server's user.</summary>
    public static Task<string> RunAsServerAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        var path = Path.Combine(Folder.Value, program);
        return Environment.IsPrivilegedProcess ? RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments], [], cancel) : RunAsync(path, arguments, [], cancel);
    }

    private static string? Find()
    {
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(version => version, StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
            : [];
        return debian.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pgbench")));
    }

    /// <summary>Returns what it printed. Through a file, because a server that is started keeps the streams it was started with.</summary>
    private static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, (string Name, string Value)[] environment, CancellationToken cancel)
    {
        var output = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("/bin/sh", ["-c", "out=$1; shift; exec \"$@\" >\"$out\" 2>&1 </dev/null", "sh", output, program, .. arguments])
            {
                WorkingDirectory = Path.GetTempPath(),
            };
            foreach (var (name, value) in environment)
            {
                start.Environment[name] = value;
            }

            using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
            await process.WaitForExitAsync(cancel);
            var printed = await File.ReadAllTextAsync(output, cancel);
            return process.ExitCode == 0 ? printed : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {printed}");
        }
        finally
        {
            File.Delete(output);
        }
    }
}
