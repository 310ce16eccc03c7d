using System.Buffers.Binary;
using System.Globalization;
using Peony.Ledger;

namespace Peony.Book;

/// <summary>The journal, or a table, is not what it must be. The message names the place.</summary>
internal sealed class VerifyFailedException(string message) : Exception(message);

/// <summary>
/// What the frames come to, computed once more and apart from the applier: its own arithmetic, its own idea of what each change means. It checks on the way that the frames are
/// possible at all: numbers without gaps, links, versions, balances. Of rows it keeps digests.
/// </summary>
internal sealed class Recomputed(TableShapes shapes, RowDigest digest)
{
    private static readonly UInt128 NoRow = UInt128.MaxValue;
    private readonly HashSet<UInt128> _entryKeys = [];
    private readonly HashSet<string> _accountIds = new(StringComparer.Ordinal);
    private readonly Queue<(long At, UInt128 Key)> _repliesByAge = [];

    public sealed class Account
    {
        public required string Id { get; init; }
        public required NormalSide Side { get; init; }
        public required Currency Currency { get; init; }
        public long Floor { get; set; }
        public long Ceiling { get; set; }
        public long Debits { get; set; }
        public long Credits { get; set; }
        public long DebitsHeld { get; set; }
        public long CreditsHeld { get; set; }
        public long Last { get; set; }
    }

    public sealed class Hold
    {
        public required long Debit { get; init; }
        public required long Credit { get; init; }
        public required long Amount { get; init; }
        public required long ExpiresAt { get; init; }
        public long Left { get; set; }
        public PostingKind LastUse { get; set; }
    }

    public readonly record struct Record(UInt128 Row, long Version);

    /// <summary>An outstanding effect: its row as it is when taken up and when parked.</summary>
    public readonly record struct Effect(UInt128 Row, UInt128 RowWhenParked, bool IsParked);

    public readonly record struct Reply(UInt128 Row, long At);

    public Dictionary<long, Account> Accounts { get; } = [];

    public Dictionary<long, Hold> Holds { get; } = [];

    public Dictionary<UInt128, Record> Records { get; } = [];

    public Dictionary<UInt128, UInt128> Timers { get; } = [];

    public Dictionary<UInt128, Effect> Effects { get; } = [];

    public Dictionary<UInt128, Reply> Replies { get; } = [];

    public Dictionary<UInt128, UInt128> Parked { get; } = [];

    public long Entries { get; private set; }

    public long Postings { get; private set; }

    public long Events { get; private set; }

    public long Commands { get; private set; }

    public long OpenHolds { get; private set; }

    /// <param name="onEntry">Gets the row of each entry.</param>
    /// <param name="onPosting">Gets the row of each posting that has one.</param>
    /// <param name="onRun">Gets the row of each run of packed postings.</param>
    public void Add(Frame frame, Action<Cell[]> onEntry, Action<Cell[]> onPosting, Action<Cell[]> onRun)
    {
        var header = frame.Header;
        foreach (var op in frame.Ops)
        {
            switch (op)
            {
                case CommandOp:
                    Commands++;
                    break;
                case RecordOp record:
                    AddRecord(record, header);
                    break;
                case AccountOp account:
                    AddAccount(account, header);
                    break;
                case EntryOp entry:
                    AddEntry(entry, header, onEntry, onPosting);
                    break;
                case BulkEntryOp bulk:
                    AddEntry(bulk, header, onEntry, onRun);
                    break;
                case TimerOp timer:
                    Cell[] cells = [Cell.Of(timer.Key), Cell.Of(timer.DueMicros), Cell.Of((long)timer.Class), Cell.Of(timer.Command), Cell.Of(timer.Body)];
                    Timers[Key(shapes.Timers, cells)] = digest.Of(shapes.Timers.Name, cells);
                    break;
                case TimerGoneOp gone:
                    Timers.Remove(Key(shapes.Timers, [Cell.Of(gone.Key)]));
                    break;
                case EventOp told:
                    AddEvent(told, header);
                    break;
                case EffectDoneOp done:
                    Effects.Remove(Key(shapes.Effects, [Cell.Of(done.Event), Cell.Of(done.Effect)]));
                    break;
                case ReplyOp reply:
                    AddReply(reply, header);
                    break;
                case ParkedOp parked:
                    Cell[] row = [Cell.Of(parked.What), Cell.Of(parked.Key), Cell.Of(parked.Error), Cell.Of(parked.Command), Cell.Of(parked.Body), Cell.Of(header.NowMicros)];
                    Parked[Key(shapes.Parked, row)] = digest.Of(shapes.Parked.Name, row);
                    SetParked(parked.What, parked.Key, isParked: true, header);
                    break;
                case UnparkedOp unparked:
                    Parked.Remove(Key(shapes.Parked, [Cell.Of(unparked.What), Cell.Of(unparked.Key)]));
                    SetParked(unparked.What, unparked.Key, isParked: false, header);
                    break;
            }
        }

        ForgetOldReplies(header.NowMicros);
        CheckCounters(header);
    }

    /// <summary>What stands for a row's key, over all tables.</summary>
    public UInt128 Key(TableShape shape, ReadOnlySpan<Cell> cells) => digest.Of(shape.Name, cells[..shape.KeyLength]);

    public Cell[] AccountRow(long number)
    {
        var account = Accounts[number];
        return
        [
            Cell.Of(number), Cell.Of(account.Id), Cell.Of((long)account.Side), Cell.Of(account.Currency.Code), Cell.Of(account.Floor), Cell.Of(account.Ceiling),
            Cell.Of(account.DebitsHeld), Cell.Of(account.Debits), Cell.Of(account.CreditsHeld), Cell.Of(account.Credits), Cell.Of(account.Last),
        ];
    }

    public Cell[] HoldRow(long number)
    {
        var hold = Holds[number];
        var status = hold.Left > 0 ? HoldStatus.Open : hold.LastUse switch
        {
            PostingKind.Capture => HoldStatus.Captured,
            PostingKind.Release => HoldStatus.Released,
            _ => HoldStatus.Expired,
        };
        return
        [
            Cell.Of(number), Cell.Of(hold.Debit), Cell.Of(hold.Credit), Cell.Of(hold.Amount), Cell.Of(hold.Left), Cell.Of(hold.ExpiresAt), Cell.Of((long)status),
        ];
    }

    /// <summary>Sums per currency. Throws when they do not balance, or when pending totals are not what the open holds come to.</summary>
    public IReadOnlyList<TrialBalance> TrialBalance()
    {
        var balances = Accounts.Values.GroupBy(account => account.Currency).OrderBy(group => group.Key.Code, StringComparer.Ordinal).Select(group => new TrialBalance(
            group.Key,
            Sum(group, account => account.Debits),
            Sum(group, account => account.Credits),
            Sum(group, account => account.DebitsHeld),
            Sum(group, account => account.CreditsHeld))).ToList();
        foreach (var balance in balances)
        {
            if (balance.Debits != balance.Credits || balance.DebitsPending != balance.CreditsPending)
            {
                throw new VerifyFailedException($"The trial balance in {balance.Currency} does not balance: debits {balance.Debits}, credits {balance.Credits}.");
            }
        }

        var held = new Dictionary<long, long>();
        foreach (var hold in Holds.Values)
        {
            held[hold.Debit] = held.GetValueOrDefault(hold.Debit) + hold.Left;
        }

        foreach (var (number, account) in Accounts)
        {
            if (account.DebitsHeld != held.GetValueOrDefault(number))
            {
                throw new VerifyFailedException($"Account {account.Id} has {account.DebitsHeld} in pending debits, its open holds come to {held.GetValueOrDefault(number)}.");
            }
        }

        return balances;
    }

    private static Int128 Sum(IEnumerable<Account> accounts, Func<Account, long> total)
    {
        Int128 sum = 0;
        foreach (var account in accounts)
        {
            sum += total(account);
        }

        return sum;
    }

    private static VerifyFailedException Wrong(FrameHeader header, string what) => new($"Frame {header.Sequence}: {what}");

    private void AddRecord(RecordOp op, FrameHeader header)
    {
        var shape = shapes.Of(op.Type);
        Cell[] cells = [Cell.Of(op.Id), Cell.Of(op.Version), Cell.Of((long)op.Schema), Cell.Of(op.Body), Cell.Of(header.Sequence)];
        var key = Key(shape, cells);
        var before = Records.GetValueOrDefault(key, new Record(NoRow, 0)).Version;
        if (op.Version != before + 1)
        {
            throw Wrong(header, $"{op.Type} {op.Id} is saved as version {op.Version} after version {before}.");
        }

        Records[key] = new Record(digest.Of(shape.Name, cells), op.Version);
    }

    private void AddAccount(AccountOp op, FrameHeader header)
    {
        if (Accounts.TryGetValue(op.Number, out var account))
        {
            if (account.Id != op.Id || account.Side != op.Side || account.Currency != op.Currency)
            {
                throw Wrong(header, $"account {op.Number} is {account.Id} and {op.Id}, or changes its side or currency.");
            }
        }
        else
        {
            if (op.Number != Accounts.Count + 1 || !_accountIds.Add(op.Id))
            {
                throw Wrong(header, $"account {op.Id} is opened as number {op.Number}; {Accounts.Count} accounts are open, or one of its id is.");
            }

            Accounts.Add(op.Number, account = new Account { Id = op.Id, Side = op.Side, Currency = op.Currency });
        }

        account.Floor = op.Floor;
        account.Ceiling = op.Ceiling;
    }

    private void AddEntry(EntryOp entry, FrameHeader header, Action<Cell[]> onEntry, Action<Cell[]> onPosting)
    {
        CheckEntry(entry.Number, entry.Key, header);
        var first = Postings + 1;
        foreach (ref readonly var posting in entry.Postings.AsSpan())
        {
            if (posting.Number != ++Postings)
            {
                throw Wrong(header, $"posting {posting.Number} stands where {Postings} is next.");
            }

            Carry(in posting, header);
            onPosting(
            [
                Cell.Of(posting.Number), Cell.Of((long)posting.Kind), Cell.Of(entry.Number), Cell.Of(posting.Debit), Cell.Of(posting.Credit), Cell.Of(posting.Amount),
                Cell.Of(posting.Hold), Cell.Of(posting.ExpiresAt), Cell.Of(posting.PreviousOfDebit), Cell.Of(posting.PreviousOfCredit),
            ]);
        }

        onEntry(
        [
            Cell.Of(entry.Number), Cell.Of(entry.Key), Cell.Of(entry.Kind), Cell.Of(entry.Cites), Cell.Of(header.Sequence), Cell.Of(header.NowMicros),
            Cell.Of(entry.Postings.Length == 0 ? 0 : first), Cell.Of((long)entry.Postings.Length),
        ]);
    }

    private void AddEntry(BulkEntryOp bulk, FrameHeader header, Action<Cell[]> onEntry, Action<Cell[]> onRun)
    {
        CheckEntry(bulk.Number, bulk.Key, header);
        var first = Postings + 1;
        foreach (var posting in bulk.Postings)
        {
            if (posting.Number != ++Postings)
            {
                throw Wrong(header, $"posting {posting.Number} stands where {Postings} is next.");
            }

            Carry(in posting, header);
        }

        if (Postings == first - 1)
        {
            throw Wrong(header, $"entry {bulk.Key} is a bulk entry without postings.");
        }

        foreach (var (number, bytes) in bulk.Postings.Rows())
        {
            onRun([Cell.Of(number), Cell.Of(bulk.Number), Cell.Of(bytes)]);
        }

        onEntry(
        [
            Cell.Of(bulk.Number), Cell.Of(bulk.Key), Cell.Of(bulk.Kind), Cell.Null, Cell.Of(header.Sequence), Cell.Of(header.NowMicros), Cell.Of(first),
            Cell.Of(Postings - first + 1),
        ]);
    }

    private void CheckEntry(long number, string key, FrameHeader header)
    {
        if (number != ++Entries)
        {
            throw Wrong(header, $"entry {key} has number {number} where {Entries} is next.");
        }

        if (!_entryKeys.Add(digest.Of("entry key", [Cell.Of(key)])))
        {
            throw Wrong(header, $"entry key {key} is used a second time.");
        }
    }

    private void Carry(in Posting posting, FrameHeader header)
    {
        if (!Accounts.TryGetValue(posting.Debit, out var debit) || !Accounts.TryGetValue(posting.Credit, out var credit) || debit == credit
            || debit.Currency != credit.Currency || posting.Amount <= 0)
        {
            throw Wrong(header, $"posting {posting.Number} moves {posting.Amount} from account {posting.Debit} to {posting.Credit}, which cannot be.");
        }

        if (posting.PreviousOfDebit != debit.Last || posting.PreviousOfCredit != credit.Last)
        {
            throw Wrong(header, $"posting {posting.Number} does not point to the postings before it of {debit.Id} and {credit.Id}.");
        }

        debit.Last = credit.Last = posting.Number;
        var (moved, held) = posting.Kind switch
        {
            PostingKind.Post => (posting.Amount, 0L),
            PostingKind.Hold => (0L, posting.Amount),
            PostingKind.Capture => (posting.Amount, -posting.Amount),
            PostingKind.Release or PostingKind.Expire => (0L, -posting.Amount),
            _ => throw Wrong(header, $"posting {posting.Number} is of no known kind."),
        };
        if (held > 0)
        {
            OpenHolds++;
            Holds.Add(posting.Number, new Hold
            {
                Debit = posting.Debit,
                Credit = posting.Credit,
                Amount = posting.Amount,
                ExpiresAt = posting.ExpiresAt,
                Left = posting.Amount,
            });
        }
        else if (held < 0)
        {
            Use(in posting, header);
        }

        if (posting.Hold != (held > 0 ? posting.Number : held < 0 ? posting.Hold : 0))
        {
            throw Wrong(header, $"posting {posting.Number} names hold {posting.Hold}.");
        }

        debit.Debits += moved;
        credit.Credits += moved;
        debit.DebitsHeld += held;
        credit.CreditsHeld += held;
    }

    private void Use(in Posting posting, FrameHeader header)
    {
        if (!Holds.TryGetValue(posting.Hold, out var hold) || hold.Debit != posting.Debit || hold.Credit != posting.Credit || hold.Left < posting.Amount)
        {
            throw Wrong(header, $"posting {posting.Number} takes {posting.Amount} of hold {posting.Hold}, which holds less, is of other accounts, or is none.");
        }

        if (posting.Kind == PostingKind.Expire && (hold.Left != posting.Amount || hold.ExpiresAt == 0 || hold.ExpiresAt > header.NowMicros))
        {
            throw Wrong(header, $"posting {posting.Number} lets hold {posting.Hold} expire, which is not due.");
        }

        hold.Left -= posting.Amount;
        hold.LastUse = posting.Kind;
        OpenHolds -= hold.Left == 0 ? 1 : 0;
    }

    private void AddEvent(EventOp told, FrameHeader header)
    {
        if (told.Number != ++Events)
        {
            throw Wrong(header, $"event {told.Number} stands where {Events} is next.");
        }

        foreach (var effect in told.Effects)
        {
            Cell[] cells = [Cell.Of(told.Number), Cell.Of(effect), Cell.Of(told.Type), Cell.Of(told.Lane), Cell.Of(told.Body), Cell.Of(0)];
            var row = digest.Of(shapes.Effects.Name, cells);
            cells[5] = Cell.Of(1);
            Effects.Add(Key(shapes.Effects, cells), new Effect(row, digest.Of(shapes.Effects.Name, cells), IsParked: false));
        }
    }

    private void SetParked(string what, string key, bool isParked, FrameHeader header)
    {
        if (what != "effect")
        {
            return;
        }

        var slash = key.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || !long.TryParse(key.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw Wrong(header, $"'{key}' is parked, which names no effect.");
        }

        var id = Key(shapes.Effects, [Cell.Of(number), Cell.Of(key[(slash + 1)..])]);
        if (Effects.TryGetValue(id, out var effect))
        {
            Effects[id] = effect with { IsParked = isParked };
        }
    }

    private void AddReply(ReplyOp reply, FrameHeader header)
    {
        Cell[] cells = [Cell.Of(reply.Key), Cell.Of(reply.Fingerprint), Cell.Of(reply.IsRefusal ? 1L : 0L), Cell.Of(reply.Body), Cell.Of(header.NowMicros)];
        if (reply.Key.Length != 16)
        {
            throw Wrong(header, $"a reply's key has {reply.Key.Length} bytes.");
        }

        var key = BinaryPrimitives.ReadUInt128LittleEndian(reply.Key);
        Replies[key] = new Reply(digest.Of(shapes.Replies.Name, cells), header.NowMicros);
        _repliesByAge.Enqueue((header.NowMicros, key));
    }

    /// <summary>Thirty days before the full hour the frame's time stands in: what is older is gone after it.</summary>
    private void ForgetOldReplies(long nowMicros)
    {
        var hours = nowMicros / 3_600_000_000L;
        var from = (hours - (30 * 24)) * 3_600_000_000L;
        while (_repliesByAge.TryPeek(out var oldest) && oldest.At < from)
        {
            _repliesByAge.Dequeue();
            if (Replies.TryGetValue(oldest.Key, out var reply) && reply.At == oldest.At)
            {
                Replies.Remove(oldest.Key);
            }
        }
    }

    private void CheckCounters(FrameHeader header)
    {
        if (header.LastAccount != Accounts.Count || header.LastEntry != Entries || header.LastPosting != Postings || header.LastEvent != Events)
        {
            throw Wrong(header, $"the header counts {header.LastAccount} accounts, {header.LastEntry} entries, {header.LastPosting} postings, {header.LastEvent} events; "
                + $"the changes come to {Accounts.Count}, {Entries}, {Postings}, {Events}.");
        }
    }
}
