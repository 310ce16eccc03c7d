namespace Peony.Book;

/// <summary>Walks the chain of frames link by link and throws at the first that does not hold.</summary>
internal sealed class FrameChain(string book, byte[] chainKey)
{
    private long _epoch;
    private long _now;
    private long _ahead;

    public long Sequence { get; private set; }

    public byte[] Hash { get; private set; } = new byte[32];

    /// <exception cref="VerifyFailedException">The frame was changed, or is not the next.</exception>
    public Frame Next(StoredFrame stored)
    {
        var sequence = Sequence + 1;
        if (stored.Sequence != sequence)
        {
            throw new VerifyFailedException($"Frame {sequence} is missing; frame {stored.Sequence} stands in its place.");
        }

        if (!FrameCodec.Hash(chainKey, stored.Payload).AsSpan().SequenceEqual(stored.Hash))
        {
            throw new VerifyFailedException($"Frame {sequence} was changed: its bytes do not have the hash beside them.");
        }

        Frame frame;
        try
        {
            frame = FrameCodec.Decode(stored.Payload, stored.Hash);
        }
        catch (FrameFormatException exception)
        {
            throw new VerifyFailedException($"Frame {sequence} cannot be read: {exception.Message}");
        }

        Check(stored, frame.Header);
        (Sequence, Hash, _epoch, _now, _ahead) = (sequence, stored.Hash, stored.Epoch, frame.Header.NowMicros, frame.Header.ClockAheadMicros);
        return frame;
    }

    private void Check(StoredFrame stored, FrameHeader header)
    {
        var sequence = stored.Sequence;
        if (!header.PreviousHash.AsSpan().SequenceEqual(Hash))
        {
            throw new VerifyFailedException($"Frame {sequence} does not follow from frame {sequence - 1}: the chain is broken.");
        }

        if (header.Sequence != sequence || header.Epoch != stored.Epoch)
        {
            throw new VerifyFailedException($"Frame {sequence}, epoch {stored.Epoch}, holds in itself frame {header.Sequence}, epoch {header.Epoch}: the row was changed.");
        }

        if (header.Book != book)
        {
            throw new VerifyFailedException($"Frame {sequence} is of the Book '{header.Book}', not of '{book}'.");
        }

        if (header.Epoch < _epoch || header.NowMicros < _now || header.ClockAheadMicros < _ahead)
        {
            throw new VerifyFailedException($"Frame {sequence} goes back in epoch or time.");
        }
    }
}
