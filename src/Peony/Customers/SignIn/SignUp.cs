using System.Security.Cryptography;
using System.Text;
using Peony.Book;

namespace Peony.Customers.SignIn;

internal readonly record struct SignUpId(string Value) : IId<SignUpId>
{
    public static string Prefix => "sup";
    public static SignUpId Of(string value) => new(value);
    public override string ToString() => Value;
}

internal enum SignUpState
{
    CodeSent = 1,
    PhoneVerified = 2,
    Finished = 3,

    /// <summary>The code ran out, was tried too often, or a newer one took its place.</summary>
    Void = 4,
}

/// <summary>
/// The way of a phone number to a customer: a code is sent, given back, and a sign-in made. The customer's id is fixed at the start, so that a sign-up that stops half-way
/// between the identity store and the Book finishes at the next sign-in.
/// </summary>
internal sealed record SignUp(SignUpId Id, CustomerId Customer, string? PhoneHash, Sealed? Phone, string CodeHash, string Language, DateTimeOffset StartedAt, DateTimeOffset ExpiresAt) : IRecord
{
    public const int MostTries = 5;
    public const int MostCodesAnHour = 5;
    public static readonly TimeSpan CodeLife = TimeSpan.FromMinutes(10);

    public SignUpState State { get; init; } = SignUpState.CodeSent;

    public int WrongTries { get; init; }

    [System.Text.Json.Serialization.JsonIgnore]
    public string Key => Id.Value;

    public bool Matches(string codeHash) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(CodeHash), Encoding.ASCII.GetBytes(codeHash));

    public SignUp AfterWrongTry()
    {
        var tries = WrongTries + 1;
        return this with { WrongTries = tries, State = tries >= MostTries ? SignUpState.Void : State };
    }

    /// <summary>Nothing personal stays of a sign-up nobody finished.</summary>
    public SignUp Forget() => this with { State = SignUpState.Void, PhoneHash = null, Phone = null };
}
