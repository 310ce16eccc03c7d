using System.Text;
using SkiaSharp;

namespace Peony.Documents;

/// <summary>Draws documents as PDF with the glyphs they use embedded, so that they look the same everywhere and their text can be selected and searched. A page takes milliseconds.</summary>
internal static class PaperPdf
{
    /// <exception cref="GlyphsMissingException">No font of this machine can write it.</exception>
    public static byte[] Draw(Paper paper) => Draw(paper, PaperFonts.For(TextOf(paper)));

    public static byte[] Draw(Paper paper, PaperFonts fonts)
    {
        using var bytes = new MemoryStream();
        using (var document = SKDocument.CreatePdf(bytes, new SKDocumentPdfMetadata { Title = paper.Title + " " + paper.Subtitle, Author = paper.Issuer, Producer = "Peony" }))
        {
            using var paint = new SKPaint { IsAntialias = true };
            var used = new Dictionary<(float Size, bool IsBold), SKFont>();
            foreach (var page in PaperSetter.Set(paper, fonts))
            {
                var canvas = document.BeginPage(PaperSetter.Width, PaperSetter.Height);
                foreach (var mark in page)
                {
                    DrawMark(canvas, mark, paint, FontOf(used, fonts, mark.Ink));
                }

                document.EndPage();
            }

            document.Close();
            foreach (var font in used.Values)
            {
                font.Dispose();
            }
        }

        return bytes.ToArray();
    }

    public static SKFont FontOf(PaperFonts fonts, Ink ink) => new(ink.IsBold ? fonts.Bold : fonts.Regular, ink.Size) { Subpixel = true, LinearMetrics = true };

    private static SKFont FontOf(Dictionary<(float Size, bool IsBold), SKFont> used, PaperFonts fonts, Ink ink)
    {
        if (!used.TryGetValue((ink.Size, ink.IsBold), out var font))
        {
            font = FontOf(fonts, ink);
            used.Add((ink.Size, ink.IsBold), font);
        }

        return font;
    }

    private static void DrawMark(SKCanvas canvas, Mark mark, SKPaint paint, SKFont font)
    {
        paint.Color = mark.Ink.Colour;
        if (mark.Text.Length > 0)
        {
            using var blob = WithItsText(mark.Text, font);
            canvas.DrawText(blob, mark.X, mark.Y, paint);
        }
        else
        {
            paint.StrokeWidth = mark.Ink.Size;
            canvas.DrawLine(mark.X, mark.Y, mark.Right, mark.Y, paint);
        }
    }

    /// <summary>
    /// Glyphs together with the characters they were made of. A glyph alone would be read back as the first character that has it: 月 as the radical ⽉, so that nobody finds the month they search for.
    /// </summary>
    private static SKTextBlob WithItsText(string text, SKFont font)
    {
        var (glyphs, utf8) = (font.GetGlyphs(text), Encoding.UTF8.GetBytes(text));
        using var builder = new SKTextBlobBuilder();
        var run = builder.AllocateTextRun(font, glyphs.Length, x: 0, y: 0, utf8.Length);
        run.SetGlyphs(glyphs);
        run.SetText(utf8);
        var clusters = run.Clusters;
        var (glyph, at) = (0, 0u);
        foreach (var rune in text.EnumerateRunes())
        {
            clusters[glyph++] = at;
            at += (uint)rune.Utf8SequenceLength;
        }

        return builder.Build() ?? throw new InvalidOperationException("A text of a document has no glyphs.");
    }

    private static string TextOf(Paper paper) => string.Concat(paper.Parts.SelectMany(part => part switch
    {
        PaperFacts facts => facts.Facts.SelectMany(fact => new[] { fact.Name, fact.Value }),
        PaperTable table => table.Rows.SelectMany(row => row).Concat(table.Columns.Select(column => column.Name)).Append(table.Heading).Concat(table.Sum ?? []),
        PaperText text => [text.Text],
        _ => throw new InvalidOperationException($"No part of a document is a {part.GetType().Name}."),
    }).Append(paper.Issuer).Append(paper.Title).Append(paper.Subtitle).Append(paper.PageText(1, 1)).Append(" · 0123456789"));
}
