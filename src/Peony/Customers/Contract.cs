using Peony.Book;

namespace Peony.Customers;

public readonly record struct CustomerId(string Value) : IId<CustomerId>
{
    public static string Prefix => "cus";
    public static CustomerId Of(string value) => new(value);
    public override string ToString() => Value;
}

public readonly record struct SessionId(string Value) : IId<SessionId>
{
    public static string Prefix => "ses";
    public static SessionId Of(string value) => new(value);
    public override string ToString() => Value;
}

public readonly record struct DeviceId(string Value) : IId<DeviceId>
{
    public static string Prefix => "dev";
    public static DeviceId Of(string value) => new(value);
    public override string ToString() => Value;
}

/// <summary>How far a customer's identity is verified (实名认证).</summary>
public enum VerificationLevel
{
    None = 0,
    /// <summary>Name and resident ID agree with the bureau.</summary>
    Basic = 1,
    /// <summary>ID-card photos and a face check as well.</summary>
    Enhanced = 2,
}

/// <summary>The signed-in customer as other capabilities see it.</summary>
/// <param name="NameHash">Keyed hash of the verified name, or null; equal hashes mean the same name.</param>
public sealed record Caller(CustomerId Customer, SessionId Session, DeviceId Device, VerificationLevel Level, bool IsFrozen, bool HasPin, string? NameHash, string Language);

/// <summary>A customer as other capabilities see one who is not signed in just now.</summary>
/// <param name="IsErased">The customer was erased; nothing personal is left.</param>
/// <param name="HasEmail">Whether there is a confirmed e-mail address.</param>
public sealed record CustomerFacts(CustomerId Customer, VerificationLevel Level, bool IsFrozen, bool IsErased, string? NameHash, string Language, DateTimeOffset JoinedAt,
    bool HasEmail = false);

/// <summary>The payment PIN as the edge turned it into a keyed hash (<c>secrets.Hash("pin", customerId + "/" + pin)</c>); the slice only compares and counts.</summary>
public sealed record PinProof(string Hash);

/// <summary>A passkey assertion the edge verified over the details shown; <paramref name="Details"/> is a digest of exactly what was confirmed.</summary>
public sealed record PasskeyProof(string Credential, string Details);
