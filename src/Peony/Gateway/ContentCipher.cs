using System.Security.Cryptography;

namespace Peony.Gateway;

/// <summary>Contents under an app's AES key: AES-128, CBC, PKCS#7, an initial vector of zeros, base64. It hides them and proves nothing; the signature is over the cipher text.</summary>
internal static class ContentCipher
{
    public static string Encrypt(byte[] key, byte[] text)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        // The protocol fixes the vector; a fresh one would not be understood.
        return Convert.ToBase64String(aes.EncryptCbc(text, new byte[16]));
    }

    /// <summary>The text; null when it is not one under this key.</summary>
    public static byte[]? Decrypt(byte[] key, string cipher)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        try
        {
            return aes.DecryptCbc(Convert.FromBase64String(cipher), new byte[16]);
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException)
        {
            return null;
        }
    }
}
