using Peony.Ledger;

namespace Peony.Book;

/// <summary>One change inside a frame. Frames hold outcomes: replay applies these in order and never decides again.</summary>
internal abstract record FrameOp;

/// <summary>Opens the changes of one command: who asked, what, and how it ended. The audit line of the chain.</summary>
/// <param name="Caller">The caller, or null for timers, outcomes and the Book itself.</param>
/// <param name="Refusal">The refusal's code, or null when it was done.</param>
internal sealed record CommandOp(string Name, string? Caller, string? Refusal) : FrameOp;

/// <summary>A record was saved.</summary>
/// <param name="Version">1 for a new record, then one more each save.</param>
/// <param name="IndexValues">One value per declared index, in the order of the declaration.</param>
internal sealed record RecordOp(string Type, string Id, long Version, int Schema, byte[] Body, string?[] IndexValues) : FrameOp;

/// <summary>A ledger account was opened, or its limits were changed (then only the limits differ).</summary>
internal sealed record AccountOp(long Number, string Id, NormalSide Side, Currency Currency, long Floor, long Ceiling) : FrameOp;

/// <summary>An entry was posted.</summary>
internal sealed record EntryOp(long Number, string Key, string Kind, string? Cites, Posting[] Postings) : FrameOp;

/// <summary>An entry of many plain postings, packed.</summary>
internal sealed record BulkEntryOp(long Number, string Key, string Kind, PackedPostings Postings) : FrameOp;

/// <summary>A timer was set or replaced.</summary>
internal sealed record TimerOp(string Key, long DueMicros, TimerClass Class, string Command, byte[] Body) : FrameOp;

/// <summary>A timer fired or was taken away.</summary>
internal sealed record TimerGoneOp(string Key) : FrameOp;

/// <summary>An event was told; each effect named is now outstanding.</summary>
internal sealed record EventOp(long Number, string Type, string Lane, byte[] Body, string[] Effects) : FrameOp;

/// <summary>An effect's outcome is in; nothing is outstanding between this event and this effect any more.</summary>
internal sealed record EffectDoneOp(long Event, string Effect) : FrameOp;

/// <summary>The answer kept for a caller's key.</summary>
/// <param name="Key">16 bytes: keyed hash of caller and key.</param>
/// <param name="Body">JSON of the reply, or of the refusal.</param>
internal sealed record ReplyOp(byte[] Key, byte[] Fingerprint, bool IsRefusal, byte[] Body) : FrameOp;

/// <summary>A timer or an effect was parked after it threw too often; an operator looks.</summary>
/// <param name="What"><c>timer</c> or <c>effect</c>.</param>
/// <param name="Key">The timer's key, or <c>17/withdrawals.send_code</c>.</param>
/// <param name="Command">For a timer: the command's name and body, so that it can be set again.</param>
internal sealed record ParkedOp(string What, string Key, string Error, string Command, byte[] Body) : FrameOp;

/// <summary>An operator took a parked thing up again.</summary>
internal sealed record UnparkedOp(string What, string Key) : FrameOp;

/// <summary>The first part of a frame: where it stands in the chain, and every counter as it is after the frame. Start-up reads the last header and nothing else.</summary>
internal sealed record FrameHeader
{
    /// <summary>
    /// The newest format this program reads and writes. Each frame names the oldest that is enough for it: 1, or 2 when it has a <see cref="BulkEntryOp"/>.
    /// </summary>
    public const int Format = 2;

    public required string Book { get; init; }

    /// <summary>1 and up without gaps.</summary>
    public required long Sequence { get; init; }
    public required long Epoch { get; init; }

    /// <summary>The Book's time of the group, microseconds since 1970 UTC.</summary>
    public required long NowMicros { get; init; }

    /// <summary>How far the Book's clock is ahead of the wall clock, microseconds, 0 in production.</summary>
    public required long ClockAheadMicros { get; init; }
    public required long LastAccount { get; init; }
    public required long LastEntry { get; init; }
    public required long LastPosting { get; init; }
    public required long LastEvent { get; init; }

    /// <summary>The keyed hash of the frame before, 32 bytes; zeros for the first.</summary>
    public required byte[] PreviousHash { get; init; }

    public static FrameHeader Genesis(string book) => new()
    {
        Book = book,
        Sequence = 0,
        Epoch = 0,
        NowMicros = 0,
        ClockAheadMicros = 0,
        LastAccount = 0,
        LastEntry = 0,
        LastPosting = 0,
        LastEvent = 0,
        PreviousHash = new byte[32],
    };
}

/// <summary>A frame, decoded: header, changes, and the keyed hash over its bytes, which is the next frame's <see cref="FrameHeader.PreviousHash"/>.</summary>
internal sealed record Frame(FrameHeader Header, IReadOnlyList<FrameOp> Ops, byte[] Hash);

/// <summary>A frame as the journal keeps it: the bytes, and their hash beside them.</summary>
internal readonly record struct StoredFrame(long Sequence, long Epoch, byte[] Payload, byte[] Hash);
