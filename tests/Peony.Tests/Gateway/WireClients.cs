using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Peony.Tests.Gateway;

/// <summary>
/// The two ways in which official client libraries cut the signed text out of an answer, written anew from their description and not from the product: if our bytes satisfy both,
/// they satisfy the libraries.
/// </summary>
internal static class WireClients
{
    /// <summary>Node: from the first <c>root"</c> to the last <c>"sign"</c>, trimmed to the outermost braces.</summary>
    public static string? CutAsNode(string body, string root)
    {
        var start = body.IndexOf(root + "\"", StringComparison.Ordinal);
        var end = body.LastIndexOf("\"sign\"", StringComparison.Ordinal);
        if (start < 0 || end < start)
        {
            return null;
        }

        var between = body[(start + root.Length + 1)..end];
        var (first, last) = (between.IndexOf('{', StringComparison.Ordinal), between.LastIndexOf('}'));
        return first < 0 || last < first ? null : between[first..(last + 1)];
    }

    /// <summary>.NET and Java: from the first brace or quote after the root, braces matched outside of strings; null when the root's name comes again after that.</summary>
    public static string? CutAsNet(string body, string root)
    {
        var index = body.IndexOf(root, StringComparison.Ordinal);
        if (index <= 0)
        {
            return null;
        }

        var begin = index + root.Length + 2;
        while (begin < body.Length && body[begin] is not '{' and not '"')
        {
            begin++;
        }

        var end = body[begin] == '{' ? EndOfObject(body, begin) : body.IndexOf('"', begin + 1) + 1;
        return end <= begin || body.LastIndexOf(root, StringComparison.Ordinal) > end ? null : body[begin..end];
    }

    /// <summary>True when the bytes carry the signature, checked with nothing of the product.</summary>
    public static bool IsSigned(byte[] text, string signature, string publicKey, HashAlgorithmName hash)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(Convert.FromBase64String(publicKey), out _);
        return rsa.VerifyData(text, Convert.FromBase64String(signature), hash, RSASignaturePadding.Pkcs1);
    }

    /// <summary>Checks an answer as both libraries do, and gives its node.</summary>
    public static JsonElement Check(byte[] bytes, Encoding encoding, string root, string publicKey, HashAlgorithmName? hash = null, byte[]? aesKey = null)
    {
        var body = encoding.GetString(bytes);
        var whole = JsonDocument.Parse(body).RootElement;
        Assert.Equal(root, whole.EnumerateObject().First().Name);
        Assert.Equal("sign", whole.EnumerateObject().Last().Name);
        var signature = whole.GetProperty("sign").GetString()!;
        var cut = CutAsNet(body, root);
        Assert.NotNull(cut);
        Assert.True(IsSigned(encoding.GetBytes(cut), signature, publicKey, hash ?? HashAlgorithmName.SHA256), body);
        var node = whole.GetProperty(root);
        if (node.ValueKind == JsonValueKind.String)
        {
            using var aes = Aes.Create();
            aes.Key = aesKey ?? throw new InvalidOperationException("The answer is encrypted.");
            return JsonDocument.Parse(encoding.GetString(aes.DecryptCbc(Convert.FromBase64String(node.GetString()!), new byte[16]))).RootElement;
        }

        Assert.Equal(cut, CutAsNode(body, root));
        return node;
    }

    private static int EndOfObject(string body, int begin)
    {
        var (depth, isQuoted, escapes) = (0, false, 0);
        for (var index = begin; index < body.Length; index++)
        {
            switch (body[index])
            {
                case '"' when escapes % 2 == 0:
                    isQuoted = !isQuoted;
                    break;
                case '{' when !isQuoted:
                    depth++;
                    break;
                case '}' when !isQuoted:
                    if (--depth == 0)
                    {
                        return index + 1;
                    }

                    break;
            }

            escapes = body[index] == '\\' ? escapes + 1 : 0;
        }

        return -1;
    }
}
