using SkiaSharp;

namespace Peony.Documents;

/// <summary>No font of this machine has all characters of a document, so it is not drawn: a statement with boxes for words is worse than none.</summary>
internal sealed class GlyphsMissingException(string characters) : Exception(
    $"No font of this machine has all of the characters of this document (such as {characters}). Install one with Chinese: on Debian, apt-get install fonts-noto-cjk.");

/// <summary>The two weights a document is set in, found among the fonts of the machine by what they can write.</summary>
internal sealed record PaperFonts(SKTypeface Regular, SKTypeface Bold)
{
    /// <summary>Tried first, in this order: made for simplified Chinese, with figures of one width.</summary>
    private static readonly string[] Preferred = ["Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Zen Hei"];

    /// <summary>The first family that can write all of the text. The font manager of this build of Skia finds no font for a character by itself, so every family is asked.</summary>
    /// <exception cref="GlyphsMissingException">None can.</exception>
    public static PaperFonts For(string text) => For(text, SKFontManager.Default);

    public static PaperFonts For(string text, SKFontManager fonts)
    {
        foreach (var family in Preferred.Concat(fonts.FontFamilies.Order(StringComparer.Ordinal)))
        {
            if (fonts.MatchFamily(family, SKFontStyle.Normal) is not { } regular || !regular.ContainsGlyphs(text))
            {
                continue;
            }

            return new PaperFonts(regular, fonts.MatchFamily(family, SKFontStyle.Bold) is { } bold && bold.ContainsGlyphs(text) ? bold : regular);
        }

        // Those outside of ASCII are what is missing in practice, and a few of them tell which script it is.
        throw new GlyphsMissingException(string.Concat(text.Where(letter => !char.IsAscii(letter)).Distinct().Take(8)));
    }
}
