using Peony.Book;

namespace Peony.Customers;

/// <summary>A sign-up code is to be sent. The code itself is derived again when it is sent, see <see cref="SignUpCode"/>; the number lies in an envelope of <paramref name="Owner"/>.</summary>
/// <param name="Owner">The vault's owner of the envelope: the customer's id to be.</param>
internal sealed record SignUpCodeOrdered(string SignUp, CustomerId Owner, Sealed Phone, string Nonce, DateTimeOffset ExpiresAt, string Language) : IEvent
{
    public string Lane => SignUp;
}

internal sealed record CustomerJoined(CustomerId Customer) : IEvent
{
    public string Lane => Customer.Value;
}

/// <summary>A customer signed in on a device not seen before.</summary>
internal sealed record NewDeviceSignedIn(CustomerId Customer, SessionId Session, DeviceId Device, string DeviceName) : IEvent
{
    public string Lane => Customer.Value;
}

internal sealed record PinLocked(CustomerId Customer, DateTimeOffset Until) : IEvent
{
    public string Lane => Customer.Value;
}

internal sealed record PinChanged(CustomerId Customer, bool IsFirst) : IEvent
{
    public string Lane => Customer.Value;
}

internal sealed record CustomerFrozen(CustomerId Customer) : IEvent
{
    public string Lane => Customer.Value;
}

internal sealed record CustomerUnfrozen(CustomerId Customer) : IEvent
{
    public string Lane => Customer.Value;
}

internal sealed record IdentityVerified(CustomerId Customer, VerificationLevel Level) : IEvent
{
    public string Lane => Customer.Value;
}

/// <summary>A password or passkey was added, changed or removed in the identity store; the digest ties the journal to what is there now.</summary>
internal sealed record CredentialChanged(CustomerId Customer, string What, string Digest) : IEvent
{
    public string Lane => Customer.Value;
}

/// <summary>A customer was erased: key, sign-in and files are destroyed by the effect on this event.</summary>
internal sealed record CustomerErased(CustomerId Customer) : IEvent
{
    public string Lane => Customer.Value;
}
