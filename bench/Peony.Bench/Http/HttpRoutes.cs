using System.Globalization;
using System.Text;
using Peony.Ledger;

namespace Peony.Bench;

/// <summary>What the load generator asks for again and again. A further route of the product is a line in <see cref="HttpRoutes"/>.</summary>
/// <param name="Name">The measurement's name.</param>
/// <param name="HasCaller">True when each request carries a customer's bearer token and an idempotency key of its own.</param>
/// <param name="Body">Makes the body of one customer's requests.</param>
internal sealed record HttpRoute(string Name, string Path, bool HasCaller, Func<Random, string> Body);

/// <summary>The routes that are measured.</summary>
internal static class HttpRoutes
{
    public static readonly HttpRoute Echo = new(HttpLoad.Echo, BenchServer.EchoPath, HasCaller: false, random => string.Create(CultureInfo.InvariantCulture,
        $$"""{"from":"acc_0192f3a1c5d7","to":"acc_0192f3a1c5d8","amount":{"amount":{{random.Next(1_00, 50_00)}},"currency":"CNY"},"reference":"R-2026-0001"}"""));

    public static readonly HttpRoute Purchase = new(HttpLoad.Purchase, "/api/v1/credit/purchases", HasCaller: true, random => string.Create(CultureInfo.InvariantCulture,
        $$"""{"shop":"grocer","amount":{"amount":{{random.Next(1_00, 50_00)}},"currency":"CNY"},"pin":"{{BenchPins.Pin}}"}"""));

    public static IReadOnlyList<HttpRoute> All => [Echo, Purchase];
}

/// <summary>The body the echo parses and writes back, about as long and as deep as a transfer.</summary>
internal sealed record EchoBody(string From, string To, Money Amount, string Reference);

/// <summary>The bytes of one caller's request; only the idempotency key changes from one to the next, in place.</summary>
internal sealed class HttpRequestBytes
{
    private const int KeyDigits = 16;
    private readonly byte[] _bytes;
    private readonly int _keyAt;

    /// <param name="token">The caller's bearer token, or null for a route that has none.</param>
    public HttpRequestBytes(HttpRoute route, string host, string? token, Random random)
    {
        var body = route.Body(random);
        var caller = token is null ? "" : $"Authorization: Bearer {token}\r\nIdempotency-Key: {new string('0', KeyDigits)}\r\n";
        _bytes = Encoding.ASCII.GetBytes($"POST {route.Path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n{caller}\r\n{body}");
        _keyAt = token is null ? -1 : _bytes.AsSpan().IndexOf("Idempotency-Key: "u8) + "Idempotency-Key: ".Length;
    }

    /// <summary>The request under the next key.</summary>
    public ReadOnlySpan<byte> Under(long key)
    {
        for (var at = KeyDigits - 1; _keyAt >= 0 && at >= 0; at--, key /= 10)
        {
            _bytes[_keyAt + at] = (byte)('0' + (key % 10));
        }

        return _bytes;
    }

    /// <summary>The request as it was asked last.</summary>
    public ReadOnlySpan<byte> Again => _bytes;
}
