using System.Globalization;
using Npgsql;

namespace Peony.Bench;

/// <summary>
/// A PostgreSQL server of the run: a throw-away cluster with default durability (fsync and synchronous_commit on), or one that is given. Every peer and each Book have a
/// database of their own on it.
/// </summary>
internal sealed class Postgres : IAsyncDisposable
{
    private const string Settings = "-c listen_addresses='' -c max_connections=100 -c shared_buffers=512MB";
    private readonly string _suffix = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
    private readonly List<string> _databases = [];
    private readonly string _connectionString;
    private readonly string? _directory;
    private readonly int _postmaster;

    private Postgres(string connectionString, string? directory)
    {
        (_connectionString, _directory) = (connectionString, directory);
        _postmaster = directory is null ? 0 : int.Parse(File.ReadLines(Path.Combine(directory, "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);
    }

    /// <summary>The database one connects to before others are there.</summary>
    private string Home => new NpgsqlConnectionStringBuilder(_connectionString).Database ?? "postgres";

    /// <summary>The version and its settings, for the head of the table.</summary>
    public string Description { get; private set; } = "";

    /// <param name="given">A server's connection string, or null for a cluster of our own under the folder.</param>
    public static async Task<Postgres> StartAsync(string directory, string? given, CancellationToken cancel)
    {
        var server = given is null ? await MakeAsync(directory, cancel) : new Postgres(given, null);
        server.Description = (await server.ReadAsync(server.Home, "SELECT current_setting('server_version') || ', fsync=' || current_setting('fsync') || ', synchronous_commit='"
            + " || current_setting('synchronous_commit') || ', shared_buffers=' || current_setting('shared_buffers')", cancel))!;
        return server;
    }

    /// <summary>Makes a cluster and starts it.</summary>
    public static async Task<Postgres> MakeAsync(string directory, CancellationToken cancel)
    {
        await PostgresPrograms.MakeFolderAsync(directory, cancel);
        await PostgresPrograms.RunAsServerAsync("initdb", ["-D", Path.Combine(directory, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"], cancel);
        return await OpenAsync(directory, cancel);
    }

    /// <summary>Starts a cluster that is there already.</summary>
    public static async Task<Postgres> OpenAsync(string directory, CancellationToken cancel)
    {
        await PostgresPrograms.RunAsServerAsync("pg_ctl",
            ["start", "-D", Path.Combine(directory, "data"), "-w", "-l", Path.Combine(directory, "log"), "-o", $"{Settings} -c unix_socket_directories={directory}"], cancel);
        return new Postgres($"Host={directory};Username=postgres;Database=postgres", directory);
    }

    /// <summary>A database of its own, dropped at the end.</summary>
    /// <returns>Its name on this server; <see cref="Connection"/> leads to it.</returns>
    public async Task<string> CreateDatabaseAsync(string name, CancellationToken cancel)
    {
        var database = $"peony_bench_{name}_{_suffix}";
        await ExecuteAsync(Home, $"CREATE DATABASE {database}", cancel);
        _databases.Add(database);
        return database;
    }

    public string Connection(string database) => new NpgsqlConnectionStringBuilder(_connectionString) { Database = database }.ToString();

    /// <summary>Processor time of the server and all its processes, those that have ended included; nothing when it is not ours to look at.</summary>
    public TimeSpan ProcessorTime() => _postmaster == 0 ? default : Machine.FamilyTime(_postmaster);

    public async Task ExecuteAsync(string database, string sql, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Connection(database)) { Pooling = false, CommandTimeout = 120 }.ToString());
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>The one value a query gives, as text.</summary>
    public async Task<string?> ReadAsync(string database, string sql, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Connection(database)) { Pooling = false, CommandTimeout = 120 }.ToString());
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(cancel), CultureInfo.InvariantCulture);
    }

    public Task<string> PgbenchAsync(string database, IReadOnlyList<string> options, CancellationToken cancel)
    {
        var place = new NpgsqlConnectionStringBuilder(_connectionString);
        return PostgresPrograms.RunAsync("pgbench", ["-h", place.Host!, "-p", $"{place.Port}", "-U", place.Username!, .. options, database], cancel, ("PGPASSWORD", place.Password ?? ""));
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_directory is not null)
        {
            await PostgresPrograms.RunAsServerAsync("pg_ctl", ["stop", "-D", Path.Combine(_directory, "data"), "-m", "immediate", "-w"], default);
            return;
        }

        foreach (var database in _databases)
        {
            await ExecuteAsync(Home, $"DROP DATABASE IF EXISTS {database} WITH (FORCE)", default);
        }
    }
}
