using Peony.Documents;

namespace Peony.Tests.Documents;

public sealed class PaperTests
{
    [Fact]
    public async Task Every_row_of_a_long_table_stands_once_below_its_column_names()
    {
        var rows = Enumerable.Range(1, 200).Select(number => (IReadOnlyList<string>)[$"第{number}行", $"{number}.00"]).ToList();
        var paper = Paper(new PaperTable("消费", [new("商户", 3), new("金额", 1, IsAmount: true)], rows, ["合计", "20,100.00"]));
        var pages = await PdfText.PagesAsync(PaperPdf.Draw(paper));
        Assert.InRange(pages.Count, 5, 7);
        Assert.All(pages, page => Assert.Contains("商户", page, StringComparison.Ordinal));
        for (var page = 0; page < pages.Count; page++)
        {
            Assert.Contains($"{page + 1}/{pages.Count}", pages[page], StringComparison.Ordinal);
        }

        var words = string.Join(' ', pages).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        Assert.All(rows, row => Assert.Equal(1, words.Count(word => word == row[0])));
        Assert.Contains("20,100.00", pages[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_cell_goes_over_lines_and_loses_nothing()
    {
        const string Name = "一家名字很长很长的商户用来看看单元格会不会换行而不丢字 with several English words at the end";
        var pages = await PdfText.PagesAsync(PaperPdf.Draw(Paper(new PaperTable("消费", [new("商户", 1), new("金额", 3, IsAmount: true)], [[Name, "1.00"]]))));
        var text = string.Concat(pages).Where(letter => !char.IsWhiteSpace(letter)).ToHashSet();
        Assert.DoesNotContain(Name.Where(letter => letter != ' '), letter => !text.Contains(letter));
        Assert.DoesNotContain(Name, pages[0], StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_font_can_write_is_not_drawn()
    {
        var missing = Assert.Throws<GlyphsMissingException>(() => PaperPdf.Draw(Paper(new PaperText("\uE123"))));
        Assert.Contains("fonts-noto-cjk", missing.Message, StringComparison.Ordinal);
    }

    private static Paper Paper(PaperPart part) => new("牡丹", "账单", "2026年3月", [part], (page, pages) => $"{page}/{pages}");
}
