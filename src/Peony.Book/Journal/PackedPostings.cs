using Peony.Ledger;

namespace Peony.Book;

/// <summary>
/// Plain postings with numbers one after another, packed: some 15 bytes each where a posting alone takes 65. For each, as little-endian varints: debit, credit, amount, and how many
/// numbers back the posting before it of the debited and of the credited account is, 0 for none. Kind, number and hold follow from where it stands.
/// </summary>
internal sealed class PackedPostings(long first, int count, byte[] bytes)
{
    /// <summary>Postings of one row of the tables: a page of a statement reads one row a step, so rows are short.</summary>
    public const int RowMost = 64;

    /// <summary>The number of the first posting.</summary>
    public long First => first;

    public int Count => count;

    public byte[] Bytes => bytes;

    public Enumerator GetEnumerator() => new(first, bytes);

    /// <summary>The postings cut into rows of the tables.</summary>
    public IEnumerable<(long First, byte[] Bytes)> Rows()
    {
        var (from, at) = (first, 0);
        for (var left = count; left > 0; left -= RowMost)
        {
            var end = Skip(at, Math.Min(left, RowMost));
            yield return (from, bytes[at..end]);
            (from, at) = (from + RowMost, end);
        }
    }

    /// <exception cref="FrameFormatException">The bytes do not hold as many postings as they say.</exception>
    public void Check()
    {
        var found = 0;
        foreach (var posting in this)
        {
            found++;
        }

        if (found != count)
        {
            throw new FrameFormatException("An entry's packed postings break off or go on where they must not.");
        }
    }

    private int Skip(int at, int postings)
    {
        var reader = new Enumerator(0, bytes.AsSpan(at));
        for (; postings > 0; postings--)
        {
            reader.MoveNext();
        }

        return at + reader.At;
    }

    /// <summary>Walks through packed postings.</summary>
    public ref struct Enumerator(long first, ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private long _next = first;
        private Posting _current;

        public readonly Posting Current => _current;

        /// <summary>How many bytes have been read.</summary>
        public int At { get; private set; }

        public bool MoveNext()
        {
            if (At == _bytes.Length)
            {
                return false;
            }

            _current = new Posting { Number = _next, Kind = PostingKind.Post, Debit = Next(), Credit = Next(), Amount = Next() };
            var (debitBack, creditBack) = (Next(), Next());
            _current.PreviousOfDebit = debitBack == 0 ? 0 : _next - debitBack;
            _current.PreviousOfCredit = creditBack == 0 ? 0 : _next - creditBack;
            _next++;
            return true;
        }

        private long Next()
        {
            ulong value = 0;
            for (var shift = 0; shift < 64; shift += 7)
            {
                var next = _bytes[At++];
                value |= (ulong)(next & 0x7F) << shift;
                if (next < 0x80)
                {
                    return (long)value;
                }
            }

            throw new FrameFormatException("A number has too many bytes.");
        }
    }

    /// <summary>Packs postings.</summary>
    public sealed class Packer(long first, int most)
    {
        private const int PostingMost = 5 * 10;
        private byte[] _bytes = new byte[(most * 16) + PostingMost];
        private int _at;

        public int Count { get; private set; }

        /// <summary>Adds a posting; its number must be the next.</summary>
        public void Add(in Posting posting)
        {
            if (_at + PostingMost > _bytes.Length)
            {
                Array.Resize(ref _bytes, _bytes.Length * 2);
            }

            Add(posting.Debit);
            Add(posting.Credit);
            Add(posting.Amount);
            Add(posting.PreviousOfDebit == 0 ? 0 : posting.Number - posting.PreviousOfDebit);
            Add(posting.PreviousOfCredit == 0 ? 0 : posting.Number - posting.PreviousOfCredit);
            Count++;
        }

        public PackedPostings Pack() => new(first, Count, _bytes[.._at]);

        private void Add(long number)
        {
            var value = (ulong)number;
            while (value >= 0x80)
            {
                _bytes[_at++] = (byte)(value | 0x80);
                value >>= 7;
            }

            _bytes[_at++] = (byte)value;
        }
    }
}
