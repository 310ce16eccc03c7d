using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Peony.Book;
using Peony.Customers;
using Peony.Gateway;
using Peony.Gateway.Keys;
using Peony.Merchants;
using Peony.Server;
using Peony.Trades;

namespace Peony.Bench;

/// <summary>
/// Signed <c>alipay.trade.pay</c> at the gateway, on the whole program in a process of its own: each request is another order, paid with another pay code from a credit line. The client's signatures are made before; what
/// is left is the server's work, and it is compared with what its two RSA operations alone (one verification, one signature) would allow on all cores.
/// </summary>
internal sealed class GatewayLoad(BenchStage stage) : IOnce
{
    /// <summary>Signed before each run; a pay code is good for a minute, so as many as are asked for within it.</summary>
    private const int Signed = 12_000;

    private const int Buyers = 200;
    private static readonly int[] Connections = [8, 64];

    public string Name => "gateway";

    public async Task<IReadOnlyList<Found>> MeasureAsync(CancellationToken cancel)
    {
        var directory = System.IO.Directory.CreateDirectory(Path.Combine(stage.Directory, "gateway")).FullName;
        var (server, port) = await Child.StartAsync([BenchServer.Verb, directory], [], cancel);
        await using var ends = server;
        var found = new List<Found>();
        var bare = Rsa();
        found.Add(new Found("one RSA verification and one signature, all cores", bare, "/s"));
        await server.AskAsync($"shop\t{Buyers}", cancel);
        // Once unmeasured: the code is compiled, the keys are opened.
        await RunAsync(server, port, directory, Connections[0], seconds: 2, cancel);
        foreach (var connections in Connections)
        {
            var (rate, p99, cpu) = await RunAsync(server, port, directory, connections, stage.Plan.Seconds, cancel);
            found.Add(new Found(string.Create(CultureInfo.InvariantCulture, $"signed trade.pay at {connections} connections"), rate, "/s"));
            found.Add(new Found(string.Create(CultureInfo.InvariantCulture, $"signed trade.pay at {connections} connections, p99"), p99, "ms"));
            found.Add(new Found(string.Create(CultureInfo.InvariantCulture, $"signed trade.pay at {connections} connections, server's CPU"), cpu, "us"));
            found.Add(new Found(string.Create(CultureInfo.InvariantCulture, $"signed trade.pay at {connections} connections, beside the two RSA operations alone"), rate / bare, "x"));
        }

        await server.AskAsync("drain", cancel);
        var report = JsonSerializer.Deserialize<VerifyReport>(await server.AskAsync("verify", cancel))!;
        return report.IsSound ? found : throw new InvalidOperationException("The books are wrong after the gateway's load: " + report.Problem);
    }

    private static async Task<(double Rate, double P99, double Cpu)> RunAsync(Child server, string port, string directory, int connections, int seconds, CancellationToken cancel)
    {
        var file = Path.Combine(directory, "requests");
        await server.AskAsync($"sign\t{Signed}\t{file}", cancel);
        var requests = new ConcurrentQueue<byte[]>(GatewayRequests.Read(await File.ReadAllBytesAsync(file, cancel)));
        var before = server.ProcessorTime();
        var (end, start) = (Stopwatch.GetTimestamp() + (seconds * Stopwatch.Frequency), Stopwatch.GetTimestamp());
        var times = (await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => AskAsync(IPEndPoint.Parse("127.0.0.1:" + port), requests, end, cancel), cancel)))).SelectMany(own => own).Order().ToList();
        var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return (times.Count / took, Latencies.Of(times).P99, (server.ProcessorTime() - before).TotalMicroseconds / times.Count);
    }

    /// <summary>One connection, one request in flight, until the time or the requests are over.</summary>
    private static async Task<List<float>> AskAsync(IPEndPoint server, ConcurrentQueue<byte[]> requests, long end, CancellationToken cancel)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancel);
        var (times, buffer) = (new List<float>(), new byte[64 * 1024]);
        while (Stopwatch.GetTimestamp() < end && requests.TryDequeue(out var request))
        {
            var asked = Stopwatch.GetTimestamp();
            await socket.SendAsync(request, cancel);
            var filled = 0;
            while (!IsWhole(buffer.AsSpan(0, filled)))
            {
                var got = await socket.ReceiveAsync(buffer.AsMemory(filled), cancel);
                filled += got > 0 ? got : throw new InvalidOperationException("The gateway closed a connection.");
            }

            times.Add((float)Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            if (buffer.AsSpan(0, filled).IndexOf("\"code\":\"10000\""u8) < 0)
            {
                throw new InvalidOperationException("The gateway refused: " + Encoding.UTF8.GetString(buffer.AsSpan(0, filled)));
            }
        }

        return times;
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        var length = head < 0 ? -1 : answer[..head].IndexOf("\r\nContent-Length: "u8);
        return length >= 0 && System.Buffers.Text.Utf8Parser.TryParse(answer[(length + "\r\nContent-Length: ".Length)..], out int bytes, out _) && answer.Length >= head + 4 + bytes;
    }

    /// <summary>How often a second all cores together verify one signature and make one, with keys of the size that everybody has.</summary>
    private static double Rsa()
    {
        var text = RandomNumberGenerator.GetBytes(600);
        var span = TimeSpan.FromSeconds(2);
        var done = 0L;
        Parallel.For(0, Environment.ProcessorCount, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, _ =>
        {
            using var rsa = RSA.Create(PlatformCertificates.KeyBits);
            var signature = rsa.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            for (var since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since) < span; Interlocked.Increment(ref done))
            {
                rsa.VerifyData(text, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
                signature = rsa.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            }
        });
        return done / span.TotalSeconds;
    }
}

/// <summary>The shop of the measurement, in the server's process, and the requests that are made there before they are measured.</summary>
internal sealed class GatewayRequests(PeonyServer server, RSA key, AppView app, IReadOnlyList<string> phones)
{
    private int _made;

    /// <summary>Opens a shop, and plants buyers whose phones make pay codes.</summary>
    public static async Task<GatewayRequests> OpenAsync(PeonyServer server, int buyers)
    {
        var key = RSA.Create(PlatformCertificates.KeyBits);
        var app = (await server.Book.RunAsync(new OpenSandboxMerchant("bench", MerchantCategory.Groceries, RatePpm: 6_000, Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())))).Value;
        var (pins, phones) = (new BenchPins(server.Instance.Secrets), new ConcurrentBag<string>());
        await Parallel.ForEachAsync(Enumerable.Range(0, buyers), async (_, stop) =>
        {
            var person = (await server.Book.RunAsync(new PlantPerson(Limit: 10_000_000_00, Wallet: 100_00, CreditBalance: 100_00), cancel: stop)).Value;
            phones.Add((await server.Book.RunAsync(new EnablePayCode(person.Session, pins.ProofOf(person.Customer)), cancel: stop)).Value);
        });
        return new GatewayRequests(server, key, app, [.. phones]);
    }

    /// <summary>Writes whole requests, each after its length.</summary>
    public void Write(int count, string path)
    {
        var codes = new PayCodes(server.Instance.Secrets.Key(PayCodes.KeyPurpose));
        var made = new byte[count][];
        var first = _made;
        _made += count;
        Parallel.For(0, count, () => Copy(key), (index, _, own) =>
        {
            var number = first + index;
            made[index] = Make(own, $"bench{number}", codes.Make(phones[number % phones.Count], server.Book.Now, number / phones.Count % 1000));
            return own;
        }, own => own.Dispose());
        using var file = File.Create(path);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var request in made)
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, request.Length);
            file.Write(length);
            file.Write(request);
        }
    }

    public static IEnumerable<byte[]> Read(byte[] file)
    {
        for (var at = 0; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at));
            yield return file.AsSpan(at + sizeof(int), length).ToArray();
            at += sizeof(int) + length;
        }
    }

    private byte[] Make(RSA own, string outTradeNo, string code)
    {
        var parameters = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["app_id"] = app.Id.Value,
            ["method"] = "alipay.trade.pay",
            ["format"] = "JSON",
            ["charset"] = "utf-8",
            ["sign_type"] = "RSA2",
            ["timestamp"] = WireText.Time(server.Book.Now)!,
            ["version"] = "1.0",
            ["biz_content"] = $$"""{"out_trade_no":"{{outTradeNo}}","total_amount":"0.01","subject":"bench","scene":"bar_code","auth_code":"{{code}}"}""",
        };
        parameters["sign"] = Convert.ToBase64String(own.SignData(Encoding.UTF8.GetBytes(SigningText.OfRequest(parameters)[0]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        var body = string.Join('&', parameters.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));
        return Encoding.ASCII.GetBytes($"POST /gateway.do HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded; charset=utf-8\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    private static RSA Copy(RSA key)
    {
        var copy = RSA.Create();
        copy.ImportParameters(key.ExportParameters(includePrivateParameters: true));
        return copy;
    }
}
