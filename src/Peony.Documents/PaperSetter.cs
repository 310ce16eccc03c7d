using SkiaSharp;

namespace Peony.Documents;

/// <summary>A text at its place on a page, or a rule. Points from the left and upper edge; the baseline of a text.</summary>
/// <param name="Text">Empty for a rule, which goes from <paramref name="X"/> to <paramref name="Right"/>.</param>
internal readonly record struct Mark(string Text, float X, float Y, Ink Ink, float Right = 0);

/// <summary>How a mark looks: a size in points, weight and colour.</summary>
internal readonly record struct Ink(float Size, bool IsBold, uint Colour);

/// <summary>Sets a document: places every line of it on pages. It draws nothing, so the number of pages is known before the first is drawn.</summary>
internal sealed class PaperSetter : IDisposable
{
    public const float Width = 595;
    public const float Height = 842;
    private const float Edge = 48;
    private const float Inner = Width - (2 * Edge);
    private const float Foot = Height - 56;
    private const float Gap = 12;
    private const int FactsInARow = 3;

    private static readonly Ink Brand = new(11, true, 0xff7a1744);
    private static readonly Ink Title = new(22, true, 0xff1a1a1a);
    private static readonly Ink Heading = new(12, true, 0xff1a1a1a);
    private static readonly Ink Body = new(10, false, 0xff1a1a1a);
    private static readonly Ink Strong = new(10, true, 0xff1a1a1a);
    private static readonly Ink Value = new(12, true, 0xff1a1a1a);
    private static readonly Ink Small = new(8.5f, false, 0xff5c5c5c);
    private static readonly Ink Rule = new(0.6f, false, 0xffbdbdbd);
    private static readonly Ink StrongRule = new(1.2f, false, 0xff1a1a1a);

    private readonly PaperFonts _fonts;
    private readonly Dictionary<(float Size, bool IsBold), SKFont> _sizes = [];
    private readonly List<List<Mark>> _pages = [];
    private float _y;

    private PaperSetter(PaperFonts fonts) => _fonts = fonts;

    /// <returns>The marks of each page.</returns>
    public static IReadOnlyList<IReadOnlyList<Mark>> Set(Paper paper, PaperFonts fonts)
    {
        using var setter = new PaperSetter(fonts);
        return setter.SetAll(paper);
    }

    public void Dispose()
    {
        foreach (var font in _sizes.Values)
        {
            font.Dispose();
        }
    }

    private List<List<Mark>> SetAll(Paper paper)
    {
        Turn();
        Line(paper.Issuer, Edge, Brand);
        _y += 30;
        Line(paper.Title, Edge, Title);
        _y += 18;
        Line(paper.Subtitle, Edge, Small with { Size = 10 });
        _y += Gap;
        Ruled(StrongRule);
        foreach (var part in paper.Parts)
        {
            switch (part)
            {
                case PaperFacts facts:
                    SetFacts(facts);
                    break;
                case PaperTable table:
                    SetTable(table);
                    break;
                case PaperText text:
                    SetText(text);
                    break;
            }
        }

        for (var page = 0; page < _pages.Count; page++)
        {
            var number = paper.PageText(page + 1, _pages.Count);
            _pages[page].Add(new Mark("", Edge, Foot + 14, Rule, Width - Edge));
            _pages[page].Add(new Mark(paper.Issuer + " · " + paper.Title + " · " + paper.Subtitle, Edge, Foot + 28, Small));
            _pages[page].Add(new Mark(number, Width - Edge - WidthOf(number, Small), Foot + 28, Small));
        }

        return _pages;
    }

    private void SetFacts(PaperFacts facts)
    {
        var width = Inner / FactsInARow;
        foreach (var row in facts.Facts.Chunk(FactsInARow))
        {
            var values = row.Select(fact => Wrap(fact.Value, Value, width - Gap)).ToList();
            var lines = values.Max(value => value.Count);
            Need(24 + (16 * lines));
            _y += 24;
            for (var column = 0; column < row.Length; column++)
            {
                var x = Edge + (column * width);
                Line(row[column].Name, x, Small);
                for (var line = 0; line < values[column].Count; line++)
                {
                    Put(values[column][line], x, _y + (16 * (line + 1)), Value);
                }
            }

            _y += 16 * lines;
        }

        _y += Gap;
    }

    private void SetTable(PaperTable table)
    {
        // A heading stays with the first two rows.
        Need(30 + 20 + (2 * 18));
        _y += 30;
        Line(table.Heading, Edge, Heading);
        Head(table);
        foreach (var row in table.Rows)
        {
            Row(table, row, Body);
            Ruled(Rule);
        }

        if (table.Sum is { } sum)
        {
            Row(table, sum, Strong);
            Ruled(StrongRule);
        }
    }

    private void Head(PaperTable table)
    {
        _y += 20;
        Cells(table, [.. table.Columns.Select(column => new List<string> { column.Name })], Small);
        _y += 6;
        Ruled(StrongRule with { Size = 0.8f });
    }

    private void Row(PaperTable table, IReadOnlyList<string> cells, Ink ink)
    {
        var wrapped = cells.Select((cell, column) => Wrap(cell, ink, WidthOf(table, column) - Gap)).ToList();
        var height = 18 + (13 * (wrapped.Max(cell => cell.Count) - 1));
        if (_y + height > Foot)
        {
            Turn();
            _y -= 20;
            Head(table);
        }

        _y += 13;
        Cells(table, wrapped, ink);
        _y += height - 13;
    }

    private void Cells(PaperTable table, List<List<string>> cells, Ink ink)
    {
        var x = Edge;
        for (var column = 0; column < cells.Count; column++)
        {
            var width = WidthOf(table, column);
            for (var line = 0; line < cells[column].Count; line++)
            {
                var text = cells[column][line];
                Put(text, table.Columns[column].IsAmount ? x + width - WidthOf(text, ink) : x, _y + (13 * line), ink);
            }

            x += width;
        }
    }

    private void SetText(PaperText text)
    {
        _y += 8;
        foreach (var line in Wrap(text.Text, Small, Inner))
        {
            Need(14);
            _y += 14;
            Line(line, Edge, Small);
        }
    }

    private static float WidthOf(PaperTable table, int column) => Inner * table.Columns[column].Share / table.Columns.Sum(one => one.Share);

    private float WidthOf(string text, Ink ink) => FontOf(ink).MeasureText(text);

    private void Line(string text, float x, Ink ink) => Put(text, x, _y, ink);

    private void Put(string text, float x, float y, Ink ink)
    {
        // A mark without text is a rule.
        if (text.Length > 0)
        {
            _pages[^1].Add(new Mark(text, x, y, ink));
        }
    }

    private void Ruled(Ink ink) => Ruled(ink, _y);

    private void Ruled(Ink ink, float y) => _pages[^1].Add(new Mark("", Edge, y, ink, Width - Edge));

    private void Need(float height)
    {
        if (_y + height > Foot)
        {
            Turn();
        }
    }

    private void Turn()
    {
        _pages.Add([]);
        _y = Edge + 11;
    }

    /// <summary>Breaks a text into lines that fit: at spaces, and between Chinese characters; a word wider than the line where it must be.</summary>
    private List<string> Wrap(string text, Ink ink, float width)
    {
        var lines = new List<string>();
        var rest = text.AsSpan().Trim();
        var font = FontOf(ink);
        while (rest.Length > 0 && font.MeasureText(rest) > width)
        {
            var fits = Math.Max(1, font.BreakText(rest, width));
            var end = fits;
            while (end > 0 && !MayBreak(rest[end - 1], rest[end]))
            {
                end--;
            }

            end = end == 0 ? fits : end;
            lines.Add(rest[..end].TrimEnd().ToString());
            rest = rest[end..].TrimStart();
        }

        lines.Add(rest.ToString());
        return lines;
    }

    /// <summary>No line begins with a mark that ends something.</summary>
    private static bool MayBreak(char before, char after) => after == ' ' || ((IsHan(before) || IsHan(after)) && !char.IsPunctuation(after) && before is not ('（' or '《'));

    private static bool IsHan(char letter) => letter is (>= '\u3000' and <= '\u9fff') or (>= '\uff00' and <= '\uffef');

    private SKFont FontOf(Ink ink)
    {
        if (!_sizes.TryGetValue((ink.Size, ink.IsBold), out var font))
        {
            font = PaperPdf.FontOf(_fonts, ink);
            _sizes.Add((ink.Size, ink.IsBold), font);
        }

        return font;
    }
}
