using Peony.Book;
using Peony.Customers;

namespace Peony.Notices;

/// <summary>A notice lies in the inbox.</summary>
internal sealed record NoticePosted(NoticeId Notice, CustomerId Customer) : IEvent
{
    public string Lane => Customer.Value;
}

/// <summary>It is time to hand a message to the carrier, or to ask after it.</summary>
internal sealed record MessageDue(MessageId Message) : IEvent
{
    public string Lane => Message.Value;
}

/// <summary>A message has come a step further. Whoever sent a code by it shows that to its owner.</summary>
internal sealed record MessageMoved(MessageId Message, CustomerId Customer, CodeReference? Code, MessageChannel Channel, MessageStatus Status, string? Reason) : IEvent
{
    public string Lane => Message.Value;
}
