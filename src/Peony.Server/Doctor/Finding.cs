using System.Globalization;

namespace Peony.Server.Doctor;

/// <summary>How a thing that was looked at is.</summary>
internal enum Verdict
{
    Ok,

    /// <summary>It works; it ought to be changed or known.</summary>
    Note,

    /// <summary>It must be changed; the exit code is 1.</summary>
    Wrong,
}

/// <summary>A sentence in both languages. Durations are written the same in both.</summary>
internal readonly record struct Said(string English, string Chinese)
{
    public static implicit operator Said(string both) => new(both, both);

    public string In(CultureInfo language) => language.TwoLetterISOLanguageName == "zh" ? Chinese : English;
}

/// <summary>What the doctor found of one thing: a line, what it means and what to do where something is to be done, and the figures for programs.</summary>
internal sealed record Finding(string Name, Verdict Verdict, Said Line, IReadOnlyList<Said> Explained, object? Figures = null)
{
    public static Finding Well(string name, string line) => new(name, Verdict.Ok, line, []);

    public static Finding Wrong(string name, string line) => new(name, Verdict.Wrong, line, []);
}

/// <summary>Durations measured one after the other, milliseconds.</summary>
internal sealed class Timings
{
    private readonly List<double> _milliseconds;
    private bool _isSorted;

    private Timings(List<double> milliseconds)
    {
        _milliseconds = milliseconds;
    }

    public int Count => _milliseconds.Count;

    public double Median => At(0.5);

    public double P99 => At(0.99);

    public double Worst => At(1);

    public object Figures => new { tries = Count, p50_ms = Math.Round(Median, 3), p99_ms = Math.Round(P99, 3), worst_ms = Math.Round(Worst, 3) };

    public static Timings Of(List<double> milliseconds) => new(milliseconds);

    /// <summary>Does it again and again until the time is over, twenty times at least.</summary>
    public static async Task<Timings> MeasureAsync(TimeSpan time, int most, Func<Task> act, CancellationToken cancel)
    {
        var timings = new Timings([]);
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        while (timings.Count < most && (timings.Count < 20 || System.Diagnostics.Stopwatch.GetElapsedTime(started) < time))
        {
            cancel.ThrowIfCancellationRequested();
            var before = System.Diagnostics.Stopwatch.GetTimestamp();
            await act();
            timings._milliseconds.Add(System.Diagnostics.Stopwatch.GetElapsedTime(before).TotalMilliseconds);
        }

        return timings;
    }

    /// <summary><c>1.3 ms</c>: two figures that count.</summary>
    public static string Ms(double milliseconds) =>
        milliseconds.ToString(milliseconds >= 10 ? "0" : milliseconds >= 1 ? "0.0" : milliseconds >= 0.1 ? "0.00" : "0.000", CultureInfo.InvariantCulture) + " ms";

    private double At(double part)
    {
        if (!_isSorted)
        {
            _milliseconds.Sort();
            _isSorted = true;
        }

        return _milliseconds[Math.Clamp((int)Math.Ceiling(part * Count) - 1, 0, Count - 1)];
    }
}
