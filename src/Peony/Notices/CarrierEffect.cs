using Peony.Book;
using Peony.Edge;

namespace Peony.Notices;

/// <summary>
/// Hands a message to the carrier, or asks after it. Phone number and code are opened and derived here and live only as long as the call; the message's id is what the carrier
/// dedupes on, so handing it over again is safe.
/// </summary>
internal sealed class CarrierEffect(ISmsProvider carrier, IMailProvider mail, ICustomerContacts contacts, IEnumerable<ICodeSource> codes) : IEffect<MessageDue>
{
    public const string EffectName = "notices.carrier";

    private readonly Dictionary<string, ICodeSource> _codes = codes.ToDictionary(source => source.Purpose);

    public string Name => EffectName;

    public async Task<ICommand?> ActAsync(MessageDue @event, EffectContext context, CancellationToken cancel)
    {
        var message = await context.Reader.FindAsync<Message>(@event.Message.Value, cancel);
        if (message is null || message.Channel == MessageChannel.Push)
        {
            return null;
        }

        CarrierAnswer answer;
        try
        {
            switch (message.Status)
            {
                case MessageStatus.Ordered when message.Channel == MessageChannel.Email:
                    answer = await MailAsync(message, cancel);
                    break;
                case MessageStatus.Sent when message.Channel == MessageChannel.Email:
                    return null;
                case MessageStatus.Ordered:
                    answer = await SendAsync(message, context, cancel);
                    break;
                case MessageStatus.Sent:
                    answer = AnswerOf(await carrier.StatusAsync(message.ProviderId!, cancel));
                    break;
                case MessageStatus.Delivered or MessageStatus.Failed:
                    return null;
                default:
                    throw new InvalidOperationException($"No message is {message.Status}.");
            }
        }
        catch (Exception exception) when (Outage.Is(exception, cancel))
        {
            answer = new CarrierAnswer(CarrierSaid.Nothing);
        }

        return new DeliveryKnown(message.Id, answer);
    }

    private async Task<CarrierAnswer> SendAsync(Message message, EffectContext context, CancellationToken cancel)
    {
        if (message.Until <= context.Reader.Now)
        {
            return new CarrierAnswer(CarrierSaid.Failed, Reason: "too_late");
        }

        if (await contacts.OfAsync(message.Customer, cancel) is not { } contact)
        {
            return new CarrierAnswer(CarrierSaid.Failed, Reason: "no_contact");
        }

        var arguments = message.Arguments;
        if (message.Code is { } code)
        {
            if (await _codes[code.Purpose].CodeOfAsync(code.Reference, cancel) is not { } digits)
            {
                return new CarrierAnswer(CarrierSaid.Failed, Reason: "too_late");
            }

            arguments = new Dictionary<string, string>(arguments) { ["code"] = digits };
        }

        return AnswerOf(await carrier.SendAsync(message.Id.Value, contact.Phone, NoticeTexts.SmsOf(message.Template, arguments, contact.Language), cancel));
    }

    private async Task<CarrierAnswer> MailAsync(Message message, CancellationToken cancel)
    {
        if (await contacts.OfAsync(message.Customer, cancel) is not { Email: { } address } contact)
        {
            return new CarrierAnswer(CarrierSaid.Failed, Reason: "no_contact");
        }

        var (subject, text) = NoticeTexts.MailOf(message.Template, message.Arguments, contact.Language);
        var receipt = await mail.SendAsync(message.Id.Value, address, subject, text, cancel);
        return receipt.State switch
        {
            MailState.Taken => new CarrierAnswer(CarrierSaid.Accepted),
            MailState.NotNow => new CarrierAnswer(CarrierSaid.Nothing),
            MailState.Refused => new CarrierAnswer(CarrierSaid.Failed, Reason: receipt.Reason),
        };
    }

    private static CarrierAnswer AnswerOf(SmsReceipt? receipt) => receipt is null
        ? new CarrierAnswer(CarrierSaid.Nothing)
        : receipt.State switch
        {
            SmsState.Accepted => new CarrierAnswer(CarrierSaid.Accepted, receipt.ProviderId),
            SmsState.Delivered => new CarrierAnswer(CarrierSaid.Delivered, receipt.ProviderId),
            SmsState.Failed => new CarrierAnswer(CarrierSaid.Failed, receipt.ProviderId, receipt.Reason),
        };
}
