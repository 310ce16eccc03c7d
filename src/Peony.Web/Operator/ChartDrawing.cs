using System.Globalization;
using System.Text;
using Peony.Book;

namespace Peony.Web.Operator;

/// <summary>What a chart's figures are counted in.</summary>
public enum ChartUnit
{
    /// <summary>Things at a moment or in a frame.</summary>
    Things,

    /// <summary>Things a second.</summary>
    Rate,

    /// <summary>Durations, given in seconds.</summary>
    Time,

    /// <summary>Memory, given in bytes.</summary>
    Bytes,
}

/// <summary>One line of a chart; null where nothing happened.</summary>
public sealed record ChartLine(string Name, Func<BookSample, double?> Value);

/// <summary>A stretch of time in slots of equal length, the last one the newest. A slot without a sample is null.</summary>
public sealed class ChartWindow
{
    public ChartWindow(IReadOnlyList<BookSample> samples, DateTimeOffset end, TimeSpan length, int slots)
    {
        (End, Length) = (end, length);
        var parts = new List<BookSample>?[slots];
        foreach (var sample in samples)
        {
            // By the middle of the sample: its end may lie on the border of two slots.
            var slot = slots - 1 - (int)Math.Floor((end - sample.At + TimeSpan.FromSeconds(sample.Seconds / 2)) * slots / length);
            if (slot >= 0 && slot < slots)
            {
                (parts[slot] ??= []).Add(sample);
            }
        }

        Slots = [.. parts.Select(part => part is null ? null : BookSample.Of(part))];
    }

    public DateTimeOffset End { get; }

    public TimeSpan Length { get; }

    public IReadOnlyList<BookSample?> Slots { get; }

    public DateTimeOffset EndOf(int slot) => End - (Length * (Slots.Count - 1 - slot) / Slots.Count);
}

/// <summary>Numbers and lines of the charts: a scale that ends at a round number, the unit it is told in, the path of each line.</summary>
internal sealed class ChartDrawing
{
    /// <summary>The height of a drawing in its own units; the width is one for each slot.</summary>
    public const int Height = 200;

    private readonly double _most;
    private readonly double _per;
    private readonly List<double?[]> _lines;

    public ChartDrawing(ChartUnit unit, ChartWindow window, IReadOnlyList<ChartLine> lines)
    {
        _lines = [.. lines.Select(line => window.Slots.Select(sample => sample is null ? null : line.Value(sample)).ToArray())];
        Highest = _lines.SelectMany(line => line).Max() ?? 0;
        (_per, Unit) = Told(unit, Highest);
        _most = Round(Highest / _per) * _per;
    }

    /// <summary>The unit the figures are told in: <c>ms</c>, <c>/s</c>, <c>MiB</c>; empty for plain numbers.</summary>
    public string Unit { get; }

    public double Highest { get; }

    public bool IsEmpty => _lines.All(line => line.All(value => value is null));

    public string Top => Short(_most / _per);

    public string Middle => Short(_most / _per / 2);

    /// <summary>A figure in the chart's unit, without it; a dash where there is none.</summary>
    public string Tell(double? value) => value is { } figure ? Short(figure / _per) : "–";

    public double? Last(int line) => _lines[line].LastOrDefault(value => value is not null);

    /// <summary>The path of a line. It breaks where nothing happened for more than three slots; a single figure is a dot.</summary>
    public string Path(int line)
    {
        var path = new StringBuilder();
        var (before, height) = (int.MinValue, 0);
        for (var slot = 0; slot < _lines[line].Length; slot++)
        {
            if (_lines[line][slot] is not { } value)
            {
                continue;
            }

            var y = Height - (int)Math.Round(Math.Min(1, value / _most) * Height);
            _ = slot - before is > 0 and <= 4
                ? path.Append(CultureInfo.InvariantCulture, $"l{slot - before} {y - height}")
                : path.Append(CultureInfo.InvariantCulture, $"M{slot} {y}h0");
            (before, height) = (slot, y);
        }

        return path.ToString();
    }

    /// <summary>One, two or five with noughts: the next above the highest, so that the middle line is a round number too.</summary>
    internal static double Round(double highest)
    {
        if (highest <= 0)
        {
            return 1;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(highest)));
        return new[] { 1, 2, 4, 5, 10 }.Select(step => step * power).First(end => end >= highest * 0.999999);
    }

    private static (double Per, string Unit) Told(ChartUnit unit, double highest) => unit switch
    {
        ChartUnit.Time => highest >= 1 ? (1, "s") : (0.001, "ms"),
        ChartUnit.Bytes => highest switch
        {
            >= 1L << 30 => (1L << 30, "GiB"),
            >= 1L << 20 => (1L << 20, "MiB"),
            _ => (1L << 10, "KiB"),
        },
        ChartUnit.Rate => (1, "/s"),
        ChartUnit.Things => (1, ""),
    };

    internal static string Short(double figure) => figure switch
    {
        >= 1_000_000 => (figure / 1_000_000).ToString("0.##", CultureInfo.InvariantCulture) + "M",
        >= 10_000 => (figure / 1000).ToString("0.#", CultureInfo.InvariantCulture) + "k",
        >= 100 => figure.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => figure.ToString("0.#", CultureInfo.InvariantCulture),
        > 0 and < 0.01 => "<0.01",
        _ => figure.ToString("0.##", CultureInfo.InvariantCulture),
    };
}
