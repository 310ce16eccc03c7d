using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Peony.Proof;

/// <summary>
/// Full load for minutes: nothing piles up. The lag is read from outside, out of the database: frames in the journal less the frame the tables stand at. What is judged is the second
/// half, when caches have filled.
/// </summary>
internal sealed class SteadyProof(Database database, TimeSpan time) : IProof
{
    /// <summary>As many sessions, so that the brake on each (100 writes a second) leaves room for more than a small machine serves.</summary>
    private const int Callers = 128;
    private const int LagMost = 5000;
    private const double MemoryGrowthMost = 0.05;
    private static readonly TimeSpan Looked = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a round takes: <c>PEONY_STEADY_SECONDS</c>, or three minutes: by the half of them the Book's memory has filled.</summary>
    public static TimeSpan Time { get; } = TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable("PEONY_STEADY_SECONDS") ?? "180", CultureInfo.InvariantCulture));

    public string Name => $"steady load {database.Word()}";

    public string Claim => "Under full load for minutes the distance between journal and tables stays small and does not grow, and memory grows by less than 5 % over the second half.";

    public async Task<ProofRound> RunAsync(ProofPlace place, int seed, CancellationToken cancel)
    {
        var store = await place.MakeServerPlaceAsync(database);
        await using var server = await ServerProcess.StartAsync(store);
        using var callers = await LoadCallers.ConnectAsync(server, Callers, Callers);
        var before = await callers.SpendableAsync(server);
        var (memory, lag) = (new MemoryWatch(server.Id), new List<(double At, double Frames)>());
        using var stop = new CancellationTokenSource();
        var watching = Task.WhenAll(memory.WatchAsync(stop.Token), WatchLagAsync(store, lag, stop.Token));
        var load = await callers.AskAsync(Callers, time, cancel);
        await stop.CancelAsync();
        await watching;

        var (lagMean, lagRise) = Trend.Of(SecondHalf(lag));
        var (memoryMean, memoryRise) = Trend.Of(SecondHalf(memory.Samples));
        var lagLongest = lag.Max(sample => sample.Frames);
        Proofs.Hold(lagLongest < LagMost, $"The tables were {lagLongest:F0} frames behind.");
        // Half a mean is what sampling alone may show; a lag that grows passes it soon.
        Proofs.Hold(lagRise < Math.Max(20, lagMean / 2), $"The tables fell behind by {lagRise:F0} frames over the second half (mean {lagMean:F0}).");
        Proofs.Hold(memoryRise < MemoryGrowthMost * memoryMean, $"Memory grew by {memoryRise:F0} MB over the second half (mean {memoryMean:F0} MB).");
        Proofs.Same(before - load.Bought, await callers.SpendableAsync(server), "What is left to spend");
        Proofs.Same(0, await server.StopAsync(), "Exit code of a clean stop");
        await ServerProcess.VerifyAsync(store);
        return new ProofRound(
            load.Bought + load.Declined,
            new Dictionary<string, long> { ["answered"] = load.Bought + load.Declined, ["told to come again"] = load.PutOff, ["seconds under load"] = (long)load.Took.TotalSeconds },
            new Dictionary<string, long>
            {
                ["served a second"] = (long)load.Goodput,
                ["p99, ms"] = (long)load.P99.TotalMilliseconds,
                ["longest answer, ms"] = (long)load.Longest.TotalMilliseconds,
                ["frames the tables were behind, mean of the second half"] = (long)lagMean,
                ["frames the tables were behind, most"] = (long)lagLongest,
                ["frames by which the tables fell behind over the second half"] = (long)lagRise,
                ["memory, mean of the second half, MB"] = (long)memoryMean,
                ["memory growth over the second half, per mille"] = (long)(1000 * memoryRise / memoryMean),
            });
    }

    private static List<(double At, double Value)> SecondHalf(IReadOnlyList<(double At, double Value)> samples) => [.. samples.Skip(samples.Count / 2)];

    private static async Task WatchLagAsync(ServerPlace store, List<(double At, double Frames)> lag, CancellationToken stop)
    {
        var since = Stopwatch.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            lag.Add((Stopwatch.GetElapsedTime(since).TotalSeconds, await LagAsync(store)));
            await Task.WhenAny(Task.Delay(Looked, stop));
        }
    }

    private static async Task<long> LagAsync(ServerPlace store)
    {
        const string head = "SELECT coalesce(max(seq), 0) FROM ";
        if (store.Kind == Database.Postgres)
        {
            return (long)(await store.MeddleAsync($"SELECT ({head}peony.frames) - ({head}peony.position)"))!;
        }

        // The tables first: what is appended in between makes the lag look larger, never smaller.
        var applied = await SqliteAsync(Path.Combine(store.Directory, "tables.db"), head + "position");
        return await SqliteAsync(Path.Combine(store.Directory, "journal.db"), head + "frames") - applied;
    }

    private static async Task<long> SqliteAsync(string path, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
