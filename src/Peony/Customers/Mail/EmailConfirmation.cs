using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Peony.Book;

namespace Peony.Customers.Mail;

/// <summary>An e-mail address that a customer gave and has not confirmed yet, one at a time: the code sent to it comes back, or it is forgotten.</summary>
/// <param name="Email">Sealed in the customer's envelope; null when nothing waits.</param>
/// <param name="Orders">When codes were ordered lately, for the brake.</param>
internal sealed record EmailConfirmation(CustomerId Customer, Sealed? Email, string CodeHash, DateTimeOffset ExpiresAt, int WrongTries, IReadOnlyList<DateTimeOffset> Orders) : IRecord
{
    public const int MostTries = 5;
    public const int MostCodesAnHour = 5;
    public static readonly TimeSpan CodeLife = TimeSpan.FromMinutes(30);

    [JsonIgnore]
    public string Key => Customer.Value;

    public bool IsAlive(DateTimeOffset now) => Email is not null && now < ExpiresAt && WrongTries < MostTries;

    public bool Matches(string codeHash) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(CodeHash), Encoding.ASCII.GetBytes(codeHash));

    public EmailConfirmation AfterWrongTry() => this with { WrongTries = WrongTries + 1 };

    /// <summary>Nothing personal stays.</summary>
    public EmailConfirmation Forget() => this with { Email = null, CodeHash = "" };
}
