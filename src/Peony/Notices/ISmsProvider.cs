namespace Peony.Notices;

/// <summary>What the carrier knows of a message.</summary>
internal enum SmsState
{
    /// <summary>Taken, on its way.</summary>
    Accepted = 1,

    /// <summary>On the phone.</summary>
    Delivered = 2,

    /// <summary>It will not arrive.</summary>
    Failed = 3,
}

/// <param name="ProviderId">The carrier's own id of the message.</param>
/// <param name="Reason">Why it failed, in the carrier's words; for operators.</param>
internal sealed record SmsReceipt(string ProviderId, SmsState State, string? Reason);

/// <summary>The carrier of text messages. Both calls throw when the carrier cannot be reached.</summary>
internal interface ISmsProvider
{
    /// <summary>Hands over a message. Handing over the same id again sends nothing and answers with what became of the first.</summary>
    /// <param name="clientMessageId">Fixed before the first try.</param>
    /// <param name="to">E.164.</param>
    Task<SmsReceipt> SendAsync(string clientMessageId, string to, string text, CancellationToken cancel);

    /// <summary>What became of a message, or null when the carrier does not know it.</summary>
    Task<SmsReceipt?> StatusAsync(string providerId, CancellationToken cancel);
}
