using System.Security.Cryptography;
using System.Text;
using Peony.Book;

namespace Peony.Customers;

/// <summary>The payment PIN of a customer (支付密码): a keyed hash, the wrong tries since the last right one, and the lock they lead to. Apart from the sign-in.</summary>
internal sealed record PaymentPin(CustomerId Customer, string Hash, DateTimeOffset SetAt) : IRecord
{
    public const int MostTries = 5;
    public static readonly TimeSpan LockTime = TimeSpan.FromMinutes(30);

    public int WrongTries { get; init; }

    public DateTimeOffset? LockedUntil { get; init; }

    [System.Text.Json.Serialization.JsonIgnore]
    public string Key => Customer.Value;

    public bool IsLockedAt(DateTimeOffset now) => LockedUntil is { } until && now < until;

    public bool Matches(PinProof proof) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash), Encoding.ASCII.GetBytes(proof.Hash));

    /// <summary>The next state after a wrong try; the fifth in a row locks. A lock that has run out starts the count anew.</summary>
    public PaymentPin AfterWrongTry(DateTimeOffset now)
    {
        var tries = (LockedUntil is null ? WrongTries : 0) + 1;
        return this with { WrongTries = tries, LockedUntil = tries >= MostTries ? now + LockTime : null };
    }

    public PaymentPin AfterRightTry() => this with { WrongTries = 0, LockedUntil = null };
}
