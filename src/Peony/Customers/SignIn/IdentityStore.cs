using System.Data;
using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Peony.Customers.SignIn;

/// <summary>Who a sign-in belongs to; one never serves as the other.</summary>
internal enum SignInKind
{
    Customer = 1,
    Operator = 2,
}

/// <summary>
/// A sign-in: password hash and passkeys, kept by ASP.NET Core Identity. Its id is the customer's or operator's id, and it holds nothing personal:
/// who has a phone is known by the Book alone, by a keyed hash.
/// </summary>
internal sealed class PeonyUser : IdentityUser
{
    public SignInKind Kind { get; set; }
}

/// <summary>The identity store: a SQLite file of its own, or the schema <c>identity</c> on PostgreSQL.</summary>
internal sealed class IdentityStore(DbContextOptions<IdentityStore> options) : IdentityUserContext<PeonyUser>(options)
{
    public const string Schema = "identity";

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        if (Database.IsNpgsql())
        {
            builder.HasDefaultSchema(Schema);
        }
    }
}

/// <summary>
/// Makes the identity store's tables and brings older ones up to date. A fresh store gets the tables as the program knows them; an older one goes through the numbered steps.
/// EF migrations would need two sets, one a database, for a schema that changes with the framework only.
/// </summary>
internal static class IdentityTables
{
    /// <summary>What leads from one version to the next, for SQLite and PostgreSQL. The first version has no step before it.</summary>
    private static readonly (string Sqlite, string PostgreSql)[] Steps = [];

    public static async Task EnsureAsync(IServiceProvider services, CancellationToken cancel = default)
    {
        using var scope = services.CreateScope();
        var store = scope.ServiceProvider.GetRequiredService<IdentityStore>();
        var isPostgreSql = store.Database.IsNpgsql();
        await store.Database.OpenConnectionAsync(cancel);
        if (!isPostgreSql)
        {
            // Readers beside a writer; a sign-in that was acknowledged is on disk.
            await ExecuteAsync(store, "PRAGMA journal_mode = WAL", cancel);
        }

        await using var transaction = await store.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancel);
        if (isPostgreSql)
        {
            // Two processes may start at once; the number is "peony" on a telephone's keys.
            await ExecuteAsync(store, "SELECT pg_advisory_xact_lock(73669)", cancel);
            await ExecuteAsync(store, $"CREATE SCHEMA IF NOT EXISTS {IdentityStore.Schema}", cancel);
        }

        var table = isPostgreSql ? $"{IdentityStore.Schema}.peony_identity" : "peony_identity";
        await ExecuteAsync(store, $"CREATE TABLE IF NOT EXISTS {table} (version integer NOT NULL)", cancel);
        var found = await ReadVersionAsync(store, table, cancel);
        var latest = Steps.Length + 1;
        if (found > latest)
        {
            throw new InvalidOperationException($"The identity store has version {found}; this program knows {latest}. Start a newer program.");
        }

        if (found == 0)
        {
            await ExecuteAsync(store, store.GetService<IRelationalDatabaseCreator>().GenerateCreateScript(), cancel);
        }

        for (var version = found; version >= 1 && version < latest; version++)
        {
            await ExecuteAsync(store, isPostgreSql ? Steps[version - 1].PostgreSql : Steps[version - 1].Sqlite, cancel);
        }

        if (found != latest)
        {
            await ExecuteAsync(store, $"DELETE FROM {table}", cancel);
            await ExecuteAsync(store, $"INSERT INTO {table} VALUES ({latest.ToString(CultureInfo.InvariantCulture)})", cancel);
        }

        await transaction.CommitAsync(cancel);
    }

    private static async Task<int> ReadVersionAsync(IdentityStore store, string table, CancellationToken cancel)
    {
        await using var command = store.Database.GetDbConnection().CreateCommand();
        command.Transaction = store.Database.CurrentTransaction!.GetDbTransaction();
        command.CommandText = $"SELECT max(version) FROM {table}";
        var value = await command.ExecuteScalarAsync(cancel);
        return value is null or DBNull ? 0 : Convert.ToInt32(value, CultureInfo.InvariantCulture);
    }

    /// <summary>Runs a script as it is; EF would take braces in it for parameters.</summary>
    private static async Task ExecuteAsync(IdentityStore store, string script, CancellationToken cancel)
    {
        await using var command = store.Database.GetDbConnection().CreateCommand();
        command.Transaction = store.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandText = script;
        await command.ExecuteNonQueryAsync(cancel);
    }
}
