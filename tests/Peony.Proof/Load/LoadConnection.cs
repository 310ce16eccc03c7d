using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Peony.Proof;

/// <summary>What came back for one request of the load.</summary>
internal readonly record struct LoadAnswer(int Status, bool HasRetryAfter, bool SaysNotMoved, TimeSpan Took)
{
    /// <summary>Put off in the way that overload may: come again, nothing moved.</summary>
    public bool IsPutOff => Status is 429 or 503 && HasRetryAfter && SaysNotMoved;
}

/// <summary>One cheap keep-alive connection of a caller who buys for one fen: bytes prepared once, a new key each time, of the answer only what is asked for here.</summary>
internal sealed class LoadConnection : IDisposable
{
    private const int KeyLength = 32;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _request;
    private readonly int _keyAt;
    private readonly byte[] _answer = new byte[16 * 1024];

    public LoadConnection(string token)
    {
        const string keyHeader = "Idempotency-Key: ";
        const string body = $$"""{"shop":"bookshop","amount":{"amount":1,"currency":"CNY"},"pin":"{{Caller.Pin}}"}""";
        var text = $"POST /api/v1/credit/purchases HTTP/1.1\r\nHost: peony\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\n{keyHeader}{new string('0', KeyLength)}\r\n\r\n{body}";
        _request = Encoding.ASCII.GetBytes(text);
        _keyAt = text.IndexOf(keyHeader, StringComparison.Ordinal) + keyHeader.Length;
    }

    public Task ConnectAsync(Uri server) => _socket.ConnectAsync(IPEndPoint.Parse(server.Authority));

    public async Task<LoadAnswer> AskAsync(CancellationToken cancel)
    {
        Guid.NewGuid().TryFormat(_request.AsSpan(_keyAt, KeyLength), out _, "N");
        var since = Stopwatch.GetTimestamp();
        await _socket.SendAsync(_request, cancel);
        var filled = 0;
        while (!IsWhole(_answer.AsSpan(0, filled)))
        {
            var count = await _socket.ReceiveAsync(_answer.AsMemory(filled), cancel);
            Proofs.Hold(count > 0, "The server broke a connection under load.");
            filled += count;
        }

        return Read(_answer.AsSpan(0, filled), Stopwatch.GetElapsedTime(since));
    }

    public void Dispose() => _socket.Dispose();

    private static LoadAnswer Read(ReadOnlySpan<byte> answer, TimeSpan took) => new(
        (answer[9] * 100) + (answer[10] * 10) + answer[11] - ('0' * 111),
        answer.IndexOf("\r\nRetry-After: "u8) >= 0,
        answer.IndexOf("\"money\":\"not moved\""u8) >= 0,
        took);

    /// <summary>The answer has come to its end, by its length or by the last chunk. There is never more than one.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return false;
        }

        var length = answer[..head].IndexOf("\r\nContent-Length: "u8);
        return length >= 0 && Utf8Parser.TryParse(answer[(length + "\r\nContent-Length: ".Length)..], out int bytes, out _)
            ? answer.Length >= head + 4 + bytes
            : answer.EndsWith("\r\n0\r\n\r\n"u8);
    }
}
