using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Peony.Ledger;

namespace Peony.Book;

/// <summary>The bytes of a frame are not what a frame can be. The journal was damaged or written by something else.</summary>
internal sealed class FrameFormatException(string message) : Exception(message);

/// <summary>
/// Packs frames into bytes and back. Layout: the magic <c>PNYF</c>, a format byte, the header's fields, the number of ops, then each op as a kind byte and its fields.
/// Integers are little-endian varints (zigzag), texts and byte strings are length first; a text that repeats inside a frame is written once. Postings are of fixed size.
/// </summary>
internal static class FrameCodec
{
    private const int PostingBytes = 1 + (8 * 8);

    public static byte[] Hash(byte[] chainKey, ReadOnlySpan<byte> payload) => HMACSHA256.HashData(chainKey, payload);

    public static byte[] Encode(FrameHeader header, IReadOnlyList<FrameOp> ops)
    {
        var writer = new Writer();
        writer.Raw("PNYF"u8);
        writer.Byte(OldestReader(ops));
        writer.Text(header.Book);
        writer.Long(header.Sequence);
        writer.Long(header.Epoch);
        writer.Long(header.NowMicros);
        writer.Long(header.ClockAheadMicros);
        writer.Long(header.LastAccount);
        writer.Long(header.LastEntry);
        writer.Long(header.LastPosting);
        writer.Long(header.LastEvent);
        writer.Bytes(header.PreviousHash);
        writer.Long(ops.Count);
        foreach (var op in ops)
        {
            Write(writer, op);
        }

        return writer.ToArray();
    }

    /// <summary>The first format that knows every change of the frame.</summary>
    private static byte OldestReader(IReadOnlyList<FrameOp> ops)
    {
        foreach (var op in ops)
        {
            if (op is BulkEntryOp)
            {
                return 2;
            }
        }

        return 1;
    }

    public static Frame Decode(byte[] payload, byte[] hash)
    {
        try
        {
            var reader = new Reader(payload);
            var header = ReadHeader(ref reader);
            var count = reader.Count();
            var ops = new List<FrameOp>(count);
            for (var index = 0; index < count; index++)
            {
                ops.Add(ReadOp(ref reader));
            }

            return reader.IsAtEnd ? new Frame(header, ops, hash) : throw new FrameFormatException("Bytes follow the last change of the frame.");
        }
        catch (Exception exception) when (exception is ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw new FrameFormatException("The frame's bytes end or break off where they must not.");
        }
    }

    public static FrameHeader DecodeHeader(byte[] payload)
    {
        try
        {
            var reader = new Reader(payload);
            return ReadHeader(ref reader);
        }
        catch (Exception exception) when (exception is ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw new FrameFormatException("The frame's header breaks off.");
        }
    }

    private static FrameHeader ReadHeader(ref Reader reader)
    {
        if (!reader.Raw(4).SequenceEqual("PNYF"u8))
        {
            throw new FrameFormatException("This is no frame.");
        }

        var format = reader.Byte();
        if (format is 0 or > FrameHeader.Format)
        {
            throw new FrameFormatException($"The frame asks for a reader of format {format}; this program reads up to {FrameHeader.Format}. Start a program that does.");
        }

        return new FrameHeader
        {
            Book = reader.Text(),
            Sequence = reader.Long(),
            Epoch = reader.Long(),
            NowMicros = reader.Long(),
            ClockAheadMicros = reader.Long(),
            LastAccount = reader.Long(),
            LastEntry = reader.Long(),
            LastPosting = reader.Long(),
            LastEvent = reader.Long(),
            PreviousHash = reader.Bytes(),
        };
    }

    private static void Write(Writer writer, FrameOp op)
    {
        switch (op)
        {
            case CommandOp command:
                writer.Byte(1);
                writer.Text(command.Name);
                writer.MaybeText(command.Caller);
                writer.MaybeText(command.Refusal);
                break;
            case RecordOp record:
                writer.Byte(2);
                writer.Text(record.Type);
                writer.Text(record.Id);
                writer.Long(record.Version);
                writer.Long(record.Schema);
                writer.Bytes(record.Body);
                writer.Long(record.IndexValues.Length);
                foreach (var value in record.IndexValues)
                {
                    writer.MaybeText(value);
                }

                break;
            case AccountOp account:
                writer.Byte(3);
                writer.Long(account.Number);
                writer.Text(account.Id);
                writer.Byte((byte)account.Side);
                writer.Text(account.Currency.Code);
                writer.Long(account.Floor);
                writer.Long(account.Ceiling);
                break;
            case EntryOp entry:
                writer.Byte(4);
                writer.Long(entry.Number);
                writer.Text(entry.Key);
                writer.Text(entry.Kind);
                writer.MaybeText(entry.Cites);
                writer.Long(entry.Postings.Length);
                foreach (ref readonly var posting in entry.Postings.AsSpan())
                {
                    writer.Posting(in posting);
                }

                break;
            case TimerOp timer:
                writer.Byte(5);
                writer.Text(timer.Key);
                writer.Long(timer.DueMicros);
                writer.Byte((byte)timer.Class);
                writer.Text(timer.Command);
                writer.Bytes(timer.Body);
                break;
            case TimerGoneOp gone:
                writer.Byte(6);
                writer.Text(gone.Key);
                break;
            case EventOp told:
                writer.Byte(7);
                writer.Long(told.Number);
                writer.Text(told.Type);
                writer.Text(told.Lane);
                writer.Bytes(told.Body);
                writer.Long(told.Effects.Length);
                foreach (var effect in told.Effects)
                {
                    writer.Text(effect);
                }

                break;
            case EffectDoneOp done:
                writer.Byte(8);
                writer.Long(done.Event);
                writer.Text(done.Effect);
                break;
            case ReplyOp reply:
                writer.Byte(9);
                writer.Bytes(reply.Key);
                writer.Bytes(reply.Fingerprint);
                writer.Byte(reply.IsRefusal ? (byte)1 : (byte)0);
                writer.Bytes(reply.Body);
                break;
            case ParkedOp parked:
                writer.Byte(10);
                writer.Text(parked.What);
                writer.Text(parked.Key);
                writer.Text(parked.Error);
                writer.Text(parked.Command);
                writer.Bytes(parked.Body);
                break;
            case UnparkedOp unparked:
                writer.Byte(11);
                writer.Text(unparked.What);
                writer.Text(unparked.Key);
                break;
            case BulkEntryOp bulk:
                writer.Byte(12);
                writer.Long(bulk.Number);
                writer.Text(bulk.Key);
                writer.Text(bulk.Kind);
                writer.Long(bulk.Postings.First);
                writer.Long(bulk.Postings.Count);
                writer.Bytes(bulk.Postings.Bytes);
                break;
            default:
                throw new InvalidOperationException($"{op.GetType().Name} has no place in a frame.");
        }
    }

    private static FrameOp ReadOp(ref Reader reader)
    {
        var kind = reader.Byte();
        switch (kind)
        {
            case 1:
                return new CommandOp(reader.Text(), reader.MaybeText(), reader.MaybeText());
            case 2:
                return new RecordOp(reader.Text(), reader.Text(), reader.Long(), checked((int)reader.Long()), reader.Bytes(), reader.MaybeTexts());
            case 3:
                return new AccountOp(reader.Long(), reader.Text(), (NormalSide)reader.Byte(), reader.Currency(), reader.Long(), reader.Long());
            case 4:
                return new EntryOp(reader.Long(), reader.Text(), reader.Text(), reader.MaybeText(), reader.Postings());
            case 5:
                return new TimerOp(reader.Text(), reader.Long(), (TimerClass)reader.Byte(), reader.Text(), reader.Bytes());
            case 6:
                return new TimerGoneOp(reader.Text());
            case 7:
                return new EventOp(reader.Long(), reader.Text(), reader.Text(), reader.Bytes(), reader.Texts());
            case 8:
                return new EffectDoneOp(reader.Long(), reader.Text());
            case 9:
                return new ReplyOp(reader.Bytes(), reader.Bytes(), reader.Byte() == 1, reader.Bytes());
            case 10:
                return new ParkedOp(reader.Text(), reader.Text(), reader.Text(), reader.Text(), reader.Bytes());
            case 11:
                return new UnparkedOp(reader.Text(), reader.Text());
            case 12:
                return new BulkEntryOp(reader.Long(), reader.Text(), reader.Text(), reader.Packed());
            default:
                throw new FrameFormatException($"A change of unknown kind {kind}.");
        }
    }

    private sealed class Writer
    {
        private readonly ArrayBufferWriter<byte> _buffer = new(1024);
        private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);

        public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

        public void Raw(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);

        public void Byte(byte value)
        {
            _buffer.GetSpan(1)[0] = value;
            _buffer.Advance(1);
        }

        public void Long(long value)
        {
            var zigzag = (ulong)((value << 1) ^ (value >> 63));
            var span = _buffer.GetSpan(10);
            var length = 0;
            while (zigzag >= 0x80)
            {
                span[length++] = (byte)(zigzag | 0x80);
                zigzag >>= 7;
            }

            span[length++] = (byte)zigzag;
            _buffer.Advance(length);
        }

        public void Bytes(ReadOnlySpan<byte> bytes)
        {
            Long(bytes.Length);
            _buffer.Write(bytes);
        }

        /// <summary>A new text is written as -length - 1 and its bytes; one seen before as its number.</summary>
        public void Text(string text)
        {
            if (_texts.TryGetValue(text, out var number))
            {
                Long(number);
                return;
            }

            _texts.Add(text, _texts.Count);
            var length = Encoding.UTF8.GetByteCount(text);
            Long(-length - 1L);
            Encoding.UTF8.GetBytes(text, _buffer.GetSpan(Math.Max(1, length)));
            _buffer.Advance(length);
        }

        public void MaybeText(string? text)
        {
            Byte(text is null ? (byte)0 : (byte)1);
            if (text is not null)
            {
                Text(text);
            }
        }

        public void Posting(in Posting posting)
        {
            var span = _buffer.GetSpan(PostingBytes);
            span[0] = (byte)posting.Kind;
            ReadOnlySpan<long> values =
                [posting.Number, posting.Debit, posting.Credit, posting.Amount, posting.Hold, posting.ExpiresAt, posting.PreviousOfDebit, posting.PreviousOfCredit];
            for (var index = 0; index < values.Length; index++)
            {
                BinaryPrimitives.WriteInt64LittleEndian(span[(1 + (index * 8))..], values[index]);
            }

            _buffer.Advance(PostingBytes);
        }
    }

    private ref struct Reader(byte[] payload)
    {
        private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
        private readonly ReadOnlySpan<byte> _span = payload;
        private readonly List<string> _texts = [];
        private int _at;

        public readonly bool IsAtEnd => _at == _span.Length;

        public ReadOnlySpan<byte> Raw(int length)
        {
            var bytes = _span.Slice(_at, length);
            _at += length;
            return bytes;
        }

        public byte Byte() => _span[_at++];

        public long Long()
        {
            ulong zigzag = 0;
            for (var shift = 0; shift < 64; shift += 7)
            {
                var next = _span[_at++];
                zigzag |= (ulong)(next & 0x7F) << shift;
                if (next < 0x80)
                {
                    return (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
                }
            }

            throw new FrameFormatException("A number has too many bytes.");
        }

        /// <summary>A count of things that each take at least one byte.</summary>
        public int Count()
        {
            var count = Long();
            return count >= 0 && count <= _span.Length - _at ? (int)count : throw new FrameFormatException("A count is larger than the frame.");
        }

        public byte[] Bytes() => Raw(Count()).ToArray();

        public string Text()
        {
            var number = Long();
            if (number >= 0)
            {
                return number < _texts.Count ? _texts[(int)number] : throw new FrameFormatException("A text is named before it was written.");
            }

            var text = Strict.GetString(Raw(checked((int)(-number - 1))));
            _texts.Add(text);
            return text;
        }

        public string? MaybeText() => Byte() == 0 ? null : Text();

        public string[] Texts()
        {
            var texts = new string[Count()];
            for (var index = 0; index < texts.Length; index++)
            {
                texts[index] = Text();
            }

            return texts;
        }

        public string?[] MaybeTexts()
        {
            var texts = new string?[Count()];
            for (var index = 0; index < texts.Length; index++)
            {
                texts[index] = MaybeText();
            }

            return texts;
        }

        public Currency Currency() =>
            Peony.Ledger.Currency.TryParse(Text(), out var currency) ? currency : throw new FrameFormatException("An unknown currency.");

        public Posting[] Postings()
        {
            var postings = new Posting[Count()];
            for (var index = 0; index < postings.Length; index++)
            {
                var span = Raw(PostingBytes);
                postings[index] = new Posting
                {
                    Kind = (PostingKind)span[0],
                    Number = At(span, 0),
                    Debit = At(span, 1),
                    Credit = At(span, 2),
                    Amount = At(span, 3),
                    Hold = At(span, 4),
                    ExpiresAt = At(span, 5),
                    PreviousOfDebit = At(span, 6),
                    PreviousOfCredit = At(span, 7),
                };
            }

            return postings;
        }

        public PackedPostings Packed()
        {
            var postings = new PackedPostings(Long(), checked((int)Long()), Bytes());
            postings.Check();
            return postings;
        }

        private static long At(ReadOnlySpan<byte> span, int index) => BinaryPrimitives.ReadInt64LittleEndian(span[(1 + (index * 8))..]);
    }
}
