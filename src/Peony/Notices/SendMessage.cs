using Peony.Book;
using Peony.Customers;

namespace Peony.Notices;

/// <summary>
/// Sends a code: by SMS to the customer's phone, or by push to one other enrolled device. Called inside the work that makes the code. The record holds where to derive the code,
/// never the code. How far it has come is told by <see cref="MessageMoved"/> and read with <see cref="ReadMessage"/>.
/// </summary>
/// <param name="Template">A row of <c>notices.json</c>; the place <c>{code}</c> takes the code.</param>
/// <param name="Device">The device that may read it; needed for push, null for SMS.</param>
/// <param name="Until">When the code dies; it is not sent after that.</param>
internal sealed record SendCode(
    CustomerId Customer,
    CodeReference Code,
    string Template,
    IReadOnlyDictionary<string, string> Arguments,
    MessageChannel Channel,
    DeviceId? Device,
    DateTimeOffset Until) : ICommand<MessageId>
{
    public Result<MessageId> Handle(IWork work)
    {
        NoticeTexts.Demand(Template, needsSms: Channel == MessageChannel.Sms);
        if (Channel == MessageChannel.Push != Device is not null)
        {
            throw new InvalidOperationException("A pushed code names its device, a code by SMS names none.");
        }

        return SendMessage.Order(work, new Message(work.NewId<MessageId>(), Customer, Channel, Device, Template, Arguments, Code, Until, MessageStatus.Ordered, work.Now));
    }
}

/// <summary>How far a customer's message has come, for other capabilities inside their own work.</summary>
internal sealed record ReadMessage(CustomerId Customer, MessageId Message) : ICommand<MessageView>
{
    public Result<MessageView> Handle(IWork work)
    {
        var message = work.Find<Message>(Message.Value);
        return message?.Customer == Customer ? message.View() : NoticesRefusals.NotFound;
    }
}

/// <summary>The carrier's word on a message, or the device's reading of a pushed one. Repeating it changes nothing.</summary>
internal sealed record DeliveryKnown(MessageId Message, CarrierAnswer Answer) : ICommand<MessageView>
{
    public Result<MessageView> Handle(IWork work)
    {
        var before = work.Find<Message>(Message.Value);
        if (before is null)
        {
            return NoticesRefusals.NotFound;
        }

        var message = before.After(Answer, work.Now);
        if (message != before)
        {
            work.Save(message);
            SendMessage.Schedule(work, message);
            if (message.Status != before.Status)
            {
                SendMessage.TellMoved(work, message);
            }
        }

        return message.View();
    }
}

/// <summary>The timer of a message: hands it over again, or asks after it.</summary>
internal sealed record MessageTimer(MessageId Message) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        if (work.Get<Message>(Message.Value).Status is MessageStatus.Ordered or MessageStatus.Sent)
        {
            work.Tell(new MessageDue(Message));
        }

        return new Done();
    }
}

/// <summary>What the slices of a message share.</summary>
internal static class SendMessage
{
    public static MessageId Order(IWork work, Message message)
    {
        if (message.Channel == MessageChannel.Push)
        {
            // It lies ready for its device at once.
            message = message with { Status = MessageStatus.Sent, SentAt = work.Now };
            TellMoved(work, message);
        }
        else
        {
            work.Tell(new MessageDue(message.Id));
        }

        work.Save(message);
        return message.Id;
    }

    public static void Schedule(IWork work, Message message)
    {
        if (message.NextAt(work.Now) is { } due)
        {
            work.SetTimer($"message/{message.Id}", due, new MessageTimer(message.Id));
        }
        else
        {
            work.CancelTimer($"message/{message.Id}");
        }
    }

    public static void TellMoved(IWork work, Message message) =>
        work.Tell(new MessageMoved(message.Id, message.Customer, message.Code, message.Channel, message.Status, message.Reason));
}
