using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Peony.Testing;

/// <summary>What the proxy does to an append of the journal.</summary>
public enum Cut
{
    /// <summary>The server gets the commit; its answer never comes back, and the connection breaks.</summary>
    AfterCommit,

    /// <summary>The server gets the commit; nothing comes back and nothing breaks: the line is dead and nobody says so.</summary>
    SilentAfterCommit,

    /// <summary>The connection breaks before the server gets the commit.</summary>
    BeforeCommit,
}

/// <summary>
/// Stands between the program and PostgreSQL under an address that stays, as a virtual address does: it passes bytes on to whichever server is primary now, and on command spoils
/// connections where it hurts most, around the commit of an append.
/// </summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly HashSet<Line> _lines = [];
    private readonly Lock _lock = new();
    private readonly byte[] _sqlOfAppends;
    private readonly Task _accepting;
    private IPEndPoint _target;
    private Cut? _next;
    private TaskCompletionSource? _cut;
    private long _appends;

    /// <param name="target">The primary.</param>
    /// <param name="sqlOfAppends">How the statements begin that are appends.</param>
    public CuttingProxy(IPEndPoint target, string sqlOfAppends = "INSERT INTO peony.frames")
    {
        _target = target;
        _sqlOfAppends = Encoding.UTF8.GetBytes(sqlOfAppends);
        _listener.Start();
        _accepting = Task.Run(AcceptAsync);
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    public string ConnectionString => $"Host=127.0.0.1;Port={Address.Port};Username=postgres;Database=postgres";

    /// <summary>Appends that went through or were to go through.</summary>
    public long Appends => Interlocked.Read(ref _appends);

    /// <summary>How long each piece is held back on its way to the server.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>New connections go to this server; those to the former one break.</summary>
    public void PointTo(IPEndPoint target)
    {
        Volatile.Write(ref _target, target);
        Break();
    }

    /// <summary>Breaks every connection.</summary>
    public void Break()
    {
        foreach (var line in Lines())
        {
            line.Close();
        }
    }

    /// <summary>Lets every connection there is die silently: what is sent goes nowhere, and nobody hears of it. New ones work.</summary>
    public void FallSilent()
    {
        foreach (var line in Lines())
        {
            line.IsSilent = true;
        }
    }

    /// <summary>Every connection breaks after so many more bytes from the program.</summary>
    public void BreakAfter(long bytes)
    {
        foreach (var line in Lines())
        {
            line.BytesLeft = bytes;
        }
    }

    /// <summary>Spoils the next append. Ends when it has happened.</summary>
    public Task CutNextAppendAsync(Cut cut)
    {
        lock (_lock)
        {
            _cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _next = cut;
            return _cut.Task;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        Break();
        await _accepting;
        _stopping.Dispose();
    }

    private Line[] Lines()
    {
        lock (_lock)
        {
            return [.. _lines];
        }
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptSocketAsync(_stopping.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = Task.Run(() => ConnectAsync(client));
        }
    }

    private async Task ConnectAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            var line = new Line(client, server);
            try
            {
                await server.ConnectAsync(Volatile.Read(ref _target), _stopping.Token);
                lock (_lock)
                {
                    _lines.Add(line);
                }

                var back = BackAsync(line);
                await Task.WhenAny(ForthAsync(line), back);
                if (line.IsEnding)
                {
                    await back;
                }
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // Nobody listens there; the program finds its connection closed.
            }
            finally
            {
                line.Close();
                lock (_lock)
                {
                    _lines.Remove(line);
                }
            }
        }
    }

    private async Task ForthAsync(Line line)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        var messages = new Messages(_sqlOfAppends);
        try
        {
            int count;
            while ((count = await line.Client.ReceiveAsync(buffer, SocketFlags.None, _stopping.Token)) > 0)
            {
                if (line.IsSilent)
                {
                    continue;
                }

                if (Delay > TimeSpan.Zero)
                {
                    await Task.Delay(Delay, _stopping.Token);
                }

                var cut = messages.EndsAppend(buffer.AsSpan(0, count)) ? NextCut() : null;
                if (cut is Cut.BeforeCommit || (line.BytesLeft -= count) < 0)
                {
                    break;
                }

                line.IsSilent = cut is not null;
                await line.Server.SendAsync(buffer.AsMemory(0, count), SocketFlags.None, _stopping.Token);
                if (cut is Cut.AfterCommit)
                {
                    // The server reads the commit to its end before it finds that nobody is there.
                    line.IsEnding = true;
                    line.Client.Dispose();
                    line.Server.Shutdown(SocketShutdown.Send);
                    break;
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two ends is gone.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task BackAsync(Line line)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            int count;
            while ((count = await line.Server.ReceiveAsync(buffer, SocketFlags.None, _stopping.Token)) > 0 || (line.IsSilent && !line.IsEnding))
            {
                if (count == 0)
                {
                    // A dead line does not end.
                    await Task.Delay(Timeout.Infinite, _stopping.Token);
                }
                else if (!line.IsSilent)
                {
                    await line.Client.SendAsync(buffer.AsMemory(0, count), SocketFlags.None, _stopping.Token);
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two ends is gone.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private Cut? NextCut()
    {
        Interlocked.Increment(ref _appends);
        lock (_lock)
        {
            var next = _next;
            if (next is not null)
            {
                _next = null;
                _cut!.TrySetResult();
            }

            return next;
        }
    }

    /// <summary>One connection of the program and the one to the server that belongs to it.</summary>
    private sealed class Line(Socket client, Socket server)
    {
        public Socket Client => client;

        public Socket Server => server;

        public volatile bool IsSilent;

        public volatile bool IsEnding;

        public long BytesLeft = long.MaxValue;

        public void Close()
        {
            client.Dispose();
            server.Dispose();
        }
    }

    /// <summary>
    /// Follows the program's side of the protocol just as far as to see where an append ends. After the start-up each message is
    /// <code>
    /// type:1 length:4 (with itself) body
    ///   P name\0 sql\0 …          prepares a statement
    ///   B portal\0 statement\0 …  hands it arguments
    ///   S                         ends the transaction: commit
    /// </code>
    /// </summary>
    private sealed class Messages(byte[] sqlOfAppends)
    {
        private const int Looked = 512;
        private readonly byte[] _head = new byte[5];
        private readonly byte[] _body = new byte[Looked];
        private readonly HashSet<string> _appends = new(StringComparer.Ordinal);
        private int _headLength;
        private int _bodyLength;
        private int _left = -1;
        private bool _isStarted;
        private bool _isAppending;

        /// <summary>True when the commit of an append ends within these bytes.</summary>
        public bool EndsAppend(ReadOnlySpan<byte> bytes)
        {
            var ends = false;
            while (bytes.Length > 0)
            {
                if (_left < 0)
                {
                    // The first messages of a connection have no type: requests for encryption, then the start.
                    var head = _isStarted ? 5 : 4;
                    var taken = Math.Min(head - _headLength, bytes.Length);
                    bytes[..taken].CopyTo(_head.AsSpan(_headLength));
                    bytes = bytes[taken..];
                    if ((_headLength += taken) < head)
                    {
                        break;
                    }

                    _left = BinaryPrimitives.ReadInt32BigEndian(_head.AsSpan(head - 4, 4)) - 4;
                    _bodyLength = 0;
                }

                var part = bytes[..Math.Min(_left, bytes.Length)];
                var kept = part[..Math.Min(part.Length, Looked - _bodyLength)];
                kept.CopyTo(_body.AsSpan(_bodyLength));
                _bodyLength += kept.Length;
                bytes = bytes[part.Length..];
                if ((_left -= part.Length) == 0)
                {
                    ends |= Complete();
                    (_left, _headLength) = (-1, 0);
                }
            }

            return ends;
        }

        private bool Complete()
        {
            var body = _body.AsSpan(0, _bodyLength);
            if (!_isStarted)
            {
                // 80877103 asks for TLS, 80877104 for GSSAPI; the server here says no and the start follows.
                _isStarted = BinaryPrimitives.ReadInt32BigEndian(body) is not (80877103 or 80877104);
                return false;
            }

            switch ((char)_head[0])
            {
                case 'P':
                    var name = Text(ref body);
                    if (body.StartsWith(sqlOfAppends))
                    {
                        _appends.Add(name);
                    }
                    else
                    {
                        _appends.Remove(name);
                    }

                    return false;
                case 'B':
                    _ = Text(ref body);
                    _isAppending |= _appends.Contains(Text(ref body));
                    return false;
                case 'S' when _isAppending:
                    _isAppending = false;
                    return true;
                default:
                    return false;
            }
        }

        private static string Text(ref Span<byte> body)
        {
            var end = body.IndexOf((byte)0);
            var text = Encoding.UTF8.GetString(body[..end]);
            body = body[(end + 1)..];
            return text;
        }
    }
}
