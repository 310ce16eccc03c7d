using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Peony.Gateway;

/// <summary>How a v2 request or notice is signed.</summary>
internal enum SignType
{
    /// <summary>SHA-256 with RSA, PKCS#1 v1.5.</summary>
    Rsa2 = 1,

    /// <summary>SHA-1 with RSA, of old clients.</summary>
    Rsa = 2,
}

/// <summary>The RSA objects of one key. Each serves one caller at a time, and making one is dear, so they are kept.</summary>
internal sealed class RsaKey(Func<RSA> make)
{
    private readonly ConcurrentBag<RSA> _idle = [];

    /// <summary>The signature over the bytes, base64.</summary>
    public string Sign(byte[] text, SignType type) => Use(rsa => Convert.ToBase64String(rsa.SignData(text, HashOf(type), RSASignaturePadding.Pkcs1)));

    /// <param name="signature">Base64 as encoders write it; anything else (spaces, missing padding, other digits) is none.</param>
    public bool IsGenuine(byte[] text, string signature, SignType type)
    {
        var bytes = new byte[(signature.Length * 3 / 4) + 3];
        return Convert.TryFromBase64String(signature, bytes, out var length) && Convert.ToBase64String(bytes, 0, length) == signature
            && Use(rsa => rsa.VerifyData(text, bytes.AsSpan(0, length), HashOf(type), RSASignaturePadding.Pkcs1));
    }

    private T Use<T>(Func<RSA, T> act)
    {
        var rsa = _idle.TryTake(out var idle) ? idle : make();
        try
        {
            return act(rsa);
        }
        finally
        {
            _idle.Add(rsa);
        }
    }

    private static HashAlgorithmName HashOf(SignType type) => type switch
    {
        SignType.Rsa2 => HashAlgorithmName.SHA256,
        SignType.Rsa => HashAlgorithmName.SHA1,
    };
}

/// <summary>Public keys of apps, opened once.</summary>
internal sealed class AppKeys
{
    private const int Most = 10_000;
    private readonly ConcurrentDictionary<string, RsaKey> _keys = new();

    /// <param name="publicKey">Base64 of a SubjectPublicKeyInfo.</param>
    public RsaKey Of(string publicKey)
    {
        if (_keys.Count > Most)
        {
            _keys.Clear();
        }

        return _keys.GetOrAdd(publicKey, static key => new RsaKey(() =>
        {
            var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(Convert.FromBase64String(key), out _);
            return rsa;
        }));
    }
}

internal static class SignTypes
{
    /// <summary>The type of this name on the wire, or null.</summary>
    public static SignType? Find(string? name) => name switch
    {
        "RSA2" => SignType.Rsa2,
        "RSA" => SignType.Rsa,
        _ => null,
    };

    public static string NameOf(SignType type) => type switch
    {
        SignType.Rsa2 => "RSA2",
        SignType.Rsa => "RSA",
    };
}
