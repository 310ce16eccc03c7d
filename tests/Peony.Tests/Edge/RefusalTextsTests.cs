using System.Runtime.CompilerServices;
using System.Text;
using Peony.Book;
using Peony.Edge;

namespace Peony.Tests.Edge;

public sealed class RefusalTextsTests
{
    [Fact]
    public void Every_refusal_has_words_in_both_languages()
    {
        var wordless = RefusalTexts.Declared.Keys.Where(code => !RefusalTexts.Has(code)).Order();
        Assert.Empty(wordless);
    }

    [Fact]
    public void Every_row_of_words_belongs_to_a_refusal()
    {
        var idle = RefusalTexts.All.Select(row => row.Code).Where(code => !RefusalTexts.Declared.ContainsKey(code)).Order();
        Assert.Empty(idle);
    }

    [Fact]
    public void Both_languages_have_the_same_places()
    {
        foreach (var row in RefusalTexts.All)
        {
            Assert.True(PlacesOf(row.ZhDetail).SetEquals(PlacesOf(row.EnDetail)), row.Code);
        }
    }

    [Fact]
    public void Places_take_amounts_and_times()
    {
        var locked = new Refusal("pin.locked", RefusalKind.Refused).With("until", "2026-03-05T02:30:00.0000000+00:00");
        Assert.Contains("3月5日 10:30", RefusalTexts.Of(locked, "zh-CN").Detail, StringComparison.Ordinal);
        Assert.Contains("5 Mar 10:30", RefusalTexts.Of(locked, "en").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_of_refusals_is_the_one_made_from_the_texts()
    {
        var text = new StringBuilder("# Refusals\n\nWhat Peony says no with. Made from `src/Peony/Edge/refusals.json` by a test, which rewrites this page and fails when it was not current.\n\n")
            .Append("| code | HTTP | zh-CN | en |\n| --- | --- | --- | --- |\n");
        foreach (var row in RefusalTexts.All)
        {
            text.Append("| `").Append(row.Code).Append("` | ").Append(RefusalTexts.Declared.TryGetValue(row.Code, out var refusal) ? HttpStatuses.Of(refusal) : 422)
                .Append(" | **").Append(row.Zh).Append("** ").Append(row.ZhDetail).Append(" | **").Append(row.En).Append("** ").Append(row.EnDetail).Append(" |\n");
        }

        var page = Path.Combine(Root(), "docs", "refusals.md");
        var before = File.Exists(page) ? File.ReadAllText(page) : "";
        if (before != text.ToString())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(page)!);
            File.WriteAllText(page, text.ToString());
            Assert.Fail("docs/refusals.md was not current; it is now. Read the difference and commit it.");
        }
    }

    private static HashSet<string> PlacesOf(string text) => [.. System.Text.RegularExpressions.Regex.Matches(text, @"\{(\w+?)(?:_?zh|_?en|Zh|En)?(?::\w+)?\}").Select(match => match.Groups[1].Value)];

    private static string Root([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));
}
