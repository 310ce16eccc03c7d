using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Hosting;

namespace Peony.Simulators.Mail;

/// <summary>
/// A small SMTP receiver (RFC 5321) on a loopback port: EHLO, HELO, MAIL, RCPT, DATA, RSET, NOOP, VRFY, QUIT; no TLS and no sign-in, because nothing leaves the machine. Every line that
/// comes from outside is bounded.
/// </summary>
internal sealed class SmtpListener(MailSimulator mailbox) : IHostedService, IDisposable
{
    private const int LongestLine = 1000;
    private const int LargestMail = 1 << 20;
    private const int MostRecipients = 100;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private Task _accepting = Task.CompletedTask;
    private bool _isDisposed;

    /// <summary>The port it listens at, once it is started.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listener.Start();
        _accepting = AcceptAsync();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Whoever stops a server and then disposes of it stops its host twice.
        if (_isDisposed)
        {
            return;
        }

        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
    }

    public void Dispose()
    {
        // The container knows it by two names, and disposes of it by each.
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var stop = _stop.Token;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(stop);
                _ = Task.Run(() => ServeAsync(client), CancellationToken.None);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The caller went away before it was taken; or the listener is closed, which the next turn finds out.
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var stream = client.GetStream();
                using var conversation = new Conversation(mailbox, stream, _stop.Token);
                await conversation.RunAsync();
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException or FormatException)
            {
                // The caller went away, or sent what is no mail: the connection ends, as at any server.
            }
        }
    }

    /// <summary>One connection. It ends with QUIT, or when a fault cuts it.</summary>
    private sealed class Conversation(MailSimulator mailbox, NetworkStream stream, CancellationToken stop) : IDisposable
    {
        private readonly StreamReader _reader = new(stream, Encoding.Latin1, leaveOpen: true);
        private readonly List<string> _to = [];
        private string? _from;

        public void Dispose() => _reader.Dispose();

        public async Task RunAsync()
        {
            if (mailbox.Faults.Down)
            {
                await SayAsync("421 down for a while");
                return;
            }

            await SayAsync("220 peony.simulator ESMTP");
            while (await _reader.ReadLineAsync(stop) is { } line && line.Length <= LongestLine)
            {
                if (mailbox.Faults.AnswerAfterMilliseconds is > 0 and var delay)
                {
                    await Task.Delay(delay, stop);
                }

                if (!await HearAsync(line))
                {
                    return;
                }
            }
        }

        /// <returns>False when the connection ends.</returns>
        private async Task<bool> HearAsync(string line)
        {
            var verb = line.Split(' ', 2)[0].ToUpperInvariant();
            switch (verb)
            {
                case "EHLO":
                    await SayAsync("250-peony.simulator\r\n250-8BITMIME\r\n250 SIZE " + LargestMail);
                    break;
                case "HELO" or "NOOP":
                    await SayAsync("250 ok");
                    break;
                case "RSET":
                    Forget();
                    await SayAsync("250 ok");
                    break;
                case "VRFY":
                    await SayAsync("252 send it and see");
                    break;
                case "MAIL":
                    _from = AddressIn(line, "FROM:");
                    await SayAsync(_from is null ? "501 MAIL FROM:<address>" : "250 ok");
                    break;
                case "RCPT":
                    await RecipientAsync(line);
                    break;
                case "DATA":
                    return await DataAsync();
                case "QUIT":
                    await SayAsync("221 goodbye");
                    return false;
                default:
                    await SayAsync("500 no such command");
                    break;
            }

            return true;
        }

        private async Task RecipientAsync(string line)
        {
            var faults = mailbox.Faults;
            if (_from is null)
            {
                await SayAsync("503 MAIL first");
            }
            else if (AddressIn(line, "TO:") is not { Length: > 0 } address || _to.Count == MostRecipients)
            {
                await SayAsync("501 RCPT TO:<address>");
            }
            else if (faults.Refuse)
            {
                await SayAsync("451 4.7.1 try again later");
            }
            else if (faults.RefuseForGood)
            {
                await SayAsync("550 5.1.1 no such mailbox");
            }
            else
            {
                _to.Add(address);
                await SayAsync("250 ok");
            }
        }

        private async Task<bool> DataAsync()
        {
            if (_to.Count == 0)
            {
                await SayAsync("503 RCPT first");
                return true;
            }

            await SayAsync("354 end with a dot by itself");
            using var content = new MemoryStream();
            while (await _reader.ReadLineAsync(stop) is { } line)
            {
                if (line == ".")
                {
                    content.Position = 0;
                    mailbox.Take(_from!, _to, content);
                    Forget();
                    if (mailbox.Faults.Drop)
                    {
                        // It has the mail, and the sender will never know.
                        return false;
                    }

                    await SayAsync("250 taken");
                    return true;
                }

                // A dot in front of a dot is taken off (RFC 5321, 4.5.2).
                content.Write(Encoding.Latin1.GetBytes((line.StartsWith('.') ? line[1..] : line) + "\r\n"));
                if (content.Length > LargestMail)
                {
                    await SayAsync("552 too large");
                    return false;
                }
            }

            return false;
        }

        private void Forget()
        {
            _from = null;
            _to.Clear();
        }

        private static string? AddressIn(string line, string after)
        {
            var at = line.IndexOf(after, StringComparison.OrdinalIgnoreCase);
            var (open, close) = (line.IndexOf('<', StringComparison.Ordinal), line.IndexOf('>', StringComparison.Ordinal));
            return at >= 0 && open > at && close > open ? line[(open + 1)..close] : null;
        }

        private async Task SayAsync(string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), stop);
    }
}
