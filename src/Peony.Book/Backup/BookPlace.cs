namespace Peony.Book;

/// <summary>
/// Where a Book lives: a folder, which on SQLite holds everything and on PostgreSQL only what must lie outside the database (the seal), and the connection of that database.
/// </summary>
/// <param name="Directory">The data folder.</param>
/// <param name="Database">A PostgreSQL connection string, or null for SQLite under the folder.</param>
/// <param name="Schema">The schema of journal and tables on PostgreSQL; keys lie in <c>&lt;schema&gt;_keys</c>.</param>
internal sealed record BookPlace(string Directory, string? Database = null, string Schema = "peony")
{
    public bool IsPostgres => Database is not null;

    public string JournalPath => Path.Combine(Directory, "journal.db");

    public string TablesPath => Path.Combine(Directory, "tables.db");

    public string KeysPath => Path.Combine(Directory, "keys.db");

    public string KeysSchema => Schema + "_keys";

    public IJournal OpenJournal(string book) => Database is null ? new SqliteJournal(JournalPath, book) : new PostgresJournal(Database, Schema, book);

    public Dialect OpenDialect() => Database is null ? new SqliteDialect(TablesPath) : new PostgresDialect(Database, Schema);

    /// <param name="isRebuild">The tables are made anew from frames of any age.</param>
    public SqlTables OpenTables(BookSchema schema, bool isRebuild = false) => new(OpenDialect(), schema, isRebuild);

    public SqlVault OpenVault(Secrets secrets) => Database is null ? SqlVault.OnSqlite(KeysPath, secrets) : SqlVault.OnPostgres(Database, secrets, KeysSchema);

    public SealFile OpenSeal(Secrets secrets) => new(Path.Combine(Directory, "seal"), secrets);
}
