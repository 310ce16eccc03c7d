using Npgsql;

namespace Peony.Testing;

/// <summary>PostgreSQL as a fixture, see <see cref="TestPostgres"/>. Without PostgreSQL the tests are skipped, but on CI they fail.</summary>
public sealed class PostgresCluster : IAsyncLifetime
{
    private readonly string? _settings;
    private TestPostgres? _server;

    public PostgresCluster()
        : this(null)
    {
    }

    private PostgresCluster(string? settings) => _settings = settings;

    /// <summary>A second cluster with settings of its own: <c>-c fsync=off</c>.</summary>
    public static async Task<PostgresCluster> StartAsync(string settings)
    {
        var cluster = new PostgresCluster(settings);
        await cluster.InitializeAsync();
        return cluster;
    }

    /// <summary>The connection string, or the end of the test: skipped, or failed on CI.</summary>
    public string ConnectionString
    {
        get
        {
            if (_server?.ConnectionString is not { } connectionString)
            {
                Assert.SkipUnless(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase), "No PostgreSQL: " + _server?.Why);
                Assert.Fail("No PostgreSQL: " + _server?.Why);
                return "";
            }

            return connectionString;
        }
    }

    /// <summary>Where a cluster of our own keeps everything, its log too; null for one that was given.</summary>
    public string? Folder => _server?.Folder;

    /// <summary>A setting of the running server, as <c>current_setting</c> gives it.</summary>
    public async Task<string> SettingAsync(string name)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT current_setting($1)", connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = name } } };
        return (string)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask InitializeAsync() => _server = await TestPostgres.StartAsync(_settings);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
