using System.Text.RegularExpressions;

namespace Peony.Tests.House;

/// <summary>What the documents say must be there.</summary>
public sealed partial class TextTests
{
    [Fact]
    public void The_readme_is_short_and_its_links_lead_somewhere()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "README.md"));
        Assert.True(lines.Length < 120);
        Assert.All(Link().Matches(string.Join('\n', lines)).Select(match => match.Groups[1].Value),
            link => Assert.True(Path.Exists(Path.Combine(Repository.Root, link)), $"README.md links to {link}, which is not there."));
    }

    [Fact]
    public void No_document_or_source_names_a_place_of_one_machine()
    {
        var folders = new[] { "src", "docs", "tests", "bench" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories));
        var named = folders.Where(file => Path.GetExtension(file) is ".cs" or ".md" or ".razor" or ".json" or ".story" or ".js" or ".css" && !file.EndsWith("TextTests.cs", StringComparison.Ordinal))
            .Where(file => Home().IsMatch(File.ReadAllText(file)));
        Assert.Empty(named);
    }

    [GeneratedRegex(@"\]\((?!http)([^)#]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"/(?:home|root|work)/[a-z]+")]
    private static partial Regex Home();
}
