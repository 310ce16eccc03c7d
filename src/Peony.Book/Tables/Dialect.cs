using System.Data.Common;

namespace Peony.Book;

/// <summary>A read: SQL with <c>$1</c>, <c>$2</c>… and their values (long, string, byte[], or a list of one of them), and what to do with each row.</summary>
internal sealed record Query(string Sql, IReadOnlyList<object> Arguments, Action<DbDataReader> Row);

/// <summary>
/// The one place where the two databases differ. The SQL of the tables is their common subset; what is not common is made here: names, types, lists as parameters,
/// writing many rows at once, and one consistent state to read from.
/// </summary>
internal abstract class Dialect : IAsyncDisposable
{
    /// <summary>The database in words, for messages.</summary>
    public abstract string Describe { get; }

    /// <summary>True when a call to the database occupies the thread; the Book then makes it on another.</summary>
    public abstract bool Blocks { get; }

    /// <summary>True when what was committed may be gone while this process lives on: its server crashed, or another took its place.</summary>
    public abstract bool MayFallBack { get; }

    public abstract string TypeOf(ColumnKind kind);

    /// <summary>The table's name as SQL writes it.</summary>
    public abstract string Table(string name);

    /// <summary>A condition: the column is one of the list in parameter <paramref name="parameter"/>.</summary>
    public abstract string IsIn(string column, int parameter, ColumnKind kind);

    /// <summary>Creates what holds the tables (the file, the schema).</summary>
    public abstract Task CreateHomeAsync(CancellationToken cancel);

    /// <summary>False before the first start: there is nothing to read.</summary>
    public abstract Task<bool> HasHomeAsync(CancellationToken cancel);

    /// <summary>Each table there is with its columns.</summary>
    public abstract Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> TablesAsync(CancellationToken cancel);

    /// <summary>The names of all indexes there are.</summary>
    public abstract Task<IReadOnlySet<string>> IndexesAsync(CancellationToken cancel);

    /// <summary>The one connection that writes the tables.</summary>
    /// <param name="isPatient">True for work that may take as long as it takes, because nobody tries again when it is given up.</param>
    public abstract ITablesWriter OpenWriter(bool isPatient);

    /// <summary>Runs the queries out of one consistent state.</summary>
    public abstract Task ReadAsync(IReadOnlyList<Query> queries, CancellationToken cancel);

    /// <summary>One consistent state to look at for a long time.</summary>
    public abstract ITablesSnapshot OpenSnapshot();

    public abstract ValueTask DisposeAsync();

    public string CreateTable(TableShape shape)
    {
        var columns = shape.Columns.Select(column => $"{column.Name} {TypeOf(column.Kind)}{(column.IsNullable ? "" : " NOT NULL")}");
        var key = string.Join(", ", shape.Columns.Take(shape.KeyLength).Select(column => column.Name));
        return $"CREATE TABLE IF NOT EXISTS {Table(shape.Name)} ({string.Join(", ", columns)}, PRIMARY KEY ({key})){TableSuffix}";
    }

    public string CreateIndex(TableShape shape, IndexShape index) =>
        $"CREATE {(index.IsUnique ? "UNIQUE " : "")}INDEX IF NOT EXISTS {index.Name} ON {Table(shape.Name)} ({string.Join(", ", index.Columns)})"
        + (index.SkipsNull ? $" WHERE {index.Columns[0]} IS NOT NULL" : "");

    public abstract string DropIndex(string name);

    protected abstract string TableSuffix { get; }
}

/// <summary>Writes tables in one transaction at a time. After an exception only <see cref="RollbackAsync"/> may be called.</summary>
internal interface ITablesWriter : IAsyncDisposable
{
    Task BeginAsync(CancellationToken cancel);

    /// <summary>Inserts rows whose keys are new.</summary>
    Task AppendAsync(Rows rows, CancellationToken cancel);

    /// <summary>Inserts rows, or replaces those of the same key.</summary>
    Task UpsertAsync(Rows rows, CancellationToken cancel);

    /// <summary>Deletes by key; <paramref name="keys"/> has the shape's key columns alone.</summary>
    Task DeleteAsync(Rows keys, CancellationToken cancel);

    /// <summary>
    /// Empties a unique column in those rows whose value is about to change, so that two rows may trade values within one batch. <paramref name="changing"/> has the key and
    /// the new value.
    /// </summary>
    Task ClearChangedAsync(Rows changing, CancellationToken cancel);

    Task ExecuteAsync(string sql, IReadOnlyList<object> arguments, CancellationToken cancel);

    Task QueryAsync(Query query, CancellationToken cancel);

    Task CommitAsync(CancellationToken cancel);

    Task RollbackAsync();
}
