using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Peony.Book;

/// <summary>
/// The vault in a database of its own: <c>keys.db</c>, or a schema such as <c>peony_keys</c>. Keys are wrapped with AES-256-GCM under a key derived from the master key; envelopes are
/// base64 of nonce (12 bytes), ciphertext and tag (16 bytes), bound to their owner as associated data.
/// </summary>
internal sealed class SqlVault : IVault, IAsyncDisposable
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int CachedMost = 50_000;
    private readonly DbDataSource? _postgres;
    private readonly string? _path;
    private readonly string _schema;
    private readonly byte[] _wrappingKey;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ConcurrentDictionary<string, byte[]> _cached = new(StringComparer.Ordinal);
    private int _destroyed;
    private bool _isPrepared;

    private SqlVault(string? path, DbDataSource? postgres, string schema, Secrets secrets)
    {
        (_path, _postgres, _schema, _wrappingKey) = (path, postgres, schema, secrets.Key("vault"));
    }

    /// <summary>The name of a table: with its schema on PostgreSQL.</summary>
    private string Prefix => _postgres is null ? "" : _schema + ".";

    public static SqlVault OnSqlite(string path, Secrets secrets) => new(path, null, "", secrets);

    public static SqlVault OnPostgres(string connectionString, Secrets secrets, string schema = "peony_keys") =>
        new(null, NpgsqlDataSource.Create(PostgresConnections.DurablePool(connectionString)), PostgresConnections.Checked(schema), secrets);

    public async Task EnsureKeyAsync(string owner, CancellationToken cancel = default)
    {
        if (_cached.ContainsKey(owner))
        {
            return;
        }

        await _turn.WaitAsync(cancel);
        try
        {
            await using var connection = await OpenAsync(cancel);
            if (await ExistsAsync(connection, "erased", owner, cancel))
            {
                throw new InvalidOperationException("The key of this owner was destroyed: what is erased stays erased.");
            }

            await ExecuteAsync(connection, $"INSERT INTO {Prefix}keys (owner, wrapped) VALUES ($1, $2) ON CONFLICT (owner) DO NOTHING", cancel, owner,
                Encrypt(_wrappingKey, RandomNumberGenerator.GetBytes(32), owner));
        }
        finally
        {
            _turn.Release();
        }

        await KeyAsync(owner, cancel);
    }

    public async Task<Sealed> SealAsync(string owner, string text, CancellationToken cancel = default)
    {
        var key = await KeyAsync(owner, cancel) ?? throw new InvalidOperationException("There is no key of this owner; make it first.");
        return new Sealed(Convert.ToBase64String(Encrypt(key, Encoding.UTF8.GetBytes(text), owner)));
    }

    public async Task<string?> OpenAsync(string owner, Sealed envelope, CancellationToken cancel = default) =>
        await KeyAsync(owner, cancel) is { } key ? Encoding.UTF8.GetString(Decrypt(key, Convert.FromBase64String(envelope.Envelope), owner)) : null;

    public async Task DestroyKeyAsync(string owner, CancellationToken cancel = default)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            await using (var connection = await OpenAsync(cancel))
            {
                await using var transaction = await connection.BeginTransactionAsync(cancel);
                await ExecuteAsync(connection, $"UPDATE {Prefix}keys SET wrapped = $2 WHERE owner = $1", cancel, owner, new byte[32 + NonceBytes + TagBytes]);
                await ExecuteAsync(connection, $"DELETE FROM {Prefix}keys WHERE owner = $1", cancel, owner);
                await ExecuteAsync(connection, $"INSERT INTO {Prefix}erased (owner) VALUES ($1) ON CONFLICT (owner) DO NOTHING", cancel, owner);
                await transaction.CommitAsync(cancel);
            }

            if (_postgres is not null)
            {
                // The old row versions hold the wrapped key until they are cleaned away.
                await using var connection = await OpenAsync(cancel);
                await ExecuteAsync(connection, $"VACUUM {Prefix}keys", cancel);
            }
        }
        finally
        {
            lock (_cached)
            {
                _destroyed++;
                _cached.TryRemove(owner, out _);
            }

            _turn.Release();
        }
    }

    public async Task<IReadOnlyList<string>> ErasedAsync(CancellationToken cancel = default)
    {
        await using var connection = await OpenAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT owner FROM {Prefix}erased ORDER BY owner";
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var owners = new List<string>();
        while (await reader.ReadAsync(cancel))
        {
            owners.Add(reader.GetString(0));
        }

        return owners;
    }

    public async ValueTask DisposeAsync()
    {
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }

        _turn.Dispose();
    }

    private async Task<byte[]?> KeyAsync(string owner, CancellationToken cancel)
    {
        if (_cached.TryGetValue(owner, out var cached))
        {
            return cached;
        }

        var destroyed = Volatile.Read(ref _destroyed);
        await using var connection = await OpenAsync(cancel);
        await using var command = Command(connection, $"SELECT wrapped FROM {Prefix}keys WHERE owner = $1", owner);
        if (await command.ExecuteScalarAsync(cancel) is not byte[] wrapped)
        {
            return null;
        }

        var key = Decrypt(_wrappingKey, wrapped, owner);
        lock (_cached)
        {
            if (_cached.Count >= CachedMost)
            {
                _cached.Clear();
            }

            // A key read before another was destroyed may be that one: it is used once and not kept.
            if (destroyed == _destroyed)
            {
                _cached[owner] = key;
            }
        }

        return key;
    }

    private async Task<DbConnection> OpenAsync(CancellationToken cancel)
    {
        DbConnection connection = _postgres is not null ? await _postgres.OpenConnectionAsync(cancel) : new SqliteConnection($"Data Source={_path}");
        if (_postgres is null)
        {
            await connection.OpenAsync(cancel);
            // EXTRA, because with a rollback journal FULL does not sync the folder: a power cut just after the answer could take the key away again.
            await ExecuteAsync(connection, "PRAGMA synchronous = EXTRA; PRAGMA secure_delete = ON; PRAGMA busy_timeout = 5000", cancel);
        }

        if (!_isPrepared)
        {
            if (_postgres is not null)
            {
                await ExecuteAsync(connection, $"CREATE SCHEMA IF NOT EXISTS {_schema}", cancel);
            }

            var bytes = _postgres is null ? "BLOB" : "bytea";
            await ExecuteAsync(connection, $"CREATE TABLE IF NOT EXISTS {Prefix}keys (owner text PRIMARY KEY, wrapped {bytes} NOT NULL)", cancel);
            await ExecuteAsync(connection, $"CREATE TABLE IF NOT EXISTS {Prefix}erased (owner text PRIMARY KEY)", cancel);
            _isPrepared = true;
        }

        return connection;
    }

    private async Task<bool> ExistsAsync(DbConnection connection, string table, string owner, CancellationToken cancel)
    {
        await using var command = Command(connection, $"SELECT 1 FROM {Prefix}{table} WHERE owner = $1", owner);
        return await command.ExecuteScalarAsync(cancel) is not null;
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql, CancellationToken cancel, params object[] arguments)
    {
        await using var command = Command(connection, sql, arguments);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static DbCommand Command(DbConnection connection, string sql, params object[] arguments)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var index = 0; index < arguments.Length; index++)
        {
            var parameter = command.CreateParameter();
            parameter.Value = arguments[index];
            if (connection is SqliteConnection)
            {
                parameter.ParameterName = "$" + (index + 1);
            }

            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static byte[] Encrypt(byte[] key, byte[] clear, string owner)
    {
        var envelope = new byte[NonceBytes + clear.Length + TagBytes];
        RandomNumberGenerator.Fill(envelope.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(envelope.AsSpan(0, NonceBytes), clear, envelope.AsSpan(NonceBytes, clear.Length), envelope.AsSpan(NonceBytes + clear.Length), Encoding.UTF8.GetBytes(owner));
        return envelope;
    }

    private static byte[] Decrypt(byte[] key, byte[] envelope, string owner)
    {
        var clear = new byte[envelope.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(envelope.AsSpan(0, NonceBytes), envelope.AsSpan(NonceBytes, clear.Length), envelope.AsSpan(NonceBytes + clear.Length), clear, Encoding.UTF8.GetBytes(owner));
        return clear;
    }
}
