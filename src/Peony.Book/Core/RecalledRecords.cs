using System.Collections.Concurrent;

namespace Peony.Book;

/// <summary>
/// Records that are asked for again and again (the session, with every request), each as of the acknowledged head: the tables need not be waited for. A record that a durable
/// frame changes is forgotten before anybody is told of the frame, and what was being read meanwhile is not kept.
/// </summary>
internal sealed class RecalledRecords(int most = 100_000)
{
    private readonly Lock _turn = new();
    private ConcurrentDictionary<(string Type, string Id), IRecord> _newer = new();
    private ConcurrentDictionary<(string Type, string Id), IRecord> _older = new();
    private volatile string[] _types = [];
    private int _newerCount;
    private long _changes;

    /// <summary>To be read before a record is read from the tables, and handed to <see cref="Keep"/> with it.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    /// <summary>From here on changes of this type are looked for.</summary>
    public void Watch(string type)
    {
        if (!_types.Contains(type))
        {
            lock (_turn)
            {
                _types = [.. _types.Except([type]), type];
            }
        }
    }

    public IRecord? Find(string type, string id)
    {
        if (_newer.TryGetValue((type, id), out var record) || !_older.ContainsKey((type, id)))
        {
            return record;
        }

        lock (_turn)
        {
            if (_older.TryRemove((type, id), out record))
            {
                Add((type, id), record);
            }

            return record ?? _newer.GetValueOrDefault((type, id));
        }
    }

    /// <summary>Keeps what was read, unless a record of a watched type has changed since: then it may be what was before.</summary>
    public void Keep(string type, string id, IRecord record, long changes)
    {
        lock (_turn)
        {
            if (_changes == changes)
            {
                Add((type, id), record);
            }
        }
    }

    /// <summary>Called with a frame that is durable: forgets what it changes, lets it be acknowledged, and keeps nothing of what was read before that.</summary>
    public void Forget(IReadOnlyList<FrameOp> ops, Action acknowledge)
    {
        var types = _types;
        var hasChanged = false;
        foreach (var op in ops)
        {
            if (op is RecordOp record && types.Contains(record.Type))
            {
                lock (_turn)
                {
                    _changes++;
                    _newer.TryRemove((record.Type, record.Id), out _);
                    _older.TryRemove((record.Type, record.Id), out _);
                }

                hasChanged = true;
            }
        }

        acknowledge();
        if (hasChanged || types != _types)
        {
            lock (_turn)
            {
                _changes++;
            }
        }
    }

    /// <summary>What has not been asked for since the newer half filled twice is forgotten.</summary>
    private void Add((string Type, string Id) key, IRecord record)
    {
        if (_newer.TryAdd(key, record))
        {
            _newerCount++;
        }

        if (_newerCount >= most / 2)
        {
            (_older, _newer, _newerCount) = (_newer, new(), 0);
        }
    }
}
