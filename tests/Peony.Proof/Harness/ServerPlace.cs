using Npgsql;

namespace Peony.Proof;

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

    /// <param name="cluster">The connection string of a PostgreSQL server; a database of the instance's own is made there. Not used on SQLite.</param>
    /// <param name="parent">Where the folder is made; a temporary folder of its own when null.</param>
    public static async Task<ServerPlace> MakeAsync(Database kind, string? cluster, string? parent = null)
    {
        var directory = parent is null
            ? System.IO.Directory.CreateTempSubdirectory("peony-proof-")
            : System.IO.Directory.CreateDirectory(Path.Combine(parent, "peony-" + Guid.NewGuid().ToString("N")[..12]));
        var place = new ServerPlace(kind, directory.FullName, kind == Peony.Proof.Database.Postgres ? cluster ?? throw new ArgumentNullException(nameof(cluster)) : null);
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
