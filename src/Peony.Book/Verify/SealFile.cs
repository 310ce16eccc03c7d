using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Peony.Book;

/// <summary>The head of the chain as it was sealed.</summary>
internal sealed record SealedHead(string Book, long Sequence, byte[] Hash);

/// <summary>
/// The head of the chain, written outside the database at clean stop and at least every second. A journal that ends before it, or has another frame in its place,
/// was cut or put back. One line of text: book, sequence, hash, and a keyed hash over the three.
/// </summary>
internal sealed class SealFile(string directory, Secrets secrets)
{
    private readonly byte[] _key = secrets.Key("seal");
    private readonly string _path = Path.Combine(directory, "head.seal");
    private bool _isListed;

    /// <summary>The seal, or null when there is none yet.</summary>
    /// <exception cref="StartRefusedException">The seal was changed, or was made under another key.</exception>
    public SealedHead? Read()
    {
        if (!File.Exists(_path))
        {
            return null;
        }

        var parts = File.ReadAllText(_path).Trim().Split(' ');
        if (parts.Length != 4 || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            || !string.Equals(parts[3], Mac(parts[0], parts[1], parts[2]), StringComparison.Ordinal))
        {
            throw new StartRefusedException("The seal of the journal's head was changed, or made under another key. Run verify.");
        }

        return new SealedHead(parts[0], sequence, Convert.FromHexString(parts[2]));
    }

    /// <summary>
    /// Replaces the seal, so that there is always a whole one. The first time its name is made to last as well: a journal without its seal is not served. Later a power cut may bring
    /// the one before back, which says as much as is needed.
    /// </summary>
    public void Write(SealedHead head)
    {
        var (sequence, hash) = (head.Sequence.ToString(CultureInfo.InvariantCulture), Convert.ToHexStringLower(head.Hash));
        DurableFile.Replace(_path, Encoding.ASCII.GetBytes($"{head.Book} {sequence} {hash} {Mac(head.Book, sequence, hash)}\n"), _isListed);
        _isListed = true;
    }

    private string Mac(string book, string sequence, string hash) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{book} {sequence} {hash}")));
}
