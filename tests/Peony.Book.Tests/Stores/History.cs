using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Peony.Ledger;

namespace Peony.Book.Tests.Stores;

/// <summary>A record of the store tests: an owner to list by, and a label nobody else has, which moves from one gadget to another.</summary>
internal sealed record Gadget(string Key, string Owner, string? Label, int Turns, string Note) : IRecord;

/// <summary>A second type, without indexes.</summary>
internal sealed record Gizmo(string Key, long Size) : IRecord;

/// <summary>
/// A random but lawful history of frames from a seed: records that trade their labels, accounts, entries, holds, timers, events, effects, replies, parked things. It decides with the
/// ledger's own posting rule and knows nothing of the stores.
/// </summary>
internal sealed class History
{
    public const string Book = "test";
    private static readonly string[] Effects = ["sms", "bank"];
    private readonly Random _random;
    private readonly byte[] _chainKey;
    private readonly List<AccountState> _accounts = [];
    private readonly List<HoldState> _open = [];
    private readonly Dictionary<string, (long Version, Gadget State)> _gadgets = [];
    private readonly Dictionary<string, long> _gizmos = [];
    private readonly HashSet<string> _labels = [];
    private readonly List<string> _timers = [];
    private readonly List<(long Event, string Effect)> _outstanding = [];
    private readonly List<(string What, string Key)> _parked = [];
    private readonly List<byte[]> _replies = [];
    private byte[] _hash = new byte[32];
    private long _sequence;
    private long _entry;
    private long _posting;
    private long _event;
    private long _now = 1_772_000_000_000_000;

    public History(int seed, Secrets? secrets = null)
    {
        _random = new Random(seed);
        Secrets = secrets ?? new Secrets(SHA256.HashData("the store tests"u8));
        _chainKey = Secrets.Key("chain");
    }

    public Secrets Secrets { get; }

    public long Epoch { get; set; } = 1;

    public List<Frame> Frames { get; } = [];

    public List<StoredFrame> Stored { get; } = [];

    public static BookSchema Schema(int schema = 1, bool hasNoteIndex = false)
    {
        var book = new BookSchema();
        var gadgets = book.Record<Gadget>("gadgets", schema).Index("owner", gadget => gadget.Owner).Unique("label", gadget => gadget.Label);
        if (schema > 1)
        {
            gadgets.Upgrade(1, body =>
            {
                body["note"] = JsonValue.Create("upgraded " + body["note"]!.GetValue<string>());
                return body;
            });
        }

        if (hasNoteIndex)
        {
            gadgets.Index("note", gadget => gadget.Note);
        }

        book.Record<Gizmo>("gizmos");
        return book;
    }

    public History Grow(int frames, int commandsAFrame = 6)
    {
        for (var frame = 0; frame < frames; frame++)
        {
            // Mostly milliseconds pass, now and then days, so that replies grow old.
            _now += _random.Next(40) == 0 ? _random.NextInt64(1, 9) * 86_400_000_000 : _random.Next(5_000_000);
            var ops = new List<FrameOp>();
            for (var command = _random.Next(1, commandsAFrame + 1); command > 0; command--)
            {
                Command(ops);
            }

            Close(ops);
        }

        return this;
    }

    public Frame Close(List<FrameOp> ops)
    {
        var header = new FrameHeader
        {
            Book = Book,
            Sequence = ++_sequence,
            Epoch = Epoch,
            NowMicros = _now,
            ClockAheadMicros = 0,
            LastAccount = _accounts.Count,
            LastEntry = _entry,
            LastPosting = _posting,
            LastEvent = _event,
            PreviousHash = _hash,
        };
        var payload = FrameCodec.Encode(header, ops);
        _hash = FrameCodec.Hash(_chainKey, payload);
        Stored.Add(new StoredFrame(_sequence, Epoch, payload, _hash));
        Frames.Add(FrameCodec.Decode(payload, _hash));
        return Frames[^1];
    }

    private void Command(List<FrameOp> ops)
    {
        ops.Add(new CommandOp("test.command", _random.Next(3) == 0 ? null : "caller " + _random.Next(5), _random.Next(10) == 0 ? "test.refused" : null));
        for (var acts = _random.Next(1, 4); acts > 0; acts--)
        {
            Act(ops);
        }

        if (_random.Next(3) > 0)
        {
            Reply(ops);
        }
    }

    private void Act(List<FrameOp> ops)
    {
        switch (_random.Next(12))
        {
            case 0 or 1:
                SaveGadget(ops);
                break;
            case 2:
                TradeLabels(ops);
                break;
            case 3:
                SaveGizmo(ops);
                break;
            case 4 when _accounts.Count < 40 || _random.Next(4) == 0:
                OpenAccount(ops);
                break;
            case 5 when _accounts.Count > 0:
                SetLimits(ops);
                break;
            case 6 or 7 or 8 or 4 or 5:
                Post(ops);
                break;
            case 9:
                Timer(ops);
                break;
            case 10:
                Tell(ops);
                break;
            default:
                Park(ops);
                break;
        }
    }

    private void SaveGadget(List<FrameOp> ops)
    {
        if (_gadgets.Count < 5 || _random.Next(2) == 0)
        {
            var id = $"gad_{_gadgets.Count:D6}";
            var label = _random.Next(3) == 0 ? null : $"label {_labels.Count} 标";
            _ = label is null || _labels.Add(label);
            Save(ops, new Gadget(id, $"owner {_random.Next(7)}", label, 0, Text(60)), 1);
            return;
        }

        var (key, (version, state)) = Any(_gadgets);
        Save(ops, state with { Key = key, Turns = state.Turns + 1, Owner = $"owner {_random.Next(7)}", Note = Text(120) }, version + 1);
    }

    /// <summary>Two gadgets take each other's label, within one frame: whoever writes rows one by one must not trip over it.</summary>
    private void TradeLabels(List<FrameOp> ops)
    {
        if (_gadgets.Count < 2)
        {
            return;
        }

        var (_, one) = Any(_gadgets);
        var (_, other) = Any(_gadgets);
        if (one.State.Key != other.State.Key)
        {
            Save(ops, one.State with { Label = other.State.Label }, one.Version + 1);
            Save(ops, other.State with { Label = one.State.Label }, other.Version + 1);
        }
    }

    private void Save(List<FrameOp> ops, Gadget gadget, long version)
    {
        _gadgets[gadget.Key] = (version, gadget);
        ops.Add(new RecordOp("gadgets", gadget.Key, version, 1, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(gadget, BookJson.Options), [gadget.Owner, gadget.Label]));
    }

    private void SaveGizmo(List<FrameOp> ops)
    {
        var id = $"giz_{_random.Next(30):D3}";
        var version = _gizmos.GetValueOrDefault(id) + 1;
        _gizmos[id] = version;
        ops.Add(new RecordOp("gizmos", id, version, 1, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new Gizmo(id, _random.NextInt64()), BookJson.Options), []));
    }

    private void OpenAccount(List<FrameOp> ops)
    {
        var account = new AccountState
        {
            Number = _accounts.Count + 1,
            Side = _random.Next(2) == 0 ? NormalSide.Debit : NormalSide.Credit,
            Currency = _random.Next(5) == 0 ? Currency.Usd : Currency.Cny,
            Floor = AccountState.NoFloor,
            Ceiling = AccountState.NoCeiling,
        };
        _accounts.Add(account);
        ops.Add(new AccountOp(account.Number, $"account/{account.Number}", account.Side, account.Currency, account.Floor, account.Ceiling));
    }

    private void SetLimits(List<FrameOp> ops)
    {
        var index = _random.Next(_accounts.Count);
        var account = _accounts[index];
        account.Floor = -_random.Next(1_000_000, 2_000_000);
        _accounts[index] = account;
        ops.Add(new AccountOp(account.Number, $"account/{account.Number}", account.Side, account.Currency, account.Floor, account.Ceiling));
    }

    private void Post(List<FrameOp> ops)
    {
        if (_accounts.Count < 2)
        {
            OpenAccount(ops);
            OpenAccount(ops);
        }

        if (_random.Next(3) == 0)
        {
            PostEach(ops);
            return;
        }

        var postings = new List<Posting>();
        for (var lines = _random.Next(1, 4); lines > 0; lines--)
        {
            Line(postings);
        }

        if (postings.Count == 0)
        {
            return;
        }

        _entry++;
        ops.Add(new EntryOp(_entry, $"fact/{_entry}", _random.Next(2) == 0 ? "test.moved" : "test.held", _entry > 1 && _random.Next(5) == 0 ? $"fact/{_entry - 1}" : null, [.. postings]));
    }

    /// <summary>A bulk entry, at times of more postings than a row takes.</summary>
    private void PostEach(List<FrameOp> ops)
    {
        var packer = new PackedPostings.Packer(_posting + 1, 1);
        for (var lines = _random.Next(1, _random.Next(4) == 0 ? 200 : 5); lines > 0; lines--)
        {
            var posting = new Posting { Kind = PostingKind.Post, Number = _posting + 1, Debit = _random.Next(_accounts.Count) + 1, Credit = _random.Next(_accounts.Count) + 1, Amount = _random.Next(1, 10_000) };
            if (posting.Debit == posting.Credit)
            {
                continue;
            }

            var (debit, credit, hold) = (_accounts[(int)posting.Debit - 1], _accounts[(int)posting.Credit - 1], default(HoldState));
            if (PostingRule.Apply(ref debit, ref credit, ref hold, ref posting, _now) == PostingOutcome.Applied)
            {
                _posting++;
                (_accounts[(int)posting.Debit - 1], _accounts[(int)posting.Credit - 1]) = (debit, credit);
                packer.Add(in posting);
            }
        }

        if (packer.Count > 0)
        {
            _entry++;
            ops.Add(new BulkEntryOp(_entry, $"fact/{_entry}", "test.moved_each", packer.Pack()));
        }
    }

    private void Line(List<Posting> postings)
    {
        var posting = new Posting { Number = _posting + 1 };
        var hold = default(HoldState);
        var use = _open.Count > 0 && _random.Next(3) == 0 ? _random.Next(_open.Count) : -1;
        if (use >= 0)
        {
            hold = _open[use];
            (posting.Debit, posting.Credit, posting.Hold) = (hold.Debit, hold.Credit, hold.Number);
            posting.Kind = (PostingKind)_random.Next(3, 6);
            posting.Amount = posting.Kind == PostingKind.Expire || _random.Next(2) == 0 ? hold.Remaining : _random.NextInt64(1, hold.Remaining + 1);
        }
        else
        {
            posting.Kind = _random.Next(3) == 0 ? PostingKind.Hold : PostingKind.Post;
            posting.Debit = _random.Next(_accounts.Count) + 1;
            posting.Credit = _random.Next(_accounts.Count) + 1;
            posting.Amount = _random.Next(1, 10_000);
            posting.ExpiresAt = posting.Kind == PostingKind.Hold ? 1 : 0;
            if (posting.Debit == posting.Credit)
            {
                return;
            }
        }

        var (debit, credit) = (_accounts[(int)posting.Debit - 1], _accounts[(int)posting.Credit - 1]);
        if (PostingRule.Apply(ref debit, ref credit, ref hold, ref posting, _now) != PostingOutcome.Applied)
        {
            return;
        }

        _posting++;
        (_accounts[(int)posting.Debit - 1], _accounts[(int)posting.Credit - 1]) = (debit, credit);
        if (use >= 0)
        {
            _open.RemoveAt(use);
        }

        if (hold.Status == HoldStatus.Open)
        {
            _open.Add(hold);
        }

        postings.Add(posting);
    }

    private void Timer(List<FrameOp> ops)
    {
        if (_timers.Count > 3 && _random.Next(2) == 0)
        {
            var gone = _random.Next(_timers.Count);
            ops.Add(new TimerGoneOp(_timers[gone]));
            _timers.RemoveAt(gone);
            return;
        }

        var key = $"timer/{_random.Next(50)}";
        if (!_timers.Contains(key))
        {
            _timers.Add(key);
        }

        ops.Add(new TimerOp(key, _now + _random.Next(100), (TimerClass)_random.Next(3), "test.tick", Encoding.UTF8.GetBytes(Text(30))));
    }

    private void Tell(List<FrameOp> ops)
    {
        if (_outstanding.Count > 2 && _random.Next(2) == 0)
        {
            var done = _outstanding[_random.Next(_outstanding.Count)];
            _outstanding.Remove(done);
            ops.Add(new EffectDoneOp(done.Event, done.Effect));
            return;
        }

        _event++;
        var effects = Effects[.._random.Next(3)];
        _outstanding.AddRange(effects.Select(effect => (_event, effect)));
        ops.Add(new EventOp(_event, "test.told", $"lane {_random.Next(4)}", Encoding.UTF8.GetBytes(Text(40)), effects));
    }

    private void Park(List<FrameOp> ops)
    {
        if (_parked.Count > 2 && _random.Next(2) == 0)
        {
            var (what, key) = _parked[_random.Next(_parked.Count)];
            _parked.Remove((what, key));
            ops.Add(new UnparkedOp(what, key));
            return;
        }

        var parked = _outstanding.Count > 0 && _random.Next(2) == 0 && _outstanding[_random.Next(_outstanding.Count)] is var (number, effect)
            ? ("effect", $"{number}/{effect}")
            : ("timer", $"parked/{_random.Next(50)}");
        if (!_parked.Contains(parked))
        {
            _parked.Add(parked);
        }

        ops.Add(new ParkedOp(parked.Item1, parked.Item2, "Exception", "test.tick", Encoding.UTF8.GetBytes(Text(20))));
    }

    private void Reply(List<FrameOp> ops)
    {
        var key = _replies.Count > 5 && _random.Next(8) == 0 ? _replies[_random.Next(_replies.Count)] : Bytes(16);
        _replies.Add(key);
        ops.Add(new ReplyOp(key, Bytes(16), _random.Next(5) == 0, Encoding.UTF8.GetBytes($"{{\"answer\":\"{Text(50)}\"}}")));
    }

    private (string Key, (long Version, Gadget State) Value) Any(Dictionary<string, (long, Gadget)> gadgets)
    {
        var pair = gadgets.ElementAt(_random.Next(gadgets.Count));
        return (pair.Key, pair.Value);
    }

    private byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }

    private string Text(int most)
    {
        const string letters = "abcdefghij 提现余额0123456789'\"\\";
        return string.Create(_random.Next(most), _random, static (span, random) =>
        {
            foreach (ref var letter in span)
            {
                letter = letters[random.Next(letters.Length)];
            }
        });
    }
}
