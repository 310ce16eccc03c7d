using Peony.Book;
using Peony.Customers;

namespace Peony.Notices;

/// <summary>A pushed message as its own device shows it. Prints without its text, which may hold a code.</summary>
internal sealed record DeviceMessage(MessageId Id, string Title, string Text, DateTimeOffset At, DateTimeOffset? Until)
{
    public override string ToString() => $"message {Id}";
}

/// <summary>Reads the messages pushed to one device. Codes are derived here, for this reader, and kept nowhere; a message whose code is dead is not shown.</summary>
internal sealed class DeviceMessages(IBook book, IBookReader reader, IEnumerable<ICodeSource> codes)
{
    private const int Newest = 20;
    private readonly Dictionary<string, ICodeSource> _codes = codes.ToDictionary(source => source.Purpose);

    /// <summary>The device's live messages, newest first; those read for the first time become delivered.</summary>
    public async Task<IReadOnlyList<DeviceMessage>> ReadAsync(CustomerId customer, DeviceId device, string language, CancellationToken cancel = default)
    {
        var shown = new List<DeviceMessage>();
        foreach (var message in await reader.ListAsync<Message>(NoticesModule.ByDevice, device.Value, new Page(Newest), cancel))
        {
            if (message.Customer != customer || message.Until <= reader.Now)
            {
                continue;
            }

            var arguments = message.Arguments;
            if (message.Code is { } code)
            {
                if (await _codes[code.Purpose].CodeOfAsync(code.Reference, cancel) is not { } digits)
                {
                    continue;
                }

                arguments = new Dictionary<string, string>(arguments) { ["code"] = digits };
            }

            var (title, text) = NoticeTexts.Of(message.Template, arguments, language);
            shown.Add(new DeviceMessage(message.Id, title, text, message.OrderedAt, message.Until));
            if (message.Status == MessageStatus.Sent)
            {
                await book.RunAsync(new DeliveryKnown(message.Id, new CarrierAnswer(CarrierSaid.Delivered)), cancel: cancel);
            }
        }

        return shown;
    }
}
