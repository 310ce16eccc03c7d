using MimeKit;

namespace Peony.Simulators.Mail;

/// <summary>A mail in the sandbox's mailbox.</summary>
internal sealed record MailboxMessage(string Id, string From, string To, string Subject, string Text, DateTimeOffset At);

/// <summary>The mail server's mailbox, in memory only. A Message-ID it has already is dropped, as large mailboxes do.</summary>
internal sealed class MailSimulator(SimulatorClock clock)
{
    private const int Most = 10_000;
    private readonly Lock _lock = new();
    private readonly List<MailboxMessage> _messages = [];
    private volatile MailFaults _faults = new();
    private int _handedOver;

    public MailFaults Faults
    {
        get => _faults;
        set => _faults = value;
    }

    /// <summary>How often a whole message came in, the same one again counted again.</summary>
    public int HandedOver => Volatile.Read(ref _handedOver);

    public void Take(string from, IReadOnlyList<string> to, Stream content)
    {
        using var mail = MimeMessage.Load(content);
        Interlocked.Increment(ref _handedOver);
        lock (_lock)
        {
            foreach (var address in to.Where(address => !_messages.Exists(message => message.Id == mail.MessageId && message.To == address)))
            {
                if (_messages.Count >= Most)
                {
                    _messages.RemoveAt(0);
                }

                _messages.Add(new MailboxMessage(mail.MessageId ?? "", from, address, mail.Subject ?? "", (mail.TextBody ?? "").ReplaceLineEndings("\n"), clock.Now));
            }
        }
    }

    /// <summary>What has arrived at an address, or at all, newest first.</summary>
    public IReadOnlyList<MailboxMessage> Inbox(string? to)
    {
        lock (_lock)
        {
            return [.. _messages.Where(message => string.IsNullOrEmpty(to) || string.Equals(message.To, to, StringComparison.OrdinalIgnoreCase)).Reverse()];
        }
    }

    public void Reset()
    {
        lock (_lock)
        {
            _messages.Clear();
            _faults = new MailFaults();
        }
    }
}
