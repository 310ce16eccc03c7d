using Peony.Ledger;

namespace Peony.Book;

/// <summary>What commands missed in memory; one request serves a whole group.</summary>
internal sealed class LoadRequest
{
    public required long Number { get; init; }

    /// <summary>Record type and id.</summary>
    public HashSet<(string Type, string Id)> Records { get; } = [];

    /// <summary>Record type, index name, value.</summary>
    public HashSet<(string Type, string Index, string Value)> Indexes { get; } = [];

    /// <summary>Account ids.</summary>
    public HashSet<string> Accounts { get; } = [];

    /// <summary>Accounts by number (a hold names its accounts by number).</summary>
    public HashSet<long> AccountNumbers { get; } = [];

    /// <summary>Hold numbers.</summary>
    public HashSet<long> Holds { get; } = [];

    public HashSet<string> EntryKeys { get; } = [];

    public HashSet<string> TimerKeys { get; } = [];

    /// <summary>Keys of replies, as 32 lower-case hex digits of their 16 bytes.</summary>
    public HashSet<string> Replies { get; } = [];

    /// <summary>When not null: the next timers after this point in the order of due time, then key, at most this many.</summary>
    public (long DueMicros, string Key, int Limit)? TimersAfter { get; set; }

    /// <summary>How many things are asked for; timers ahead count as one.</summary>
    public int Count => Records.Count + Indexes.Count + Accounts.Count + AccountNumbers.Count + Holds.Count + EntryKeys.Count + TimerKeys.Count + Replies.Count + (TimersAfter is null ? 0 : 1);

    public bool IsEmpty => Count == 0;
}

internal readonly record struct LoadedRecord(string Type, string Id, long Version, int Schema, byte[] Body);

internal readonly record struct LoadedReply(byte[] Key, byte[] Fingerprint, bool IsRefusal, byte[] Body, long AtMicros);

/// <summary>
/// What was found. Whatever was asked for and is not here does not exist. Records found through an index are in <see cref="Records"/> too,
/// and their ids in <see cref="Indexes"/>.
/// </summary>
internal sealed class LoadResult
{
    public required LoadRequest Request { get; init; }

    /// <summary>The sequence the tables had reached in the transaction that read all this.</summary>
    public required long Position { get; init; }

    public List<LoadedRecord> Records { get; } = [];

    public Dictionary<(string Type, string Index, string Value), List<string>> Indexes { get; } = [];

    public List<(string Id, AccountState State)> Accounts { get; } = [];

    public List<HoldState> Holds { get; } = [];

    public HashSet<string> EntryKeys { get; } = [];

    public List<LoadedReply> Replies { get; } = [];

    /// <summary>Timers found for <see cref="LoadRequest.TimerKeys"/>.</summary>
    public List<TimerOp> Timers { get; } = [];

    /// <summary>Timers found for <see cref="LoadRequest.TimersAfter"/>, in order; fewer than the limit means there are no more.</summary>
    public List<TimerOp> NextTimers { get; } = [];
}

/// <summary>Where the tables stand in the journal: the last frame applied and its hash (32 zero bytes before the first).</summary>
internal readonly record struct TablesPosition(long Sequence, byte[] Hash);

/// <summary>An effect that has not reported its outcome yet.</summary>
internal readonly record struct OutstandingEffect(long Event, string Effect, string Type, string Lane, byte[] Body);

/// <summary>Something parked, for the operator.</summary>
public sealed record ParkedRow(string What, string Key, string Error, string Command, byte[] Body, DateTimeOffset At);

/// <summary>The tables: the journal's view, made by the applier, read by loads, pages and reports.</summary>
internal interface ITables : IBookRows, IAsyncDisposable
{
    /// <summary>A read found the tables at an earlier frame than they had been; it was refused, and so will be all until the frames between are applied again.</summary>
    event Action? FellBack;

    /// <summary>Makes missing tables and indexes from the declarations (a new index is filled before it is used).</summary>
    Task PrepareAsync(CancellationToken cancel);

    Task<TablesPosition> PositionAsync(CancellationToken cancel);

    /// <summary>Applies frames in order in one transaction, with the position reached. Frames at or below the position are skipped.</summary>
    Task ApplyAsync(IReadOnlyList<Frame> frames, CancellationToken cancel);

    /// <summary>Answers a load request out of one consistent state.</summary>
    Task<LoadResult> LoadAsync(LoadRequest request, CancellationToken cancel);

    /// <summary>Hands over the keys of all replies there are, a page at a time; those that come or go meanwhile may be among them or not.</summary>
    Task ReadReplyKeysAsync(Action<byte[]> take, CancellationToken cancel);

    /// <summary>All outstanding effects that are not parked, by event number.</summary>
    Task<IReadOnlyList<OutstandingEffect>> OutstandingAsync(CancellationToken cancel);

    /// <summary>True when this one is among them.</summary>
    Task<bool> IsOutstandingAsync(long number, string effect, CancellationToken cancel);
}

/// <summary>What readers ask of the tables, without waiting for the head (the reader in front of it waits).</summary>
internal interface IBookRows
{
    Task<LoadedRecord?> RecordAsync(string type, string id, CancellationToken cancel);

    /// <summary>Records of an index value (or all, when <paramref name="index"/> is null), by id.</summary>
    Task<IReadOnlyList<LoadedRecord>> RecordsAsync(string type, string? index, string? value, Page page, CancellationToken cancel);

    /// <summary>Reads out of one state of the tables while they go on.</summary>
    /// <param name="now">The Book's time as the reader is to see it.</param>
    Task<T> ReadStateAsync<T>(Func<IControlContext, T> read, DateTimeOffset now, CancellationToken cancel);

    Task<AccountRow?> AccountAsync(string id, CancellationToken cancel);

    Task<IReadOnlyList<AccountRow>> AccountsAsync(string prefix, int limit, CancellationToken cancel);

    Task<IReadOnlyList<PostingRow>> StatementAsync(string account, long? before, int limit, CancellationToken cancel);

    Task<IReadOnlyList<PostingRow>> EntryAsync(string key, CancellationToken cancel);

    Task<IReadOnlyList<ParkedRow>> ParkedAsync(int limit, CancellationToken cancel);

    /// <summary>The due time of the earliest timer, or null.</summary>
    Task<long?> NextTimerAsync(CancellationToken cancel);

    /// <summary>How many timers of the command are due by then.</summary>
    Task<long> TimersDueAsync(string command, long nowMicros, CancellationToken cancel);
}
