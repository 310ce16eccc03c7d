using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using MimeKit.Text;
using Peony.Edge;

namespace Peony.Notices;

/// <summary>
/// E-mail over SMTP (RFC 5321). <c>smtps</c> speaks TLS from the first byte, <c>smtp</c> must be able to switch to it before anything is said; only a sandbox speaks in clear, to its
/// own simulator.
/// </summary>
internal sealed class SmtpMail(PeonyOptions options) : IMailProvider
{
    private const int TimeoutMilliseconds = 15_000;
    private const int ImplicitTlsPort = 465;
    private const int SubmissionPort = 587;

    public async Task<MailReceipt> SendAsync(string messageId, string to, string subject, string text, CancellationToken cancel)
    {
        if (options.SmtpUrl is not { } server)
        {
            return new MailReceipt(MailState.Refused, "no_server");
        }

        using var mail = Compose(messageId, to, subject, text);
        try
        {
            using var client = new SmtpClient { Timeout = TimeoutMilliseconds };
            var isImplicit = server.Scheme == "smtps";
            var security = isImplicit ? SecureSocketOptions.SslOnConnect : options.IsSandbox ? SecureSocketOptions.StartTlsWhenAvailable : SecureSocketOptions.StartTls;
            await client.ConnectAsync(server.Host, server.Port > 0 ? server.Port : isImplicit ? ImplicitTlsPort : SubmissionPort, security, cancel);
            if (options.SmtpUser.Length > 0)
            {
                await client.AuthenticateAsync(options.SmtpUser, options.SmtpPassword, cancel);
            }

            await client.SendAsync(mail, cancel);
            await LeaveAsync(client, cancel);
            return new MailReceipt(MailState.Taken);
        }
        catch (SmtpCommandException refused)
        {
            // 4xx: not now; 5xx: never (RFC 5321, 4.2.1).
            return new MailReceipt((int)refused.StatusCode >= 500 ? MailState.Refused : MailState.NotNow, $"smtp_{(int)refused.StatusCode}");
        }
        catch (Exception trouble) when (IsTrouble(trouble) && !cancel.IsCancellationRequested)
        {
            return new MailReceipt(MailState.NotNow, trouble.GetType().Name);
        }
    }

    /// <summary>The server has the mail by now; how it takes the goodbye changes nothing.</summary>
    private static async Task LeaveAsync(SmtpClient client, CancellationToken cancel)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancel);
        }
        catch (Exception trouble) when (IsTrouble(trouble))
        {
        }
    }

    private MimeMessage Compose(string messageId, string to, string subject, string text)
    {
        var from = MailboxAddress.Parse(options.MailFrom);
        var mail = new MimeMessage { Subject = subject, MessageId = $"{string.Concat(messageId.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '.'))}@{from.Domain}" };
        mail.From.Add(new MailboxAddress(options.OperatorName, from.Address));
        mail.To.Add(MailboxAddress.Parse(to));
        // Nobody's absence note is to come back (RFC 3834).
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        mail.Body = new TextPart(TextFormat.Plain) { Text = text };
        return mail;
    }

    private static bool IsTrouble(Exception exception) =>
        exception is IOException or SocketException or TimeoutException or OperationCanceledException or CommandException or ProtocolException or SslHandshakeException or AuthenticationException
            or ServiceNotConnectedException or ServiceNotAuthenticatedException or NotSupportedException;
}
