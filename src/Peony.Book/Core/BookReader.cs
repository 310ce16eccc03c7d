using Peony.Ledger;

namespace Peony.Book;

/// <summary>Reads out of the tables after waiting until they are current.</summary>
/// <param name="recalled">What <see cref="RecallAsync"/> knows; null where nothing is told of changes.</param>
/// <param name="serve">Throws when this process does not serve the Book.</param>
internal sealed class BookReader(BookSchema schema, IBookRows rows, Func<CancellationToken, ValueTask> current, Func<DateTimeOffset> now, RecalledRecords? recalled = null,
    Action? serve = null) : IBookReader
{
    public DateTimeOffset Now => now();

    public async Task<T?> FindAsync<T>(string id, CancellationToken cancel = default)
        where T : class, IRecord
    {
        await current(cancel);
        return StorableText.Is(id) && await rows.RecordAsync(schema.RecordOf(typeof(T)).Name, id, cancel) is { } row ? Read<T>(row) : null;
    }

    public ValueTask<T?> RecallAsync<T>(string id, CancellationToken cancel = default)
        where T : class, IRecord
    {
        serve?.Invoke();
        return recalled?.Find(schema.RecordOf(typeof(T)).Name, id) is T known ? new(known) : new(ReadAsync());

        async Task<T?> ReadAsync()
        {
            var type = schema.RecordOf(typeof(T)).Name;
            recalled?.Watch(type);
            var changes = recalled?.Changes ?? 0;
            if (await FindAsync<T>(id, cancel) is not { } found)
            {
                return null;
            }

            recalled?.Keep(type, id, found, changes);
            return found;
        }
    }

    public async Task<IReadOnlyList<T>> ListAsync<T>(string index, string value, Page? page = null, CancellationToken cancel = default)
        where T : class, IRecord
    {
        await current(cancel);
        var declaration = schema.RecordOf(typeof(T));
        if (declaration.Indexes.All(declared => declared.Name != index))
        {
            throw new InvalidOperationException($"{declaration.Name} declares no index {index}.");
        }

        page ??= new Page();
        return StorableText.Is(value) && StorableText.Is(page.After ?? "") ? [.. (await rows.RecordsAsync(declaration.Name, index, value, page, cancel)).Select(Read<T>)] : [];
    }

    public async Task<IReadOnlyList<T>> ListAllAsync<T>(Page? page = null, CancellationToken cancel = default)
        where T : class, IRecord
    {
        await current(cancel);
        return [.. (await rows.RecordsAsync(schema.RecordOf(typeof(T)).Name, null, null, page ?? new Page(), cancel)).Select(Read<T>)];
    }

    public async Task<AccountRow?> AccountAsync(LedgerAccountId account, CancellationToken cancel = default)
    {
        await current(cancel);
        return await rows.AccountAsync(account.Value, cancel);
    }

    public async Task<IReadOnlyList<AccountRow>> AccountsAsync(string prefix, int limit = 1000, CancellationToken cancel = default)
    {
        await current(cancel);
        return await rows.AccountsAsync(prefix, limit, cancel);
    }

    public async Task<IReadOnlyList<PostingRow>> StatementAsync(LedgerAccountId account, long? before = null, int limit = 50, CancellationToken cancel = default)
    {
        await current(cancel);
        return await rows.StatementAsync(account.Value, before, limit, cancel);
    }

    public async Task<IReadOnlyList<PostingRow>> EntryAsync(EntryKey key, CancellationToken cancel = default)
    {
        await current(cancel);
        return await rows.EntryAsync(key.Value, cancel);
    }

    public async Task<T> ReadStateAsync<T>(Func<IControlContext, T> read, CancellationToken cancel = default)
    {
        await current(cancel);
        return await rows.ReadStateAsync(read, Now, cancel);
    }

    private T Read<T>(LoadedRecord row)
        where T : class, IRecord => (T)schema.RecordOf(typeof(T)).Read(row.Body, row.Schema);
}
