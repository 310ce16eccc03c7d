using System.Globalization;
using System.Security.Cryptography;

namespace Peony.EndToEnd;

/// <summary>Somebody new for a journey: a phone, a resident ID with a right check digit (GB 11643), a debit card with a right check digit (ISO/IEC 7812).</summary>
public sealed record Person(string Name, string Phone, string IdNumber, string CardNumber)
{
    public const string Password = "peony-journey-2026";
    public const string Pin = "258036";

    public static Person New() => new("王小牡", "139" + Digits(8), Id(), Card());

    private static string Id()
    {
        int[] weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        var body = "110101" + (1950 + RandomNumberGenerator.GetInt32(50)).ToString(CultureInfo.InvariantCulture) + "0101" + Digits(3);
        var sum = body.Select((digit, index) => (digit - '0') * weights[index]).Sum();
        return body + "10X98765432"[sum % 11];
    }

    private static string Card()
    {
        var body = "621626" + Digits(12);
        var sum = body.Reverse().Select((digit, index) => index % 2 == 0 ? Doubled(digit - '0') : digit - '0').Sum();
        return body + ((10 - (sum % 10)) % 10).ToString(CultureInfo.InvariantCulture);
    }

    private static int Doubled(int digit) => digit * 2 > 9 ? (digit * 2) - 9 : digit * 2;

    private static string Digits(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => (char)('0' + RandomNumberGenerator.GetInt32(10))));
}
