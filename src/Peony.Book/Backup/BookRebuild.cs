namespace Peony.Book;

/// <summary>Makes the tables anew from the journal. Effects that have reported are not acted on again: what is outstanding is a matter of the frames alone.</summary>
internal static class BookRebuild
{
    private const int FramesAtOnce = 512;
    private const int BytesAtOnce = 32 << 20;

    /// <param name="tables">Opened for a rebuild; nobody else writes them meanwhile (the caller has taken the journal).</param>
    /// <exception cref="StartRefusedException">The chain is broken.</exception>
    public static async Task<long> RunAsync(IJournal journal, SqlTables tables, string book, Secrets secrets, IProgress<VerifyProgress>? progress = null, CancellationToken cancel = default)
    {
        var head = (await journal.HeadAsync(cancel))?.Sequence ?? 0;
        await tables.DropAsync(cancel);
        await tables.PrepareAsync(cancel);
        var chain = new FrameChain(book, secrets.Key("chain"));
        var batch = new List<Frame>();
        var bytes = 0;
        try
        {
            await foreach (var stored in journal.ReadAsync(1, cancel))
            {
                batch.Add(chain.Next(stored));
                bytes += stored.Payload.Length;
                if (batch.Count == FramesAtOnce || bytes > BytesAtOnce || stored.Sequence == head)
                {
                    await tables.ApplyAsync(batch, cancel);
                    progress?.Report(new VerifyProgress(stored.Sequence, head, "frames"));
                    batch.Clear();
                    bytes = 0;
                }
            }
        }
        catch (VerifyFailedException exception)
        {
            throw new StartRefusedException($"The tables cannot be made from this journal. {exception.Message}");
        }

        return chain.Sequence;
    }
}
