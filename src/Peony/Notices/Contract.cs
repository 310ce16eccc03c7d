using Peony.Book;
using Peony.Customers;

namespace Peony.Notices;

public readonly record struct NoticeId(string Value) : IId<NoticeId>
{
    public static string Prefix => "nt";
    public static NoticeId Of(string value) => new(value);
    public override string ToString() => Value;
}

public readonly record struct MessageId(string Value) : IId<MessageId>
{
    public static string Prefix => "msg";
    public static MessageId Of(string value) => new(value);
    public override string ToString() => Value;
}

/// <summary>How a message travels. A code to move money never travels by e-mail.</summary>
internal enum MessageChannel
{
    /// <summary>A text message to the customer's own phone.</summary>
    Sms = 1,

    /// <summary>A message that one enrolled device, and no other, can read.</summary>
    Push = 2,

    /// <summary>A mail to the address the customer confirmed.</summary>
    Email = 3,
}

/// <summary>How far a message has come.</summary>
internal enum MessageStatus
{
    /// <summary>To be handed to the carrier.</summary>
    Ordered = 1,

    /// <summary>The carrier has it, or it lies ready for the device.</summary>
    Sent = 2,

    /// <summary>It is on the phone; the device has read it.</summary>
    Delivered = 3,

    /// <summary>It will not arrive.</summary>
    Failed = 4,
}

/// <summary>Which code a message carries: the text is made with it when it is sent or read, and it is stored nowhere.</summary>
/// <param name="Purpose">Names the <see cref="ICodeSource"/>: <c>withdrawal</c>.</param>
/// <param name="Reference">What that source knows the code by: the id of the withdrawal and the number of the code.</param>
internal sealed record CodeReference(string Purpose, string Reference);

/// <summary>Derives a code again when its message is sent or read. Implemented by whoever makes codes; added with <c>AddSingleton&lt;ICodeSource, …&gt;</c>.</summary>
internal interface ICodeSource
{
    /// <summary>The purpose of the codes made here.</summary>
    string Purpose { get; }

    /// <summary>The code, or null when it is no longer alive: then the message is not sent or shown.</summary>
    Task<string?> CodeOfAsync(string reference, CancellationToken cancel = default);
}

/// <summary>Where a customer is reached: in clear, for the moment of sending only.</summary>
/// <param name="Phone">E.164.</param>
/// <param name="Language"><c>zh-CN</c> or <c>en</c>.</param>
/// <param name="Email">The confirmed address, or null.</param>
internal sealed record ContactDetails(string Phone, string Language, string? Email = null)
{
    public override string ToString() => "(contact details)";
}

/// <summary>Opens the envelopes of a customer's phone number and mail address for sending. Implemented by Customers.</summary>
internal interface ICustomerContacts
{
    /// <summary>The contact details, or null when the customer was erased.</summary>
    Task<ContactDetails?> OfAsync(CustomerId customer, CancellationToken cancel = default);
}

/// <summary>Tells open pages and streams that something changed for a customer. Nothing is kept: whoever was not listening reads the records.</summary>
internal interface INoticeFeed
{
    /// <summary>Tells every listener of the customer. Call it from an effect, so that what is told is on disk.</summary>
    void Publish(CustomerId customer, FeedItem item);

    /// <summary>What is told from now on. A listener that is too slow loses the oldest items, never the newest.</summary>
    IAsyncEnumerable<FeedItem> ListenAsync(CustomerId customer, CancellationToken cancel);
}

/// <param name="Name">What changed: <c>notice</c>, <c>delivery</c>, or a capability's own word such as <c>withdrawal</c>.</param>
/// <param name="Id">The id of what changed.</param>
internal sealed record FeedItem(string Name, string Id);
