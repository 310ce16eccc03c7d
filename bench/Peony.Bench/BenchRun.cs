using System.Globalization;
using Peony.Book;
using Peony.Server.Verbs;

namespace Peony.Bench;

/// <summary>
/// One run: every measurement once a round, in an order that moves on by one each round, so that whatever else the machine does falls on all of them. What counts are the ratios
/// to the yardstick of the same round. At the end every ledger is checked, the product's and the peers'.
/// </summary>
internal sealed class BenchRun(BenchPlan plan)
{
    private readonly Results _results = new();

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var directory = Path.Combine(plan.Directory, $"peony-bench-{Environment.ProcessId}");
        Directory.CreateDirectory(directory);
        try
        {
            await using var stage = new BenchStage(plan, directory);
            var measurements = Select(Catalogue.Rates(stage));
            // What is taken once is long: only when everything is asked for, or just that.
            var growth = plan.IsFull || plan.Only is not null ? [.. Catalogue.Once(stage).Where(IsWanted)] : Array.Empty<IOnce>();
            if (measurements.Count + growth.Length == 0)
            {
                throw new StartRefusedException($"Nothing that is measured has '{plan.Only}' in its name.");
            }

            Console.WriteLine(Machine.Describe(directory));
            var before = Machine.SyncsPerSecond(directory);
            await RunRoundsAsync(measurements, cancel);
            foreach (var figure in growth)
            {
                await Console.Error.WriteLineAsync($"{figure.Name} ...");
                _results.Found.AddRange(await figure.MeasureAsync(cancel));
            }

            var after = Machine.SyncsPerSecond(directory);
            var report = new BenchReport(plan, stage.PostgresDescription, before, after, measurements, _results);
            report.Print();
            var problems = await CheckAsync(measurements, cancel);
            var verified = await stage.VerifyAsync(cancel);
            BenchReport.PrintChecks(problems, verified);
            await report.WriteAsync(directory, problems, verified);
            return problems.Count == 0 && verified.Values.All(one => one.IsSound) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>What is wanted, and the yardsticks that need to be there for it.</summary>
    private List<IMeasurement> Select(IReadOnlyList<IMeasurement> all)
    {
        var wanted = all.Where(measurement => plan.Only is null ? measurement.IsQuick || !plan.IsQuick : IsWanted(measurement.Name)).ToHashSet();
        for (var size = 0; size != wanted.Count;)
        {
            size = wanted.Count;
            wanted.UnionWith(all.Where(measurement => wanted.Any(one => one.Yardstick == measurement.Name)).ToList());
        }

        return [.. all.Where(wanted.Contains)];
    }

    private bool IsWanted(IOnce figure) => IsWanted(figure.Name);

    private bool IsWanted(string name) => plan.Only is null || name.Contains(plan.Only, StringComparison.OrdinalIgnoreCase);

    private async Task RunRoundsAsync(List<IMeasurement> measurements, CancellationToken cancel)
    {
        // Once through without counting: compiled code, warm caches, files that have their size.
        foreach (var measurement in measurements)
        {
            await measurement.PrepareAsync(plan.WarmSeconds, cancel);
            if (plan.WarmSeconds > 0)
            {
                await measurement.RunAsync(plan.WarmSeconds, cancel);
            }
        }

        for (var round = 0; round < plan.Rounds; round++)
        {
            for (var turn = 0; turn < measurements.Count; turn++)
            {
                var measurement = measurements[(round + turn) % measurements.Count];
                await measurement.PrepareAsync(plan.Seconds, cancel);
                var measured = await measurement.RunAsync(plan.Seconds, cancel) with { LoadAverage = Machine.LoadAverage() };
                _results.Add(measurement.Name, measured);
                await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"round {round + 1} of {plan.Rounds}  {measurement.Name,-40} {measured.Rate,10:N0}/s  (acknowledged {measured.AcknowledgedRate:N0}/s, load {measured.LoadAverage:N1})"));
            }
        }
    }

    private static async Task<IReadOnlyList<string>> CheckAsync(IEnumerable<IMeasurement> measurements, CancellationToken cancel)
    {
        var problems = new List<string>();
        foreach (var measurement in measurements)
        {
            if (await measurement.CheckAsync(cancel) is { } problem)
            {
                problems.Add(problem);
            }
        }

        return problems;
    }
}
