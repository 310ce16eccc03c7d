namespace Peony.Book;

/// <summary>Where a command came from.</summary>
internal enum TicketKind
{
    /// <summary>From an edge.</summary>
    Call,

    /// <summary>A call that keeps nothing.</summary>
    DryRun,

    /// <summary>The outcome of an effect.</summary>
    EffectOutcome,

    /// <summary>The Book's own: clock, parking. Decided without a slice.</summary>
    System,
}

/// <summary>How a command ended.</summary>
internal readonly record struct Outcome(object? Reply, Refusal? Refusal, Exception? Fault, IReadOnlyList<DryRunPosting>? Postings = null)
{
    public static Outcome Failed(Exception fault) => new(null, null, fault);
}

/// <summary>A command on its way through the Book.</summary>
internal sealed class Ticket
{
    public required TicketKind Kind { get; init; }

    /// <summary>Null for an effect that has nothing to tell, and for system tickets.</summary>
    public ICommand? Command { get; init; }

    public CallKey? Key { get; init; }

    /// <summary>The reply's key: keyed hash of caller and key, hex; null without a key.</summary>
    public string? ReplyKey { get; init; }

    public long Event { get; init; }

    public string? Effect { get; init; }

    /// <summary>For system tickets: what to write, given the writer's state.</summary>
    public Action<SystemWrite>? System { get; init; }

    /// <summary>Told once, when the frame that holds the outcome is durable.</summary>
    public required Action<Outcome> Complete { get; init; }

    /// <summary>How often the slice threw.</summary>
    public int Throws { get; set; }

    /// <summary>The group in which it was first set aside to load something; what it has used since stays in memory until it has run. 0 when it was not.</summary>
    public long SetAsideAt { get; set; }

    /// <summary>The random bytes it was given, in their order: run again from the start, it gets the same ones, so that what it looks for stays the same.</summary>
    public List<byte[]> Drawn { get; } = [];

    /// <summary>How often it was set aside to load something.</summary>
    public int TimesSetAside { get; set; }

    /// <summary>When a call came in, by the monotonic clock; 0 for what comes from the Book itself.</summary>
    public long EnteredAt { get; init; }

    /// <summary>The call's trace, when somebody listens.</summary>
    public System.Diagnostics.Activity? Activity { get; init; }

    /// <summary>Others with the same key, waiting for this one's answer.</summary>
    public List<Ticket>? Followers { get; set; }
}

/// <summary>What a system ticket may change.</summary>
internal sealed class SystemWrite(Memory memory, List<FrameOp> ops, long sequence)
{
    public long ClockAheadMicros { get; set; }

    public void Add(FrameOp op)
    {
        ops.Add(op);
        if (op is TimerOp timer)
        {
            memory.SetTimer(timer.Key, timer, sequence);
        }
    }
}
