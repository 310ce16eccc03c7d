using Peony.Book;
using Peony.Notices;

namespace Peony.Customers.Mail;

/// <summary>Sends the code that confirms an e-mail address to that address; the digits are derived here and nowhere kept.</summary>
internal sealed class SendEmailCode(Secrets secrets, IVault vault, IMailProvider mail) : IEffect<EmailCodeOrdered>
{
    public const string EffectName = "customers.send_email_code";
    private const string Template = "customer.email_code";

    public string Name => EffectName;

    public async Task<ICommand?> ActAsync(EmailCodeOrdered @event, EffectContext context, CancellationToken cancel)
    {
        if (context.Reader.Now >= @event.ExpiresAt || await vault.OpenAsync(@event.Customer.Value, @event.Email, cancel) is not { } address)
        {
            return null;
        }

        var arguments = new Dictionary<string, string> { ["code"] = EmailFlow.CodeOf(secrets, @event.Customer, @event.Nonce) };
        var (subject, text) = NoticeTexts.MailOf(Template, arguments, @event.Language);
        var receipt = await mail.SendAsync(context.Id, address, subject, text, cancel);
        // What is refused for good the customer sees by no mail coming; what cannot be handed over now is tried again.
        return receipt.State == MailState.NotNow ? throw new IOException("The mail server does not take the message now: " + receipt.Reason) : null;
    }
}
