using System.Diagnostics;
using Npgsql;
using Peony.Proof;
using Peony.Testing;

namespace Peony.EndToEnd;

/// <summary>A real <c>peony serve</c> in a process of its own, on an empty folder. When it is over it is stopped cleanly and <c>verify</c> must find nothing.</summary>
public abstract class JourneyServer : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("peony-e2e-").FullName;
    private readonly List<string> _log = [];
    private Process? _process;

    /// <summary>Localhost by name: passkeys are bound to a name and need a secure context.</summary>
    public Uri Address { get; private set; } = new("http://localhost");

    protected abstract string? Database { get; }

    public async ValueTask InitializeAsync()
    {
        Address = new Uri($"http://localhost:{ServerProcess.FreeAddress().Port}");
        _process = Start("serve", "--urls", Address.ToString().TrimEnd('/'));
        using var client = new HttpClient { BaseAddress = Address };
        var waited = Stopwatch.StartNew();
        while (!await IsReadyAsync(client))
        {
            Assert.False(_process.HasExited, "The server ended:\n" + Log());
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(2), "The server is not ready after two minutes:\n" + Log());
            await Task.Delay(100);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null)
        {
            return;
        }

        if (!_process.HasExited)
        {
            using var term = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await term.WaitForExitAsync();
            await _process.WaitForExitAsync();
        }

        using var verify = Start("verify");
        await verify.WaitForExitAsync();
        Assert.True(verify.ExitCode == 0, "verify found something:\n" + Log());
        _process.Dispose();
        Directory.Delete(_data, recursive: true);
        GC.SuppressFinalize(this);
    }

    private static async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            using var response = await client.GetAsync("/readyz");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private Process Start(string verb, params string[] arguments)
    {
        string[] place = Database is { } database ? ["--data", _data, "--db", database] : ["--data", _data];
        var start = new ProcessStartInfo("dotnet", [Program(), verb, .. place, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _data };
        var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>The server as it was built beside these tests, in its own folder, with the assets' manifest.</summary>
    private static string Program()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(here.Parent!.Parent!.FullName, "Peony.Server", here.Name, "Peony.Server.dll");
    }

    private void Note(string? line)
    {
        if (line is not null)
        {
            lock (_log)
            {
                _log.Add(line);
            }
        }
    }

    private string Log()
    {
        lock (_log)
        {
            return string.Join('\n', _log.TakeLast(60));
        }
    }
}

public sealed class SqliteServer : JourneyServer
{
    protected override string? Database => null;
}

/// <summary>A server on a database of its own.</summary>
public sealed class PostgresServer(string database) : JourneyServer
{
    protected override string? Database => database;

    public static async Task<PostgresServer> StartAsync(PostgresCluster cluster)
    {
        var name = "e2e_" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6));
        await using (var connection = new NpgsqlConnection(cluster.ConnectionString))
        {
            await connection.OpenAsync();
            await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
            await create.ExecuteNonQueryAsync();
        }

        var server = new PostgresServer(new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Database = name }.ToString());
        await server.InitializeAsync();
        return server;
    }
}
