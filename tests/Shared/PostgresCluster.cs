using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Peony.Testing;

/// <summary>
/// PostgreSQL for tests: the server named by <c>PEONY_TEST_PG</c> (a connection string) or by <c>PGHOST</c> and its like (pg_virtualenv sets them); otherwise a throw-away cluster of
/// its own, on a socket in a temporary folder, with fsync on. Without PostgreSQL the tests are skipped, but on CI they fail.
/// </summary>
public sealed class PostgresCluster : IAsyncLifetime
{
    private readonly string _settings;
    private readonly bool _isOwn;
    private string? _directory;
    private string? _connectionString;
    private string _why = "";

    public PostgresCluster()
        : this("", isOwn: false)
    {
    }

    private PostgresCluster(string settings, bool isOwn) => (_settings, _isOwn) = (settings, isOwn);

    /// <summary>A second cluster with settings of its own: <c>-c fsync=off</c>.</summary>
    public static async Task<PostgresCluster> StartAsync(string settings)
    {
        var cluster = new PostgresCluster(settings, isOwn: true);
        await cluster.InitializeAsync();
        return cluster;
    }

    /// <summary>The connection string, or the end of the test: skipped, or failed on CI.</summary>
    public string ConnectionString
    {
        get
        {
            if (_connectionString is null)
            {
                Assert.SkipUnless(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase), "No PostgreSQL: " + _why);
                Assert.Fail("No PostgreSQL: " + _why);
            }

            return _connectionString;
        }
    }

    /// <summary>Where a cluster of our own keeps everything, its log too; null for one that was given.</summary>
    public string? Folder => _directory;

    /// <summary>A setting of the running server, as <c>current_setting</c> gives it.</summary>
    public async Task<string> SettingAsync(string name)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT current_setting($1)", connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = name } } };
        return (string)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask InitializeAsync()
    {
        _connectionString = _isOwn ? null : Given();
        if (_connectionString is not null)
        {
            return;
        }

        if (Binaries() is not { } binaries)
        {
            _why = "neither PEONY_TEST_PG nor PGHOST is set, and initdb is not installed.";
            return;
        }

        _directory = Directory.CreateTempSubdirectory("peony-pg-").FullName;
        try
        {
            await StartAsync(binaries, _directory);
        }
        catch (InvalidOperationException exception)
        {
            _why = exception.Message;
            return;
        }

        _connectionString = $"Host={_directory};Username=postgres;Database=postgres;Include Error Detail=true";
    }

    public async ValueTask DisposeAsync()
    {
        if (_directory is null)
        {
            return;
        }

        NpgsqlConnection.ClearAllPools();
        if (_connectionString is not null)
        {
            await RunAsync(Path.Combine(Binaries()!, "pg_ctl"), "stop", "-D", Path.Combine(_directory, "data"), "-m", "immediate", "-w");
        }

        Directory.Delete(_directory, recursive: true);
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
                Port = int.Parse(Environment.GetEnvironmentVariable("PGPORT") ?? "5432", CultureInfo.InvariantCulture),
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

    private async Task StartAsync(string binaries, string directory)
    {
        if (Environment.IsPrivilegedProcess)
        {
            // PostgreSQL will not run as root; the folder is handed to the user the package made.
            await RunPlainAsync("chown", "postgres", directory);
        }

        var data = Path.Combine(directory, "data");
        await RunAsync(Path.Combine(binaries, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--data-checksums", "-N");
        await RunAsync(Path.Combine(binaries, "pg_ctl"), "start", "-D", data, "-w", "-l", Path.Combine(directory, "log"),
            "-o", $"-c listen_addresses='' -c unix_socket_directories={directory} -c fsync=on -c max_connections=200 -c shared_buffers=128MB {_settings}");
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
