using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Peony.Bench;

/// <summary>What the generator counted in one run.</summary>
/// <param name="Problem">What was wrong with an answer, or null.</param>
internal sealed record Generated(long Operations, double Seconds, double MedianMilliseconds, double P99Milliseconds, string? Problem);

/// <summary>
/// The load generator, a process of its own so that its processor time stands apart and nothing else shares its threads: reads orders from standard input, a line each, and
/// answers with a line. The same code and the same connections for the echo and for the product.
/// </summary>
internal static class Generator
{
    public const string Verb = "generate";

    /// <summary>Answers are handled on the one thread that waits for all sockets: no hand-over to a pool for each of them.</summary>
    public static readonly (string Name, string Value)[] Environment =
    [
        ("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1"), ("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", "1"), ("DOTNET_gcServer", "0"),
    ];

    /// <param name="arguments">The server's port, how many connections, and a file with a bearer token a line.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var server = new IPEndPoint(IPAddress.Loopback, int.Parse(arguments[0], CultureInfo.InvariantCulture));
        var connections = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        var tokens = await File.ReadAllLinesAsync(arguments[2]);
        var requests = HttpRoutes.All.ToDictionary(route => route.Name, route => Requests(route, server, tokens));
        var key = 0L;
        Child.Say("ready");
        while (await Console.In.ReadLineAsync() is { } order)
        {
            var words = order.Split('\t');
            var generated = await RunAsync(server, connections, requests[words[0]], int.Parse(words[1], CultureInfo.InvariantCulture), () => Interlocked.Increment(ref key));
            Child.Say(JsonSerializer.Serialize(generated));
        }

        return 0;
    }

    private static HttpRequestBytes[] Requests(HttpRoute route, IPEndPoint server, string[] tokens)
    {
        var random = new Random(1);
        return route.HasCaller
            ? [.. tokens.Select(token => new HttpRequestBytes(route, server.ToString(), token, random))]
            : [.. tokens.Select(_ => new HttpRequestBytes(route, server.ToString(), null, random))];
    }

    private static async Task<Generated> RunAsync(IPEndPoint server, int count, HttpRequestBytes[] requests, int seconds, Func<long> nextKey)
    {
        // Each customer's requests belong to one connection: their bytes are changed in place.
        var connections = Enumerable.Range(0, count).Select(first => new HttpConnection([.. requests.Where((_, index) => index % count == first)], nextKey)).ToList();
        try
        {
            await Task.WhenAll(connections.Select(connection => connection.ConnectAsync(server)));
            var start = Stopwatch.GetTimestamp();
            var problems = await Task.WhenAll(connections.Select(connection => connection.RunAsync(start + (seconds * Stopwatch.Frequency))));
            var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var all = connections.SelectMany(connection => connection.Latencies).Order().ToArray();
            var (median, p99) = Latencies.Of(all);
            return new Generated(all.Length, took, median, p99, problems.FirstOrDefault(problem => problem is not null));
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }
    }
}
