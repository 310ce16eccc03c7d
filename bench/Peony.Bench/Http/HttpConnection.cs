using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Peony.Bench;

/// <summary>
/// One keep-alive connection with one request in flight: sends prepared bytes, looks for the end of the answer and at its status, and asks again. What it does for an answer is
/// a receive, a search and a send; the sockets' own thread does it.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly SocketAsyncEventArgs _receive = new();
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly IReadOnlyList<HttpRequestBytes> _requests;
    private readonly Func<long> _nextKey;
    private readonly TaskCompletionSource<string?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<float> _latencies = new(1 << 16);
    private int _filled;
    private int _turn;
    private long _askedAt;
    private long _endAt;

    /// <param name="requests">Asked in turn.</param>
    /// <param name="nextKey">Keys nobody has used.</param>
    public HttpConnection(IReadOnlyList<HttpRequestBytes> requests, Func<long> nextKey)
    {
        (_requests, _nextKey) = (requests, nextKey);
        _receive.SetBuffer(_buffer, 0, _buffer.Length);
        _receive.Completed += (_, _) => Receive(isCompleted: true);
    }

    /// <summary>How long each answer took, milliseconds.</summary>
    public IReadOnlyList<float> Latencies => _latencies;

    public Task ConnectAsync(IPEndPoint server) => _socket.ConnectAsync(server);

    /// <summary>Asks until the moment given; the task ends with null, or with what was wrong.</summary>
    public Task<string?> RunAsync(long endAt)
    {
        _endAt = endAt;
        Ask();
        Receive(isCompleted: false);
        return _ended.Task;
    }

    public void Dispose()
    {
        _receive.Dispose();
        _socket.Dispose();
    }

    private void Ask()
    {
        _askedAt = Stopwatch.GetTimestamp();
        _socket.Send(_requests[_turn].Under(_nextKey()));
    }

    private void Receive(bool isCompleted)
    {
        try
        {
            while (true)
            {
                if (isCompleted)
                {
                    if (_receive.SocketError != SocketError.Success || _receive.BytesTransferred == 0)
                    {
                        _ended.TrySetResult($"The connection broke: {_receive.SocketError}.");
                        return;
                    }

                    _filled += _receive.BytesTransferred;
                    if (IsWhole(_buffer.AsSpan(0, _filled)) && !Answered())
                    {
                        return;
                    }
                }

                _receive.SetBuffer(_filled, _buffer.Length - _filled);
                if (_socket.ReceiveAsync(_receive))
                {
                    return;
                }

                isCompleted = true;
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            _ended.TrySetResult(exception.Message);
        }
    }

    /// <summary>Looks at the answer and asks again. False when this connection is done, or waits before it asks again.</summary>
    private bool Answered()
    {
        var status = (_buffer[9] * 100) + (_buffer[10] * 10) + _buffer[11] - ('0' * 111);
        if (status == (int)HttpStatusCode.ServiceUnavailable)
        {
            // Comes again under the same key, as a client does; the wait is part of the operation.
            _filled = 0;
            _ = Task.Delay(20).ContinueWith(_ => AskAgain(), TaskScheduler.Default);
            return false;
        }

        if (status is < 200 or >= 300)
        {
            _ended.TrySetResult(Encoding.UTF8.GetString(_buffer.AsSpan(0, Math.Min(_filled, 2000))));
            return false;
        }

        _filled = 0;
        _latencies.Add((float)Stopwatch.GetElapsedTime(_askedAt).TotalMilliseconds);
        if (Stopwatch.GetTimestamp() >= _endAt)
        {
            _ended.TrySetResult(null);
            return false;
        }

        _turn = (_turn + 1) % _requests.Count;
        Ask();
        return true;
    }

    private void AskAgain()
    {
        try
        {
            _socket.Send(_requests[_turn].Again);
            Receive(isCompleted: false);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            _ended.TrySetResult(exception.Message);
        }
    }

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
