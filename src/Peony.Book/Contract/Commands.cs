using Peony.Ledger;

namespace Peony.Book;

/// <summary>A command of any reply. Capabilities implement <see cref="ICommand{TReply}"/>.</summary>
public interface ICommand
{
    /// <summary>Runs the slice; the reply is boxed. For the Book only.</summary>
    internal (object? Reply, Refusal? Refusal) RunBoxed(IWork work);

    internal Type ReplyType { get; }
}

/// <summary>
/// One act. <see cref="Handle"/> is synchronous and touches nothing outside its work; it may be run again from the start, so it keeps nothing.
/// The command is stored as JSON when it is a timer or an effect's outcome; it must hold no personal data in clear.
/// </summary>
public interface ICommand<TReply> : ICommand
{
    Result<TReply> Handle(IWork work);

    (object? Reply, Refusal? Refusal) ICommand.RunBoxed(IWork work)
    {
        var result = Handle(work);
        return result.IsDone ? (result.Value, null) : (null, result.Refusal);
    }

    Type ICommand.ReplyType => typeof(TReply);
}

/// <summary>A reply with something that is shown once: the stored reply, which a repeated key gets, leaves it out.</summary>
public interface IShownOnce
{
    object WithoutSecrets();
}

/// <summary>A fact that happened; effects act on it outside.</summary>
public interface IEvent
{
    /// <summary>The object whose events keep their order, usually an id. One slow lane blocks no other.</summary>
    string Lane { get; }
}

/// <summary>A record: one state of one thing. Immutable; saved whole as JSON.</summary>
public interface IRecord
{
    /// <summary>The record's id as text, unique within its type.</summary>
    string Key { get; }
}

/// <summary>An id with a prefix: <c>wd_01j…</c>. Implemented by <c>readonly record struct XxxId(string Value) : IId&lt;XxxId&gt;</c>.</summary>
public interface IId<TSelf>
    where TSelf : struct, IId<TSelf>
{
    /// <summary>Two to four letters, without the underscore.</summary>
    static abstract string Prefix { get; }

    static abstract TSelf Of(string value);

    string Value { get; }
}

/// <summary>When timers that are due together run: expiries first, bulk last and in slices between groups.</summary>
public enum TimerClass : byte
{
    Expiry = 0,
    Normal = 1,
    Bulk = 2,
}

/// <summary>Which entry was posted and the holds it made, in the order of its lines.</summary>
public sealed record PostedEntry(long Number, EntryKey Key, IReadOnlyList<HoldId> Holds);

/// <summary>What became of many transfers asked for together.</summary>
/// <param name="Number">The entry's number; 0 when no transfer was applied, for then there is none.</param>
/// <param name="Applied">How many were applied.</param>
/// <param name="Outcomes">One a transfer, in their order.</param>
public sealed record BulkPosted(long Number, EntryKey Key, int Applied, IReadOnlyList<PostingOutcome> Outcomes);

/// <summary>
/// All that a slice may touch. What is not in memory is loaded by setting the command aside and running it again from the start (restart on miss).
/// What is written is undone when the command is refused or throws, but for <see cref="KeepOnRefusal"/>.
/// </summary>
public interface IWork
{
    /// <summary>The Book's time, fixed for the whole group, UTC, microseconds; never before the last frame's.</summary>
    DateTimeOffset Now { get; }

    /// <summary>
    /// True when nothing of this run will be kept. A slice asks for one purpose only: to leave a secret (PIN, code) uncompared, because a dry run counts no wrong tries
    /// and would otherwise let anybody guess for ever.
    /// </summary>
    bool IsDryRun { get; }

    /// <summary>A constant a module registered with <see cref="BookSchema.Constant"/>: a rule file, a key. Immutable, the same for every command.</summary>
    T Use<T>()
        where T : class;

    /// <summary>A new prefixed UUIDv7.</summary>
    /// <param name="of">Its time; now when left out. For a record that belongs to an earlier moment and has its place in lists there.</param>
    TId NewId<TId>(DateTimeOffset? of = null)
        where TId : struct, IId<TId>;

    /// <summary>Random bytes of a cryptographic generator.</summary>
    byte[] Nonce(int length);

    /// <summary>The record, or null.</summary>
    T? Find<T>(string id)
        where T : class, IRecord;

    /// <summary>The record.</summary>
    /// <exception cref="RecordMissingException">There is none: a defect, answered 500.</exception>
    T Get<T>(string id)
        where T : class, IRecord;

    /// <summary>The records whose declared index has this value, oldest id first; at most a few hundred.</summary>
    IReadOnlyList<T> FindBy<T>(string index, string value)
        where T : class, IRecord;

    /// <summary>The record of a declared unique index, or null.</summary>
    T? FindOne<T>(string index, string value)
        where T : class, IRecord;

    /// <summary>Saves a new or changed record.</summary>
    /// <exception cref="UniqueIndexException">Another record has the same value in a unique index: a defect, look before you save.</exception>
    void Save<T>(T record)
        where T : class, IRecord;

    /// <summary>Saves a record even though the command is refused (wrong-code counters). Without effect when the command succeeds.</summary>
    void KeepOnRefusal<T>(T record)
        where T : class, IRecord;

    /// <summary>
    /// Hands in an act that is carried out if, and only if, the command is refused: after everything else was undone, it runs with the same work and its writes stay.
    /// For the last wrong try that also releases a hold, kills a code and sets a lock.
    /// </summary>
    void OnRefusal(Action<IWork> act);

    /// <summary>Opens a ledger account; does nothing if it is open.</summary>
    void OpenAccount(AccountDefinition definition);

    /// <summary>Changes the limits of an account. What is over the new limit stays; nothing more may be added.</summary>
    void SetLimits(LedgerAccountId account, long? floor, long? ceiling);

    /// <summary>The account's state as this command sees it. An account that is not open reads as empty with number 0.</summary>
    AccountState Account(LedgerAccountId account);

    /// <summary>The hold's state as this command sees it.</summary>
    HoldState Hold(HoldId hold);

    /// <summary>True when the fact was posted before.</summary>
    bool HasPosted(EntryKey key);

    /// <summary>Posts the entry, all lines or none.</summary>
    /// <exception cref="PostingRejectedException">The posting rule said no: a defect.</exception>
    PostedEntry Post(Entry entry);

    /// <summary>Posts the entry, or returns the refusal given if a floor or ceiling says no. Any other no is a defect and throws.</summary>
    Result<PostedEntry> PostOrRefuse(Entry entry, Refusal onLimit);

    /// <summary>The most transfers of one entry.</summary>
    const int TransfersMost = 8190;

    /// <summary>
    /// Posts many transfers as one entry, one after another, each applied or refused by itself: for what comes by the thousand. The entry holds those that were applied, packed.
    /// </summary>
    /// <exception cref="ArgumentException">There is no transfer, or more than <see cref="TransfersMost"/>.</exception>
    BulkPosted PostEach(EntryKey key, string kind, IReadOnlyList<Transfer> transfers);

    /// <summary>Tells effects what happened.</summary>
    void Tell(IEvent @event);

    /// <summary>Runs the command at the Book's time <paramref name="due"/>. A timer of the same key is replaced.</summary>
    void SetTimer(string key, DateTimeOffset due, ICommand command, TimerClass timerClass = TimerClass.Normal);

    /// <summary>Takes the timer away if it is there.</summary>
    void CancelTimer(string key);
}
