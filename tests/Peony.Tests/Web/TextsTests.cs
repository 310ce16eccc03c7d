using System.Collections;
using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Peony.Web.Resources;

namespace Peony.Tests.Web;

/// <summary>Every text a person reads stands in both languages; none is left over, and none is written into the markup.</summary>
public sealed partial class TextsTests
{
    private static readonly Dictionary<string, string> English = Read(CultureInfo.InvariantCulture);
    private static readonly Dictionary<string, string> Chinese = Read(CultureInfo.GetCultureInfo("zh-CN"));

    [Fact]
    public void Both_languages_have_the_same_texts()
    {
        Assert.Empty(English.Keys.Except(Chinese.Keys).Order());
        Assert.Empty(Chinese.Keys.Except(English.Keys).Order());
        Assert.DoesNotContain(English, text => text.Value.Length == 0);
        Assert.DoesNotContain(Chinese, text => text.Value.Length == 0);
    }

    [Fact]
    public void Both_languages_have_places_for_the_same_arguments()
    {
        foreach (var (key, text) in English)
        {
            Assert.Equal((key, string.Join(',', Places(text))), (key, string.Join(',', Places(Chinese[key]))));
        }
    }

    [Fact]
    public void Every_text_that_pages_name_exists_and_every_text_is_named()
    {
        var sources = Sources().Select(File.ReadAllText).ToArray();
        var named = sources.SelectMany(source => Named().Matches(source).Select(match => match.Groups[1].Value)).ToHashSet();
        Assert.Empty(named.Where(key => !English.ContainsKey(key)).Order());

        // A key made of a fixed beginning and a value: T["wd.state." + state].
        var beginnings = sources.SelectMany(source => Beginnings().Matches(source).Select(match => match.Groups[1].Value)).Where(beginning => beginning.Length > 0).ToHashSet();
        var quoted = sources.SelectMany(source => Quoted().Matches(source).Select(match => match.Groups[1].Value)).ToHashSet();
        Assert.Empty(English.Keys.Where(key => !quoted.Contains(key) && !beginnings.Any(beginning => key.StartsWith(beginning, StringComparison.Ordinal))).Order());
    }

    [Fact]
    public void Every_kind_of_entry_has_a_name_on_statements()
    {
        var kinds = Directory.GetFiles(Path.Combine(Repository.Root, "src", "Peony"), "*Postings.cs", SearchOption.AllDirectories)
            .SelectMany(file => EntryKind().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
            .ToHashSet();
        Assert.NotEmpty(kinds);
        Assert.Empty(kinds.Where(kind => !English.ContainsKey("entry." + kind)).Order());
    }

    [Fact]
    public void No_Chinese_is_written_into_markup()
    {
        var found = Sources().Where(file => file.EndsWith(".razor", StringComparison.Ordinal) && !file.EndsWith("LanguageSwitch.razor", StringComparison.Ordinal))
            .Where(file => Han().IsMatch(File.ReadAllText(file))).Select(Path.GetFileName);
        Assert.Empty(found);
    }

    private static Dictionary<string, string> Read(CultureInfo language) =>
        new ResourceManager(typeof(Texts)).GetResourceSet(language, createIfNotExists: true, tryParents: false)!.Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);

    private static IEnumerable<string> Sources() => Directory.GetFiles(Path.Combine(Repository.Root, "src", "Peony.Web"), "*.*", SearchOption.AllDirectories)
        .Where(file => file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal));

    private static IEnumerable<string> Places(string text) => Place().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal);

    [GeneratedRegex("""(?:\bT|texts)\["([a-z0-9_.]+)"[\],]""", RegexOptions.IgnoreCase)]
    private static partial Regex Named();

    [GeneratedRegex("""(?:\bT|texts)\[\$?"([a-z0-9_.-]+\.)(?:"|\{)""", RegexOptions.IgnoreCase)]
    private static partial Regex Beginnings();

    [GeneratedRegex("""
        "([a-z0-9_.-]+)"
        """, RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Quoted();

    [GeneratedRegex("""
        "([a-z_]+\.[a-z_]+)"
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex EntryKind();

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex Han();
}
