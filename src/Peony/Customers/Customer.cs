using Peony.Book;

namespace Peony.Customers;

/// <summary>A person with an account here. Personal fields lie in envelopes under the customer's own key; hashes are keyed and serve lookups only.</summary>
internal sealed record Customer(
    CustomerId Id,
    string? PhoneHash,
    Sealed? Phone,
    string Language,
    DateTimeOffset JoinedAt) : IRecord
{
    private const int MostVerificationTries = 5;
    private static readonly TimeSpan VerificationLock = TimeSpan.FromDays(1);

    public VerificationLevel Level { get; init; }

    /// <summary>The confirmed e-mail address, in the customer's envelope as the phone is.</summary>
    public Sealed? Email { get; init; }

    public Sealed? Name { get; init; }

    public string? NameHash { get; init; }

    public Sealed? IdNumber { get; init; }

    public string? IdHash { get; init; }

    public DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>Wrong tries of identity verification since the last good one.</summary>
    public int VerificationTries { get; init; }

    public DateTimeOffset? VerificationLockedUntil { get; init; }

    /// <summary>The sealed files of the photos, by name.</summary>
    public IReadOnlyList<string>? Photos { get; init; }

    public DateTimeOffset? PhotosCheckedAt { get; init; }

    public DateTimeOffset? FrozenAt { get; init; }

    public DateTimeOffset? ErasedAt { get; init; }

    /// <summary>Counts password and passkey changes; a digest of each goes into an event.</summary>
    public int CredentialChanges { get; init; }

    [System.Text.Json.Serialization.JsonIgnore]
    public string Key => Id.Value;

    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsFrozen => FrozenAt is not null;

    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsErased => ErasedAt is not null;

    /// <summary>Counts a wrong name or ID; the fifth in a row locks the check for a day.</summary>
    public Customer AfterWrongVerification(DateTimeOffset now)
    {
        var tries = (VerificationLockedUntil is null ? VerificationTries : 0) + 1;
        return this with { VerificationTries = tries, VerificationLockedUntil = tries >= MostVerificationTries ? now + VerificationLock : null };
    }

    public CustomerFacts Facts() => new(Id, Level, IsFrozen, IsErased, NameHash, Language, JoinedAt, Email is not null);

    /// <summary>What is left of an erased customer: that there was one, and when.</summary>
    public Customer Erase(DateTimeOffset now) => new(Id, null, null, Language, JoinedAt) { ErasedAt = now };
}
