using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Peony.Book;

namespace Peony.Bench;

/// <summary>
/// The PostgreSQL server of the run: a throw-away cluster with default durability (fsync and synchronous_commit on), or one that is given. TPC-B and each Book have a
/// database of their own on it.
/// </summary>
internal sealed class Postgres : IAsyncDisposable
{
    private const int Scale = 10;
    private const int Clients = 8;
    private const int Threads = 2;
    private const string Settings = "-c listen_addresses='' -c max_connections=100 -c shared_buffers=512MB";
    private readonly string _suffix = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
    private readonly List<string> _databases = [];
    private readonly string _binaries;
    private readonly string _connectionString;
    private readonly string? _directory;
    private readonly int _postmaster;

    private Postgres(string binaries, string connectionString, string? directory)
    {
        (_binaries, _connectionString, _directory) = (binaries, connectionString, directory);
        _postmaster = directory is null ? 0 : int.Parse(File.ReadLines(Path.Combine(directory, "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);
    }

    /// <summary>The version and where it runs, for the head of the table.</summary>
    public string Description { get; private set; } = "";

    /// <param name="given">A server's connection string, or null for a cluster of our own under the folder.</param>
    public static async Task<Postgres> StartAsync(string directory, string? given, CancellationToken cancel)
    {
        var binaries = Binaries() ?? throw new StartRefusedException("PostgreSQL is not installed (initdb, pgbench): apt-get install postgresql.");
        var server = given is not null ? new Postgres(binaries, given, null) : await MakeAsync(binaries, Path.Combine(directory, "postgresql"), cancel);
        await server.PrepareAsync(cancel);
        return server;
    }

    /// <summary>A database of its own, dropped at the end.</summary>
    public async Task<string> CreateDatabaseAsync(string name, CancellationToken cancel)
    {
        var database = $"peony_bench_{name}_{_suffix}";
        await ExecuteAsync($"CREATE DATABASE {database}", cancel);
        _databases.Add(database);
        return new NpgsqlConnectionStringBuilder(_connectionString) { Database = database }.ToString();
    }

    /// <summary>Processor time of the server and all its processes, those that have ended included.</summary>
    public TimeSpan ProcessorTime()
    {
        if (_postmaster == 0)
        {
            return default;
        }

        var ticks = 0L;
        foreach (var process in Directory.GetDirectories("/proc").Select(folder => Path.Combine(folder, "stat")).Where(File.Exists))
        {
            try
            {
                // The name in brackets may hold anything; what follows it is fixed: state, parent, …, utime, stime, cutime, cstime.
                var text = File.ReadAllText(process);
                var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
                var isPostmaster = text.StartsWith(_postmaster + " ", StringComparison.Ordinal);
                if (isPostmaster || fields[1] == _postmaster.ToString(CultureInfo.InvariantCulture))
                {
                    ticks += fields.Skip(11).Take(isPostmaster ? 4 : 2).Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
                }
            }
            catch (IOException)
            {
                // It ended meanwhile; its time is then the postmaster's.
            }
        }

        // Linux counts in hundredths of a second here, whatever the kernel's own tick.
        return TimeSpan.FromMilliseconds(ticks * 10);
    }

    public async Task<Measured> TpcBAsync(int seconds, CancellationToken cancel)
    {
        var before = ProcessorTime();
        var report = await PgbenchAsync(["-c", $"{Clients}", "-j", $"{Threads}", "-M", "prepared", "-T", $"{seconds}", "-n"], cancel);
        var used = ProcessorTime() - before;
        var rate = Number(report, "tps = ");
        var operations = (long)Number(report, "number of transactions actually processed: ");
        var latency = Number(report, "latency average = ");
        return new Measured(operations, operations / rate, rate, latency, 0, 0, used.TotalMicroseconds / operations);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_directory is not null)
        {
            await RunAsync(true, Path.Combine(_binaries, "pg_ctl"), ["stop", "-D", Path.Combine(_directory, "data"), "-m", "immediate", "-w"], default);
            return;
        }

        foreach (var database in _databases)
        {
            await ExecuteAsync($"DROP DATABASE IF EXISTS {database} WITH (FORCE)", default);
        }
    }

    private static string? Binaries()
    {
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(version => version, StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
            : [];
        return debian.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pgbench")));
    }

    private static async Task<Postgres> MakeAsync(string binaries, string directory, CancellationToken cancel)
    {
        Directory.CreateDirectory(directory);
        if (Environment.IsPrivilegedProcess)
        {
            // PostgreSQL will not run as root; the folder is handed to the user the package made.
            await RunAsync(false, "chown", ["postgres", directory], cancel);
        }

        var data = Path.Combine(directory, "data");
        await RunAsync(true, Path.Combine(binaries, "initdb"), ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"], cancel);
        await RunAsync(true, Path.Combine(binaries, "pg_ctl"),
            ["start", "-D", data, "-w", "-l", Path.Combine(directory, "log"), "-o", $"{Settings} -c unix_socket_directories={directory}"], cancel);
        return new Postgres(binaries, $"Host={directory};Username=postgres;Database=postgres", directory);
    }

    private async Task PrepareAsync(CancellationToken cancel)
    {
        await using (var connection = new NpgsqlConnection(_connectionString))
        {
            await connection.OpenAsync(cancel);
            await using var command = new NpgsqlCommand(
                "SELECT current_setting('server_version') || ', fsync=' || current_setting('fsync') || ', synchronous_commit=' || current_setting('synchronous_commit')"
                + " || ', shared_buffers=' || current_setting('shared_buffers')", connection);
            Description = (string)(await command.ExecuteScalarAsync(cancel))!;
        }

        await CreateDatabaseAsync("tpcb", cancel);
        await PgbenchAsync(["-i", "-q", "-s", $"{Scale}"], cancel);
    }

    private Task<string> PgbenchAsync(IReadOnlyList<string> options, CancellationToken cancel)
    {
        var place = new NpgsqlConnectionStringBuilder(_connectionString);
        return RunAsync(false, Path.Combine(_binaries, "pgbench"),
            ["-h", place.Host!, "-p", $"{place.Port}", "-U", place.Username!, .. options, _databases[0]], cancel, ("PGPASSWORD", place.Password ?? ""));
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_connectionString) { Pooling = false }.ToString());
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static double Number(string report, string after)
    {
        var from = report.IndexOf(after, StringComparison.Ordinal) + after.Length;
        var to = from;
        while (to < report.Length && (char.IsAsciiDigit(report[to]) || report[to] == '.'))
        {
            to++;
        }

        return double.Parse(report.AsSpan(from, to - from), CultureInfo.InvariantCulture);
    }

    /// <summary>Runs a program and returns what it printed. The server is started through a file, because it keeps the streams it was started with.</summary>
    private static async Task<string> RunAsync(bool asServer, string program, IReadOnlyList<string> arguments, CancellationToken cancel, params (string Name, string Value)[] environment)
    {
        IEnumerable<string> line = asServer && Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--", program, .. arguments] : [program, .. arguments];
        var output = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("/bin/sh", ["-c", "out=$1; shift; exec \"$@\" >\"$out\" 2>&1 </dev/null", "sh", output, .. line]) { WorkingDirectory = Path.GetTempPath() };
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
