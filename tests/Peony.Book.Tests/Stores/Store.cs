using Npgsql;
using Peony.Testing;

[assembly: Xunit.AssemblyFixture(typeof(PostgresCluster))]

namespace Peony.Book.Tests.Stores;

/// <summary>The two databases every store test runs on.</summary>
public enum Database
{
    Sqlite,
    Postgres,
}

/// <summary>An empty place for one Book on one of the databases, taken away afterwards.</summary>
internal sealed class Store : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _opened = [];

    private Store(Database database, string directory, string connectionString, string schema)
    {
        (Database, Directory, ConnectionString, Schema) = (database, directory, connectionString, schema);
    }

    public Database Database { get; }

    /// <summary>On SQLite everything is here, on PostgreSQL only what lies outside the database.</summary>
    public string Directory { get; }

    public string ConnectionString { get; }

    public string Schema { get; }

    public string JournalPath => Path.Combine(Directory, "journal.db");

    public string TablesPath => Path.Combine(Directory, "tables.db");

    public static Store Make(Database database, PostgresCluster cluster)
    {
        var connectionString = database == Database.Postgres ? cluster.ConnectionString : "";
        var directory = System.IO.Directory.CreateTempSubdirectory("peony-store-");
        return new Store(database, directory.FullName, connectionString, "s_" + directory.Name.Replace('-', '_').ToLowerInvariant() + "_" + Environment.TickCount64);
    }

    /// <summary>The same place as the server knows it.</summary>
    public BookPlace Place => new(Directory, Database == Database.Postgres ? ConnectionString : null, Schema);

    /// <summary>The journal, opened by another process as it were: each call gives a new one.</summary>
    public IJournal OpenJournal(string book = History.Book) => Opened<IJournal>(Database == Database.Sqlite
        ? new SqliteJournal(JournalPath, book, new SqliteJournalOptions { PollingInterval = TimeSpan.FromMilliseconds(5) })
        : new PostgresJournal(ConnectionString, Schema, book));

    public Dialect OpenDialect() => Opened<Dialect>(Database == Database.Sqlite ? new SqliteDialect(TablesPath) : new PostgresDialect(ConnectionString, Schema));

    public SealFile Seal(History history) => new(Path.Combine(Directory, "seal"), history.Secrets);

    /// <summary>A served Book that was cleanly stopped: frames in the journal, applied up to where said, the head sealed.</summary>
    public async Task ServeAsync(History history, int? applied = null)
    {
        await using (var journal = OpenJournal())
        {
            await journal.TakeAsync(() => { }, default);
            foreach (var frame in history.Stored.Skip((int)((await journal.HeadAsync(default))?.Sequence ?? 0)))
            {
                await journal.AppendAsync(frame, default);
            }
        }

        await using (var tables = OpenTables())
        {
            await tables.PrepareAsync(default);
            await tables.ApplyAsync(history.Frames[..(applied ?? history.Frames.Count)], default);
        }

        Seal(history).Write(new SealedHead(History.Book, history.Frames.Count, history.Stored[^1].Hash));
    }

    public async Task<VerifyReport> VerifyAsync(History history, BookSchema? schema = null)
    {
        await using var journal = OpenJournal();
        await using var dialect = OpenDialect();
        return await BookVerifier.RunAsync(journal, dialect, Seal(history), schema ?? History.Schema(), history.Secrets, History.Book);
    }

    public SqlTables OpenTables(BookSchema? schema = null, bool isRebuild = false) =>
        Opened(new SqlTables(Database == Database.Sqlite ? new SqliteDialect(TablesPath) : new PostgresDialect(ConnectionString, Schema), schema ?? History.Schema(), isRebuild));

    /// <summary>A connection of somebody else's, to look at the store or to meddle with it.</summary>
    public async Task<System.Data.Common.DbConnection> OutsiderAsync(string file = "journal.db")
    {
        System.Data.Common.DbConnection connection = Database == Database.Sqlite
            ? new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(Directory, file)};Pooling=False")
            : new NpgsqlConnection(ConnectionString + $";Pooling=False;Search Path={Schema}");
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Runs SQL as an outsider.</summary>
    public async Task<object?> MeddleAsync(string sql, string file = "journal.db")
    {
        await using var connection = await OutsiderAsync(file);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var opened in Enumerable.Reverse(_opened))
        {
            await opened.DisposeAsync();
        }

        System.IO.Directory.Delete(Directory, recursive: true);
        if (Database == Database.Postgres)
        {
            await using var connection = new NpgsqlConnection(ConnectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand($"DROP SCHEMA IF EXISTS {Schema} CASCADE; DROP SCHEMA IF EXISTS {Schema}_keys CASCADE; DROP SCHEMA IF EXISTS {Schema}_other CASCADE", connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    private T Opened<T>(T opened)
        where T : IAsyncDisposable
    {
        _opened.Add(opened);
        return opened;
    }
}
