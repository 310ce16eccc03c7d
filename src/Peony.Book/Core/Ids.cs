using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Peony.Book;

/// <summary>Random bytes. The Book's own are cryptographic; a simulation's come from its seed.</summary>
internal interface IRandomness
{
    void Fill(Span<byte> bytes);
}

internal sealed class CryptographicRandomness : IRandomness
{
    public void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
}

/// <summary>Makes prefixed UUIDv7 ids (RFC 9562): 48 bits of milliseconds, a counter, random bits; written as 26 characters of Crockford's base 32, so text order is time order.</summary>
public static class Ids
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private static readonly SearchValues<char> Characters = SearchValues.Create(Alphabet);

    /// <summary>A new id at the edge, before a command exists (a customer's id, which the envelope key needs first).</summary>
    public static TId New<TId>(TimeProvider clock)
        where TId : struct, IId<TId>
    {
        Span<byte> random = stackalloc byte[10];
        RandomNumberGenerator.Fill(random);
        return TId.Of(Make(TId.Prefix, clock.GetUtcNow().ToUnixTimeMilliseconds(), BinaryPrimitives.ReadUInt16BigEndian(random), random[2..]));
    }

    /// <summary>True for a text that may be an id of this prefix; says nothing about whether it exists.</summary>
    public static bool IsWellFormed<TId>(string? text)
        where TId : struct, IId<TId> => IsWellFormed<TId>(text.AsSpan());

    /// <summary>The same for a piece of a larger text.</summary>
    public static bool IsWellFormed<TId>(ReadOnlySpan<char> text)
        where TId : struct, IId<TId> =>
        text.Length == TId.Prefix.Length + 27 && text.StartsWith(TId.Prefix, StringComparison.Ordinal) && text[TId.Prefix.Length] == '_'
        && text[(TId.Prefix.Length + 1)..].IndexOfAnyExcept(Characters) < 0;

    /// <summary>A text that every id made at the moment or later comes after, and every one made before it does not.</summary>
    public static string Least<TId>(DateTimeOffset moment)
        where TId : struct, IId<TId>
    {
        Span<byte> zeros = stackalloc byte[8];
        zeros.Clear();
        return Make(TId.Prefix, moment.ToUnixTimeMilliseconds(), 0, zeros);
    }

    internal static string Make(string prefix, long milliseconds, ushort counter, ReadOnlySpan<byte> random)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)milliseconds << 16);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)(0x7000 | (counter & 0x0FFF)));
        random[..8].CopyTo(bytes[8..]);
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        var value = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return string.Create(prefix.Length + 27, (prefix, value), static (span, state) =>
        {
            state.prefix.CopyTo(span);
            span[state.prefix.Length] = '_';
            var rest = state.value;
            for (var index = span.Length - 1; index > state.prefix.Length; index--)
            {
                span[index] = Alphabet[(int)(uint)(rest & 31)];
                rest >>= 5;
            }
        });
    }
}
