using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Peony.Book;

namespace Peony.Merchants;

/// <summary>Keys that an app shares with the platform. They follow from the master key, so none of them is stored.</summary>
internal static class AppSecrets
{
    private const int AesBytes = 16;

    /// <summary>The AES key of an app's contents, 128 bits.</summary>
    /// <param name="version">Which one; <see cref="AppView.KeyVersion"/> is the one of now.</param>
    public static byte[] AesKey(Secrets secrets, AppId app, int version) => HKDF.DeriveKey(HashAlgorithmName.SHA256, secrets.Key("app-aes"), AesBytes, null,
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{app.Value}/{version}")));
}
