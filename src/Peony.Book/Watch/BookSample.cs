namespace Peony.Book;

/// <summary>What the Book did in one interval and how it stood at its end; the operator's charts are drawn from these.</summary>
/// <param name="At">The end of the interval, wall clock.</param>
/// <param name="Seconds">How long the interval was.</param>
/// <param name="QueuePeak">The most commands that waited at once.</param>
/// <param name="Answer">From a command's coming in to its answer.</param>
/// <param name="GroupSize">Commands in a frame, on average; zero when no frame was written.</param>
/// <param name="LagSeconds">The oldest frame that was durable and not yet in the tables.</param>
/// <param name="Misses">Things a command needed that were not in memory and had to be loaded.</param>
/// <param name="Slots">Things kept in memory.</param>
/// <param name="ProcessBytes">Memory of the process.</param>
public sealed record BookSample(DateTimeOffset At, double Seconds, long Done, long Refused, long Faults, long Unavailable, int Queue, int QueuePeak, Spread Answer, Spread Append,
    Spread Apply, double GroupSize, long LagBytes, long LagFrames, double LagSeconds, long Misses, int Slots, long ProcessBytes, IReadOnlyList<(string Code, long Count)> Refusals)
{
    /// <summary>Commands decided.</summary>
    public long Decided => Done + Refused + Faults;

    /// <summary>Samples that follow one another as one: what was counted is added, peaks are the highest, what stood is as it stood last.</summary>
    public static BookSample Of(IReadOnlyList<BookSample> samples)
    {
        var last = samples[^1];
        var frames = samples.Sum(sample => sample.Append.Count);
        return last with
        {
            Seconds = samples.Sum(sample => sample.Seconds),
            Done = samples.Sum(sample => sample.Done),
            Refused = samples.Sum(sample => sample.Refused),
            Faults = samples.Sum(sample => sample.Faults),
            Unavailable = samples.Sum(sample => sample.Unavailable),
            QueuePeak = samples.Max(sample => sample.QueuePeak),
            Answer = Spread.Of(samples.Select(sample => sample.Answer)),
            Append = Spread.Of(samples.Select(sample => sample.Append)),
            Apply = Spread.Of(samples.Select(sample => sample.Apply)),
            GroupSize = frames == 0 ? 0 : samples.Sum(sample => sample.GroupSize * sample.Append.Count) / frames,
            LagBytes = samples.Max(sample => sample.LagBytes),
            LagFrames = samples.Max(sample => sample.LagFrames),
            LagSeconds = samples.Max(sample => sample.LagSeconds),
            Misses = samples.Sum(sample => sample.Misses),
            ProcessBytes = samples.Max(sample => sample.ProcessBytes),
            Refusals = [.. samples.SelectMany(sample => sample.Refusals).GroupBy(one => one.Code).Select(group => (group.Key, group.Sum(one => one.Count)))],
        };
    }
}

/// <summary>What the Book says of itself at the end of an interval, beside what was counted.</summary>
internal readonly record struct BookStand(int Queue, long LagBytes, long LagFrames, double LagSeconds, int Slots);

/// <summary>What may be out of the ordinary.</summary>
public enum ConcernKind
{
    /// <summary>An append takes long; the value is its median in seconds, usual what it was in the hour before.</summary>
    SlowDisk,

    /// <summary>The tables are behind the journal; the value is how old the oldest frame is, seconds.</summary>
    TablesBehind,

    /// <summary>Answers take long; the value is the 99th of a hundred, seconds.</summary>
    SlowAnswers,

    /// <summary>Callers were told to come again; the value is how many in the last minute.</summary>
    Unavailable,

    /// <summary>Commands threw; the value is how many in the last quarter of an hour.</summary>
    Faults,

    /// <summary>The head has not been sealed; the value is for how long, seconds.</summary>
    SealOld,
}

/// <summary>Something an operator ought to know though the Book serves.</summary>
/// <param name="Usual">What is usual, in the same unit, or null where nothing is known or the usual is none.</param>
public sealed record BookConcern(ConcernKind Kind, double Value, double? Usual = null)
{
    /// <summary>In English, for <c>/readyz</c> and logs; pages say it in the reader's language.</summary>
    public override string ToString() => Kind switch
    {
        ConcernKind.SlowDisk => FormattableString.Invariant($"the disk is slow: an append takes {Value * 1000:0.#} ms")
            + (Usual is { } usual ? FormattableString.Invariant($", usual is {usual * 1000:0.#} ms") : ""),
        ConcernKind.TablesBehind => FormattableString.Invariant($"the tables are {Value:0.0} s behind the journal: reads answer 503 after waiting"),
        ConcernKind.SlowAnswers => FormattableString.Invariant($"answers are slow: one in a hundred takes {Value * 1000:0} ms or more"),
        ConcernKind.Unavailable => FormattableString.Invariant($"{Value:0} callers were told to come again in the last minute"),
        ConcernKind.Faults => FormattableString.Invariant($"{Value:0} commands failed by a defect in the last 15 minutes"),
        ConcernKind.SealOld => FormattableString.Invariant($"the head of the journal has not been sealed for {Value:0} s"),
    };
}
