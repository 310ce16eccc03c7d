using System.Globalization;

namespace Peony.Bench;

/// <summary>What a run found so far: each measurement's rounds, and what was measured once.</summary>
internal sealed class Results
{
    private readonly Dictionary<string, List<Measured>> _rounds = [];

    public List<Found> Found { get; } = [];

    public void Add(string name, Measured measured)
    {
        if (!_rounds.TryGetValue(name, out var rounds))
        {
            _rounds.Add(name, rounds = []);
        }

        rounds.Add(measured);
    }

    public IReadOnlyList<Measured> RoundsOf(string name) => _rounds.GetValueOrDefault(name) ?? [];

    /// <summary>One to the other, each round by itself; null when one of them was not measured.</summary>
    public Spread? Ratio(string name, string yardstick) => RoundsOf(name).Count > 0 && RoundsOf(yardstick).Count > 0
        ? Spread.Of(RoundsOf(name).Zip(RoundsOf(yardstick), (measured, by) => measured.Rate / by.Rate))
        : null;

    public Spread? Of(string name, Func<Measured, double> figure) => RoundsOf(name).Count > 0 ? Spread.Of(RoundsOf(name).Select(figure)) : null;

    /// <summary>What was measured once.</summary>
    public Spread? Once(string what) => Found.Where(found => found.What == what).Select(found => new Spread(found.Value, found.Value, found.Value)).FirstOrDefault();
}

/// <summary>A median between the least and the most of the rounds.</summary>
internal sealed record Spread(double Median, double Least, double Most) : IFormattable
{
    public static Spread Of(IEnumerable<double> values)
    {
        var ordered = values.Order().ToArray();
        var middle = ordered.Length / 2;
        return new Spread(ordered.Length % 2 == 1 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2, ordered[0], ordered[^1]);
    }

    public string ToString(string? format, IFormatProvider? provider) => Least == Most
        ? Median.ToString(format, provider)
        : $"{Median.ToString(format, provider)} [{Least.ToString(format, provider)}-{Most.ToString(format, provider)}]";
}

/// <summary>A figure that is wanted: what it must be, what is aimed at, and where it is found among the results.</summary>
/// <param name="Unit">After the number: <c>x</c>, <c> ms</c>.</param>
/// <param name="IsMost">True when less is better.</param>
internal sealed record Goal(string Figure, double Must, double Aim, string Unit, Func<Results, Spread?> Find, bool IsMost = false)
{
    /// <summary>The row of the goal table.</summary>
    public string Row(Results results)
    {
        var found = Find(results);
        var reached = found is null ? "not measured" : Holds(found.Median, Aim) ? "yes, as aimed at" : Holds(found.Median, Must) ? "yes" : "no";
        return string.Create(CultureInfo.InvariantCulture, $"| {Figure} | {Must:0.##}{Unit} | {Aim:0.##}{Unit} | {(found is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{found:0.00}{Unit}"))} | {reached} |");
    }

    private bool Holds(double value, double bound) => IsMost ? value <= bound : value >= bound;
}
