using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Npgsql;

namespace Peony.Testing;

/// <summary>
/// One PostgreSQL server of our own on a loopback port, with data checksums and full durability: it can be restarted, killed as a power cut kills it, promoted, and made to follow another.
/// </summary>
public sealed class PostgresNode
{
    private const int KillSignal = 9;
    private const string Settings = "-c listen_addresses=127.0.0.1 -c fsync=on -c max_connections=100 -c shared_buffers=64MB -c wal_keep_size=256MB -c wal_sender_timeout=5s -c wal_receiver_timeout=5s"
        + " -c checkpoint_timeout=30min";

    private readonly string _folder;
    private readonly string _settings;

    private PostgresNode(string folder, string settings)
    {
        (_folder, _settings) = (folder, settings);
        Port = FreePort();
    }

    /// <summary>Where the server's programs are; null when PostgreSQL is not installed.</summary>
    public static string? Programs { get; } = FindPrograms();

    public int Port { get; }

    public IPEndPoint Address => new(IPAddress.Loopback, Port);

    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Username=postgres;Database=postgres;Include Error Detail=true";

    private string Data => Path.Combine(_folder, "data");

    /// <summary>A new server with an empty database.</summary>
    /// <param name="parent">A folder that the server's user may enter.</param>
    public static async Task<PostgresNode> MakeAsync(string parent, string name, string settings = "")
    {
        var node = new PostgresNode(Folder(parent, name), settings);
        await node.RunAsync("initdb", "-D", node.Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--data-checksums", "-N");
        await node.StartAsync();
        return node;
    }

    /// <summary>A new server that follows another from its base backup on.</summary>
    public static async Task<PostgresNode> FollowAsync(PostgresNode primary, string parent, string name, string settings = "")
    {
        var node = new PostgresNode(Folder(parent, name), settings);
        await node.RunAsync("pg_basebackup", "-d", primary.Source, "-D", node.Data, "-R", "-c", "fast", "-X", "stream", "-N");
        await node.StartAsync();
        return node;
    }

    /// <summary>A folder for servers, taken away by <see cref="RemoveFolder"/>.</summary>
    public static string MakeFolder()
    {
        var folder = Directory.CreateTempSubdirectory("peony-nodes-").FullName;
        HandOver(folder);
        return folder;
    }

    public static void RemoveFolder(string folder) => Directory.Delete(folder, recursive: true);

    public Task StartAsync() => RunAsync("pg_ctl", "start", "-D", Data, "-w", "-t", "30", "-l", Path.Combine(_folder, "log"),
        "-o", $"{Settings} -c port={Port} -c unix_socket_directories={_folder} {_settings}");

    /// <summary>Ends every session at once and starts again; everything that was written is there.</summary>
    public Task RestartAsync() => RunAsync("pg_ctl", "restart", "-D", Data, "-m", "fast", "-w", "-t", "30", "-l", Path.Combine(_folder, "log"));

    public Task StopAsync() => RunAsync("pg_ctl", "stop", "-D", Data, "-m", "fast", "-w", "-t", "30");

    /// <summary>Ends a standby's recovery: from here on it takes writes.</summary>
    public Task PromoteAsync() => RunAsync("pg_ctl", "promote", "-D", Data, "-w", "-t", "30");

    /// <summary>Makes a server that was primary once follow the one that is now: what it had alone is thrown away.</summary>
    public async Task RejoinAsync(PostgresNode primary)
    {
        // Until its first checkpoint a promoted server's files say that nothing has happened yet.
        await primary.AskAsync("CHECKPOINT");
        await RunAsync("pg_rewind", "-D", Data, $"--source-server={primary.Source}", "-R", "--no-sync");
        await StartAsync();
    }

    /// <summary>Kills the server and all its processes, as a power cut does.</summary>
    public async Task KillAsync()
    {
        if (Postmaster() is not { } postmaster)
        {
            return;
        }

        // Stopped first, so that it starts no more of them.
        _ = Send(postmaster, 19);
        var all = Children(postmaster).Append(postmaster).ToList();
        foreach (var process in all)
        {
            _ = Send(process, KillSignal);
        }

        while (all.Any(IsRunning))
        {
            await Task.Delay(5);
        }

        // Nobody may have waited for the dead process yet, and its number stands in these.
        File.Delete(Path.Combine(Data, "postmaster.pid"));
        File.Delete(Path.Combine(_folder, $".s.PGSQL.{Port}.lock"));
    }

    public void CopyLog(string path) => File.Copy(Path.Combine(_folder, "log"), path);

    /// <summary>Runs SQL as its operator and returns the first value.</summary>
    public async Task<object?> AskAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false;Timeout=5;Command Timeout=20");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Waits until SQL that its operator asks says true.</summary>
    public async Task UntilAsync(string sql)
    {
        var since = Stopwatch.StartNew();
        while (await AskAsync(sql) is not true)
        {
            if (since.Elapsed > TimeSpan.FromSeconds(30))
            {
                throw new TimeoutException($"PostgreSQL never answered true to: {sql}");
            }

            await Task.Delay(20);
        }
    }

    private string Source => $"host=127.0.0.1 port={Port} user=postgres dbname=postgres";

    private static string Folder(string parent, string name)
    {
        var folder = Path.Combine(parent, name);
        Directory.CreateDirectory(folder);
        HandOver(folder);
        return folder;
    }

    /// <summary>PostgreSQL will not run as root; the folder is handed to the user the package made.</summary>
    private static void HandOver(string folder)
    {
        if (Environment.IsPrivilegedProcess)
        {
            RunPlainAsync("chown", "postgres", folder).GetAwaiter().GetResult();
        }
    }

    private static string? FindPrograms()
    {
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(version => version, StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
            : [];
        return debian.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_rewind")));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private int? Postmaster()
    {
        var file = Path.Combine(Data, "postmaster.pid");
        return File.Exists(file) ? int.Parse(File.ReadLines(file).First(), CultureInfo.InvariantCulture) : null;
    }

    private static IEnumerable<int> Children(int parent)
    {
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var process) && StatOf(process) is [_, var its, ..]
                && its == parent.ToString(CultureInfo.InvariantCulture))
            {
                yield return process;
            }
        }
    }

    private static bool IsRunning(int process) => StatOf(process) is [var state, ..] && state != "Z";

    /// <summary>State, parent and the rest of a process; null when there is none.</summary>
    private static string[]? StatOf(int process)
    {
        try
        {
            // The name in brackets may hold anything; what follows it is fixed.
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Send(int process, int signal);

    private async Task RunAsync(string program, params string[] arguments)
    {
        var path = Path.Combine(Programs ?? throw new InvalidOperationException("PostgreSQL is not installed (initdb, pg_rewind)."), program);
        try
        {
            await (Environment.IsPrivilegedProcess ? RunPlainAsync("runuser", ["-u", "postgres", "--", path, .. arguments]) : RunPlainAsync(path, arguments));
        }
        catch (InvalidOperationException exception)
        {
            var log = Path.Combine(_folder, "log");
            throw new InvalidOperationException($"{program} {arguments[0]}: {exception.Message}\n{(File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(20)) : "")}");
        }
    }

    /// <summary>Through a file, because the server keeps the streams it was started with.</summary>
    private static async Task RunPlainAsync(string program, params string[] arguments)
    {
        var printed = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("/bin/sh", ["-c", "out=$1; shift; \"$@\" >\"$out\" 2>&1 </dev/null", "sh", printed, program, .. arguments]) { WorkingDirectory = Path.GetTempPath() };
            using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"It ended with {process.ExitCode}: {await File.ReadAllTextAsync(printed)}");
            }
        }
        finally
        {
            File.Delete(printed);
        }
    }
}
