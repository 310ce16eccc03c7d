using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Peony.Trades;

/// <summary>
/// Makes and checks pay codes (付款码), which a phone shows and a till scans: 23 digits that fit <c>^(2[5-9]|30)\d{14,22}$</c>, good for a minute and for one payment. A phone has a key of its own and
/// makes codes without a network; the platform makes the same key again from its master key, so no key is stored.
/// </summary>
/// <remarks>
/// <code>
/// 28 NNNNNNNN SSS PPPPPPPPPP
///    |        |   └ first eight bytes of HMAC-SHA256(phone's key, step ‖ SSS), big-endian, modulo 10^10
///    |        └ which code of the step, drawn by the phone, so that a second payment need not wait for the next step
///    └ the number of the phone's key
/// </code>
/// A step is ten seconds. A guesser hits one of the seven steps that count with 7 × 10^-10 a try.
/// </remarks>
internal sealed class PayCodes(byte[] key)
{
    /// <summary>The purpose of <see cref="Book.Secrets.Key"/> that the key is derived for.</summary>
    public const string KeyPurpose = "pay-code";

    public const int NumberDigits = 8;
    public const int StepSeconds = 10;

    private const string Prefix = "28";
    private const int SequenceDigits = 3;
    private const int ProofDigits = 10;
    private const ulong Proofs = 10_000_000_000;
    private const int Whole = 2 + NumberDigits + SequenceDigits + ProofDigits;

    /// <summary>A code counts in the step it was made in and the six after; a phone whose clock is ahead may be one step early.</summary>
    private const int StepsBack = 6;
    private const int StepsAhead = 1;

    private readonly byte[] _key = key.Length >= 32 ? key : throw new ArgumentException("The key has fewer than 32 bytes.", nameof(key));

    /// <summary>The key of a phone, 32 bytes: what is handed to the phone, once.</summary>
    public byte[] KeyOf(string number) => HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(number));

    /// <param name="sequence">0 to 999.</param>
    public string Make(string number, DateTimeOffset at, int sequence) => Make(KeyOf(number), number, StepOf(at), sequence);

    /// <summary>The number of the phone's key that a code names, or null when it is no code of ours.</summary>
    public static string? NumberOf(string code) => code.Length == Whole && code.StartsWith(Prefix, StringComparison.Ordinal) && code.All(char.IsAsciiDigit)
        ? code.Substring(Prefix.Length, NumberDigits)
        : null;

    /// <summary>True when the phone made the code within the last minute.</summary>
    public bool Matches(string code, DateTimeOffset now)
    {
        if (NumberOf(code) is not { } number)
        {
            return false;
        }

        var phone = KeyOf(number);
        var sequence = int.Parse(code.AsSpan(Prefix.Length + NumberDigits, SequenceDigits), NumberStyles.None, CultureInfo.InvariantCulture);
        var step = StepOf(now);
        var isRight = false;
        var given = Encoding.ASCII.GetBytes(code);
        for (var candidate = step - StepsBack; candidate <= step + StepsAhead; candidate++)
        {
            isRight |= CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Make(phone, number, candidate, sequence)), given);
        }

        return isRight;
    }

    private static long StepOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / StepSeconds;

    private static string Make(byte[] phone, string number, long step, int sequence)
    {
        Span<byte> text = stackalloc byte[sizeof(long) + sizeof(int)];
        BinaryPrimitives.WriteInt64BigEndian(text, step);
        BinaryPrimitives.WriteInt32BigEndian(text[sizeof(long)..], sequence);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(phone, text, hash);
        var proof = BinaryPrimitives.ReadUInt64BigEndian(hash) % Proofs;
        return string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number}{sequence:D3}{proof:D10}");
    }
}
