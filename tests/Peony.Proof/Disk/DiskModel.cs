namespace Peony.Proof;

/// <summary>
/// What a disk may hold after a power cut. A file has what its last completed sync put there; every later write may be there, or not, or in pieces, in any order. A folder lists what
/// its own last sync put there and any beginning of what was made, renamed and removed since, for file systems keep that order; a file's own sync does not make its name last.
/// </summary>
internal sealed class DiskModel
{
    public DiskFolder Root { get; } = new();

    /// <summary>The folder a path leads to, as programs see it now.</summary>
    public DiskFolder Folder(string path)
    {
        var folder = Root;
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            folder = folder.Now[name] as DiskFolder ?? throw new InvalidOperationException($"{path} is no folder.");
        }

        return folder;
    }

    /// <summary>Writes one of the images that are possible now.</summary>
    /// <param name="counts">How often each kind of damage was dealt.</param>
    public void WriteImage(string target, Random random, Dictionary<string, long> counts) => WriteImage(Root, target, random, counts);

    private static void WriteImage(DiskFolder folder, string target, Random random, Dictionary<string, long> counts)
    {
        Directory.CreateDirectory(target);
        foreach (var (name, node) in folder.Image(random, counts))
        {
            var path = Path.Combine(target, name);
            if (node is DiskFolder inner)
            {
                WriteImage(inner, path, random, counts);
            }
            else
            {
                // The index of a write-ahead log is shared memory: nobody syncs it, and what a power cut leaves of it is anything.
                var content = name.EndsWith("-shm", StringComparison.Ordinal) ? Anything(random, counts) : ((DiskFile)node).Image(random, counts);
                File.WriteAllBytes(path, content);
            }
        }
    }

    private static byte[] Anything(Random random, Dictionary<string, long> counts)
    {
        var content = new byte[random.Next(3) * 16_384];
        random.NextBytes(content);
        counts["shared memory left as garbage"] = counts.GetValueOrDefault("shared memory left as garbage") + (content.Length > 0 ? 1 : 0);
        return content;
    }
}

/// <summary>A file or a folder.</summary>
internal abstract class DiskNode;

/// <summary>A folder: what it lists for programs, and what of that is on the disk.</summary>
internal sealed class DiskFolder : DiskNode
{
    private readonly Dictionary<string, DiskNode> _durable = new(StringComparer.Ordinal);
    private readonly List<Action<Dictionary<string, DiskNode>>> _pending = [];
    private int _synced;

    public Dictionary<string, DiskNode> Now { get; } = new(StringComparer.Ordinal);

    /// <summary>Makes, renames or removes.</summary>
    public void Change(Action<Dictionary<string, DiskNode>> change)
    {
        change(Now);
        _pending.Add(change);
    }

    /// <summary>How many changes there were by now: what a sync that begins here covers.</summary>
    public int Mark() => _synced + _pending.Count;

    /// <summary>The sync has ended; another that began later may have ended before it.</summary>
    public void Synced(int mark)
    {
        for (; _synced < mark; _synced++)
        {
            _pending[0](_durable);
            _pending.RemoveAt(0);
        }
    }

    public Dictionary<string, DiskNode> Image(Random random, Dictionary<string, long> counts)
    {
        var image = new Dictionary<string, DiskNode>(_durable, StringComparer.Ordinal);
        var kept = random.Next(3) switch
        {
            0 => 0,
            1 => _pending.Count,
            _ => random.Next(_pending.Count + 1),
        };
        foreach (var change in _pending.Take(kept))
        {
            change(image);
        }

        counts["names made, renamed or removed that were lost"] = counts.GetValueOrDefault("names made, renamed or removed that were lost") + _pending.Count - kept;
        return image;
    }
}

/// <summary>A file: what is on the disk, and what was written since.</summary>
internal sealed class DiskFile : DiskNode
{
    private readonly List<DiskWrite> _pending = [];
    private readonly DiskContent _durable = new();

    /// <summary>The length as programs see it now.</summary>
    public long Length { get; private set; }

    public DiskWrite Write(long offset, byte[] data)
    {
        Length = Math.Max(Length, offset + data.Length);
        return Add(new DiskWrite(offset, data));
    }

    public DiskWrite Truncate(long length)
    {
        Length = length;
        return Add(new DiskWrite(length, null));
    }

    /// <summary>The writes that have ended by now: what a sync that begins here covers.</summary>
    public IReadOnlySet<DiskWrite> Mark() => _pending.Where(write => write.HasEnded).ToHashSet();

    public void Synced(IReadOnlySet<DiskWrite> mark)
    {
        foreach (var write in _pending.Where(mark.Contains))
        {
            _durable.Apply(write);
        }

        _pending.RemoveAll(mark.Contains);
    }

    /// <summary>One of the contents that are possible after a power cut.</summary>
    public byte[] Image(Random random, Dictionary<string, long> counts)
    {
        var image = _durable.Copy();
        if (_pending.Count == 0)
        {
            return image.ToArray();
        }

        var (how, pieceBytes, chance) = random.Next(6) switch
        {
            0 => ("files whose unsynced writes were all lost", int.MaxValue, 0),
            1 => ("files whose unsynced writes were all there", int.MaxValue, 1),
            2 => ("files whose unsynced writes were there or not, each whole", int.MaxValue, Chance(random)),
            3 => ("files whose unsynced writes were torn into pieces of 4096 bytes", 4096, Chance(random)),
            4 => ("files whose unsynced writes were torn into pieces of 512 bytes", 512, Chance(random)),
            _ => ("files with their length, and zeros where unsynced pieces were lost", 512, Chance(random)),
        };
        counts[how] = counts.GetValueOrDefault(how) + 1;
        if (how.StartsWith("files with their length", StringComparison.Ordinal))
        {
            image.SetLength(Math.Max(Length, image.Length));
        }

        foreach (var piece in _pending.SelectMany(write => write.Pieces(pieceBytes)))
        {
            if (random.NextDouble() < chance)
            {
                image.Apply(piece);
            }
        }

        return image.ToArray();
    }

    private static double Chance(Random random) => (random.Next(9) + 1) / 10.0;

    private DiskWrite Add(DiskWrite write)
    {
        _pending.Add(write);
        return write;
    }
}

/// <summary>The bytes of a file, as long as writes make it.</summary>
internal sealed class DiskContent
{
    private byte[] _bytes = [];

    public long Length { get; private set; }

    public void Apply(DiskWrite write)
    {
        if (write.Data is { } data)
        {
            SetLength(Math.Max(Length, write.Offset + data.Length));
            data.Span.CopyTo(_bytes.AsSpan((int)write.Offset));
        }
        else
        {
            SetLength(write.Offset);
        }
    }

    public void SetLength(long length)
    {
        if (length > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Max(length, 2L * _bytes.Length));
        }

        // What lies behind the end is always zero, so that a file that grows again shows nothing old.
        if (length < Length)
        {
            _bytes.AsSpan((int)length, (int)(Length - length)).Clear();
        }

        Length = length;
    }

    public DiskContent Copy() => new() { _bytes = ToArray(), Length = Length };

    public byte[] ToArray() => _bytes[..(int)Length];
}

/// <summary>A write, or without data a change of length.</summary>
internal sealed class DiskWrite(long offset, ReadOnlyMemory<byte>? data)
{
    public long Offset => offset;

    public ReadOnlyMemory<byte>? Data => data;

    /// <summary>The call has returned: a sync that begins later covers it.</summary>
    public bool HasEnded { get; set; }

    /// <summary>The pieces a disk writes one by one: they end at multiples of their size in the file.</summary>
    public IEnumerable<DiskWrite> Pieces(int pieceBytes)
    {
        if (data is not { } all || pieceBytes == int.MaxValue)
        {
            yield return this;
            yield break;
        }

        for (var from = 0; from < all.Length;)
        {
            var to = (int)Math.Min(all.Length, ((((offset + from) / pieceBytes) + 1) * pieceBytes) - offset);
            yield return new DiskWrite(offset + from, all[from..to]);
            from = to;
        }
    }
}
