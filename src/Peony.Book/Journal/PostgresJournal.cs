using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Peony.Book;

/// <summary>
/// The journal in a PostgreSQL table. Who writes holds an advisory lock of its own session; that lock only says whose turn it is. What makes a second writer impossible is the
/// fence row: an append takes it <c>FOR SHARE</c> and must find its epoch there, a taker raises the epoch first and reads the head after.
/// </summary>
/// <remarks>
/// With a synchronous standby PostgreSQL answers a commit when both have it, but for one case: when the wait is cancelled it answers "done" all the same, with a warning. So a
/// warning makes an answer none. And because a commit's place in the log comes after everything before it, whoever has raised the epoch without a warning knows that each frame he
/// can read is on both servers.
/// </remarks>
internal sealed class PostgresJournal(string connectionString, string schema, string book) : IJournal
{
    private const int ReadAtOnce = 32;
    private readonly string _schema = PostgresConnections.Checked(schema);

    /// <summary>Names this writer in the fence row, so that an epoch it raised without hearing the answer is known as its own.</summary>
    private readonly string _holder = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    private static readonly TimeSpan PollingInterval = TimeSpan.FromMilliseconds(250);
    private readonly NpgsqlDataSource _readers = NpgsqlDataSource.Create(PostgresConnections.ForReading(connectionString));
    private readonly string _connectionString = PostgresConnections.ForJournal(connectionString);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly List<string> _warnings = [];
    private NpgsqlConnection? _lock;
    private int _lockedBy;
    private NpgsqlConnection? _writer;
    private NpgsqlCommand? _append;
    private string? _warned;
    private long _epoch;
    private bool _isDisposed;

    /// <summary>What the start found that is not refused but ought to be changed.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    public async Task<long> TakeAsync(Action standingBy, CancellationToken cancel)
    {
        var hasStoodBy = false;
        while (true)
        {
            try
            {
                await CheckServerAsync(cancel);
                await CreateAsync(0, cancel);
                await LockAsync(
                    () =>
                    {
                        if (!hasStoodBy)
                        {
                            hasStoodBy = true;
                            standingBy();
                        }
                    },
                    cancel);
                return await RaiseAsync(cancel);
            }
            catch (Exception exception) when (hasStoodBy && (Passing.Is(exception) || exception is StandbyServerException))
            {
                // While standing by, a server that is away for a moment, or not promoted yet, is no reason to give up.
                await DropLockAsync();
                await Task.Delay(PollingInterval, cancel);
            }
        }
    }

    private async Task<long> RaiseAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            await using var command = new NpgsqlCommand($"UPDATE {_schema}.fence SET epoch = epoch + 1, format = $2, holder = $3 WHERE book = $1 RETURNING epoch", await WriterAsync(cancel))
            {
                Parameters =
                {
                    new NpgsqlParameter<string> { TypedValue = book }, new NpgsqlParameter<long> { TypedValue = FrameHeader.Format }, new NpgsqlParameter<string> { TypedValue = _holder },
                },
            };
            _epoch = (long)(await command.ExecuteScalarAsync(cancel))!;
            RefuseWarned();
            return _epoch;
        }
        catch
        {
            await CloseWriterAsync();
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task<long> RenewAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            _readers.Clear();
            // An append that still runs in the server holds the row shared: this waits for its end.
            await using var command = new NpgsqlCommand($"UPDATE {_schema}.fence SET epoch = epoch + 1 WHERE book = $1 AND holder = $2 RETURNING epoch", await WriterAsync(cancel))
            {
                Parameters = { new NpgsqlParameter<string> { TypedValue = book }, new NpgsqlParameter<string> { TypedValue = _holder } },
            };
            _epoch = await command.ExecuteScalarAsync(cancel) is long epoch ? epoch : throw new FencedException($"Epoch {_epoch} is over: another process has taken the Book.");
            RefuseWarned();
            await KeepLockAsync(cancel);
            return _epoch;
        }
        catch (Exception exception) when (exception is not FencedException)
        {
            await CloseWriterAsync();
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task AppendAsync(StoredFrame frame, CancellationToken cancel)
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            _append ??= await PrepareAppendAsync();
            ((NpgsqlParameter<long>)_append.Parameters[0]).TypedValue = frame.Sequence;
            ((NpgsqlParameter<long>)_append.Parameters[1]).TypedValue = frame.Epoch;
            ((NpgsqlParameter<byte[]>)_append.Parameters[2]).TypedValue = frame.Payload;
            ((NpgsqlParameter<byte[]>)_append.Parameters[3]).TypedValue = frame.Hash;
            if (await _append.ExecuteNonQueryAsync(CancellationToken.None) == 0)
            {
                throw new FencedException($"Epoch {frame.Epoch} is over: another process has taken the Book.");
            }

            RefuseWarned();
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw new FencedException($"Frame {frame.Sequence} is there already: another process writes this Book.");
        }
        catch (Exception exception) when (exception is not FencedException)
        {
            await CloseWriterAsync();
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task<StoredFrame?> HeadAsync(CancellationToken cancel)
    {
        var sql = $"SELECT seq, epoch, payload, hash FROM {_schema}.frames ORDER BY seq DESC LIMIT 1";
        if (_epoch == 0)
        {
            var found = await QueryAsync(sql, [], cancel);
            return found.Count == 0 ? null : found[0];
        }

        // Who holds the Book asks the very server that gave it to him: another connection may lead to one that is no primary any more.
        await _turn.WaitAsync(cancel);
        try
        {
            await using var command = new NpgsqlCommand(sql, await WriterAsync(cancel));
            await using var row = await command.ExecuteReaderAsync(cancel);
            return await row.ReadAsync(cancel) ? FrameOf(row) : null;
        }
        catch
        {
            await CloseWriterAsync();
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async IAsyncEnumerable<StoredFrame> ReadAsync(long from, [EnumeratorCancellation] CancellationToken cancel)
    {
        var head = (await HeadAsync(cancel))?.Sequence ?? 0;
        while (from <= head)
        {
            var page = await QueryAsync($"SELECT seq, epoch, payload, hash FROM {_schema}.frames WHERE seq >= $1 AND seq <= $2 ORDER BY seq LIMIT {ReadAtOnce}", [from, head], cancel);
            foreach (var frame in page)
            {
                yield return frame;
            }

            if (page.Count < ReadAtOnce)
            {
                yield break;
            }

            from = page[^1].Sequence + 1;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        await _turn.WaitAsync();
        await CloseWriterAsync();
        if (_lock is not null)
        {
            await _lock.DisposeAsync();
        }

        _turn.Dispose();
        await _readers.DisposeAsync();
    }

    /// <summary>Makes the journal's tables if they are not there, with an epoch no lower than given.</summary>
    internal async Task CreateAsync(long epoch, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync(cancel);
        await PostgresConnections.CreateSchemaAsync(connection, _schema, cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (var tables = new NpgsqlCommand(
            $"""
            SELECT pg_advisory_xact_lock({LockKey("make")});
            CREATE TABLE IF NOT EXISTS {_schema}.frames (seq bigint PRIMARY KEY, epoch bigint NOT NULL, payload bytea NOT NULL, hash bytea NOT NULL);
            ALTER TABLE {_schema}.frames ALTER COLUMN payload SET STORAGE EXTERNAL;
            CREATE TABLE IF NOT EXISTS {_schema}.fence (book text PRIMARY KEY, epoch bigint NOT NULL, format bigint NOT NULL, holder text NOT NULL);
            """,
            connection,
            transaction))
        {
            await tables.ExecuteNonQueryAsync(cancel);
        }

        await using (var fence = new NpgsqlCommand($"INSERT INTO {_schema}.fence (book, epoch, format, holder) SELECT $1, 0, $2, '' WHERE NOT EXISTS (SELECT 1 FROM {_schema}.fence)", connection, transaction)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = book }, new NpgsqlParameter<long> { TypedValue = FrameHeader.Format } },
        })
        {
            await fence.ExecuteNonQueryAsync(cancel);
        }

        await using (var raise = new NpgsqlCommand($"UPDATE {_schema}.fence SET epoch = $1 WHERE epoch < $1", connection, transaction)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = epoch } },
        })
        {
            await raise.ExecuteNonQueryAsync(cancel);
        }

        await using (var look = new NpgsqlCommand($"SELECT book, format FROM {_schema}.fence", connection, transaction))
        await using (var row = await look.ExecuteReaderAsync(cancel))
        {
            await row.ReadAsync(cancel);
            JournalChecks.Check($"schema {_schema}", book, row.GetString(0), row.GetInt64(1));
        }

        await transaction.CommitAsync(cancel);
    }

    /// <summary>Looks at the server as its operator configured it, before our own connection overrules anything.</summary>
    private async Task CheckServerAsync(CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(PostgresConnections.AsConfigured(connectionString));
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(
            """
            SELECT current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit'), current_setting('data_checksums'), pg_is_in_recovery()
            """,
            connection);
        await using var row = await command.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        if (row.GetString(0) != "on")
        {
            throw new StartRefusedException("PostgreSQL runs with fsync=off: a power cut could lose answered commands or the whole database. Set fsync = on in postgresql.conf.");
        }

        if (row.GetString(1) != "on")
        {
            throw new StartRefusedException("PostgreSQL runs with full_page_writes=off: a power cut could tear pages. Set full_page_writes = on in postgresql.conf.");
        }

        if (row.GetString(2) is "off" or "local" or "remote_write")
        {
            throw new StartRefusedException(
                $"PostgreSQL is set to synchronous_commit={row.GetString(2)}: answered commands could be lost. Set synchronous_commit = on (or remote_apply) for the server, this database and this role.");
        }

        if (row.GetBoolean(4))
        {
            throw new StandbyServerException("This PostgreSQL server is a standby: it takes no writes. Connect to the primary.");
        }

        _warnings.Clear();
        if (row.GetString(3) != "on")
        {
            _warnings.Add("PostgreSQL keeps no data checksums: damage on the disk is found by verify, not when it is read. Turn them on with pg_checksums --enable while the server is stopped.");
        }
    }

    private async Task LockAsync(Action standingBy, CancellationToken cancel)
    {
        while (!await TryLockAsync(cancel))
        {
            standingBy();
            await Task.Delay(PollingInterval, cancel);
        }
    }

    private async Task<bool> TryLockAsync(CancellationToken cancel)
    {
        try
        {
            if (_lock is null)
            {
                _lock = new NpgsqlConnection(_connectionString);
                await _lock.OpenAsync(cancel);
            }

            await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", _lock) { Parameters = { new NpgsqlParameter<long> { TypedValue = LockKey("write") } } };
            if (!(bool)(await command.ExecuteScalarAsync(cancel))!)
            {
                return false;
            }

            _lockedBy = _lock.ProcessID;
            return true;
        }
        catch
        {
            await DropLockAsync();
            throw;
        }
    }

    /// <summary>After a broken connection the lock may be gone with it. If somebody else has it, it is their turn.</summary>
    private async Task KeepLockAsync(CancellationToken cancel)
    {
        try
        {
            await using var alive = new NpgsqlCommand("SELECT 1", _lock) { CommandTimeout = 1 };
            await alive.ExecuteScalarAsync(cancel);
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            await DropLockAsync();
            if (!await TryLockAsync(cancel) && !(await EndOwnAsync(cancel) && await TryLockAsync(cancel)))
            {
                throw new FencedException("Another process holds the Book's lock.");
            }
        }
    }

    /// <summary>A line that died silently leaves a session of ours on the server, which holds the lock until the server finds out.</summary>
    private async Task<bool> EndOwnAsync(CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT pg_terminate_backend(pid, 2000) FROM pg_locks
            WHERE locktype = 'advisory' AND granted AND pid = $1 AND ((classid::bigint << 32) | objid::bigint) = $2 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """,
            _lock)
        {
            Parameters = { new NpgsqlParameter<int> { TypedValue = _lockedBy }, new NpgsqlParameter<long> { TypedValue = LockKey("write") } },
        };
        return await command.ExecuteScalarAsync(cancel) is true;
    }

    private async Task DropLockAsync()
    {
        if (_lock is { } gone)
        {
            _lock = null;
            await gone.DisposeAsync();
        }
    }

    /// <summary>Advisory locks are numbers: the first eight bytes of a hash over what it is for.</summary>
    private long LockKey(string purpose) => BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"peony/{purpose}/{_schema}")));

    private async Task<NpgsqlConnection> WriterAsync(CancellationToken cancel)
    {
        if (_writer is null)
        {
            var writer = new NpgsqlConnection(_connectionString);
            writer.Notice += (_, told) =>
            {
                if (told.Notice.InvariantSeverity == "WARNING")
                {
                    _warned = told.Notice.MessageText;
                }
            };
            try
            {
                await writer.OpenAsync(cancel);
                await using var check = new NpgsqlCommand("SELECT current_setting('synchronous_commit')", writer);
                if (await check.ExecuteScalarAsync(cancel) is not "on")
                {
                    throw new StartRefusedException("The journal's connection could not be set to synchronous_commit=on; is a pooler in between that drops start-up options? Connect directly.");
                }

                // What a server has to say to a new connection is about no commit.
                _warned = null;
                _writer = writer;
            }
            catch
            {
                await writer.DisposeAsync();
                throw;
            }
        }

        return _writer;
    }

    private async Task<NpgsqlCommand> PrepareAppendAsync()
    {
        if (_epoch == 0)
        {
            throw new InvalidOperationException("The journal was not taken.");
        }

        var command = new NpgsqlCommand(
            $"INSERT INTO {_schema}.frames (seq, epoch, payload, hash) SELECT $1, $2, $3, $4 FROM {_schema}.fence WHERE book = $5 AND epoch = $2 FOR SHARE",
            await WriterAsync(CancellationToken.None))
        {
            Parameters =
            {
                new NpgsqlParameter<long> { NpgsqlDbType = NpgsqlDbType.Bigint },
                new NpgsqlParameter<long> { NpgsqlDbType = NpgsqlDbType.Bigint },
                new NpgsqlParameter<byte[]> { NpgsqlDbType = NpgsqlDbType.Bytea },
                new NpgsqlParameter<byte[]> { NpgsqlDbType = NpgsqlDbType.Bytea },
                new NpgsqlParameter<string> { NpgsqlDbType = NpgsqlDbType.Text, TypedValue = book },
            },
        };
        await command.PrepareAsync(CancellationToken.None);
        return command;
    }

    /// <summary>The text is in the server's language; that it is a warning is not.</summary>
    private void RefuseWarned()
    {
        if (_warned is { } warning)
        {
            throw new IOException($"PostgreSQL answered a commit with a warning: {warning}");
        }
    }

    /// <summary>After a failure the connection is not used again; the next call makes a new one.</summary>
    private async Task CloseWriterAsync()
    {
        if (_append is not null)
        {
            await _append.DisposeAsync();
            _append = null;
        }

        if (_writer is not null)
        {
            await _writer.DisposeAsync();
            _writer = null;
        }
    }

    private static StoredFrame FrameOf(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2), row.GetFieldValue<byte[]>(3));

    private async Task<List<StoredFrame>> QueryAsync(string sql, IReadOnlyList<object> arguments, CancellationToken cancel)
    {
        if (await TryQueryAsync(sql, arguments, mayGiveUp: true, cancel) is { } frames)
        {
            return frames;
        }

        return (await TryQueryAsync(sql, arguments, mayGiveUp: false, cancel))!;
    }

    /// <returns>Null when the connection was dead and another may be tried.</returns>
    private async Task<List<StoredFrame>?> TryQueryAsync(string sql, IReadOnlyList<object> arguments, bool mayGiveUp, CancellationToken cancel)
    {
        await using var connection = await _readers.OpenConnectionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(PostgresDialect.Command(sql, arguments));
        var frames = new List<StoredFrame>();
        try
        {
            await using var row = await batch.ExecuteReaderAsync(cancel);
            while (await row.ReadAsync(cancel))
            {
                frames.Add(FrameOf(row));
            }
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            // Never served yet: an empty journal.
        }
        catch (NpgsqlException exception) when (connection.FullState.HasFlag(System.Data.ConnectionState.Broken))
        {
            // The others of the pool lead to the same server, and may have died with it or with its line.
            _readers.Clear();
            if (!mayGiveUp || exception.InnerException is TimeoutException)
            {
                throw;
            }

            return null;
        }

        return frames;
    }
}
