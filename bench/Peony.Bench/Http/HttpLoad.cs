using System.Diagnostics;
using System.Text.Json;
using Peony.Book;
using Peony.Server.Verbs;

namespace Peony.Bench;

/// <summary>The server and the load generator of the HTTP figures, each a process of its own.</summary>
internal sealed class HttpLoad : IAsyncDisposable
{
    public const string Echo = "http echo";
    public const string Purchase = "http purchase";

    private readonly Child _server;
    private readonly Child _generator;

    private HttpLoad(Child server, Child generator) => (_server, _generator) = (server, generator);

    public static async Task<HttpLoad> StartAsync(string directory, BenchPlan plan, CancellationToken cancel)
    {
        Directory.CreateDirectory(directory);
        var (server, port) = await Child.StartAsync([BenchServer.Verb, directory], [], cancel);
        try
        {
            var tokens = Path.Combine(directory, "tokens");
            await server.AskAsync($"plant\t{plan.Customers}\t{tokens}", cancel);
            var (generator, _) = await Child.StartAsync([Generator.Verb, port, $"{plan.Connections}", tokens], Generator.Environment, cancel);
            return new HttpLoad(server, generator);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async Task<Measured> RunAsync(HttpRoute route, int seconds, CancellationToken cancel)
    {
        var cpu = new CpuMeter().And("server", _server.ProcessorTime).And("generator", _generator.ProcessorTime);
        var generated = JsonSerializer.Deserialize<Generated>(await _generator.AskAsync($"{route.Name}\t{seconds}", cancel))!;
        if (generated.Problem is { } problem)
        {
            throw new InvalidOperationException($"{route.Name}: {problem}");
        }

        var called = Stopwatch.GetTimestamp();
        await _server.AskAsync("drain", cancel);
        return new Measured(generated.Operations, generated.Seconds + Stopwatch.GetElapsedTime(called).TotalSeconds, generated.Operations / generated.Seconds,
            generated.MedianMilliseconds, generated.P99Milliseconds, cpu.PerOperation(generated.Operations));
    }

    public async Task<VerifyReport> StopAndVerifyAsync(CancellationToken cancel) => JsonSerializer.Deserialize<VerifyReport>(await _server.AskAsync("verify", cancel))!;

    public async ValueTask DisposeAsync()
    {
        await _generator.DisposeAsync();
        await _server.DisposeAsync();
    }
}

/// <summary>One route under load on all connections.</summary>
internal sealed class HttpMeasurement(BenchStage stage, HttpRoute route) : IMeasurement
{
    public string Name => route.Name;

    public Comparison Comparison => Comparison.Http;

    public Task PrepareAsync(int seconds, CancellationToken cancel) => stage.HttpAsync(cancel);

    public async Task<Measured> RunAsync(int seconds, CancellationToken cancel) => await (await stage.HttpAsync(cancel)).RunAsync(route, seconds, cancel);
}
