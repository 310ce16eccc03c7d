namespace Peony.Notices;

/// <summary>What became of a mail that was handed over.</summary>
internal enum MailState
{
    /// <summary>The server has it. What happens after that no server says.</summary>
    Taken = 1,

    /// <summary>The server could not be reached, or does not take it at the moment.</summary>
    NotNow = 2,

    /// <summary>The server will never take it.</summary>
    Refused = 3,
}

/// <param name="Reason">The server's answer, for operators; never the address.</param>
internal sealed record MailReceipt(MailState State, string? Reason = null);

/// <summary>The carrier of e-mail.</summary>
internal interface IMailProvider
{
    /// <summary>Hands over a mail. Handed over again it has the same Message-ID, by which mailboxes drop what they have already.</summary>
    /// <param name="messageId">Fixed before the first try.</param>
    Task<MailReceipt> SendAsync(string messageId, string to, string subject, string text, CancellationToken cancel);
}
