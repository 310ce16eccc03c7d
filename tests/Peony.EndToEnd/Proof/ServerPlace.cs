using Npgsql;
using Peony.Testing;

namespace Peony.EndToEnd.Proof;

/// <summary>The two databases that everything is shown on.</summary>
public enum Database
{
    Sqlite,
    Postgres,
}

/// <summary>Where one instance lives: a temporary folder, and on PostgreSQL a database of its own. Taken away afterwards.</summary>
internal sealed class ServerPlace : IAsyncDisposable
{
    private readonly string? _cluster;
    private readonly string? _name;

    private ServerPlace(Database kind, string directory, string? cluster)
    {
        (Kind, Directory, _cluster) = (kind, directory, cluster);
        _name = cluster is null ? null : "p_" + Path.GetFileName(directory).Replace('-', '_').ToLowerInvariant() + "_" + Environment.TickCount64;
        Database = cluster is null ? null : new NpgsqlConnectionStringBuilder(cluster) { Database = _name }.ToString();
    }

    public Database Kind { get; }

    public string Directory { get; }

    /// <summary>The connection string, or null on SQLite.</summary>
    public string? Database { get; }

    /// <summary>The options that every verb takes.</summary>
    public IReadOnlyList<string> Options => Database is { } database ? ["--data", Directory, "--db", database] : ["--data", Directory];

    public static async Task<ServerPlace> MakeAsync(Database kind, PostgresCluster cluster)
    {
        var place = new ServerPlace(kind, System.IO.Directory.CreateTempSubdirectory("peony-proof-").FullName, kind == Proof.Database.Postgres ? cluster.ConnectionString : null);
        await place.OnClusterAsync($"CREATE DATABASE {place._name}");
        return place;
    }

    /// <summary>Runs SQL in the instance's own database, as somebody outside.</summary>
    public async Task<object?> MeddleAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        System.IO.Directory.Delete(Directory, recursive: true);
        await OnClusterAsync($"DROP DATABASE {_name} WITH (FORCE)");
    }

    private async Task OnClusterAsync(string sql)
    {
        if (_cluster is not null)
        {
            await using var connection = new NpgsqlConnection(_cluster + ";Pooling=false");
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
