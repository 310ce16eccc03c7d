using System.Buffers.Binary;
using System.Text.Json;
using Peony.Ledger;

namespace Peony.Book;

/// <summary>Thrown when a command needs something that is not in memory; the Book loads it and runs the command again from the start.</summary>
internal sealed class MissException : Exception
{
    public static readonly MissException Instance = new();

    private MissException()
        : base("Not in memory; the command runs again when it is.")
    {
    }
}

/// <summary>Counters that run through the whole journal.</summary>
internal struct Counters
{
    public long Account;
    public long Entry;
    public long Posting;
    public long Event;
}

/// <summary>
/// What one command sees and has written so far: an overlay over <see cref="Memory"/> that is merged when the command is done and thrown away when it is not.
/// </summary>
internal sealed class Work(BookSchema schema, Memory memory, IRandomness randomness) : IWork
{
    /// <summary>Stands for an account that is still to be loaded.</summary>
    private static readonly AccountSlot Unknown = new() { Id = "" };

    private readonly Dictionary<(string Type, string Id), RecordSlot> _records = [];
    private readonly Dictionary<(string Type, string Index, string Value), Dictionary<string, bool>> _memberships = [];
    private readonly Dictionary<string, AccountSlot> _accounts = new(StringComparer.Ordinal);
    private readonly Dictionary<long, AccountSlot> _accountsByNumber = [];
    private readonly Dictionary<long, HoldSlot> _holds = [];
    private readonly HashSet<string> _facts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimerOp?> _timers = new(StringComparer.Ordinal);
    private readonly List<AccountOp> _accountOps = [];
    private readonly List<FrameOp> _entryOps = [];
    private readonly List<EventOp> _eventOps = [];
    private readonly HashSet<string> _minted = new(StringComparer.Ordinal);
    private List<byte[]>? _drawn;
    private int _nextDrawn;
    private readonly List<(RecordDeclaration Declaration, IRecord Record)> _keptOnRefusal = [];
    private readonly List<Action<IWork>> _actsOnRefusal = [];
    private Counters _counters;
    private LoadRequest _misses = null!;
    private long _nowMicros;
    private long _group;
    private ushort _idCounter;

    public DateTimeOffset Now { get; private set; }

    public bool IsDryRun { get; private set; }

    /// <summary>What a dry run would have posted.</summary>
    public IEnumerable<DryRunPosting> Postings => _entryOps.SelectMany(op => op switch
    {
        EntryOp entry => entry.Postings.Select(posting => DryRunOf(entry.Key, entry.Kind, in posting)),
        BulkEntryOp bulk => DryRunOf(bulk),
        _ => [],
    });

    /// <summary>Makes the work ready for a command.</summary>
    /// <param name="drawn">The random bytes the command got before, if it runs again; those it gets now are added.</param>
    public void Begin(long nowMicros, long group, Counters counters, LoadRequest misses, bool isDryRun = false, List<byte[]>? drawn = null)
    {
        (_drawn, _nextDrawn) = (drawn, 0);
        IsDryRun = isDryRun;
        _nowMicros = nowMicros;
        Now = Instants.Of(nowMicros);
        _group = group;
        _misses = misses;
        _keptOnRefusal.Clear();
        _actsOnRefusal.Clear();
        _minted.Clear();
        Forget(counters);
    }

    private void Forget(Counters counters)
    {
        _counters = counters;
        _records.Clear();
        _memberships.Clear();
        _accounts.Clear();
        _accountsByNumber.Clear();
        _holds.Clear();
        _facts.Clear();
        _timers.Clear();
        _accountOps.Clear();
        _entryOps.Clear();
        _eventOps.Clear();
    }

    /// <summary>Undoes everything but what was handed in for a refusal, and carries that out.</summary>
    public void KeepOnlyWhatRefusalKeeps(Counters counters)
    {
        Forget(counters);
        foreach (var (declaration, record) in _keptOnRefusal)
        {
            Save(declaration, record);
        }

        foreach (var act in _actsOnRefusal.ToList())
        {
            act(this);
        }
    }

    public bool HasChanges => _records.Count + _accountOps.Count + _entryOps.Count + _timers.Count + _eventOps.Count > 0;

    /// <summary>Merges the overlay into memory and adds its changes to the frame.</summary>
    public void Commit(List<FrameOp> ops, long sequence, ref Counters counters)
    {
        counters = _counters;
        ops.AddRange(_accountOps);
        ops.AddRange(_entryOps);
        foreach (var (id, slot) in _accounts)
        {
            memory.SetAccount(id, in slot.State, sequence, _group);
        }

        foreach (var (number, slot) in _holds)
        {
            memory.Holds[number] = new HoldSlot { State = slot.State, ChangedAt = sequence, UsedAt = _group };
        }

        foreach (var fact in _facts)
        {
            memory.SetFact(fact, sequence, _group);
        }

        foreach (var ((type, id), slot) in _records)
        {
            var declaration = schema.RecordOf(type)!;
            var values = new string?[declaration.Indexes.Count];
            for (var index = 0; index < values.Length; index++)
            {
                values[index] = declaration.Indexes[index].Value(slot.Record!);
            }

            ops.Add(new RecordOp(type, id, slot.Version, declaration.Schema, declaration.Write(slot.Record!), values));
            memory.SetRecord(type, id, new RecordSlot { Record = slot.Record, Version = slot.Version, ChangedAt = sequence, UsedAt = _group });
        }

        foreach (var ((type, index, value), members) in _memberships)
        {
            foreach (var (id, isMember) in members)
            {
                memory.SetMembership(type, index, value, id, isMember, sequence, _group);
            }
        }

        foreach (var (key, timer) in _timers)
        {
            ops.Add(timer is null ? new TimerGoneOp(key) : timer);
            memory.SetTimer(key, timer, sequence);
        }

        ops.AddRange(_eventOps);
    }

    public T Use<T>()
        where T : class => schema.ConstantOf<T>();

    public TId NewId<TId>(DateTimeOffset? of = null)
        where TId : struct, IId<TId>
    {
        Span<byte> random = stackalloc byte[8];
        randomness.Fill(random);
        var text = Ids.Make(TId.Prefix, of?.ToUnixTimeMilliseconds() ?? (_nowMicros / 1000), _idCounter++, random);
        _minted.Add(text);
        return TId.Of(text);
    }

    /// <summary>Run again, a command gets the bytes it got before: what it looks up by them would otherwise never be what was loaded meanwhile.</summary>
    public byte[] Nonce(int length)
    {
        if (_drawn is not null && _nextDrawn < _drawn.Count && _drawn[_nextDrawn].Length == length)
        {
            return [.. _drawn[_nextDrawn++]];
        }

        var nonce = new byte[length];
        randomness.Fill(nonce);
        _drawn?.Add([.. nonce]);
        _nextDrawn++;
        return nonce;
    }

    public T? Find<T>(string id)
        where T : class, IRecord => (T?)SlotOf(schema.RecordOf(typeof(T)), id).Record;

    public T Get<T>(string id)
        where T : class, IRecord => Find<T>(id) ?? throw new RecordMissingException(schema.RecordOf(typeof(T)).Name, id);

    public IReadOnlyList<T> FindBy<T>(string index, string value)
        where T : class, IRecord
    {
        var declaration = schema.RecordOf(typeof(T));
        var ids = Members(declaration, IndexOf(declaration, index), value);
        var isMissing = false;
        var records = new List<T>(ids.Count);
        foreach (var id in ids)
        {
            if (_records.TryGetValue((declaration.Name, id), out var own))
            {
                records.Add((T)own.Record!);
            }
            else if (memory.Records.TryGetValue((declaration.Name, id), out var slot))
            {
                slot.UsedAt = _group;
                records.Add((T)slot.Record!);
            }
            else
            {
                _misses.Records.Add((declaration.Name, id));
                isMissing = true;
            }
        }

        return isMissing ? throw MissException.Instance : records;
    }

    public T? FindOne<T>(string index, string value)
        where T : class, IRecord
    {
        var found = FindBy<T>(index, value);
        return found.Count switch
        {
            0 => null,
            1 => found[0],
            _ => throw new InvalidOperationException($"{index} of {typeof(T).Name} is not unique."),
        };
    }

    public void Save<T>(T record)
        where T : class, IRecord => Save(schema.RecordOf(typeof(T)), record);

    public void KeepOnRefusal<T>(T record)
        where T : class, IRecord => _keptOnRefusal.Add((schema.RecordOf(typeof(T)), record));

    public void OnRefusal(Action<IWork> act) => _actsOnRefusal.Add(act);

    public void OpenAccount(AccountDefinition definition)
    {
        var slot = AccountFor(definition.Id.Value);
        if (slot.State.Number == 0)
        {
            Open(slot, definition);
        }
    }

    public void SetLimits(LedgerAccountId account, long? floor, long? ceiling)
    {
        var slot = OpenAccountFor(account.Value);
        slot.State.Floor = floor ?? AccountState.NoFloor;
        slot.State.Ceiling = ceiling ?? AccountState.NoCeiling;
        _accountOps.Add(OpOf(slot));
    }

    public AccountState Account(LedgerAccountId account) => _accounts.TryGetValue(account.Value, out var own) ? own.State : Loaded(account.Value).State;

    public HoldState Hold(HoldId hold) => _holds.TryGetValue(hold.Number, out var own) ? own.State : LoadedHold(hold.Number).State;

    public bool HasPosted(EntryKey key)
    {
        if (_facts.Contains(key.Value))
        {
            return true;
        }

        if (memory.Facts.TryGetValue(key.Value, out var slot))
        {
            slot.UsedAt = _group;
            return slot.IsPosted;
        }

        if (NamesSomethingNew(key.Value))
        {
            return false;
        }

        _misses.EntryKeys.Add(key.Value);
        throw MissException.Instance;
    }

    public PostedEntry Post(Entry entry)
    {
        var (posted, outcome) = TryPost(entry);
        return posted ?? throw new PostingRejectedException(entry.Key, outcome);
    }

    public Result<PostedEntry> PostOrRefuse(Entry entry, Refusal onLimit)
    {
        var (posted, outcome) = TryPost(entry);
        if (posted is not null)
        {
            return posted;
        }

        return outcome is PostingOutcome.BelowFloor or PostingOutcome.AboveCeiling ? onLimit : throw new PostingRejectedException(entry.Key, outcome);
    }

    public BulkPosted PostEach(EntryKey key, string kind, IReadOnlyList<Transfer> transfers)
    {
        if (transfers.Count is 0 or > IWork.TransfersMost)
        {
            throw new ArgumentException($"Entry {key} has {transfers.Count} transfers; 1 to {IWork.TransfersMost} are posted at once.");
        }

        if (HasPosted(key))
        {
            throw new DuplicateEntryException(key);
        }

        var sides = SidesOf(transfers);
        var outcomes = new PostingOutcome[transfers.Count];
        var packer = new PackedPostings.Packer(_counters.Posting + 1, transfers.Count);
        var posting = new Posting { Kind = PostingKind.Post };
        var noHold = default(HoldState);
        for (var index = 0; index < outcomes.Length; index++)
        {
            var (debit, credit) = sides[index];
            var amount = transfers[index].Amount;
            if (debit.State.Number == 0 || credit.State.Number == 0)
            {
                outcomes[index] = PostingOutcome.AccountNotOpen;
                continue;
            }

            if (amount.Currency != debit.State.Currency)
            {
                outcomes[index] = PostingOutcome.CurrenciesDiffer;
                continue;
            }

            (posting.Number, posting.Debit, posting.Credit, posting.Amount) = (_counters.Posting + packer.Count + 1, debit.State.Number, credit.State.Number, amount.Minor);
            outcomes[index] = Planted.Has("bulk-entry-ignores-floors")
                ? ApplyWithoutFloor(ref debit.State, ref credit.State, ref posting)
                : PostingRule.Apply(ref debit.State, ref credit.State, ref noHold, ref posting, _nowMicros);
            if (outcomes[index] == PostingOutcome.Applied)
            {
                packer.Add(in posting);
            }
        }

        if (packer.Count == 0)
        {
            return new BulkPosted(0, key, 0, outcomes);
        }

        _counters.Posting += packer.Count;
        _facts.Add(key.Value);
        _entryOps.Add(new BulkEntryOp(++_counters.Entry, key.Value, kind, packer.Pack()));
        return new BulkPosted(_counters.Entry, key, packer.Count, outcomes);
    }

    private PostingOutcome ApplyWithoutFloor(ref AccountState debit, ref AccountState credit, ref Posting posting)
    {
        var (floor, noHold) = (debit.Floor, default(HoldState));
        debit.Floor = AccountState.NoFloor;
        var outcome = PostingRule.Apply(ref debit, ref credit, ref noHold, ref posting, _nowMicros);
        debit.Floor = floor;
        return outcome;
    }

    public void Tell(IEvent @event)
    {
        var name = schema.NameOf(@event);
        var effects = schema.EffectsOf(@event.GetType());
        if (effects.Count > 0)
        {
            _eventOps.Add(new EventOp(++_counters.Event, name, @event.Lane, JsonSerializer.SerializeToUtf8Bytes(@event, @event.GetType(), BookJson.Options), [.. effects]));
        }
    }

    public void SetTimer(string key, DateTimeOffset due, ICommand command, TimerClass timerClass = TimerClass.Normal) =>
        _timers[key] = new TimerOp(key, Instants.Micros(due), timerClass, schema.NameOf(command),
            JsonSerializer.SerializeToUtf8Bytes(command, command.GetType(), BookJson.Options));

    public void CancelTimer(string key)
    {
        if (_timers.TryGetValue(key, out var own))
        {
            if (own is null)
            {
                return;
            }
        }
        else if (memory.Timers.TryGetValue(key, out var slot) && slot.Timer is null)
        {
            return;
        }

        _timers[key] = null;
    }

    private bool NamesSomethingNew(string text)
    {
        foreach (var id in _minted)
        {
            if (text.Contains(id, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private RecordSlot SlotOf(RecordDeclaration declaration, string id)
    {
        if (_records.TryGetValue((declaration.Name, id), out var own))
        {
            return own;
        }

        if (memory.Records.TryGetValue((declaration.Name, id), out var slot))
        {
            slot.UsedAt = _group;
            return slot;
        }

        if (_minted.Contains(id) || !StorableText.Is(id))
        {
            return new RecordSlot();
        }

        _misses.Records.Add((declaration.Name, id));
        throw MissException.Instance;
    }

    private static IndexDeclaration IndexOf(RecordDeclaration declaration, string name) =>
        declaration.Indexes.FirstOrDefault(index => index.Name == name) ?? throw new InvalidOperationException($"{declaration.Name} declares no index {name}.");

    private SortedSet<string> Members(RecordDeclaration declaration, IndexDeclaration index, string value)
    {
        var key = (declaration.Name, index.Name, value);
        if (!memory.Indexes.TryGetValue(key, out var slot) || !slot.IsComplete)
        {
            if (!NamesSomethingNew(value) && StorableText.Is(value))
            {
                _misses.Indexes.Add(key);
                throw MissException.Instance;
            }

            slot = new IndexSlot();
            slot.Complete([]);
        }

        slot.UsedAt = _group;
        if (!_memberships.TryGetValue(key, out var changes))
        {
            return slot.Ids;
        }

        var ids = new SortedSet<string>(slot.Ids, StringComparer.Ordinal);
        foreach (var (id, isMember) in changes)
        {
            _ = isMember ? ids.Add(id) : ids.Remove(id);
        }

        return ids;
    }

    private void Save(RecordDeclaration declaration, IRecord record)
    {
        var id = record.Key;
        if (!StorableText.Is(id))
        {
            throw new ArgumentException($"A {declaration.Name} cannot be stored under this key: it has U+0000 or half a character.");
        }

        var before = SlotOf(declaration, id);
        var own = _records.TryGetValue((declaration.Name, id), out var saved) ? saved : new RecordSlot { Record = before.Record, Version = before.Version + 1 };
        foreach (var index in declaration.Indexes)
        {
            var oldValue = own.Record is null ? null : index.Value(own.Record);
            var newValue = index.Value(record);
            if (oldValue == newValue)
            {
                continue;
            }

            if (newValue is not null && !StorableText.Is(newValue))
            {
                throw new ArgumentException($"{declaration.Name}.{index.Name} cannot be stored: it has U+0000 or half a character.");
            }

            if (newValue is not null && index.IsUnique && Members(declaration, index, newValue).Any(other => other != id))
            {
                throw new UniqueIndexException(declaration.Name, index.Name);
            }

            SetMembership(declaration.Name, index.Name, oldValue, id, false);
            SetMembership(declaration.Name, index.Name, newValue, id, true);
        }

        own.Record = record;
        _records[(declaration.Name, id)] = own;
    }

    private void SetMembership(string type, string index, string? value, string id, bool isMember)
    {
        if (value is null)
        {
            return;
        }

        if (!_memberships.TryGetValue((type, index, value), out var changes))
        {
            _memberships.Add((type, index, value), changes = new Dictionary<string, bool>(StringComparer.Ordinal));
        }

        changes[id] = isMember;
    }

    private AccountSlot Loaded(string id)
    {
        if (memory.Accounts.TryGetValue(id, out var slot))
        {
            slot.UsedAt = _group;
            return slot;
        }

        if (NamesSomethingNew(id))
        {
            return new AccountSlot { Id = id };
        }

        _misses.Accounts.Add(id);
        throw MissException.Instance;
    }

    private HoldSlot LoadedHold(long number)
    {
        if (memory.Holds.TryGetValue(number, out var slot))
        {
            slot.UsedAt = _group;
            return slot;
        }

        _misses.Holds.Add(number);
        throw MissException.Instance;
    }

    /// <summary>The command's own copy of the account.</summary>
    private AccountSlot AccountFor(string id)
    {
        if (!_accounts.TryGetValue(id, out var own))
        {
            own = new AccountSlot { Id = id, State = Loaded(id).State };
            _accounts.Add(id, own);
            if (own.State.Number != 0)
            {
                _accountsByNumber[own.State.Number] = own;
            }
        }

        return own;
    }

    private AccountSlot OpenAccountFor(string id)
    {
        var slot = AccountFor(id);
        if (slot.State.Number == 0)
        {
            Open(slot, schema.SystemAccounts.TryGetValue(id, out var definition) ? definition : throw new InvalidOperationException($"Ledger account {id} is not open."));
        }

        return slot;
    }

    private AccountSlot AccountOf(long number)
    {
        if (_accountsByNumber.TryGetValue(number, out var own))
        {
            return own;
        }

        if (memory.AccountsByNumber.TryGetValue(number, out var slot))
        {
            return AccountFor(slot.Id);
        }

        _misses.AccountNumbers.Add(number);
        throw MissException.Instance;
    }

    private void Open(AccountSlot slot, AccountDefinition definition)
    {
        slot.State = new AccountState
        {
            Number = ++_counters.Account,
            Side = definition.Side,
            Currency = definition.Currency,
            Floor = definition.Floor ?? AccountState.NoFloor,
            Ceiling = definition.Ceiling ?? AccountState.NoCeiling,
        };
        _accountsByNumber[slot.State.Number] = slot;
        _accountOps.Add(OpOf(slot));
    }

    private static AccountOp OpOf(AccountSlot slot) =>
        new(slot.State.Number, slot.Id, slot.State.Side, slot.State.Currency, slot.State.Floor, slot.State.Ceiling);

    private (PostedEntry? Posted, PostingOutcome Outcome) TryPost(Entry entry)
    {
        if (entry.Lines.Count == 0)
        {
            throw new ArgumentException($"Entry {entry.Key} has no postings.");
        }

        if (HasPosted(entry.Key))
        {
            throw new DuplicateEntryException(entry.Key);
        }

        // What an entry needs is fetched before anything is changed, so a refusal half way can be taken back line by line.
        var sides = new (AccountSlot Debit, AccountSlot Credit, HoldSlot? Hold)[entry.Lines.Count];
        for (var index = 0; index < sides.Length; index++)
        {
            sides[index] = SidesOf(entry.Lines[index]);
        }

        var before = new (AccountState Debit, AccountState Credit, HoldState Hold)[sides.Length];
        var postings = new Posting[sides.Length];
        var holds = new List<HoldId>();
        for (var index = 0; index < sides.Length; index++)
        {
            var line = entry.Lines[index];
            var (debit, credit, used) = sides[index];
            var hold = used ?? new HoldSlot();
            before[index] = (debit.State, credit.State, hold.State);
            var amount = line.Kind is PostingKind.Release or PostingKind.Expire && line.Amount.Minor == 0 ? hold.State.Remaining : line.Amount.Minor;
            if (line.Amount.Minor != 0 && line.Amount.Currency != debit.State.Currency)
            {
                throw new PostingRejectedException(entry.Key, PostingOutcome.CurrenciesDiffer);
            }

            ref var posting = ref postings[index];
            posting = new Posting
            {
                Number = _counters.Posting + index + 1,
                Kind = line.Kind,
                Debit = debit.State.Number,
                Credit = credit.State.Number,
                Amount = amount,
                Hold = line.Hold.Number,
                ExpiresAt = line.ExpiresAt is { } expiry ? Instants.Micros(expiry) : 0,
            };
            if (Planted.Has("floor-ignores-holds") && line.Kind == PostingKind.Hold)
            {
                debit.State.Floor = AccountState.NoFloor;
            }

            var outcome = PostingRule.Apply(ref debit.State, ref credit.State, ref hold.State, ref posting, _nowMicros);
            if (outcome != PostingOutcome.Applied)
            {
                TakeBack(sides, before, index);
                return (null, outcome);
            }

            if (line.Kind == PostingKind.Hold)
            {
                _holds[hold.State.Number] = hold;
                holds.Add(new HoldId(hold.State.Number));
            }
        }

        _counters.Posting += postings.Length;
        var number = ++_counters.Entry;
        _facts.Add(entry.Key.Value);
        _entryOps.Add(new EntryOp(number, entry.Key.Value, entry.Kind, entry.Cites?.Value, postings));
        return (new PostedEntry(number, entry.Key, holds), PostingOutcome.Applied);
    }

    private DryRunPosting DryRunOf(string key, string kind, in Posting posting) => new(key, kind, posting.Kind, AccountOf(posting.Debit).Id, AccountOf(posting.Credit).Id,
        new Money(posting.Amount, AccountOf(posting.Debit).State.Currency));

    private List<DryRunPosting> DryRunOf(BulkEntryOp bulk)
    {
        var postings = new List<DryRunPosting>(bulk.Postings.Count);
        foreach (var posting in bulk.Postings)
        {
            postings.Add(DryRunOf(bulk.Key, bulk.Kind, in posting));
        }

        return postings;
    }

    /// <summary>The command's own copies of all accounts the transfers name. What is missing is asked for together.</summary>
    private (AccountSlot Debit, AccountSlot Credit)[] SidesOf(IReadOnlyList<Transfer> transfers)
    {
        var isMissing = false;
        var sides = new (AccountSlot Debit, AccountSlot Credit)[transfers.Count];
        for (var index = 0; index < sides.Length; index++)
        {
            sides[index] = (SideOf(transfers[index].Debit.Value, ref isMissing), SideOf(transfers[index].Credit.Value, ref isMissing));
        }

        return isMissing ? throw MissException.Instance : sides;
    }

    private AccountSlot SideOf(string id, ref bool isMissing)
    {
        if (_accounts.TryGetValue(id, out var own))
        {
            return own;
        }

        if (!memory.Accounts.ContainsKey(id) && !NamesSomethingNew(id))
        {
            _misses.Accounts.Add(id);
            isMissing = true;
            return Unknown;
        }

        own = AccountFor(id);
        if (own.State.Number == 0 && schema.SystemAccounts.TryGetValue(id, out var definition))
        {
            Open(own, definition);
        }

        return own;
    }

    private (AccountSlot Debit, AccountSlot Credit, HoldSlot? Hold) SidesOf(PostingLine line)
    {
        if (line.Kind is PostingKind.Post or PostingKind.Hold)
        {
            return (OpenAccountFor(line.Debit.Value), OpenAccountFor(line.Credit.Value), null);
        }

        if (!_holds.TryGetValue(line.Hold.Number, out var hold))
        {
            hold = new HoldSlot { State = LoadedHold(line.Hold.Number).State };
            _holds.Add(line.Hold.Number, hold);
        }

        return hold.State.Number == 0
            ? throw new InvalidOperationException($"There is no hold {line.Hold.Number}.")
            : (AccountOf(hold.State.Debit), AccountOf(hold.State.Credit), hold);
    }

    private void TakeBack((AccountSlot Debit, AccountSlot Credit, HoldSlot? Hold)[] sides, (AccountState Debit, AccountState Credit, HoldState Hold)[] before, int last)
    {
        for (var index = last; index >= 0; index--)
        {
            sides[index].Debit.State = before[index].Debit;
            sides[index].Credit.State = before[index].Credit;
            if (sides[index].Hold is { } hold)
            {
                hold.State = before[index].Hold;
            }
            else if (index < last)
            {
                // A hold this entry made itself.
                _holds.Remove(_counters.Posting + index + 1);
            }
        }
    }
}

/// <summary>Instants as microseconds since 1970 UTC, the Book's resolution.</summary>
internal static class Instants
{
    public static DateTimeOffset Of(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * 10);

    public static long Micros(DateTimeOffset instant) => (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / 10;
}
