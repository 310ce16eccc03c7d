using System.Text.RegularExpressions;

namespace Peony.Tests.House;

/// <summary>Keeps the arrows of ARCHITECTURE.md true: which capability calls which, and that none touches another's records.</summary>
public sealed partial class BoundaryTests
{
    /// <summary>What every capability may use.</summary>
    private static readonly string[] Common = ["Book", "Ledger", "Edge", "Identifiers"];

    private static string Source => Path.Combine(Repository.Root, "src", "Peony");

    public static TheoryData<string> Capabilities => [.. Directory.GetDirectories(Source).Select(folder => Path.GetFileName(folder)).Where(name => name != "Identifiers")];

    [Theory]
    [MemberData(nameof(Capabilities))]
    public void A_capability_calls_only_where_its_arrows_point(string capability)
    {
        var arrows = Arrows();
        Assert.True(arrows.TryGetValue(capability, out var allowed), $"ARCHITECTURE.md has no row for {capability}.");
        var used = Files(capability).SelectMany(file => Using().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).Distinct()
            .Where(name => name != capability && !Common.Contains(name));
        Assert.DoesNotContain(used, name => !allowed!.Contains("all") && !allowed!.Contains(name));
    }

    [Theory]
    [MemberData(nameof(Capabilities))]
    public void A_slice_touches_only_its_own_capabilitys_records(string capability)
    {
        var owners = Directory.GetDirectories(Source).SelectMany(folder => Files(Path.GetFileName(folder)).SelectMany(file => Declared().Matches(File.ReadAllText(file))
            .Select(match => (Record: match.Groups[1].Value, Owner: Path.GetFileName(folder))))).ToLookup(pair => pair.Record, pair => pair.Owner);
        foreach (var file in Files(capability))
        {
            foreach (Match match in Touched().Matches(File.ReadAllText(file)))
            {
                var record = match.Groups[1].Value;
                Assert.True(!owners.Contains(record) || owners[record].Contains(capability), $"{Path.GetFileName(file)} reads {record}, which belongs to {owners[record].FirstOrDefault()}.");
            }
        }
    }

    private static IEnumerable<string> Files(string capability) => Directory.EnumerateFiles(Path.Combine(Source, capability), "*.cs", SearchOption.AllDirectories);

    private static Dictionary<string, HashSet<string>> Arrows() => File.ReadAllLines(Path.Combine(Repository.Root, "ARCHITECTURE.md"))
        .Select(line => Row().Match(line)).Where(match => match.Success)
        .ToDictionary(match => match.Groups[1].Value, match => Word().Matches(match.Groups[2].Value.Replace("events of all", "all Cards Credit Payouts Trades Wallet", StringComparison.Ordinal)).Select(word => word.Value).ToHashSet());

    [GeneratedRegex(@"^using Peony\.([A-Za-z]+)", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"schema\.Record<(\w+)>")]
    private static partial Regex Declared();

    [GeneratedRegex(@"work\.(?:Find|Get|FindBy|FindOne)<(\w+)>")]
    private static partial Regex Touched();

    [GeneratedRegex(@"^\| `(\w+)` \|[^|]*\|([^|]*)\|")]
    private static partial Regex Row();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
