using System.Security.Cryptography;
using Npgsql;
using Peony.Book.Tests.Stores;
using Peony.Testing;

namespace Peony.Book.Tests.Privacy;

public sealed class SqlVaultTests(PostgresCluster cluster) : IAsyncDisposable
{
    private readonly string _schema = "v_" + Guid.CreateVersion7().ToString("N");
    private bool _isOnPostgres;
    private readonly string _folder = Directory.CreateTempSubdirectory("peony-vault").FullName;
    private readonly Secrets _secrets = new(RandomNumberGenerator.GetBytes(32));

    private SqlVault Open(Database database)
    {
        _isOnPostgres |= database == Database.Postgres;
        return database == Database.Sqlite ? SqlVault.OnSqlite(Path.Combine(_folder, "keys.db"), _secrets) : SqlVault.OnPostgres(cluster.ConnectionString, _secrets, _schema);
    }

    public async ValueTask DisposeAsync()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        if (_isOnPostgres)
        {
            await using var connection = new NpgsqlConnection(cluster.ConnectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand($"DROP SCHEMA IF EXISTS {_schema} CASCADE", connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task What_is_sealed_opens_again_after_a_restart_and_for_its_owner_only(Database database)
    {
        Sealed envelope;
        await using (var vault = Open(database))
        {
            await vault.EnsureKeyAsync("cus_1");
            envelope = await vault.SealAsync("cus_1", "林晓");
        }

        await using var again = Open(database);
        Assert.Equal("林晓", await again.OpenAsync("cus_1", envelope));
        await again.EnsureKeyAsync("cus_2");
        await Assert.ThrowsAnyAsync<CryptographicException>(() => again.OpenAsync("cus_2", envelope));
        Assert.DoesNotContain("林晓", envelope.Envelope, StringComparison.Ordinal);
        Assert.Equal("(sealed)", envelope.ToString());
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task A_destroyed_key_opens_nothing_and_is_never_made_again(Database database)
    {
        await using var vault = Open(database);
        await vault.EnsureKeyAsync("cus_1");
        var envelope = await vault.SealAsync("cus_1", "secret");
        await vault.DestroyKeyAsync("cus_1");
        Assert.Null(await vault.OpenAsync("cus_1", envelope));
        await Assert.ThrowsAsync<InvalidOperationException>(() => vault.EnsureKeyAsync("cus_1"));
        Assert.Equal(["cus_1"], await vault.ErasedAsync());
    }

    [Fact]
    public async Task Nothing_of_a_destroyed_key_is_left_in_the_file()
    {
        byte[] wrapped;
        await using (var vault = Open(Database.Sqlite))
        {
            await vault.EnsureKeyAsync("cus_1");
            await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(_folder, "keys.db")}"))
            {
                await connection.OpenAsync();
                await using var command = connection.CreateCommand();
                command.CommandText = "SELECT wrapped FROM keys";
                wrapped = (byte[])(await command.ExecuteScalarAsync())!;
            }

            await vault.DestroyKeyAsync("cus_1");
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Assert.All(Directory.GetFiles(_folder), file => Assert.Equal(-1, File.ReadAllBytes(file).AsSpan().IndexOf(wrapped)));
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task A_key_wrapped_under_another_master_key_does_not_open(Database database)
    {
        await using (var vault = Open(database))
        {
            await vault.EnsureKeyAsync("cus_1");
        }

        var strangers = new Secrets(new byte[32]);
        await using var stranger = database == Database.Sqlite
            ? SqlVault.OnSqlite(Path.Combine(_folder, "keys.db"), strangers)
            : SqlVault.OnPostgres(cluster.ConnectionString, strangers, _schema);
        await Assert.ThrowsAnyAsync<CryptographicException>(() => stranger.SealAsync("cus_1", "x"));
    }

    [Fact]
    public void The_master_key_is_made_once_in_the_sandbox_and_demanded_in_production()
    {
        Assert.Throws<StartRefusedException>(() => MasterKey.Load(_folder, isProduction: true));
        var key = MasterKey.Load(_folder, isProduction: false);
        Assert.Equal(key, MasterKey.Load(_folder, isProduction: true));
        File.WriteAllText(Path.Combine(_folder, "master.key"), "c2hvcnQ=");
        Assert.Throws<StartRefusedException>(() => MasterKey.Load(_folder, isProduction: false));
    }
}
