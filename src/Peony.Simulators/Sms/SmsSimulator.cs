namespace Peony.Simulators.Sms;

/// <summary>A text message at the carrier.</summary>
internal sealed record SmsMessage(string Id, string ClientMessageId, string To, string Text, DateTimeOffset AcceptedAt, DateTimeOffset DeliversAt, bool Fails)
{
    public string StatusAt(DateTimeOffset now) => now < DeliversAt ? "accepted" : Fails ? "failed" : "delivered";

    public override string ToString() => Id;
}

/// <summary>A message on the sandbox phone.</summary>
internal sealed record PhoneMessage(string Id, string To, string Text, DateTimeOffset At);

/// <summary>The carrier and the sandbox phone, in memory only. The same client message id sends nothing again.</summary>
internal sealed class SmsSimulator(SimulatorClock clock)
{
    private const int Most = 10_000;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SmsMessage> _byClientId = new(StringComparer.Ordinal);
    private readonly List<SmsMessage> _messages = [];
    private volatile SmsFaults _faults = new();

    public SmsFaults Faults
    {
        get => _faults;
        set => _faults = value;
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _messages.Count;
            }
        }
    }

    /// <summary>When the next message arrives by itself, or null.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            var now = clock.Now;
            lock (_lock)
            {
                return _messages.Where(message => message.DeliversAt > now).Select(message => (DateTimeOffset?)message.DeliversAt).Min();
            }
        }
    }

    public DateTimeOffset Now => clock.Now;

    public SmsMessage Take(string clientMessageId, string to, string text)
    {
        lock (_lock)
        {
            if (_byClientId.TryGetValue(clientMessageId, out var known))
            {
                return known;
            }

            var now = clock.Now;
            var id = "carrier-" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));
            var message = new SmsMessage(id, clientMessageId, to, text, now, now + (_faults.DeliverAfter ?? TimeSpan.Zero), _faults.NotDelivered);
            if (_messages.Count >= Most)
            {
                _byClientId.Remove(_messages[0].ClientMessageId);
                _messages.RemoveAt(0);
            }

            _byClientId.Add(clientMessageId, message);
            _messages.Add(message);
            return message;
        }
    }

    public SmsMessage? Find(string id)
    {
        lock (_lock)
        {
            return _messages.Find(message => message.Id == id);
        }
    }

    /// <summary>What has arrived on a phone, or on all phones, newest first. Numbers are compared by their digits, since a plus sign in an address is easily read as a space.</summary>
    public IReadOnlyList<PhoneMessage> Inbox(string? to)
    {
        var now = clock.Now;
        var digits = new string([.. (to ?? "").Where(char.IsAsciiDigit)]);
        lock (_lock)
        {
            return [.. _messages.Where(message => message.To.EndsWith(digits, StringComparison.Ordinal) && message.StatusAt(now) == "delivered").Reverse()
                .Select(message => new PhoneMessage(message.Id, message.To, message.Text, message.DeliversAt))];
        }
    }

    public void Reset()
    {
        lock (_lock)
        {
            _byClientId.Clear();
            _messages.Clear();
            _faults = new SmsFaults();
        }
    }
}
