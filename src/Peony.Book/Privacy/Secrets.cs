using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Peony.Book;

/// <summary>
/// Keys derived from the instance's master key, one for each purpose, by HKDF-SHA256 (RFC 5869). The master key is outside every database.
/// What is short (a code, a PIN, a phone, a card number) is looked up by a keyed hash: a plain hash of something short is no secret.
/// </summary>
public sealed class Secrets(byte[] master)
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, byte[]> _keys = new();
    private readonly byte[] _master = master.Length >= 32 ? master : throw new ArgumentException("The master key has fewer than 32 bytes.", nameof(master));

    /// <summary>The 32-byte key of a purpose.</summary>
    public byte[] Key(string purpose) =>
        _keys.GetOrAdd(purpose, static (name, master) => HKDF.DeriveKey(HashAlgorithmName.SHA256, master, 32, null, Encoding.UTF8.GetBytes("peony/" + name)), _master);

    /// <summary>A keyed hash of text for lookups and comparisons, 32 hex digits (128 bits).</summary>
    public string Hash(string purpose, string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Key("hash/" + purpose), Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    /// <summary>The keyed fingerprint of a request: method, path, caller and body, each with its length.</summary>
    public byte[] Fingerprint(params ReadOnlySpan<string> parts) => HMACSHA256.HashData(Key("fingerprint"), Encoding.UTF8.GetBytes(Joined(parts).ToString()))[..16];

    /// <summary>The same with a body that stays bytes, as large as it may be.</summary>
    public byte[] Fingerprint(ReadOnlySpan<byte> body, params ReadOnlySpan<string> parts)
    {
        var head = Encoding.UTF8.GetBytes(Joined(parts).Append(CultureInfo.InvariantCulture, $"{body.Length}:").ToString());
        if (body.Length <= 4096)
        {
            // One call instead of four, and nearly every body is short.
            return HMACSHA256.HashData(Key("fingerprint"), (ReadOnlySpan<byte>)[.. head, .. body])[..16];
        }

        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Key("fingerprint"));
        hash.AppendData(head);
        hash.AppendData(body);
        return hash.GetHashAndReset()[..16];
    }

    private static StringBuilder Joined(ReadOnlySpan<string> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(CultureInfo.InvariantCulture, $"{part.Length}:").Append(part);
        }

        return text;
    }
}
