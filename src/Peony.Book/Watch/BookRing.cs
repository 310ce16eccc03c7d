using System.Collections.Concurrent;

namespace Peony.Book;

/// <summary>
/// The last hour of the Book, in this process: counted always, whoever listens, and kept as one sample every five seconds. Counting costs a few nanoseconds a command.
/// </summary>
internal sealed class BookRing
{
    /// <summary>How long one sample is.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private const int Kept = 720;
    private const int CodesMost = 500;

    /// <summary>Below this nobody calls a disk slow, whatever it did before.</summary>
    private const double SlowFrom = 0.005;

    /// <summary>From here on a disk is slow, even if it always was.</summary>
    private const double SlowAlways = 0.020;

    private readonly DurationSketch _answer = new();
    private readonly DurationSketch _append = new();
    private readonly DurationSketch _apply = new();
    private readonly ConcurrentDictionary<string, Count> _refusals = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly Queue<BookSample> _samples = new(Kept);
    private BookSample? _last;
    private long _done;
    private long _refused;
    private long _faults;
    private long _unavailable;
    private long _misses;
    private long _frames;
    private long _grouped;
    private int _queuePeak;
    private long _lagPeakMicros;

    private sealed class Count
    {
        public long Value;
        public long Seen;
    }

    /// <summary>The samples there are, oldest first.</summary>
    public IReadOnlyList<BookSample> Samples
    {
        get
        {
            lock (_lock)
            {
                return [.. _samples];
            }
        }
    }

    /// <summary>When the last sample ended, or null before the first.</summary>
    public DateTimeOffset? LastAt
    {
        get
        {
            lock (_lock)
            {
                return _last?.At;
            }
        }
    }

    /// <summary>Refusals since the start by name, the most frequent first.</summary>
    public IReadOnlyList<(string Code, long Count)> Refusals =>
        [.. _refusals.Select(one => (one.Key, Interlocked.Read(ref one.Value.Value))).OrderByDescending(one => one.Item2).ThenBy(one => one.Key, StringComparer.Ordinal)];

    public void Decided(in Decided decided)
    {
        if (decided.IsFault)
        {
            Interlocked.Increment(ref _faults);
        }
        else if (decided.Refusal is { } code)
        {
            Interlocked.Increment(ref _refused);
            Interlocked.Increment(ref CountOf(code).Value);
        }
        else
        {
            Interlocked.Increment(ref _done);
        }
    }

    /// <summary>Names of refusals are written in the program, so they are few; a defect that makes names up must not fill the memory.</summary>
    private Count CountOf(string code) => _refusals.TryGetValue(code, out var count) ? count : _refusals.GetOrAdd(_refusals.Count < CodesMost ? code : "other", _ => new Count());

    public void Waiting(int queue)
    {
        if (queue > Volatile.Read(ref _queuePeak))
        {
            Volatile.Write(ref _queuePeak, queue);
        }
    }

    public void Answered(TimeSpan took) => _answer.Add(took);

    public void Unavailable() => Interlocked.Increment(ref _unavailable);

    public void Missed(int things) => Interlocked.Add(ref _misses, things);

    public void Appended(int commands, TimeSpan took)
    {
        Interlocked.Increment(ref _frames);
        Interlocked.Add(ref _grouped, commands);
        _append.Add(took);
    }

    /// <param name="age">How long the oldest frame of the batch had been durable when all of it was in the tables.</param>
    public void Applied(TimeSpan took, TimeSpan age)
    {
        _apply.Add(took);
        _lagPeakMicros = Math.Max(_lagPeakMicros, (long)age.TotalMicroseconds);
    }

    /// <summary>Ends an interval.</summary>
    public BookSample Close(DateTimeOffset at, TimeSpan interval, BookStand stand)
    {
        var refusals = new List<(string, long)>();
        foreach (var (code, count) in _refusals)
        {
            var value = Interlocked.Read(ref count.Value);
            if (value > count.Seen)
            {
                refusals.Add((code, value - count.Seen));
                count.Seen = value;
            }
        }

        var (frames, grouped) = (Interlocked.Exchange(ref _frames, 0), Interlocked.Exchange(ref _grouped, 0));
        var sample = new BookSample(at, interval.TotalSeconds, Interlocked.Exchange(ref _done, 0), Interlocked.Exchange(ref _refused, 0), Interlocked.Exchange(ref _faults, 0),
            Interlocked.Exchange(ref _unavailable, 0), stand.Queue, Math.Max(stand.Queue, Interlocked.Exchange(ref _queuePeak, 0)), _answer.Take(), _append.Take(), _apply.Take(),
            frames == 0 ? 0 : (double)grouped / frames, stand.LagBytes, stand.LagFrames, Math.Max(stand.LagSeconds, Interlocked.Exchange(ref _lagPeakMicros, 0) / 1e6),
            Interlocked.Exchange(ref _misses, 0), stand.Slots, Environment.WorkingSet, refusals);
        lock (_lock)
        {
            if (_samples.Count == Kept)
            {
                _samples.Dequeue();
            }

            _samples.Enqueue(sample);
            _last = sample;
        }

        return sample;
    }

    /// <summary>What is out of the ordinary in the last minute; nothing when all is well.</summary>
    /// <param name="now">The stand at this moment.</param>
    /// <param name="readWait">How long a read waits for the tables.</param>
    /// <param name="sealAge">How long the head has been unsealed.</param>
    public IReadOnlyList<BookConcern> Concerns(BookStand now, TimeSpan readWait, TimeSpan sealAge)
    {
        var samples = Samples;
        var minute = samples.Skip(samples.Count - Math.Min(samples.Count, 12)).ToList();
        var concerns = new List<BookConcern>();
        var append = Spread.Of(minute.Select(sample => sample.Append));
        var before = Spread.Of(samples.Take(samples.Count - minute.Count).Select(sample => sample.Append));
        double? usual = before.Count >= 50 ? before.Median : null;
        if (append.Count >= 10 && (append.Median >= SlowAlways || (append.Median >= SlowFrom && append.Median >= 4 * usual)))
        {
            concerns.Add(new BookConcern(ConcernKind.SlowDisk, append.Median, usual));
        }

        if (now.LagSeconds > readWait.TotalSeconds)
        {
            concerns.Add(new BookConcern(ConcernKind.TablesBehind, now.LagSeconds));
        }

        var answer = Spread.Of(minute.Select(sample => sample.Answer));
        if (answer.Count >= 10 && answer.P99 >= 1)
        {
            concerns.Add(new BookConcern(ConcernKind.SlowAnswers, answer.P99));
        }

        if (minute.Sum(sample => sample.Unavailable) is > 0 and var unavailable)
        {
            concerns.Add(new BookConcern(ConcernKind.Unavailable, unavailable));
        }

        if (samples.Skip(samples.Count - Math.Min(samples.Count, 180)).Sum(sample => sample.Faults) is > 0 and var faults)
        {
            concerns.Add(new BookConcern(ConcernKind.Faults, faults));
        }

        if (sealAge > TimeSpan.FromSeconds(10))
        {
            concerns.Add(new BookConcern(ConcernKind.SealOld, sealAge.TotalSeconds));
        }

        return concerns;
    }
}
