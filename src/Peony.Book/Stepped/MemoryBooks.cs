using Peony.Ledger;

namespace Peony.Book;

/// <summary>The tables in memory as control totals and reports see them.</summary>
internal sealed class MemoryBooks(BookSchema schema, MemoryTables tables, DateTimeOffset? now = null) : IControlContext
{
    public DateTimeOffset Now { get; } = now ?? Instants.Of(tables.NowMicros);

    public IEnumerable<T> All<T>()
        where T : class, IRecord
    {
        var declaration = schema.RecordOf(typeof(T));
        return tables.Records(declaration.Name).Select(row => (T)declaration.Read(row.Body, row.Schema));
    }

    public AccountState Account(LedgerAccountId account) => tables.AccountAsync(account.Value, default).Result?.State ?? default;

    public HoldState Hold(HoldId hold) => tables.Holds.FirstOrDefault(state => state.Number == hold.Number);

    public IEnumerable<(LedgerAccountId Id, AccountState State)> Accounts(string prefix) =>
        tables.Accounts.Where(account => account.Id.StartsWith(prefix, StringComparison.Ordinal)).Select(account => (new LedgerAccountId(account.Id), account.State));

    public (string Kind, IReadOnlyList<Posting> Postings)? Entry(EntryKey key) => tables.EntryOf(key.Value) is { } entry ? (entry.Kind, entry.Postings) : null;
}
