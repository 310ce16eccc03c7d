using System.Buffers.Binary;

namespace Peony.Book;

/// <summary>
/// Which idempotency keys may have a reply. It is never wrong about a key that has one, so a key it does not know is new and nothing need be loaded; now and then it takes a new
/// key for an old one, which costs a load and no more. Split-block Bloom filters (Apache Parquet's BloomFilter.md has the scheme), each four times the size of the one before
/// until they have 16 MiB: 16 bits a key, whatever their number, and no step that shows. The keys are keyed hashes, so their bits are used as they are.
/// </summary>
internal sealed class ReplyFilter
{
    private const int FirstCapacity = 1 << 16;
    private const int LastCapacity = 1 << 23;
    private const int WordsInBlock = 8;
    private readonly List<Stage> _stages = [new Stage(FirstCapacity)];

    /// <param name="key">16 bytes.</param>
    public void Add(ReadOnlySpan<byte> key)
    {
        var (where, bits) = Split(key);
        if (_stages[^1].IsFull)
        {
            _stages.Add(new Stage(Math.Min(_stages[^1].Capacity * 4, LastCapacity)));
        }

        _stages[^1].Add(where, bits);
    }

    /// <summary>Takes in all that another one knows. The other is not used any more.</summary>
    public void Add(ReplyFilter other) => _stages.InsertRange(0, other._stages);

    public bool MayContain(ReadOnlySpan<byte> key)
    {
        var (where, bits) = Split(key);
        foreach (var stage in _stages)
        {
            if (stage.MayContain(where, bits))
            {
                return true;
            }
        }

        return false;
    }

    private static (ulong Where, ulong Bits) Split(ReadOnlySpan<byte> key) => (BinaryPrimitives.ReadUInt64BigEndian(key), BinaryPrimitives.ReadUInt64BigEndian(key[8..]));

    private sealed class Stage(int capacity)
    {
        /// <summary>Two bytes a key in blocks of a cache line.</summary>
        private readonly ulong[] _words = new ulong[capacity / 4];
        private int _count;

        public int Capacity => capacity;

        public bool IsFull => _count >= capacity;

        public void Add(ulong where, ulong bits)
        {
            _count++;
            var block = BlockOf(where);
            for (var word = 0; word < WordsInBlock; word++, bits >>= 6)
            {
                block[word] |= 1UL << (int)(bits & 63);
            }
        }

        public bool MayContain(ulong where, ulong bits)
        {
            var block = BlockOf(where);
            for (var word = 0; word < WordsInBlock; word++, bits >>= 6)
            {
                if ((block[word] & (1UL << (int)(bits & 63))) == 0)
                {
                    return false;
                }
            }

            return true;
        }

        private Span<ulong> BlockOf(ulong where)
        {
            var blocks = (ulong)(_words.Length / WordsInBlock);
            return _words.AsSpan((int)(where % blocks) * WordsInBlock, WordsInBlock);
        }
    }
}
