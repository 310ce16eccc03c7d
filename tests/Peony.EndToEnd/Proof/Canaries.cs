using System.Text;

namespace Peony.EndToEnd.Proof;

/// <summary>Things that must stand nowhere in clear, and the search for them in every byte and every usual form.</summary>
internal sealed class Canaries
{
    private readonly List<(string What, byte[] Form, bool IsShort)> _forms = [];

    public void Plant(string what, string canary)
    {
        var isShort = canary.Length <= 8 && canary.All(char.IsAsciiDigit);
        var bytes = Encoding.UTF8.GetBytes(canary);
        _forms.Add((what, bytes, isShort));
        _forms.Add((what + " in UTF-16", Encoding.Unicode.GetBytes(canary), false));
        _forms.Add((what + " in UTF-16 of the other order", Encoding.BigEndianUnicode.GetBytes(canary), false));
        _forms.Add((what + " in hexadecimal", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes)), false));
        _forms.Add((what + " in capital hexadecimal", Encoding.ASCII.GetBytes(Convert.ToHexString(bytes)), false));
        for (var shift = 0; shift < 3; shift++)
        {
            _forms.Add((what + " in base64", Encoding.ASCII.GetBytes(Base64(bytes, shift)), false));
        }

        if (!canary.All(char.IsAscii))
        {
            _forms.Add((what + " escaped for JSON", Encoding.ASCII.GetBytes(string.Concat(canary.Select(character => $"\\u{(int)character:X4}"))), false));
            _forms.Add((what + " escaped for JSON", Encoding.ASCII.GetBytes(string.Concat(canary.Select(character => $"\\u{(int)character:x4}"))), false));
            _forms.Add((what + " escaped for addresses", Encoding.ASCII.GetBytes(Uri.EscapeDataString(canary)), false));
        }
    }

    /// <summary>What is found, as words: the canary's name and its place, never the canary.</summary>
    public IEnumerable<string> Search(string place, ReadOnlyMemory<byte> bytes)
    {
        foreach (var (what, form, isShort) in _forms)
        {
            var from = 0;
            while (bytes.Span[from..].IndexOf(form) is >= 0 and var at)
            {
                at += from;
                if (!isShort || StandsAlone(bytes.Span, at, form.Length))
                {
                    yield return $"{what} in {place} at {at}";
                    break;
                }

                from = at + 1;
            }
        }
    }

    public IEnumerable<string> Search(string place, string text) => Search(place, Encoding.UTF8.GetBytes(text));

    /// <summary>Every file below a folder, also while somebody writes there.</summary>
    public IEnumerable<string> SearchFolder(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            byte[] bytes;
            try
            {
                // Locks and sockets hold nothing and may not be opened.
                if (new FileInfo(path).Length == 0)
                {
                    continue;
                }

                using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var memory = new MemoryStream();
                file.CopyTo(memory);
                bytes = memory.ToArray();
            }
            catch (FileNotFoundException)
            {
                continue;
            }

            foreach (var found in Search(Path.GetRelativePath(folder, path), bytes))
            {
                yield return found;
            }
        }
    }

    /// <summary>The characters of base64 that do not depend on what stands around it.</summary>
    private static string Base64(byte[] bytes, int shift)
    {
        var text = Convert.ToBase64String([.. new byte[shift], .. bytes]);
        var first = (shift * 8 + 5) / 6;
        return text[first..((shift + bytes.Length) * 8 / 6)];
    }

    /// <summary>Six digits stand in any hexadecimal text or fraction of a second by chance; a leak stands by itself.</summary>
    private static bool StandsAlone(ReadOnlySpan<byte> bytes, int at, int length) =>
        (at == 0 || !(char.IsAsciiLetterOrDigit((char)bytes[at - 1]) || bytes[at - 1] == '.'))
        && (at + length == bytes.Length || !char.IsAsciiLetterOrDigit((char)bytes[at + length]));
}
