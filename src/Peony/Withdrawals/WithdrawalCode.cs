using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Peony.Cards;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Withdrawals;

/// <summary>Everything a withdrawal authorization code is bound to. Change any of it and the code is another one.</summary>
/// <param name="Card">The card, or null when the money goes to the wallet balance.</param>
/// <param name="CardVersion">The bind of the card that is meant; 0 for the wallet balance, and for a card that is not bound.</param>
/// <param name="Purpose">What the code is for: <c>withdrawal/wd_…/wallet</c> names the withdrawal and its source.</param>
internal sealed record CodeBinding(CustomerId Customer, CardId? Card, int CardVersion, Money Amount, SessionId Session, DeviceId Device, string Purpose,
    DateTimeOffset ExpiresAt);

/// <summary>
/// Makes and checks withdrawal authorization codes (提现授权码): eight digits, a truncated HMAC-SHA256 of a 128-bit random nonce and the binding, under a key that is outside
/// every database. Only the nonce is stored, so neither a thief of the database nor an operator can name a code, and a code read out to somebody fits nothing of theirs.
/// </summary>
/// <remarks>
/// The first eight bytes of the HMAC are reduced modulo 10^8. 2^64 is no multiple of 10^8, so some codes are likelier than others by one part in 1.8 × 10^11: a guesser
/// gains less than 10^-19 a try, nothing beside the 10^-8 of an even guess. With at most 20 tries in 24 hours a guesser succeeds with 2 × 10^-7.
/// </remarks>
internal sealed class WithdrawalCodes(byte[] key)
{
    public const int Digits = 8;
    public const int NonceLength = 16;

    /// <summary>The purpose of <see cref="Book.Secrets.Key"/> that the key is derived for.</summary>
    public const string KeyPurpose = "withdrawal-code";

    private const ulong Codes = 100_000_000;

    private readonly byte[] _key = key.Length >= 32 ? key : throw new ArgumentException("The key has fewer than 32 bytes.", nameof(key));

    /// <summary>The code: eight digits, leading zeros kept.</summary>
    public string Derive(ReadOnlySpan<byte> nonce, CodeBinding binding)
    {
        Span<byte> code = stackalloc byte[Digits];
        Write(nonce, binding, code);
        return Encoding.ASCII.GetString(code);
    }

    /// <summary>True for the right code. Takes the same time for every wrong one.</summary>
    public bool Matches(ReadOnlySpan<byte> nonce, CodeBinding binding, string typed)
    {
        Span<byte> code = stackalloc byte[Digits];
        Write(nonce, binding, code);
        Span<byte> given = stackalloc byte[Digits];
        var isWhole = typed.Length == Digits && Ascii.FromUtf16(typed, given, out var written) == System.Buffers.OperationStatus.Done && written == Digits;
        return CryptographicOperations.FixedTimeEquals(code, given) & isWhole;
    }

    private void Write(ReadOnlySpan<byte> nonce, CodeBinding binding, Span<byte> code)
    {
        if (nonce.Length != NonceLength)
        {
            throw new ArgumentException("A code's nonce has 16 bytes.", nameof(nonce));
        }

        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hmac.AppendData("peony/withdrawal-code/1"u8);
        hmac.AppendData(nonce);
        Append(hmac, binding.Customer.Value);
        Append(hmac, binding.Card?.Value ?? "");
        Append(hmac, binding.CardVersion);
        Append(hmac, binding.Amount.Minor);
        Append(hmac, binding.Amount.Currency.Code);
        Append(hmac, binding.Session.Value);
        Append(hmac, binding.Device.Value);
        Append(hmac, binding.Purpose);
        Append(hmac, binding.ExpiresAt.UtcTicks);
        Span<byte> hash = stackalloc byte[32];
        hmac.GetHashAndReset(hash);
        var number = BinaryPrimitives.ReadUInt64BigEndian(hash) % Codes;
        number.TryFormat(code, out _, "D8", CultureInfo.InvariantCulture);
    }

    // Each text goes in with its length before it, so no two bindings can be written alike.
    private static void Append(IncrementalHash hmac, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Append(hmac, bytes.Length);
        hmac.AppendData(bytes);
    }

    private static void Append(IncrementalHash hmac, long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        hmac.AppendData(bytes);
    }
}
