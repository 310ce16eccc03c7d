using System.Diagnostics;

namespace Peony.Bench;

/// <summary>From the start of the server's process on an empty folder until <c>/readyz</c> says ready; the middle of as many as there were rounds.</summary>
internal sealed class EmptyStart(BenchStage stage) : IOnce
{
    public const string Figure = "ready after start, empty";

    public string Name => Figure;

    public async Task<IReadOnlyList<Found>> MeasureAsync(CancellationToken cancel)
    {
        var times = new List<double>();
        for (var number = 0; number < stage.Plan.Rounds; number++)
        {
            times.Add(await ReadyAfterAsync(Path.Combine(stage.Directory, $"start-{number}"), cancel));
        }

        return [new Found(Figure, times.Order().ElementAt(times.Count / 2), "s")];
    }

    /// <summary>Seconds from the start of the process until it is ready; it is ended then.</summary>
    public static async Task<double> ReadyAfterAsync(string directory, CancellationToken cancel)
    {
        var port = FreePort();
        var program = Path.Combine(AppContext.BaseDirectory, "Peony.Server.dll");
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "serve", "--empty", "--data", directory, "--urls", $"http://127.0.0.1:{port}"]) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("dotnet did not start.");
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            while (!await IsReadyAsync(client, cancel))
            {
                await Task.Delay(5, cancel);
            }

            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient client, CancellationToken cancel)
    {
        try
        {
            using var answer = await client.GetAsync("/readyz", cancel);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
