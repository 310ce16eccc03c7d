using System.Diagnostics;
using Npgsql;

namespace Peony.Testing;

/// <summary>
/// PostgreSQL for tests and proofs: the server named by <c>PEONY_TEST_PG</c> (a connection string) or by <c>PGHOST</c> and its like (pg_virtualenv sets them); otherwise a throw-away
/// cluster of its own, on a socket in a temporary folder, with fsync on.
/// </summary>
internal sealed class TestPostgres : IAsyncDisposable
{
    private TestPostgres(string? connectionString, string? folder, string why) => (ConnectionString, Folder, Why) = (connectionString, folder, why);

    /// <summary>Null when there is no PostgreSQL; <see cref="Why"/> says why.</summary>
    public string? ConnectionString { get; }

    /// <summary>Where a cluster of our own keeps everything, its log too; null for one that was given.</summary>
    public string? Folder { get; }

    public string Why { get; }

    /// <summary>True when the folder of a cluster of our own stays, for somebody who looks for what went wrong.</summary>
    public bool IsKept { get; set; }

    /// <param name="settings">Settings of a cluster of its own: <c>-c fsync=off</c>; null takes the server that is given, if one is.</param>
    public static async Task<TestPostgres> StartAsync(string? settings = null)
    {
        if (settings is null && Given() is { } given)
        {
            return new TestPostgres(given, null, "");
        }

        if (Binaries() is not { } binaries)
        {
            return new TestPostgres(null, null, "neither PEONY_TEST_PG nor PGHOST is set, and initdb is not installed.");
        }

        var folder = Directory.CreateTempSubdirectory("peony-pg-").FullName;
        try
        {
            await StartAsync(binaries, folder, settings ?? "");
            return new TestPostgres($"Host={folder};Username=postgres;Database=postgres;Include Error Detail=true", folder, "");
        }
        catch (InvalidOperationException exception)
        {
            return new TestPostgres(null, folder, exception.Message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Folder is null)
        {
            return;
        }

        NpgsqlConnection.ClearAllPools();
        if (ConnectionString is not null)
        {
            await RunAsync(Path.Combine(Binaries()!, "pg_ctl"), "stop", "-D", Path.Combine(Folder, "data"), "-m", IsKept ? "fast" : "immediate", "-w");
        }

        if (!IsKept)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private static string? Given()
    {
        if (Environment.GetEnvironmentVariable("PEONY_TEST_PG") is { Length: > 0 } given)
        {
            return given;
        }

        return Environment.GetEnvironmentVariable("PGHOST") is { Length: > 0 } host
            ? new NpgsqlConnectionStringBuilder
            {
                Host = host,
                Port = int.Parse(Environment.GetEnvironmentVariable("PGPORT") ?? "5432", System.Globalization.CultureInfo.InvariantCulture),
                Username = Environment.GetEnvironmentVariable("PGUSER") ?? "postgres",
                Password = Environment.GetEnvironmentVariable("PGPASSWORD"),
                Database = Environment.GetEnvironmentVariable("PGDATABASE") ?? "postgres",
            }.ToString()
            : null;
    }

    private static string? Binaries()
    {
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(version => version, StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
            : [];
        return debian.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }

    private static async Task StartAsync(string binaries, string folder, string settings)
    {
        if (Environment.IsPrivilegedProcess)
        {
            // PostgreSQL will not run as root; the folder is handed to the user the package made.
            await RunPlainAsync("chown", "postgres", folder);
        }

        var data = Path.Combine(folder, "data");
        await RunAsync(Path.Combine(binaries, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--data-checksums", "-N");
        await RunAsync(Path.Combine(binaries, "pg_ctl"), "start", "-D", data, "-w", "-l", Path.Combine(folder, "log"),
            "-o", $"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=on -c max_connections=200 -c shared_buffers=128MB {settings}");
    }

    private static Task RunAsync(string program, params string[] arguments) => Environment.IsPrivilegedProcess
        ? RunPlainAsync("runuser", ["-u", "postgres", "--", program, .. arguments])
        : RunPlainAsync(program, arguments);

    private static async Task RunPlainAsync(string program, params string[] arguments)
    {
        // pg_ctl leaves the server running with these streams, so they must not be pipes that somebody waits to see closed.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "\"$@\" >/dev/null 2>&1 </dev/null", "sh", program, .. arguments]) { WorkingDirectory = Path.GetTempPath() };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
        }
    }
}
