namespace Peony.Payouts;

/// <summary>What the bank answered, and the file it answered with.</summary>
/// <param name="Report">The pain.002 in clear, or null when there was none.</param>
internal sealed record BankReply(BankAnswer Answer, byte[]? Report)
{
    public override string ToString() => Answer.Said.ToString();
}

/// <summary>
/// The bank outside. Every call throws when no answer came; nobody knows then whether the bank acted, and the caller says so to the Book.
/// </summary>
internal interface IBankRail
{
    /// <summary>Asks for an order by its end-to-end id.</summary>
    Task<BankReply> AskAsync(string endToEndId, Ledger.Money amount, CancellationToken cancel);

    /// <summary>Hands in a payout file.</summary>
    Task<BankReply> PayAsync(Payout payout, byte[] file, CancellationToken cancel);

    /// <summary>Hands in the debit of a card.</summary>
    Task<BankReply> CollectAsync(Collection collection, CardInstruction card, CancellationToken cancel);
}
