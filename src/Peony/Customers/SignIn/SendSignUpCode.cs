using Peony.Book;
using Peony.Identifiers;
using Peony.Notices;

namespace Peony.Customers.SignIn;

/// <summary>
/// Sends the sign-up code. There is no customer yet, so this speaks to the carrier itself; the digits are derived here and nowhere kept.
/// </summary>
internal sealed class SendSignUpCode(Secrets secrets, IVault vault, ISmsProvider carrier) : IEffect<SignUpCodeOrdered>
{
    public const string EffectName = "customers.send_sign_up_code";

    public string Name => EffectName;

    public async Task<ICommand?> ActAsync(SignUpCodeOrdered @event, EffectContext context, CancellationToken cancel)
    {
        if (context.Reader.Now >= @event.ExpiresAt || MobileNumber.Parse(await vault.OpenAsync(@event.Owner.Value, @event.Phone, cancel)).Number is not { } phone)
        {
            return null;
        }

        var code = SignUpCode.Derive(secrets, @event.SignUp, @event.Nonce);
        var text = NoticeTexts.SmsOf("sign_up.code", new Dictionary<string, string> { ["code"] = code }, @event.Language);
        await carrier.SendAsync(context.Id, phone.E164, text, cancel);
        return null;
    }
}

/// <summary>Opens a customer's phone and mail address for a message about to leave.</summary>
internal sealed class SmsContacts(CustomerContacts contacts) : ICustomerContacts
{
    public async Task<ContactDetails?> OfAsync(CustomerId customer, CancellationToken cancel = default) =>
        await contacts.FindAsync(customer, cancel) is { Phone: { } phone } contact ? new ContactDetails(phone, contact.Language, contact.Email) : null;
}
