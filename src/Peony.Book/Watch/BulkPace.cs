using System.Diagnostics;

namespace Peony.Book;

/// <summary>How far the timers of one bulk command are.</summary>
/// <param name="Due">How many are due and not carried out yet.</param>
/// <param name="Done">How many this process has carried out since the moment asked about.</param>
/// <param name="PerSecond">How many a second, over the last minute of the wall clock.</param>
/// <param name="Left">How long it will take at that rate; null when nothing is due or nothing was carried out lately.</param>
public sealed record BulkProgress(long Due, long Done, double PerSecond, TimeSpan? Left);

/// <summary>Counts bulk timers as they are carried out, by the name of their command. The writer counts, pages ask.</summary>
internal sealed class BulkPace
{
    private const long MicrosOfMinute = 60_000_000;
    private const int SecondsOfRate = 60;

    /// <summary>Two days, so that since a midnight of any time zone is always known.</summary>
    private const int MinutesKept = 2 * 24 * 60;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Counts> _byCommand = new(StringComparer.Ordinal);

    private sealed class Counts
    {
        /// <summary>By the minute of the Book's clock.</summary>
        public SortedDictionary<long, long> Minutes { get; } = [];

        /// <summary>By the second of the wall clock, in turn; each with the second it is of.</summary>
        public (long Second, long Count)[] Seconds { get; } = new (long, long)[SecondsOfRate];
    }

    /// <param name="nowMicros">The Book's time.</param>
    /// <param name="timestamp">Of the monotonic clock.</param>
    public void Carried(string command, long nowMicros, long timestamp)
    {
        lock (_lock)
        {
            if (!_byCommand.TryGetValue(command, out var counts))
            {
                _byCommand.Add(command, counts = new Counts());
            }

            var minute = nowMicros / MicrosOfMinute;
            counts.Minutes[minute] = counts.Minutes.GetValueOrDefault(minute) + 1;
            if (counts.Minutes.Count > MinutesKept)
            {
                counts.Minutes.Remove(counts.Minutes.Keys.First());
            }

            var second = timestamp / Stopwatch.Frequency;
            ref var slot = ref counts.Seconds[second % SecondsOfRate];
            slot = (second, slot.Second == second ? slot.Count + 1 : 1);
        }
    }

    /// <param name="due">How many wait, as the tables say.</param>
    /// <param name="sinceMicros">The Book's time from which on those carried out count.</param>
    public BulkProgress Progress(string command, long due, long sinceMicros, long timestamp)
    {
        lock (_lock)
        {
            if (!_byCommand.TryGetValue(command, out var counts))
            {
                return new BulkProgress(due, 0, 0, null);
            }

            var done = counts.Minutes.Where(minute => minute.Key >= sinceMicros / MicrosOfMinute).Sum(minute => minute.Value);
            var now = timestamp / Stopwatch.Frequency;
            var recent = counts.Seconds.Where(one => one.Count > 0 && now - one.Second < SecondsOfRate).ToList();
            var rate = recent.Count == 0 ? 0 : recent.Sum(one => one.Count) / (double)(now - recent.Min(one => one.Second) + 1);
            return new BulkProgress(due, done, rate, due > 0 && rate > 0 ? TimeSpan.FromSeconds(due / rate) : null);
        }
    }
}
