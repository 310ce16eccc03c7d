using System.Buffers;
using System.Text;

namespace Peony.Book;

/// <summary>
/// Texts that both databases can hold: no U+0000 (PostgreSQL has none) and whole characters. An id or index value that is none of these names nothing, and asking the database for it
/// would fail everybody whose load went along.
/// </summary>
internal static class StorableText
{
    private static readonly SearchValues<char> Odd = SearchValues.Create([.. Enumerable.Range(0xD800, 0x800).Select(code => (char)code), '\0']);

    public static bool Is(string text)
    {
        var rest = text.AsSpan();
        while (rest.IndexOfAny(Odd) is var odd and >= 0)
        {
            if (rest[odd] == '\0' || Rune.DecodeFromUtf16(rest[odd..], out _, out var length) != OperationStatus.Done)
            {
                return false;
            }

            rest = rest[(odd + length)..];
        }

        return true;
    }
}
