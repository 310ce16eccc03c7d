using System.Security.Cryptography;

namespace Peony.Book.Tests.Privacy;

public sealed class SqlVaultTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("peony-vault").FullName;
    private readonly Secrets _secrets = new(RandomNumberGenerator.GetBytes(32));

    private SqlVault Open() => SqlVault.OnSqlite(Path.Combine(_folder, "keys.db"), _secrets);

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_is_sealed_opens_again_after_a_restart_and_for_its_owner_only()
    {
        Sealed envelope;
        await using (var vault = Open())
        {
            await vault.EnsureKeyAsync("cus_1");
            envelope = await vault.SealAsync("cus_1", "林晓");
        }

        await using var again = Open();
        Assert.Equal("林晓", await again.OpenAsync("cus_1", envelope));
        await again.EnsureKeyAsync("cus_2");
        await Assert.ThrowsAnyAsync<CryptographicException>(() => again.OpenAsync("cus_2", envelope));
        Assert.DoesNotContain("林晓", envelope.Envelope, StringComparison.Ordinal);
        Assert.Equal("(sealed)", envelope.ToString());
    }

    [Fact]
    public async Task A_destroyed_key_opens_nothing_and_is_never_made_again()
    {
        await using var vault = Open();
        await vault.EnsureKeyAsync("cus_1");
        var envelope = await vault.SealAsync("cus_1", "secret");
        await vault.DestroyKeyAsync("cus_1");
        Assert.Null(await vault.OpenAsync("cus_1", envelope));
        await Assert.ThrowsAsync<InvalidOperationException>(() => vault.EnsureKeyAsync("cus_1"));
        Assert.Equal(["cus_1"], await vault.ErasedAsync());
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
