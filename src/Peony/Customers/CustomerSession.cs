using Peony.Book;

namespace Peony.Customers;

/// <summary>Why a session is over.</summary>
internal enum SessionEnd
{
    SignedOut = 1,
    EndedFromList = 2,
    CredentialChanged = 3,
    DeviceRemoved = 4,
    Erased = 5,
}

/// <summary>How a session shows who it is on each request.</summary>
internal enum SessionKind
{
    /// <summary>A browser's cookie.</summary>
    Cookie = 1,

    /// <summary>A bearer token of the native API.</summary>
    Bearer = 2,
}

/// <summary>
/// A sign-in of a customer on a device. The cookie or token carries only its id; ending it takes effect with the next request. It does not run out by the Book's clock:
/// how long a cookie lives is the wall clock's business.
/// </summary>
internal sealed record CustomerSession(SessionId Id, CustomerId Customer, DeviceId Device, SessionKind Kind, string Method, string Language, DateTimeOffset StartedAt) : IRecord
{
    public DateTimeOffset? EndedAt { get; init; }

    public SessionEnd? End { get; init; }

    [System.Text.Json.Serialization.JsonIgnore]
    public string Key => Id.Value;

    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsLive => EndedAt is null;

    public CustomerSession Close(SessionEnd why, DateTimeOffset now) => IsLive ? this with { EndedAt = now, End = why } : this;
}

/// <summary>A browser or app a customer signed in on. Codes are bound to it; one that can be pushed to may receive them.</summary>
/// <param name="Browser">Keyed hash of the secret in the device's own cookie (or given by the app), so that the same browser is known again.</param>
/// <param name="Name">What the owner sees: <c>Chrome · Android</c>. Coarse on purpose, it is no personal data.</param>
internal sealed record Device(DeviceId Id, CustomerId Customer, string Browser, string Name, DateTimeOffset EnrolledAt) : IRecord
{
    public DateTimeOffset LastSignInAt { get; init; }

    public DateTimeOffset? RemovedAt { get; init; }

    [System.Text.Json.Serialization.JsonIgnore]
    public string Key => Id.Value;

    /// <summary>One device a customer and browser; a removed one may be enrolled again as a new device.</summary>
    public static string BrowserKey(CustomerId customer, string browser) => $"{customer}/{browser}";
}
