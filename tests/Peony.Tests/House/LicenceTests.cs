using System.Text.Json;
using System.Xml.Linq;

namespace Peony.Tests.House;

/// <summary>Every package of every lock file has a licence we may ship, or for tests alone may use.</summary>
public sealed class LicenceTests
{
    private static readonly string[] Shipped = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "PostgreSQL", "MS-PL"];
    private static readonly string[] InTests = [.. Shipped, "MPL-2.0"];

    private static string Packages => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    public static TheoryData<string> Projects => [.. new[] { "src", "bench", "tests" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "packages.lock.json", SearchOption.AllDirectories))
        .Select(file => Path.GetRelativePath(Repository.Root, Path.GetDirectoryName(file)!))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_package_has_a_licence_we_may_use(string project)
    {
        var allowed = project.StartsWith("tests", StringComparison.Ordinal) ? InTests : Shipped;
        using var locked = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, project, "packages.lock.json")));
        var wrong = locked.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject())
            .Where(package => package.Value.GetProperty("type").GetString() != "Project")
            .Select(package => (package.Name, Licence: LicenceOf(package.Name, package.Value.GetProperty("resolved").GetString()!)))
            .Where(package => !package.Licence.Split(" OR ").Any(allowed.Contains));
        Assert.Empty(wrong);
    }

    private static string LicenceOf(string name, string version)
    {
        var (id, folder) = (name.ToLowerInvariant(), version.ToLowerInvariant());
        var licence = XDocument.Load(Path.Combine(Packages, id, folder, id + ".nuspec")).Descendants().FirstOrDefault(element => element.Name.LocalName == "license");
        return (string?)licence?.Attribute("type") == "expression" ? licence!.Value : $"no licence expression in {name} {version}";
    }
}
