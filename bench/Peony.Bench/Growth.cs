using System.Diagnostics;
using System.Globalization;
using Peony.Book;
using Peony.Server.Verbs;

namespace Peony.Bench;

/// <summary>
/// What things cost when a Book on SQLite has grown: processor time of a batch transfer and of a purchase, a statement's page, memory, disk, and the start of the server on it.
/// It is filled by batch transfers, so that ten million postings stand there in seconds; what a purchase costs on top of them is measured with purchases.
/// </summary>
internal sealed class Growth(BenchStage stage) : IOnce
{
    public const string Cpu = "CPU of a batch transfer";
    public const string Page = "statement page of 50, p99";
    public const string Bytes = "bytes on disk a transfer";
    public const string Start = "ready after start";
    private const int MeasuredTransfers = 100 * IWork.TransfersMost;
    private const int Pages = 2000;

    public string Name => "growth";

    public static string At(string figure, long entries) => string.Create(CultureInfo.InvariantCulture, $"{figure}, {entries:N0} entries");

    public static IReadOnlyList<long> Sizes(BenchPlan plan) => plan.WarmSeconds == 0 ? [10_000, 100_000] : [10_000, 1_000_000, 10_000_000];

    public async Task<IReadOnlyList<Found>> MeasureAsync(CancellationToken cancel)
    {
        var found = new List<Found>();
        var directory = Path.Combine(stage.Directory, "growth");
        var book = await ServedBook.StartAsync("growth sqlite", directory, null, null, cancel);
        try
        {
            var callers = await TransferCallers.MakeAsync(book, stage.Plan.Customers, cancel);
            var (empty, postings) = (SizeOf(directory), 0L);
            foreach (var size in Sizes(stage.Plan))
            {
                postings += await FillAsync(callers, size - postings, cancel);
                found.Add(new Found(At(Page, size), await PageAsync(callers, cancel), "ms"));
                found.Add(new Found(At(Bytes, size), (SizeOf(directory) - empty) / (double)postings, "B"));
                var cpu = Environment.CpuUsage.TotalTime;
                var moved = await FillAsync(callers, Math.Min(MeasuredTransfers, size * 10), cancel);
                postings += moved;
                found.Add(new Found(At(Cpu, size), (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / moved, "us"));
                found.Add(new Found(At("resident memory", size), Environment.WorkingSet / 1048576.0, "MiB"));
            }

            await Console.Error.WriteLineAsync("verifying growth ...");
            var report = await book.StopAndVerifyAsync(cancel);
            if (!report.IsSound)
            {
                throw new InvalidOperationException($"growth: {report.Problem}");
            }
        }
        finally
        {
            await book.DisposeAsync();
        }

        var starts = new List<double>();
        for (var number = 0; number < stage.Plan.Rounds; number++)
        {
            starts.Add(await EmptyStart.ReadyAfterAsync(directory, cancel));
        }

        found.Add(new Found(At(Start, Sizes(stage.Plan)[^1]), starts.Order().ElementAt(starts.Count / 2), "s"));
        return found;
    }

    private static async Task<long> FillAsync(TransferCallers callers, long transfers, CancellationToken cancel)
    {
        // A few in flight, so that one is decided while another is written.
        var left = transfers;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            var random = new Random(20261123 + caller);
            for (long before; (before = Interlocked.Add(ref left, -IWork.TransfersMost) + IWork.TransfersMost) > 0;)
            {
                await callers.MoveAsync((int)Math.Min(before, IWork.TransfersMost), 0, random);
            }
        }, cancel)));
        await callers.Book.DrainAsync(cancel);
        return transfers;
    }

    /// <summary>Pages of accounts drawn evenly: the newest one, and one further back.</summary>
    private static async Task<double> PageAsync(TransferCallers callers, CancellationToken cancel)
    {
        var (random, times) = (new Random(7), new List<float>());
        for (var number = 0; number < Pages; number++)
        {
            var account = callers.Wallets[random.Next(callers.Wallets.Count)];
            long? before = null;
            for (var page = 0; page < 2; page++)
            {
                var asked = Stopwatch.GetTimestamp();
                var rows = await callers.Book.Host.Reader.StatementAsync(account, before, 50, cancel);
                times.Add((float)Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
                if (rows.Count == 0)
                {
                    break;
                }

                before = rows[^1].Posting.Number;
            }
        }

        times.Sort();
        return Latencies.Of(times).P99;
    }

    private static long SizeOf(string directory) => new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
}
