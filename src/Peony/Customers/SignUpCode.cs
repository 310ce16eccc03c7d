using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Peony.Book;

namespace Peony.Customers;

/// <summary>
/// The six digits that show that a phone, or a mail address, is its owner's: a truncated HMAC of a random nonce and the sign-up it belongs to. Only the nonce and a keyed hash are stored;
/// the message derives the digits when it is sent.
/// </summary>
internal static class SignUpCode
{
    public static string Derive(Secrets secrets, string signUp, string nonce)
    {
        var mac = HMACSHA256.HashData(secrets.Key("sign-up-code"), Encoding.UTF8.GetBytes($"{signUp}/{nonce}"));
        var number = BinaryPrimitives.ReadUInt64BigEndian(mac) % 1_000_000;
        return number.ToString("D6", CultureInfo.InvariantCulture);
    }

    public static string Hash(Secrets secrets, string signUp, string code) => secrets.Hash("sign-up-code", $"{signUp}/{code}");
}
