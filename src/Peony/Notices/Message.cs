using Peony.Book;
using Peony.Customers;

namespace Peony.Notices;

/// <summary>What the carrier said of a message, or that it could not be asked.</summary>
internal enum CarrierSaid
{
    /// <summary>It could not be reached.</summary>
    Nothing = 1,

    /// <summary>It has the message.</summary>
    Accepted = 2,
    Delivered = 3,
    Failed = 4,
}

/// <param name="ProviderId">The carrier's id of the message, once it has one.</param>
/// <param name="Reason">Why it failed, for operators.</param>
internal sealed record CarrierAnswer(CarrierSaid Said, string? ProviderId = null, string? Reason = null);

/// <summary>
/// A message to a customer's phone or to one of their devices: a template's name, its arguments and, for a code, where to derive it. Its id is what the carrier dedupes on.
/// </summary>
/// <param name="Device">The one device that may read a pushed message.</param>
/// <param name="Until">After this the message is worthless and is not sent any more; null for always.</param>
internal sealed record Message(
    MessageId Id,
    CustomerId Customer,
    MessageChannel Channel,
    DeviceId? Device,
    string Template,
    IReadOnlyDictionary<string, string> Arguments,
    CodeReference? Code,
    DateTimeOffset? Until,
    MessageStatus Status,
    DateTimeOffset OrderedAt) : IRecord
{
    /// <summary>Pauses before the message is handed over again when the carrier could not be reached; then it has failed.</summary>
    private static readonly int[] SendAgainSeconds = [2, 5, 15, 60];

    /// <summary>The same for mail, which servers turn away for minutes at first sight (greylisting) and nobody waits for.</summary>
    private static readonly int[] MailAgainSeconds = [2, 15, 60, 300, 900, 3600];

    /// <summary>Pauses between questions after its delivery; then nobody asks any more and it stays sent.</summary>
    private static readonly int[] AskSeconds = [1, 2, 5, 10, 30, 60, 300, 3600];

    public string? ProviderId { get; init; }

    /// <summary>Tries to hand it over, or questions after it, since the last step forward.</summary>
    public int Tries { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it failed: the carrier's word, <c>unreachable</c>, <c>no_contact</c> or <c>too_late</c>.</summary>
    public string? Reason { get; init; }

    public string Key => Id.Value;

    /// <summary>The state after the carrier's answer. A delivered or failed message stays as it is.</summary>
    public Message After(CarrierAnswer answer, DateTimeOffset now) => Status switch
    {
        MessageStatus.Ordered => answer.Said switch
        {
            CarrierSaid.Nothing => Tries < Again.Length ? this with { Tries = Tries + 1 } : Fail("unreachable", now),
            CarrierSaid.Accepted => this with { Status = MessageStatus.Sent, SentAt = now, ProviderId = answer.ProviderId, Tries = 0 },
            CarrierSaid.Delivered => this with { Status = MessageStatus.Delivered, SentAt = now, EndedAt = now, ProviderId = answer.ProviderId },
            CarrierSaid.Failed => Fail(answer.Reason, now) with { ProviderId = answer.ProviderId },
        },
        MessageStatus.Sent => answer.Said switch
        {
            CarrierSaid.Nothing or CarrierSaid.Accepted => this with { Tries = Tries + 1 },
            CarrierSaid.Delivered => this with { Status = MessageStatus.Delivered, EndedAt = now },
            CarrierSaid.Failed => Fail(answer.Reason, now),
        },
        MessageStatus.Delivered or MessageStatus.Failed => this,
    };

    private int[] Again => Channel == MessageChannel.Email ? MailAgainSeconds : SendAgainSeconds;

    /// <summary>When the carrier is turned to next, or null when there is nothing more to do. Of a mail that was taken nobody can say more.</summary>
    public DateTimeOffset? NextAt(DateTimeOffset now) => (Channel, Status) switch
    {
        (MessageChannel.Sms or MessageChannel.Email, MessageStatus.Ordered) => Tries == 0 ? now : now.AddSeconds(Again[Math.Min(Tries, Again.Length) - 1]),
        (MessageChannel.Sms, MessageStatus.Sent) when Tries < AskSeconds.Length => now.AddSeconds(AskSeconds[Tries]),
        _ => null,
    };

    public MessageView View() => new(Id, Channel, Status, SentAt, EndedAt, Reason);

    private Message Fail(string? reason, DateTimeOffset now) => this with { Status = MessageStatus.Failed, EndedAt = now, Reason = reason ?? "failed" };
}

/// <summary>How far a message has come, as other capabilities and screens see it: never what it says.</summary>
internal sealed record MessageView(MessageId Id, MessageChannel Channel, MessageStatus Status, DateTimeOffset? SentAt, DateTimeOffset? EndedAt, string? Reason);
