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

    private Store(Database database, string directory)
    {
        Database = database;
        Directory = directory;
    }

    public Database Database { get; }

    public string Directory { get; }

    public string JournalPath => Path.Combine(Directory, "journal.db");

    public string TablesPath => Path.Combine(Directory, "tables.db");

    public static Task<Store> MakeAsync(Database database)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("peony-store-").FullName;
        return Task.FromResult(new Store(database, directory));
    }

    /// <summary>The journal, opened by another process as it were: each call gives a new one.</summary>
    public IJournal OpenJournal(string book = History.Book) => Opened<IJournal>(new SqliteJournal(JournalPath, book, new SqliteJournalOptions { PollingInterval = TimeSpan.FromMilliseconds(5) }));

    public SqlTables OpenTables(BookSchema? schema = null, bool isRebuild = false) => Opened(new SqlTables(new SqliteDialect(TablesPath), schema ?? History.Schema(), isRebuild));

    public async ValueTask DisposeAsync()
    {
        foreach (var opened in Enumerable.Reverse(_opened))
        {
            await opened.DisposeAsync();
        }

        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private T Opened<T>(T opened)
        where T : IAsyncDisposable
    {
        _opened.Add(opened);
        return opened;
    }
}
