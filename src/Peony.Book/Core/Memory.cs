using System.Numerics;
using Peony.Ledger;

namespace Peony.Book;

/// <summary>Something kept in memory: when it was last changed and last used.</summary>
internal abstract class Slot
{
    /// <summary>The frame that changed it last, 0 when it is as it was loaded. Above the applied position it is pinned: only memory knows it.</summary>
    public long ChangedAt { get; set; }

    /// <summary>The group that used it last.</summary>
    public long UsedAt { get; set; }
}

internal sealed class RecordSlot : Slot
{
    /// <summary>The record, or null: absence is remembered too.</summary>
    public IRecord? Record { get; set; }

    public long Version { get; set; }
}

internal sealed class IndexSlot : Slot
{
    /// <summary>While incomplete: which ids changed by which frame, in that order.</summary>
    private List<(string Id, long At)>? _changes = [];

    /// <summary>False while only changes are known and the rest is still in the tables.</summary>
    public bool IsComplete => _changes is null;

    /// <summary>The ids that have the value, in order; while incomplete those that got it.</summary>
    public SortedSet<string> Ids { get; } = new(StringComparer.Ordinal);

    public void Set(string id, bool isMember, long changedAt)
    {
        _ = isMember ? Ids.Add(id) : Ids.Remove(id);
        _changes?.Add((id, changedAt));
    }

    /// <summary>While incomplete: forgets changes that the tables know. A value that gets a new member all the time is never left alone, and would know them all.</summary>
    public void Forget(long floor)
    {
        if (_changes is not null)
        {
            Ids.ExceptWith(_changes.Where(change => change.At <= floor).Select(change => change.Id).Except(_changes.Where(change => change.At > floor).Select(change => change.Id)));
            _changes.RemoveAll(change => change.At <= floor);
        }
    }

    public void Complete(IEnumerable<string> loaded)
    {
        var changed = (_changes ?? []).Select(change => change.Id).ToHashSet(StringComparer.Ordinal);
        Ids.UnionWith(loaded.Where(id => !changed.Contains(id)));
        _changes = null;
    }
}

internal sealed class AccountSlot : Slot
{
    public required string Id { get; init; }

    /// <summary>Number 0 when the account is not open.</summary>
    public AccountState State;
}

internal sealed class HoldSlot : Slot
{
    /// <summary>Number 0 when there is no such hold.</summary>
    public HoldState State;
}

internal sealed class FactSlot : Slot
{
    public bool IsPosted { get; set; }
}

internal sealed class ReplySlot : Slot
{
    public ReplyOp? Reply { get; set; }

    public long AtMicros { get; set; }
}

internal sealed class TimerSlot : Slot
{
    public TimerOp? Timer { get; set; }
}

/// <summary>
/// The Book's memory: a bounded cache of what the tables hold, and everything that is not applied yet. Only the writer touches it.
/// </summary>
internal sealed class Memory(int most)
{
    private readonly SortedSet<(long Due, string Key)> _timerOrder = new(TimerOrder.Instance);
    private readonly Queue<Once> _once = new();
    private (long Due, string Key) _timersThrough = (long.MinValue, "");

    public Dictionary<(string Type, string Id), RecordSlot> Records { get; } = new(Keys.Instance);

    public Dictionary<(string Type, string Index, string Value), IndexSlot> Indexes { get; } = new(Keys.Instance);

    public Dictionary<string, AccountSlot> Accounts { get; } = new(StringComparer.Ordinal);

    public Dictionary<long, AccountSlot> AccountsByNumber { get; } = [];

    public Dictionary<long, HoldSlot> Holds { get; } = [];

    public Dictionary<string, FactSlot> Facts { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, ReplySlot> Replies { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, TimerSlot> Timers { get; } = new(StringComparer.Ordinal);

    public int Count => Records.Count + Indexes.Count + Accounts.Count + Holds.Count + Facts.Count + Replies.Count + Timers.Count;

    /// <summary>All timers up to this point in (due, key) order are in memory.</summary>
    public (long Due, string Key) TimersThrough => _timersThrough;

    /// <summary>The earliest timer in memory.</summary>
    public (long Due, string Key)? FirstTimer => _timerOrder.Count == 0 ? null : _timerOrder.Min;

    public void Clear()
    {
        Records.Clear();
        Indexes.Clear();
        Accounts.Clear();
        AccountsByNumber.Clear();
        Holds.Clear();
        Facts.Clear();
        Replies.Clear();
        Timers.Clear();
        _once.Clear();
        _timerOrder.Clear();
        _timersThrough = (Planted.Has("timers-forgotten-at-restart") ? long.MaxValue : long.MinValue, "");
    }

    /// <summary>Timers due by then, in order of class, due time and key; at most <paramref name="bulkMost"/> bulk ones.</summary>
    public List<TimerOp> TimersDue(long now, int bulkMost)
    {
        if (_timerOrder.Count == 0 || _timerOrder.Min.Due > now)
        {
            return [];
        }

        var due = _timerOrder.TakeWhile(timer => timer.Due <= now).Select(timer => Timers[timer.Key].Timer!);
        var ordered = due.OrderBy(timer => timer.Class).ThenBy(timer => timer.DueMicros).ThenBy(timer => timer.Key, StringComparer.Ordinal).ToList();
        var bulk = ordered.FindIndex(timer => timer.Class == TimerClass.Bulk);
        if (bulk >= 0 && ordered.Count - bulk > bulkMost)
        {
            ordered.RemoveRange(bulk + bulkMost, ordered.Count - bulk - bulkMost);
        }

        return ordered;
    }

    public void SetTimer(string key, TimerOp? timer, long changedAt)
    {
        if (!Timers.TryGetValue(key, out var slot))
        {
            Timers.Add(key, slot = new TimerSlot());
        }

        if (slot.Timer is not null)
        {
            _timerOrder.Remove((slot.Timer.DueMicros, key));
        }

        slot.Timer = timer;
        slot.ChangedAt = changedAt;
        if (timer is not null)
        {
            _timerOrder.Add((timer.DueMicros, key));
        }
    }

    public void SetAccount(string id, in AccountState state, long changedAt, long usedAt)
    {
        if (!Accounts.TryGetValue(id, out var slot))
        {
            Accounts.Add(id, slot = new AccountSlot { Id = id });
        }

        slot.State = state;
        slot.ChangedAt = changedAt;
        slot.UsedAt = usedAt;
        if (state.Number != 0)
        {
            AccountsByNumber[state.Number] = slot;
        }
    }

    public void SetMembership(string type, string index, string value, string id, bool isMember, long changedAt, long usedAt)
    {
        if (!Indexes.TryGetValue((type, index, value), out var slot))
        {
            Indexes.Add((type, index, value), slot = new IndexSlot());
            _once.Enqueue(new Once(OnceKind.Index, type, index, value, changedAt, usedAt));
        }

        slot.Set(id, isMember, changedAt);
        slot.ChangedAt = changedAt;
        slot.UsedAt = usedAt;
    }

    /// <summary>A record as it was saved. One that is new will most often not be asked for again.</summary>
    public void SetRecord(string type, string id, RecordSlot slot)
    {
        Records[(type, id)] = slot;
        if (slot.Version == 1)
        {
            _once.Enqueue(new Once(OnceKind.Record, type, "", id, slot.ChangedAt, slot.UsedAt));
        }
    }

    public void SetFact(string key, long changedAt, long usedAt)
    {
        Facts[key] = new FactSlot { IsPosted = true, ChangedAt = changedAt, UsedAt = usedAt };
        _once.Enqueue(new Once(OnceKind.Fact, "", "", key, changedAt, usedAt));
    }

    public void SetReply(string key, ReplySlot slot)
    {
        Replies[key] = slot;
        _once.Enqueue(new Once(OnceKind.Reply, "", "", key, slot.ChangedAt, slot.UsedAt));
    }

    /// <summary>
    /// Forgets what commands made and nobody has used since, oldest first, once the tables know it: a purchase makes four such things, and going through everything for them would
    /// cost more than they do. The newest of them stay, a retry comes soon.
    /// </summary>
    /// <param name="floor">As for <see cref="Shrink"/>.</param>
    public void Settle(long floor)
    {
        for (var kept = most / 4; _once.Count > kept && _once.Peek() is var oldest && oldest.ChangedAt <= floor;)
        {
            _once.Dequeue();
            switch (oldest.Kind)
            {
                case OnceKind.Record when IsUntouched(Records.GetValueOrDefault((oldest.Type, oldest.Key)), in oldest):
                    Records.Remove((oldest.Type, oldest.Key));
                    break;
                case OnceKind.Fact when IsUntouched(Facts.GetValueOrDefault(oldest.Key), in oldest):
                    Facts.Remove(oldest.Key);
                    break;
                case OnceKind.Reply when IsUntouched(Replies.GetValueOrDefault(oldest.Key), in oldest):
                    Replies.Remove(oldest.Key);
                    break;
                case OnceKind.Index when Indexes.GetValueOrDefault((oldest.Type, oldest.Index, oldest.Key)) is { IsComplete: false } slot:
                    // What it knows are changes only: once they are in the tables it knows nothing of its own.
                    if (slot.ChangedAt <= floor)
                    {
                        Indexes.Remove((oldest.Type, oldest.Index, oldest.Key));
                    }
                    else
                    {
                        slot.Forget(floor);
                        _once.Enqueue(oldest with { ChangedAt = slot.ChangedAt });
                    }

                    break;
            }
        }

        static bool IsUntouched(Slot? slot, in Once once) => slot is not null && slot.ChangedAt == once.ChangedAt && slot.UsedAt == once.UsedAt;
    }

    /// <summary>Takes in what was loaded. What memory knows already is newer and stays.</summary>
    public void TakeIn(LoadResult result, BookSchema schema, long usedAt)
    {
        foreach (var loaded in result.Records)
        {
            if (!Records.ContainsKey((loaded.Type, loaded.Id)))
            {
                var record = schema.RecordOf(loaded.Type)!.Read(loaded.Body, loaded.Schema);
                Records.Add((loaded.Type, loaded.Id), new RecordSlot { Record = record, Version = loaded.Version, UsedAt = usedAt });
            }
        }

        foreach (var key in result.Request.Records)
        {
            Records.TryAdd(key, new RecordSlot { UsedAt = usedAt });
        }

        foreach (var key in result.Request.Indexes)
        {
            if (!Indexes.TryGetValue(key, out var slot))
            {
                Indexes.Add(key, slot = new IndexSlot());
            }

            if (!slot.IsComplete)
            {
                slot.Complete(result.Indexes.GetValueOrDefault(key) ?? []);
            }

            slot.UsedAt = usedAt;
        }

        foreach (var (id, state) in result.Accounts)
        {
            if (!Accounts.ContainsKey(id) || Planted.Has("load-overwrites-newer"))
            {
                SetAccount(id, in state, 0, usedAt);
            }
        }

        foreach (var id in result.Request.Accounts)
        {
            if (!Accounts.ContainsKey(id))
            {
                SetAccount(id, default, 0, usedAt);
            }
        }

        foreach (var hold in result.Holds)
        {
            Holds.TryAdd(hold.Number, new HoldSlot { State = hold, UsedAt = usedAt });
        }

        foreach (var number in result.Request.Holds)
        {
            Holds.TryAdd(number, new HoldSlot { UsedAt = usedAt });
        }

        foreach (var key in result.Request.EntryKeys)
        {
            Facts.TryAdd(key, new FactSlot { IsPosted = result.EntryKeys.Contains(key), UsedAt = usedAt });
        }

        foreach (var reply in result.Replies)
        {
            Replies.TryAdd(Convert.ToHexStringLower(reply.Key), new ReplySlot
            {
                Reply = new ReplyOp(reply.Key, reply.Fingerprint, reply.IsRefusal, reply.Body),
                AtMicros = reply.AtMicros,
                UsedAt = usedAt,
            });
        }

        foreach (var key in result.Request.Replies)
        {
            Replies.TryAdd(key, new ReplySlot { UsedAt = usedAt });
        }

        TakeInTimers(result, usedAt);
    }

    private void TakeInTimers(LoadResult result, long usedAt)
    {
        foreach (var timer in result.Timers.Concat(result.NextTimers))
        {
            if (!Timers.ContainsKey(timer.Key))
            {
                SetTimer(timer.Key, timer, 0);
            }
        }

        foreach (var key in result.Request.TimerKeys)
        {
            Timers.TryAdd(key, new TimerSlot { UsedAt = usedAt });
        }

        if (result.Request.TimersAfter is { } after && after.DueMicros == _timersThrough.Due && after.Key == _timersThrough.Key)
        {
            _timersThrough = result.NextTimers.Count < after.Limit
                ? (long.MaxValue, "")
                : (result.NextTimers[^1].DueMicros, result.NextTimers[^1].Key);
        }
    }

    /// <summary>
    /// Forgets what was used longest ago, down to three quarters of what may be kept, as far as the tables know it: nothing changed after <paramref name="floor"/>, which is the
    /// position that every load under way is sure to see. Without this rule a load begun before could bring back an older state. What commands that were set aside have used since
    /// <paramref name="inUse"/> stays: when their next load comes they must still find the last one.
    /// </summary>
    public void Shrink(long floor, long group, long inUse)
    {
        var before = Math.Min(inUse, LongestAgo(floor, group));
        if (Planted.Has("forget-what-is-not-applied"))
        {
            (floor, before) = (long.MaxValue, long.MaxValue);
        }

        Drop(Records, floor, before);
        Drop(Indexes, floor, before);
        Drop(Holds, floor, before);
        Drop(Facts, floor, before);
        Drop(Replies, floor, before);
        foreach (var (id, slot) in Accounts)
        {
            if (slot.ChangedAt <= floor && slot.UsedAt < before)
            {
                Accounts.Remove(id);
                AccountsByNumber.Remove(slot.State.Number);
            }
        }

        foreach (var (key, slot) in Timers)
        {
            // A timer inside the window stays: it is what fires.
            if (slot.ChangedAt <= floor && (slot.Timer is null || TimerOrder.Instance.Compare((slot.Timer.DueMicros, key), _timersThrough) > 0))
            {
                SetTimer(key, null, 0);
                Timers.Remove(key);
            }
        }
    }

    /// <summary>The group before which slots must not have been used, so that forgetting them leaves three quarters of what may be kept. The last groups are never forgotten.</summary>
    private long LongestAgo(long floor, long group)
    {
        const int kept = 16;
        var counts = new int[Ages.Parts];
        Count(Records.Values);
        Count(Indexes.Values);
        Count(Holds.Values);
        Count(Facts.Values);
        Count(Replies.Values);
        Count(Accounts.Values);
        var surplus = this.Count - (most / 4 * 3);
        var part = Ages.Parts;
        while (part > 0 && surplus > 0)
        {
            surplus -= counts[--part];
        }

        return Math.Min(group - Ages.Least(part) + 1, group - kept);

        void Count<TSlot>(IEnumerable<TSlot> slots)
            where TSlot : Slot
        {
            foreach (var slot in slots)
            {
                if (slot.ChangedAt <= floor)
                {
                    counts[Ages.PartOf(group - slot.UsedAt)]++;
                }
            }
        }
    }

    /// <summary>Ages in groups, in parts that grow with the age: a sixteenth of the age is exact enough, and it stays so however many groups a Book has seen.</summary>
    private static class Ages
    {
        public const int Parts = 16 * 58;

        public static int PartOf(long age)
        {
            if (age < 16)
            {
                return (int)age;
            }

            var power = BitOperations.Log2((ulong)age) - 4;
            return (16 * (power + 1)) + (int)((age >> power) & 15);
        }

        /// <summary>The least age of a part.</summary>
        public static long Least(int part) => part < 16 ? part : (16L + (part % 16)) << ((part / 16) - 1);
    }

    private static void Drop<TKey, TSlot>(Dictionary<TKey, TSlot> slots, long floor, long before)
        where TKey : notnull
        where TSlot : Slot
    {
        foreach (var (key, slot) in slots)
        {
            if (slot.ChangedAt <= floor && slot.UsedAt < before)
            {
                slots.Remove(key);
            }
        }
    }

    private enum OnceKind
    {
        Record,
        Fact,
        Reply,
        Index,
    }

    /// <summary>Something a command made, as it was then.</summary>
    private readonly record struct Once(OnceKind Kind, string Type, string Index, string Key, long ChangedAt, long UsedAt);

    /// <summary>Keys told apart by their last part, which is an id nearly always: hashing the words before it each time would cost as much again.</summary>
    private sealed class Keys : IEqualityComparer<(string Type, string Id)>, IEqualityComparer<(string Type, string Index, string Value)>
    {
        public static readonly Keys Instance = new();

        public bool Equals((string Type, string Id) x, (string Type, string Id) y) => x.Id == y.Id && x.Type == y.Type;

        public int GetHashCode((string Type, string Id) key) => key.Id.GetHashCode(StringComparison.Ordinal) ^ key.Type.Length;

        public bool Equals((string Type, string Index, string Value) x, (string Type, string Index, string Value) y) => x.Value == y.Value && x.Index == y.Index && x.Type == y.Type;

        public int GetHashCode((string Type, string Index, string Value) key) => key.Value.GetHashCode(StringComparison.Ordinal) ^ (key.Type.Length << 8) ^ key.Index.Length;
    }

    private sealed class TimerOrder : IComparer<(long Due, string Key)>
    {
        public static readonly TimerOrder Instance = new();

        public int Compare((long Due, string Key) x, (long Due, string Key) y)
        {
            var due = x.Due.CompareTo(y.Due);
            return due != 0 ? due : string.CompareOrdinal(x.Key, y.Key);
        }
    }
}
