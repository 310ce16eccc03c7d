using System.Diagnostics;
using System.Globalization;

namespace Peony.Proof;

/// <summary>What a stretch of load gave.</summary>
/// <param name="Bought">Purchases answered with success.</param>
/// <param name="Declined">Purchases the business declined (the line is used up).</param>
/// <param name="PutOff">Answers 429 or 503 that say when to come again and that nothing moved.</param>
/// <param name="LinesBusy">Arrivals that found every connection waiting for an answer.</param>
internal sealed record Stretch(long Bought, long Declined, long PutOff, long LinesBusy, TimeSpan Took, TimeSpan P99, TimeSpan Longest)
{
    public double Goodput => (Bought + Declined) / Took.TotalSeconds;
}

/// <summary>
/// Callers that load a server: sessions of the demo customers, each with several connections. Every answer is looked at: what is neither an answer of the business nor a proper "come
/// again" breaks the proof.
/// </summary>
internal sealed class LoadCallers : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly List<LoadConnection> _connections = [];

    private LoadCallers(Caller lin, Caller chen) => (Lin, Chen) = (lin, chen);

    public Caller Lin { get; }

    public Caller Chen { get; }

    /// <param name="sessions">Sessions; the brake on writes counts by session.</param>
    /// <param name="connections">Connections that the sessions share evenly.</param>
    /// <param name="greedy">Connections more that all belong to one session, which asks for more than its share.</param>
    public static async Task<LoadCallers> ConnectAsync(ServerProcess server, int sessions, int connections, int greedy = 0)
    {
        var signedIn = new Caller[sessions];
        await Parallel.ForAsync(0, sessions, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (session, _) =>
            signedIn[session] = await Caller.SignInAsync(server, session % 2 == 0 ? Caller.Lin : Caller.Chen));
        var callers = new LoadCallers(signedIn[0], signedIn[1]);
        for (var connection = 0; connection < connections + greedy; connection++)
        {
            var one = new LoadConnection(signedIn[connection < connections ? connection % sessions : 0].Token!);
            callers._connections.Add(one);
            await one.ConnectAsync(server.Address);
        }

        return callers;
    }

    /// <summary>What both customers can still spend.</summary>
    public async Task<long> SpendableAsync(ServerProcess server)
    {
        var sum = 0L;
        foreach (var caller in new[] { Lin, Chen })
        {
            var line = (await caller.ReadAsync(server, "credit")).Json;
            sum += line["credit_balance"]!["amount"]!.GetValue<long>() - line["owed"]!["amount"]!.GetValue<long>();
        }

        return sum;
    }

    /// <summary>So many callers, each asking again as soon as it has its answer.</summary>
    public Task<Stretch> AskAsync(int callers, TimeSpan time, CancellationToken cancel) => RunAsync(callers, time, null, cancel);

    /// <summary>Arrivals at a rate that does not care for answers, on every connection there is.</summary>
    public async Task<Stretch> ArriveAsync(double perSecond, TimeSpan time, CancellationToken cancel)
    {
        using var arrivals = new SemaphoreSlim(0);
        var pace = PaceAsync(arrivals, perSecond, time, cancel);
        var stretch = await RunAsync(_connections.Count, time, arrivals, cancel);
        return stretch with { LinesBusy = await pace };
    }

    public void Dispose() => _connections.ForEach(connection => connection.Dispose());

    /// <returns>How many arrivals nobody could be sent for.</returns>
    private async Task<long> PaceAsync(SemaphoreSlim arrivals, double perSecond, TimeSpan time, CancellationToken cancel)
    {
        var (since, due, turnedAway) = (Stopwatch.GetTimestamp(), 0L, 0L);
        for (var elapsed = TimeSpan.Zero; elapsed < time; elapsed = Stopwatch.GetElapsedTime(since))
        {
            var now = (long)(elapsed.TotalSeconds * perSecond);
            // Those who find every line busy go away.
            var room = Math.Max(0, _connections.Count - arrivals.CurrentCount);
            var come = (int)Math.Min(now - due, room);
            turnedAway += now - due - come;
            due = now;
            if (come > 0)
            {
                arrivals.Release(come);
            }

            await Task.Delay(5, cancel);
        }

        // Whoever still waits for an arrival ends.
        arrivals.Release(2 * _connections.Count);
        return turnedAway;
    }

    private async Task<Stretch> RunAsync(int callers, TimeSpan time, SemaphoreSlim? arrivals, CancellationToken cancel)
    {
        var since = Stopwatch.GetTimestamp();
        var (bought, declined, putOff) = (0L, 0L, 0L);
        var latencies = new List<float>[callers];
        await Task.WhenAll(Enumerable.Range(0, callers).Select(number => Task.Run(
            async () =>
            {
                var own = latencies[number] = [];
                while (true)
                {
                    if (arrivals is not null)
                    {
                        await arrivals.WaitAsync(cancel);
                    }

                    if (Stopwatch.GetElapsedTime(since) >= time)
                    {
                        return;
                    }

                    var answer = await _connections[number].AskAsync(cancel);
                    Proofs.Hold(answer.Took < Patience, $"An answer took {answer.Took.TotalSeconds:F0} s.");
                    own.Add((float)answer.Took.TotalMilliseconds);
                    switch (answer.Status)
                    {
                        case 201:
                            Interlocked.Increment(ref bought);
                            break;
                        case 402:
                            Interlocked.Increment(ref declined);
                            break;
                        default:
                            Proofs.Hold(answer.IsPutOff, $"Answered {answer.Status.ToString(CultureInfo.InvariantCulture)}{(answer.HasRetryAfter ? "" : " without Retry-After")}{(answer.SaysNotMoved ? "" : " without saying that nothing moved")}.");
                            Interlocked.Increment(ref putOff);
                            break;
                    }
                }
            },
            cancel)));
        var took = Stopwatch.GetElapsedTime(since);
        var all = latencies.SelectMany(own => own).Order().ToArray();
        Proofs.Hold(all.Length > 0, "Nothing was asked.");
        return new Stretch(bought, declined, putOff, 0, took, TimeSpan.FromMilliseconds(all[(int)((all.Length - 1) * 0.99)]), TimeSpan.FromMilliseconds(all[^1]));
    }
}

/// <summary>The memory of a process, as the kernel counts it, looked at twice a second.</summary>
internal sealed class MemoryWatch(int process)
{
    private readonly List<(double Seconds, double Megabytes)> _samples = [];

    public IReadOnlyList<(double Seconds, double Megabytes)> Samples => _samples;

    public async Task WatchAsync(CancellationToken stop)
    {
        var since = Stopwatch.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            var line = File.ReadLines($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            _samples.Add((Stopwatch.GetElapsedTime(since).TotalSeconds, double.Parse(line[6..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024));
            await Task.WhenAny(Task.Delay(500, stop));
        }
    }
}

/// <summary>The straight line through points, by least squares.</summary>
internal static class Trend
{
    /// <returns>The mean, and how much the line rises over the time the points span.</returns>
    public static (double Mean, double Rise) Of(IReadOnlyList<(double At, double Value)> points)
    {
        var (at, value) = (points.Average(point => point.At), points.Average(point => point.Value));
        var spread = points.Sum(point => (point.At - at) * (point.At - at));
        var slope = spread == 0 ? 0 : points.Sum(point => (point.At - at) * (point.Value - value)) / spread;
        return (value, slope * (points[^1].At - points[0].At));
    }
}
