using System.Globalization;
using Peony.Book;
using Peony.Server.Verbs;

namespace Peony.Bench;

/// <summary>What a run found, as tables for people and as JSON for programs.</summary>
internal sealed class BenchReport(BenchPlan plan, string? postgres, double syncsBefore, double syncsAfter, IReadOnlyList<IMeasurement> measurements, Results results)
{
    public void Print()
    {
        Console.WriteLine($"PostgreSQL {postgres ?? "was not used"}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{plan.Rounds} rounds of {plan.Seconds} s, {plan.Callers} callers, {plan.Connections} connections; 8 kB append + fsync: {syncsBefore:N0}/s before, {syncsAfter:N0}/s after"));
        foreach (var comparison in measurements.GroupBy(measurement => measurement.Comparison))
        {
            Console.WriteLine();
            Console.WriteLine(comparison.Key.Title + ":");
            Console.WriteLine();
            Console.WriteLine("| measured | /s until drained, median [min-max] | ratio, median [min-max] | acknowledged/s | p50 / p99 ms | CPU us an operation | load |");
            Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
            foreach (var measurement in comparison)
            {
                Console.WriteLine(Row(measurement));
            }
        }

        if (results.Found.Count > 0)
        {
            Console.WriteLine();
            Console.WriteLine("| measured once | |");
            Console.WriteLine("| --- | --- |");
            foreach (var found in results.Found)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {found.What} | {found.Value:N2} {found.Unit} |"));
            }
        }

        if (plan.IsFull)
        {
            Console.WriteLine();
            Console.WriteLine("| figure | goal | to aim at | measured, median [min-max] | reached |");
            Console.WriteLine("| --- | --- | --- | --- | --- |");
            foreach (var goal in Catalogue.Goals(plan))
            {
                Console.WriteLine(goal.Row(results));
            }
        }

        Console.WriteLine();
    }

    public static void PrintChecks(IReadOnlyList<string> problems, IReadOnlyDictionary<string, VerifyReport> verified)
    {
        Console.WriteLine(problems.Count == 0 ? "peers: debits equal credits in each" : string.Join(Environment.NewLine, problems));
        foreach (var (name, report) in verified)
        {
            Console.WriteLine(report.IsSound
                ? string.Create(CultureInfo.InvariantCulture, $"verify {name}: sound, {report.Commands:N0} commands, {report.Entries:N0} entries, {report.RowsCompared:N0} rows compared, {report.Controls} controls")
                : $"verify {name}: {report.Problem}");
        }
    }

    public Task WriteAsync(string directory, IReadOnlyList<string> problems, IReadOnlyDictionary<string, VerifyReport> verified) => Figures.WriteAsync(
        plan.Json,
        new
        {
            Machine = Machine.Describe(directory),
            Postgresql = postgres,
            plan.Rounds,
            plan.Seconds,
            plan.Callers,
            plan.Connections,
            SyncsPerSecond = new { Before = syncsBefore, After = syncsAfter },
            Figures = measurements.Select(measurement => new
            {
                measurement.Name,
                Comparison = measurement.Comparison.Title,
                measurement.Yardstick,
                Ratio = results.Ratio(measurement.Name, measurement.Yardstick),
                Rate = results.Of(measurement.Name, measured => measured.Rate),
                Rounds = results.RoundsOf(measurement.Name),
            }),
            Once = results.Found,
            Goals = plan.IsFull ? Catalogue.Goals(plan).Select(goal => new { goal.Figure, goal.Must, goal.Aim, Measured = goal.Find(results) }) : null,
            Problems = problems,
            Verified = verified.ToDictionary(report => report.Key, report => new { report.Value.IsSound, report.Value.Problem, report.Value.Commands, report.Value.Entries, report.Value.RowsCompared }),
        },
        CancellationToken.None);

    private string Row(IMeasurement measurement)
    {
        var rounds = results.RoundsOf(measurement.Name);
        var cpu = rounds.SelectMany(round => round.Cpu.Keys).Distinct()
            .Select(who => string.Create(CultureInfo.InvariantCulture, $"{who} {Spread.Of(rounds.Select(round => round.Cpu.GetValueOrDefault(who))).Median:N0}"));
        return string.Create(CultureInfo.InvariantCulture,
            $"| {measurement.Name} | {Of(measured => measured.Rate):N0} | {results.Ratio(measurement.Name, measurement.Yardstick):N2} | {Of(measured => measured.AcknowledgedRate).Median:N0} | "
            + $"{Of(measured => measured.MedianMilliseconds).Median:N2} / {Of(measured => measured.P99Milliseconds).Median:N1} | {string.Join(" + ", cpu)} | {Of(measured => measured.LoadAverage).Median:N1} |");

        Spread Of(Func<Measured, double> figure) => Spread.Of(rounds.Select(figure));
    }
}
