using Peony.Ledger;

namespace Peony.Book;

/// <summary>Who asked and under which key; the fingerprint is a keyed hash of what was asked.</summary>
/// <param name="Caller">The session, API key or part of Peony that asks; keys of different callers never meet.</param>
/// <param name="Key">The caller's idempotency key, 1 to 128 characters.</param>
/// <param name="Fingerprint">16 or more bytes over method, path and body; see <c>Secrets.Fingerprint</c>.</param>
public sealed record CallKey(string Caller, string Key, byte[] Fingerprint);

/// <summary>What a dry run would have done.</summary>
public sealed record DryRun<TReply>(Result<TReply> Result, IReadOnlyList<DryRunPosting> Postings);

/// <summary>A posting that a dry run would have made.</summary>
public sealed record DryRunPosting(string EntryKey, string EntryKind, PostingKind Kind, string Debit, string Credit, Money Amount);

/// <summary>The only door to change: commands go in, answers come out after the frame that holds them is on disk.</summary>
public interface IBook
{
    /// <summary>Runs the command, or returns the stored answer if the key was used before.</summary>
    /// <returns>The reply or refusal; a reused key with another fingerprint is refused <c>idempotency.key_reused</c>.</returns>
    /// <exception cref="BookUnavailableException">Nothing moved.</exception>
    /// <exception cref="CommandFailedException">A defect; nothing moved.</exception>
    /// <exception cref="OutcomeUnknownException">Ask again with the same key.</exception>
    Task<Result<TReply>> RunAsync<TReply>(ICommand<TReply> command, CallKey? key = null, CancellationToken cancel = default);

    /// <summary>Runs the command, keeps nothing, and says what would have been posted.</summary>
    Task<DryRun<TReply>> DryRunAsync<TReply>(ICommand<TReply> command, CancellationToken cancel = default);
}

/// <summary>A page of a list: at most <paramref name="Limit"/> records after (or, newest first, before) the id given.</summary>
public sealed record Page(int Limit = 50, string? After = null, bool NewestFirst = true);

/// <summary>A ledger account as a reader sees it.</summary>
public sealed record AccountRow(LedgerAccountId Id, AccountState State);

/// <summary>A posting as a reader sees it, with its entry.</summary>
public sealed record PostingRow(Posting Posting, long EntryNumber, string EntryKey, string EntryKind, string? Cites, DateTimeOffset At, string DebitAccount, string CreditAccount,
    Currency Currency);

/// <summary>Reads what pages and reports show. Every read first waits until the tables have reached the acknowledged head (at most 1 s, then unavailable).</summary>
public interface IBookReader
{
    Task<T?> FindAsync<T>(string id, CancellationToken cancel = default)
        where T : class, IRecord;

    /// <summary>
    /// As <see cref="FindAsync"/>, answered from memory when the record was asked for before and has not changed since, so that the tables need not be waited for: for what
    /// comes with every request. A process that was fenced and does not know it yet may recall what another one has changed meanwhile; a command it then runs is refused.
    /// </summary>
    ValueTask<T?> RecallAsync<T>(string id, CancellationToken cancel = default)
        where T : class, IRecord => new(FindAsync<T>(id, cancel));

    /// <summary>Records by index value, by id (so by age).</summary>
    Task<IReadOnlyList<T>> ListAsync<T>(string index, string value, Page? page = null, CancellationToken cancel = default)
        where T : class, IRecord;

    /// <summary>All records of a type, by id.</summary>
    Task<IReadOnlyList<T>> ListAllAsync<T>(Page? page = null, CancellationToken cancel = default)
        where T : class, IRecord;

    Task<AccountRow?> AccountAsync(LedgerAccountId account, CancellationToken cancel = default);

    /// <summary>Accounts whose id starts with the prefix, by id.</summary>
    Task<IReadOnlyList<AccountRow>> AccountsAsync(string prefix, int limit = 1000, CancellationToken cancel = default);

    /// <summary>The account's postings, newest first, walked along its chain; <paramref name="before"/> is a posting number, null for the newest.</summary>
    Task<IReadOnlyList<PostingRow>> StatementAsync(LedgerAccountId account, long? before = null, int limit = 50, CancellationToken cancel = default);

    /// <summary>The postings of one entry, or none.</summary>
    Task<IReadOnlyList<PostingRow>> EntryAsync(EntryKey key, CancellationToken cancel = default);

    /// <summary>
    /// Reads a report out of one consistent state of the tables, however long it takes and whatever is posted meanwhile: the writer and the applier go on beside it.
    /// </summary>
    /// <param name="read">Runs on another thread; what it enumerates is read as it goes, so it keeps no more than it needs.</param>
    Task<T> ReadStateAsync<T>(Func<IControlContext, T> read, CancellationToken cancel = default);

    /// <summary>The Book's time as of now (its clock may be ahead of the wall clock in the sandbox).</summary>
    DateTimeOffset Now { get; }
}
