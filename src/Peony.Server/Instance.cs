using Peony.Book;
using Peony.Edge;

namespace Peony.Server;

/// <summary>Everything of an instance that lies on disk, opened by the options of a verb: secrets, journal, tables, seal, vault.</summary>
internal sealed class Instance : IAsyncDisposable
{
    /// <summary>The Book's id; it stands in every frame.</summary>
    public const string BookName = "main";

    /// <summary>Where the Book's own tables live on PostgreSQL.</summary>
    public const string PostgresSchema = "peony";

    public Instance(PeonyOptions options)
    {
        Options = options;
        Directory.CreateDirectory(options.DataDirectory);
        Secrets = new Secrets(MasterKey.Load(Path.Combine(options.DataDirectory, "secrets"), !options.IsSandbox));
        Modules = PeonyModules.All(Secrets, options.DataDirectory);
        Schema = PeonyModules.Describe(Modules);
        Seal = new SealFile(Path.Combine(options.DataDirectory, "seal"), Secrets);
        if (options.Database is { } database)
        {
            Journal = new PostgresJournal(database, PostgresSchema, BookName);
            Tables = new SqlTables(new PostgresDialect(database, PostgresSchema), Schema);
            Vault = SqlVault.OnPostgres(database, Secrets);
        }
        else
        {
            Journal = new SqliteJournal(PathOf("journal.db"), BookName);
            Tables = new SqlTables(new SqliteDialect(PathOf("tables.db")), Schema);
            Vault = SqlVault.OnSqlite(PathOf("keys.db"), Secrets);
        }
    }

    public PeonyOptions Options { get; }

    public Secrets Secrets { get; }

    public IReadOnlyList<IModule> Modules { get; }

    public BookSchema Schema { get; }

    public SealFile Seal { get; }

    public IJournal Journal { get; }

    public SqlTables Tables { get; }

    public SqlVault Vault { get; }

    public string PathOf(string file) => Path.Combine(Options.DataDirectory, file);

    public async ValueTask DisposeAsync()
    {
        await Tables.DisposeAsync();
        await Journal.DisposeAsync();
        await Vault.DisposeAsync();
    }
}
