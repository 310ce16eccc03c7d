using CsCheck;
using Peony.Ledger;

namespace Peony.Book.Tests.Stores;

public sealed class FrameCodecTests
{
    private static readonly System.Text.Json.JsonSerializerOptions WithFields = new() { IncludeFields = true };

    // Texts without lone surrogates, which are no characters and have no UTF-8.
    private static readonly Gen<string> Text = Gen.String[Gen.Char.Where(letter => !char.IsSurrogate(letter)), 0, 20];
    private static readonly Gen<string?> MaybeText = Gen.OneOf(Text.Select(text => (string?)text), Gen.Const((string?)null));
    private static readonly Gen<byte[]> Bytes = Gen.Byte.Array[0, 40];

    private static readonly Gen<Posting> Line = Gen.Select(Gen.Int[1, 5], Gen.Long.Array[8], (kind, values) => new Posting
    {
        Kind = (PostingKind)kind,
        Number = values[0],
        Debit = values[1],
        Credit = values[2],
        Amount = values[3],
        Hold = values[4],
        ExpiresAt = values[5],
        PreviousOfDebit = values[6],
        PreviousOfCredit = values[7],
    });

    private static readonly Gen<PackedPostings> Packed = Gen.Select(Gen.Long[1, long.MaxValue / 2], Gen.Long.Array[5].Array[0, 150], (first, rows) =>
    {
        var packer = new PackedPostings.Packer(first, 1);
        for (var index = 0; index < rows.Length; index++)
        {
            var number = first + index;
            packer.Add(new Posting
            {
                Number = number,
                Kind = PostingKind.Post,
                Debit = rows[index][0],
                Credit = rows[index][1],
                Amount = rows[index][2],
                PreviousOfDebit = rows[index][3] & (number - 1),
                PreviousOfCredit = rows[index][4] & (number - 1),
            });
        }

        return packer.Pack();
    });

    private static readonly Gen<FrameOp> Op = Gen.OneOf<FrameOp>(
        Gen.Select(Text, MaybeText, MaybeText, (name, caller, refusal) => (FrameOp)new CommandOp(name, caller, refusal)),
        Gen.Select(Text, Text, Gen.Long, Gen.Int, Bytes, MaybeText.Array[0, 4], (type, id, version, schema, body, values) => (FrameOp)new RecordOp(type, id, version, schema, body, values)),
        Gen.Select(Gen.Long, Text, Gen.Bool, Gen.Bool, Gen.Long, Gen.Long, (number, id, isDebit, isCny, floor, ceiling) =>
            (FrameOp)new AccountOp(number, id, isDebit ? NormalSide.Debit : NormalSide.Credit, isCny ? Currency.Cny : Currency.Kwd, floor, ceiling)),
        Gen.Select(Gen.Long, Text, Text, MaybeText, Line.Array[0, 4], (number, key, kind, cites, postings) => (FrameOp)new EntryOp(number, key, kind, cites, postings)),
        Gen.Select(Text, Gen.Long, Gen.Int[0, 2], Text, Bytes, (key, due, kind, command, body) => (FrameOp)new TimerOp(key, due, (TimerClass)kind, command, body)),
        Text.Select(key => (FrameOp)new TimerGoneOp(key)),
        Gen.Select(Gen.Long, Text, Text, Bytes, Text.Array[0, 4], (number, type, lane, body, effects) => (FrameOp)new EventOp(number, type, lane, body, effects)),
        Gen.Select(Gen.Long, Text, (number, effect) => (FrameOp)new EffectDoneOp(number, effect)),
        Gen.Select(Bytes, Bytes, Gen.Bool, Bytes, (key, print, isRefusal, body) => (FrameOp)new ReplyOp(key, print, isRefusal, body)),
        Gen.Select(Text, Text, Text, Text, Bytes, (what, key, error, command, body) => (FrameOp)new ParkedOp(what, key, error, command, body)),
        Gen.Select(Gen.Long, Text, Text, Packed, (number, key, kind, postings) => (FrameOp)new BulkEntryOp(number, key, kind, postings)),
        Gen.Select(Text, Text, (what, key) => (FrameOp)new UnparkedOp(what, key)));

    private static readonly Gen<FrameHeader> Header = Gen.Select(Text, Gen.Long.Array[8], Gen.Byte.Array[32], (book, numbers, hash) => new FrameHeader
    {
        Book = book,
        Sequence = numbers[0],
        Epoch = numbers[1],
        NowMicros = numbers[2],
        ClockAheadMicros = numbers[3],
        LastAccount = numbers[4],
        LastEntry = numbers[5],
        LastPosting = numbers[6],
        LastEvent = numbers[7],
        PreviousHash = hash,
    });

    [Fact]
    public void What_is_packed_comes_out_as_it_was()
    {
        Gen.Select(Header, Op.List[0, 12]).Sample((header, ops) =>
        {
            var payload = FrameCodec.Encode(header, ops);
            var frame = FrameCodec.Decode(payload, [1]);
            Assert.Equivalent(header, frame.Header, strict: true);
            Assert.Equivalent(header, FrameCodec.DecodeHeader(payload), strict: true);
            Assert.Equal(ops.Select(Shown), frame.Ops.Select(Shown));
            Assert.Equal(payload, FrameCodec.Encode(frame.Header, frame.Ops));
        }, iter: 2000);
    }

    [Fact]
    public void Damaged_bytes_are_refused_or_read_and_nothing_else()
    {
        var payloads = new History(77).Grow(30).Stored.Select(frame => frame.Payload).ToList();
        Gen.Select(Gen.Int[0, payloads.Count - 1], Gen.Int[0, 1_000_000], Gen.Byte, Gen.Int[0, 3]).Sample((which, at, value, kind) =>
        {
            var payload = payloads[which];
            var damaged = kind switch
            {
                0 => payload[..(at % payload.Length)],
                1 => [.. payload[..(at % payload.Length)], value, .. payload[(at % payload.Length)..]],
                2 => [.. payload, value],
                _ => (byte[])payload.Clone(),
            };
            if (kind == 3)
            {
                damaged[at % payload.Length] = value;
            }

            try
            {
                FrameCodec.Decode(damaged, []);
                FrameCodec.DecodeHeader(damaged);
            }
            catch (FrameFormatException)
            {
                // The one way out.
            }
        }, iter: 20_000);
    }

    [Fact]
    public void Bytes_of_any_kind_are_refused_or_read_and_nothing_else() => Gen.Byte.Array[0, 200].Sample(
        bytes =>
        {
            try
            {
                FrameCodec.Decode([.. "PNYF"u8, FrameHeader.Format, .. bytes], []);
            }
            catch (FrameFormatException)
            {
                // The one way out.
            }
        },
        iter: 20_000);

    [Fact]
    public void A_frame_of_a_newer_format_says_which_reader_it_needs()
    {
        var payload = new History(1).Grow(1).Stored[0].Payload;
        payload[4] = 9;
        Assert.Contains("format 9", Assert.Throws<FrameFormatException>(() => FrameCodec.Decode(payload, [])).Message, StringComparison.Ordinal);
    }

    /// <summary>The first release's format, packed once and kept: what was written must stay readable.</summary>
    [Fact]
    public void The_golden_frame_of_format_1_reads_as_ever()
    {
        var golden = Convert.FromHexString(Golden.Format1);
        var frame = FrameCodec.Decode(golden, []);
        Assert.Equal(("peony", 7L, 3L), (frame.Header.Book, frame.Header.Sequence, frame.Header.Epoch));
        Assert.Equal(Golden.Ops().Select(Shown), frame.Ops.Select(Shown));
        Assert.Equal(Golden.Format1, Convert.ToHexStringLower(FrameCodec.Encode(frame.Header, frame.Ops)));
    }

    [Fact]
    public void The_golden_frame_of_format_2_reads_as_ever()
    {
        var frame = FrameCodec.Decode(Convert.FromHexString(Golden.Format2), []);
        Assert.Equal([Shown(Golden.Bulk())], frame.Ops.Select(Shown));
        Assert.Equal(Golden.Format2, Convert.ToHexStringLower(FrameCodec.Encode(frame.Header, frame.Ops)));
    }

    [Fact]
    public void Packed_postings_come_out_as_they_went_in_also_row_by_row() => Packed.Sample(packed =>
    {
        var whole = new List<string>();
        foreach (var posting in packed)
        {
            whole.Add(System.Text.Json.JsonSerializer.Serialize(posting, WithFields));
        }

        var rows = new List<string>();
        foreach (var (first, bytes) in packed.Rows())
        {
            foreach (var posting in new PackedPostings(first, 0, bytes))
            {
                rows.Add(System.Text.Json.JsonSerializer.Serialize(posting, WithFields));
            }
        }

        Assert.Equal(packed.Count, whole.Count);
        Assert.Equal(whole, rows);
    });

    internal static string Shown(FrameOp op) => System.Text.Json.JsonSerializer.Serialize(op, op.GetType(), WithFields);
}

/// <summary>One frame of each release's format with every kind of change, as hex.</summary>
internal static class Golden
{
    public const string Format1 =
        "504e5946010b70656f6e790e068080d6e8fce7a5060a040204084000000000000000000000000000000000000000000000000000000000000000001801257769746864726177"
        + "616c732e72656465656d010b7365735f3100010200012f7769746864726177616c2e636f64655f6578706972656402177769746864726177616c730977645f310402187b2261"
        + "6d6f756e74223a357d04010b6375735f310003042b637573746f6d65722f6375735f312f77616c6c65740207434e5900feffffffffffffffff01040229776974686472617761"
        + "6c2f77645f312f68656c641f7769746864726177616c2e68656c640111746f702d75702f310402010000000000000002000000000000000100000000000000f4010000000000"
        + "00010000000000000000636cf89f4b06000000000000000000000000000000000004020000000000000002000000000000000100000000000000f40100000000000001000000"
        + "00000000000000000000000001000000000000000100000000000000052d7769746864726177616c2f77645f312f657870697279808ce386ffe7a50600257769746864726177"
        + "616c732e657870697265047b7d06180708317769746864726177616c732e636f64655f6f7264657265640a1a7b226964223a2277645f31227d022b7769746864726177616c73"
        + "2e73656e645f636f646508061b7061796f7574732e6f726465720920000102030405060708090a0b0c0d0e0f0601020301227b22636f6465223a22e68f90e78eb0227d0a0d65"
        + "66666563742f342f7769746864726177616c732e73656e645f636f6465294874747052657175657374457863657074696f6e1e000b0b74696d657218";

    /// <summary>The same header and one bulk entry.</summary>
    public const string Format2 =
        "504e5946020b70656f6e790e068080d6e8fce7a5060a04020408400000000000000000000000000000000000000000000000000000000000000000020c04236469"
        + "7362757273656d656e742f64625f312364697362757273656d656e742e7061696406041a0102f40301000201c0843d0101";

    public static BulkEntryOp Bulk()
    {
        var packer = new PackedPostings.Packer(3, 2);
        packer.Add(new Posting { Number = 3, Kind = PostingKind.Post, Debit = 1, Credit = 2, Amount = 500, PreviousOfDebit = 2, PreviousOfCredit = 0 });
        packer.Add(new Posting { Number = 4, Kind = PostingKind.Post, Debit = 2, Credit = 1, Amount = 1_000_000, PreviousOfDebit = 3, PreviousOfCredit = 3 });
        return new BulkEntryOp(2, "disbursement/db_1", "disbursement.paid", packer.Pack());
    }

    public static FrameHeader Header { get; } = FrameHeader.Genesis("peony") with
    {
        Sequence = 7,
        Epoch = 3,
        NowMicros = 1_772_000_000_000_000,
        ClockAheadMicros = 5,
        LastAccount = 2,
        LastEntry = 1,
        LastPosting = 2,
        LastEvent = 4,
    };

    public static IReadOnlyList<FrameOp> Ops() =>
    [
        new CommandOp("withdrawals.redeem", "ses_1", null),
        new CommandOp("withdrawals.redeem", null, "withdrawal.code_expired"),
        new RecordOp("withdrawals", "wd_1", 2, 1, "{\"amount\":5}"u8.ToArray(), ["cus_1", null]),
        new AccountOp(2, "customer/cus_1/wallet", NormalSide.Credit, Currency.Cny, 0, long.MaxValue),
        new EntryOp(1, "withdrawal/wd_1/held", "withdrawal.held", "top-up/1",
            [
                new Posting { Number = 1, Kind = PostingKind.Hold, Debit = 2, Credit = 1, Amount = 500, Hold = 1, ExpiresAt = 1_772_000_300_000_000 },
                new Posting { Number = 2, Kind = PostingKind.Release, Debit = 2, Credit = 1, Amount = 500, Hold = 1, PreviousOfDebit = 1, PreviousOfCredit = 1 },
            ]),
        new TimerOp("withdrawal/wd_1/expiry", 1_772_000_300_000_000, TimerClass.Expiry, "withdrawals.expire", "{}"u8.ToArray()),
        new TimerGoneOp("withdrawal/wd_1/expiry"),
        new EventOp(4, "withdrawals.code_ordered", "wd_1", "{\"id\":\"wd_1\"}"u8.ToArray(), ["withdrawals.send_code"]),
        new EffectDoneOp(3, "payouts.order"),
        new ReplyOp([.. Enumerable.Range(0, 16).Select(number => (byte)number)], [1, 2, 3], true, "{\"code\":\"提现\"}"u8.ToArray()),
        new ParkedOp("effect", "4/withdrawals.send_code", "HttpRequestException", "withdrawals.send_code", []),
        new UnparkedOp("timer", "withdrawal/wd_1/expiry"),
    ];
}
