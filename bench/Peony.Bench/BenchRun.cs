using System.Globalization;
using Peony.Book;
using Peony.Server.Verbs;

namespace Peony.Bench;

/// <summary>
/// One run: every measurement once a round, in an order that moves on by one each round, so that whatever else the machine does falls on all of them. What counts is the ratio to
/// TPC-B of the same round. At the end each Book is stopped and verified.
/// </summary>
internal sealed class BenchRun(BenchPlan plan)
{
    private readonly List<ServedBook> _books = [];
    private readonly List<IMeasurement> _measurements = [];
    private readonly Dictionary<string, List<Measured>> _results = [];

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var directory = Path.Combine(plan.Directory, $"peony-bench-{Environment.ProcessId}");
        Directory.CreateDirectory(directory);
        Postgres? server = null;
        try
        {
            server = await Postgres.StartAsync(directory, plan.Database, cancel);
            await MakeReadyAsync(server, directory, cancel);
            Console.WriteLine(Machine.Describe(directory));
            Console.WriteLine($"PostgreSQL {server.Description}");
            var before = Machine.SyncsPerSecond(directory);
            await RunRoundsAsync(cancel);
            var after = Machine.SyncsPerSecond(directory);
            Print(before, after);
            var reports = await VerifyAsync(cancel);
            await WriteAsync(server, directory, before, after, reports);
            return reports.Values.All(report => report.IsSound) ? 0 : 1;
        }
        finally
        {
            foreach (var book in _books)
            {
                await book.DisposeAsync();
            }

            if (server is not null)
            {
                await server.DisposeAsync();
            }

            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>A further figure of a later day is a further line here.</summary>
    private async Task MakeReadyAsync(Postgres server, string directory, CancellationToken cancel)
    {
        _measurements.Add(new TpcB(server));
        foreach (var name in new[] { "sqlite", "postgresql" })
        {
            if (plan.Only is { } only && !$"purchases {name}".Contains(only, StringComparison.Ordinal) && !$"withdrawals {name}".Contains(only, StringComparison.Ordinal))
            {
                continue;
            }

            var database = name == "postgresql" ? await server.CreateDatabaseAsync("book", cancel) : null;
            var book = await ServedBook.StartAsync(name, Path.Combine(directory, name), database, cancel);
            _books.Add(book);
            foreach (IMeasurement measurement in new IMeasurement[] { new Purchases(book, database is null ? null : server, plan.Callers), new Withdrawals(book, database is null ? null : server, plan.Callers) })
            {
                if (plan.Only is null || measurement.Name.Contains(plan.Only, StringComparison.Ordinal))
                {
                    _measurements.Add(measurement);
                }
            }
        }

        // Once through without counting: compiled code, warm caches, files that have their size.
        foreach (var measurement in _measurements)
        {
            await measurement.PrepareAsync(plan.Seconds, cancel);
            await measurement.RunAsync(Math.Min(3, plan.Seconds), cancel);
            _results.Add(measurement.Name, []);
        }
    }

    private async Task RunRoundsAsync(CancellationToken cancel)
    {
        for (var round = 0; round < plan.Rounds; round++)
        {
            for (var turn = 0; turn < _measurements.Count; turn++)
            {
                var measurement = _measurements[(round + turn) % _measurements.Count];
                await measurement.PrepareAsync(plan.Seconds, cancel);
                var measured = await measurement.RunAsync(plan.Seconds, cancel) with { LoadAverage = Machine.LoadAverage() };
                _results[measurement.Name].Add(measured);
                await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"round {round + 1} of {plan.Rounds}  {measurement.Name,-24} {measured.Rate,10:N0}/s  (acknowledged {measured.AcknowledgedRate:N0}/s, load {measured.LoadAverage:N1})"));
            }
        }
    }

    private void Print(double syncsBefore, double syncsAfter)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{plan.Rounds} rounds of {plan.Seconds} s, {plan.Callers} callers; TPC-B scale 10, 8 clients, 2 threads, prepared; 8 kB append + fsync: {syncsBefore:N0}/s before, {syncsAfter:N0}/s after"));
        Console.WriteLine();
        Console.WriteLine("| measured | /s until drained, median [min-max] | / TPC-B, median [min-max] | acknowledged/s | p50 / p99 ms | CPU us: own + PostgreSQL | load |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (var measurement in _measurements)
        {
            var rounds = _results[measurement.Name];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {measurement.Name} | {Spread.Of(rounds.Select(round => round.Rate)):N0} | {Ratios(measurement.Name):N2} | {Spread.Of(rounds.Select(round => round.AcknowledgedRate)).Median:N0} | "
                + $"{Spread.Of(rounds.Select(round => round.MedianMilliseconds)).Median:N1} / {Spread.Of(rounds.Select(round => round.P99Milliseconds)).Median:N1} | "
                + $"{Spread.Of(rounds.Select(round => round.OwnMicros)).Median:N0} + {Spread.Of(rounds.Select(round => round.ServerMicros)).Median:N0} | "
                + $"{Spread.Of(rounds.Select(round => round.LoadAverage)).Median:N1} |"));
        }

        Console.WriteLine();
    }

    private Spread Ratios(string name) => Spread.Of(_results[name].Zip(_results[_measurements[0].Name], (measured, yardstick) => measured.Rate / yardstick.Rate));

    private async Task<Dictionary<string, VerifyReport>> VerifyAsync(CancellationToken cancel)
    {
        var reports = new Dictionary<string, VerifyReport>();
        foreach (var book in _books)
        {
            await Console.Error.WriteLineAsync($"verifying the Book on {book.Name} ...");
            var report = reports[book.Name] = await book.StopAndVerifyAsync(cancel);
            Console.WriteLine(report.IsSound
                ? string.Create(CultureInfo.InvariantCulture, $"verify {book.Name}: sound, {report.Commands:N0} commands, {report.Entries:N0} entries, {report.RowsCompared:N0} rows compared, {report.Controls} controls")
                : $"verify {book.Name}: {report.Problem}");
        }

        return reports;
    }

    private async Task WriteAsync(Postgres server, string directory, double syncsBefore, double syncsAfter, Dictionary<string, VerifyReport> reports)
    {
        var figures = new
        {
            Machine = Machine.Describe(directory),
            Postgresql = server.Description,
            plan.Rounds,
            plan.Seconds,
            plan.Callers,
            SyncsPerSecond = new { Before = syncsBefore, After = syncsAfter },
            Figures = _measurements.Select(measurement => new { measurement.Name, Ratio = Ratios(measurement.Name), Rate = Spread.Of(_results[measurement.Name].Select(round => round.Rate)), Rounds = _results[measurement.Name] }),
            Verified = reports.ToDictionary(report => report.Key, report => new { report.Value.IsSound, report.Value.Problem, report.Value.Commands, report.Value.Entries, report.Value.RowsCompared }),
        };
        await Figures.WriteAsync(plan.Json, figures, CancellationToken.None);
    }
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

    public string ToString(string? format, IFormatProvider? provider) =>
        $"{Median.ToString(format, provider)} [{Least.ToString(format, provider)}-{Most.ToString(format, provider)}]";
}
