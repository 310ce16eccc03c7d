using System.Security.Cryptography;

namespace Peony.Book;

/// <summary>The master key that everything secret is derived from or wrapped under: at least 32 bytes, outside every database.</summary>
public static class MasterKey
{
    /// <summary>Base64 of the key; in production it may stand here instead of in a file.</summary>
    public const string Variable = "PEONY_MASTER_KEY";

    /// <summary>Reads the key from the environment or from <c>master.key</c> in the folder. In the sandbox it is made at the first start.</summary>
    /// <exception cref="StartRefusedException">Production without a key, or a key too short.</exception>
    public static byte[] Load(string directory, bool isProduction)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text)
        {
            return Decode(text, Variable);
        }

        var path = Path.Combine(directory, "master.key");
        if (File.Exists(path))
        {
            return Decode(File.ReadAllText(path).Trim(), path);
        }

        if (isProduction)
        {
            throw new StartRefusedException($"Production needs a master key: set {Variable} to base64 of 32 random bytes, or put it into {path}. Keep a copy outside this machine: without it nothing can be read.");
        }

        // Whole and there to stay before anything is written under it; of two that start at once, the second takes the first one's.
        var key = RandomNumberGenerator.GetBytes(32);
        return DurableFile.TryMake(path, System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(key)), UnixFileMode.UserRead | UnixFileMode.UserWrite)
            ? key
            : Decode(File.ReadAllText(path).Trim(), path);
    }

    private static byte[] Decode(string text, string where)
    {
        var key = new byte[text.Length];
        return Convert.TryFromBase64String(text, key, out var length) && length >= 32
            ? key[..length]
            : throw new StartRefusedException($"The master key in {where} is not base64 of at least 32 bytes.");
    }
}
