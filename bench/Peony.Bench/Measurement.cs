namespace Peony.Bench;

/// <summary>What is compared with what: one table, its ratios taken to one yardstick of the same round.</summary>
internal sealed record Comparison(string Title, string Yardstick)
{
    public static readonly Comparison Ledgers = new("Ledgers, beside pgbench TPC-B", TpcB.Title);
    public static readonly Comparison OneAccount = new("90 % of all transfers on one account, beside the same spread evenly", LedgerFunction.Uniform);
    public static readonly Comparison Http = new("One durable operation an HTTP request, beside the same server's JSON echo", HttpLoad.Echo);
    public static readonly Comparison Standby = new("A synchronous standby, beside the same server alone", Appends.Alone);
}

/// <summary>A rate: run for some seconds in every round.</summary>
internal interface IMeasurement
{
    /// <summary>What stands in the table, and what <c>--only</c> is compared with.</summary>
    string Name { get; }

    Comparison Comparison { get; }

    /// <summary>What its ratio is taken to, where that is not the comparison's own.</summary>
    string Yardstick => Comparison.Yardstick;

    /// <summary>False for what only a longer run takes its time for.</summary>
    bool IsQuick => true;

    /// <summary>Makes ready what one round uses up; not measured.</summary>
    Task PrepareAsync(int seconds, CancellationToken cancel);

    Task<Measured> RunAsync(int seconds, CancellationToken cancel);

    /// <summary>After the last round: what is wrong with its books, or null. The Book's own are verified by whoever serves it.</summary>
    Task<string?> CheckAsync(CancellationToken cancel) => Task.FromResult<string?>(null);
}

/// <summary>One measurement in one round.</summary>
/// <param name="Seconds">From the first call until the applier has drained and every effect has ended.</param>
/// <param name="AcknowledgedRate">Answers a second while callers called, before draining.</param>
/// <param name="Cpu">Processor time in microseconds for one operation, by who used it: this process with its callers, PostgreSQL, pgbench, the server, the generator.</param>
internal sealed record Measured(long Operations, double Seconds, double AcknowledgedRate, double MedianMilliseconds, double P99Milliseconds, IReadOnlyDictionary<string, double> Cpu)
{
    public double Rate => Operations / Seconds;

    public double LoadAverage { get; init; }
}

/// <summary>Figures that are taken once, after the rounds and only by <c>--full</c>: how something grows, how long a start takes.</summary>
internal interface IOnce
{
    /// <summary>What <c>--only</c> is compared with.</summary>
    string Name { get; }

    Task<IReadOnlyList<Found>> MeasureAsync(CancellationToken cancel);
}

/// <summary>One figure: <c>statement page p99, 10^7 entries</c>, 0.4, <c>ms</c>.</summary>
internal sealed record Found(string What, double Value, string Unit);

/// <summary>Sorted times of single operations.</summary>
internal static class Latencies
{
    public static (double Median, double P99) Of(IReadOnlyList<float> sorted) => sorted.Count == 0 ? (0, 0) : (sorted[sorted.Count / 2], sorted[(int)(sorted.Count * 0.99)]);
}

/// <summary>Adds up the processor time of those who take part in a measurement.</summary>
internal sealed class CpuMeter
{
    private readonly List<(string Who, Func<TimeSpan> Read, TimeSpan Before)> _watched = [];

    public CpuMeter And(string who, Func<TimeSpan> read)
    {
        _watched.Add((who, read, read()));
        return this;
    }

    /// <summary>Microseconds for one operation since the meter was made.</summary>
    public IReadOnlyDictionary<string, double> PerOperation(long operations) =>
        _watched.ToDictionary(one => one.Who, one => Math.Round((one.Read() - one.Before).TotalMicroseconds / Math.Max(1, operations), 1));
}
