using System.Diagnostics;

namespace Peony.Proof;

/// <summary>Ten times the requests the server can serve: it goes on serving what it can and tells the others to come again.</summary>
internal sealed class OverloadProof(Database database, TimeSpan time) : IProof
{
    /// <summary>So many that the brake on each (600 writes at once, then 100 a second) leaves room for more than a small machine serves.</summary>
    private readonly int _sessions = time > TimeSpan.FromSeconds(20) ? 128 : 64;
    private const int Connections = 720;
    private const int Greedy = 240;
    private const int Times = 10;
    /// <summary>A server that has just started on small tables serves more for half a minute than it keeps up.</summary>
    private const int WarmTimes = 4;
    private static readonly int[] CallersTried = [64, 128, 256, 512];
    private const double GoodputLeast = 0.8;
    private static readonly TimeSpan RecoveredWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    /// <summary>How long each number of callers is tried. What is acknowledged within two seconds need not be in the tables yet; a peak is what the server can keep up.</summary>
    private readonly TimeSpan _tried = time > TimeSpan.FromSeconds(20) ? TimeSpan.FromSeconds(10) : Window;

    public string Name => $"overload {database.Word()}";

    public string Claim => "At ten times the requests it can serve, with every brake on, the server serves at least 80 % of its peak, tells everybody else when to come again and that nothing "
        + "moved, keeps its memory bounded, and is back to normal within 30 seconds.";

    public async Task<ProofRound> RunAsync(ProofPlace place, int seed, CancellationToken cancel)
    {
        var store = await place.MakeServerPlaceAsync(database);
        await using var server = await ServerProcess.StartAsync(store);
        using var callers = await LoadCallers.ConnectAsync(server, _sessions, Connections, Greedy);
        var before = await callers.SpendableAsync(server);
        // The first stretch warms the server up; the peak is the best of those with more and more callers.
        var (warm, tried, served) = (await callers.AskAsync(CallersTried[0], WarmTimes * _tried, cancel), new List<Stretch>(), CallersTried[0]);
        foreach (var count in CallersTried)
        {
            tried.Add(await callers.AskAsync(count, _tried, cancel));
            served = tried[^1].Goodput >= tried.Max(stretch => stretch.Goodput) ? count : served;
        }

        var peak = tried.MaxBy(stretch => stretch.Goodput)!;
        var (overload, memory) = await WatchedAsync(server, () => callers.ArriveAsync(Times * peak.Goodput, time, cancel));
        var (recovery, after) = await RecoverAsync(place, callers, served, peak, cancel);

        place.HoldAlone(overload.Goodput >= GoodputLeast * peak.Goodput, $"At its peak the server served {peak.Goodput:F0} a second, overloaded {overload.Goodput:F0}.");
        Proofs.Hold(overload.PutOff > 0 && overload.LinesBusy > 0, "That was no overload.");
        var (mean, rise) = Trend.Of(memory.Samples.Skip(memory.Samples.Count / 2).ToList());
        Proofs.Hold(rise < 0.25 * mean, $"In the second half of the overload the memory grew by {rise:F0} MB from {mean:F0} MB.");
        var bought = warm.Bought + tried.Sum(stretch => stretch.Bought) + overload.Bought + after.Sum(stretch => stretch.Bought);
        Proofs.Same(before - bought, await callers.SpendableAsync(server), "What is left to spend");
        Proofs.Same(0, await server.StopAsync(), "Exit code of a clean stop");
        await ServerProcess.VerifyAsync(store);
        return new ProofRound(
            overload.Bought + overload.Declined + overload.PutOff,
            new Dictionary<string, long>
            {
                ["served under overload"] = overload.Bought + overload.Declined,
                ["told to come again, nothing moved"] = overload.PutOff,
                ["arrivals that found every connection waiting"] = overload.LinesBusy,
            },
            new Dictionary<string, long>
            {
                ["callers at the peak"] = served,
                ["peak before, served a second"] = (long)peak.Goodput,
                ["under overload, served a second"] = (long)overload.Goodput,
                ["goodput lost under overload, %"] = Math.Max(0, (long)(100 - (100 * overload.Goodput / peak.Goodput))),
                ["p99 at the peak, ms"] = (long)peak.P99.TotalMilliseconds,
                ["p99 under overload, ms"] = (long)overload.P99.TotalMilliseconds,
                ["longest answer under overload, ms"] = (long)overload.Longest.TotalMilliseconds,
                ["memory under overload, MB"] = (long)memory.Samples.Max(sample => sample.Megabytes),
                ["back to normal after, ms"] = (long)recovery.TotalMilliseconds,
            });
    }

    /// <summary>How long until the callers of before are served as before.</summary>
    private static async Task<(TimeSpan Took, List<Stretch> Stretches)> RecoverAsync(ProofPlace place, LoadCallers callers, int served, Stretch peak, CancellationToken cancel)
    {
        var (since, stretches) = (Stopwatch.GetTimestamp(), new List<Stretch>());
        while (true)
        {
            var began = Stopwatch.GetElapsedTime(since);
            stretches.Add(await callers.AskAsync(served, Window, cancel));
            if (stretches[^1].Goodput >= GoodputLeast * peak.Goodput || began >= RecoveredWithin)
            {
                place.HoldAlone(began < RecoveredWithin, $"{began.TotalSeconds:F0} s after the overload the server serves {stretches[^1].Goodput:F0} a second, before it {peak.Goodput:F0}.");
                return (began, stretches);
            }
        }
    }

    private static async Task<(Stretch Stretch, MemoryWatch Memory)> WatchedAsync(ServerProcess server, Func<Task<Stretch>> load)
    {
        var memory = new MemoryWatch(server.Id);
        using var stop = new CancellationTokenSource();
        var watch = memory.WatchAsync(stop.Token);
        var stretch = await load();
        await stop.CancelAsync();
        await watch;
        return (stretch, memory);
    }
}
