using System.Text.Json;
using System.Text.Json.Serialization;
using Peony.Book;

namespace Peony.Risk;

/// <summary>A condition of a rule; what is left out is not asked, and all that is asked must hold. Amounts are minor units.</summary>
internal sealed record RiskCondition(string? Act = null, long? AmountAbove = null, int? CardAgeHoursBelow = null, int? DeviceAgeHoursBelow = null, int? ActsOfDayFrom = null,
    long? SumOfDayAbove = null, int? WrongSecretsOfDayFrom = null, long? RefundedOfWeekAbove = null)
{
    /// <summary>It asks for nothing but the act.</summary>
    public bool IsEmpty => this == new RiskCondition(Act);

    public bool Holds(RiskFacts facts) =>
        (Act is null || facts.Act == Act)
        && (AmountAbove is not { } amount || facts.Amount.Minor > amount)
        && (CardAgeHoursBelow is not { } card || facts.CardAgeMinutes < card * 60L)
        && (DeviceAgeHoursBelow is not { } device || facts.DeviceAgeMinutes < device * 60L)
        && (ActsOfDayFrom is not { } acts || facts.ActsOfDay >= acts)
        && (SumOfDayAbove is not { } sum || facts.SumOfDay.Minor + facts.Amount.Minor > sum)
        && (WrongSecretsOfDayFrom is not { } wrong || facts.WrongSecretsOfDay >= wrong)
        && (RefundedOfWeekAbove is not { } refunded || facts.RefundedOfWeek?.Minor > refunded);
}

/// <param name="Name">Stands in decisions for ever; a changed rule gets a new name or the file a new version.</param>
internal sealed record RiskRule(string Name, RiskCondition When, RiskVerdict Then, string Zh, string En);

/// <summary>
/// The risk rules as data: all that hold give their reasons, the strictest decides, and where none holds the act is allowed. The file is part of the program; an operator's
/// own <c>rules/risk.json</c> in the data folder stands in its place.
/// </summary>
internal sealed record RiskRules(string Version, IReadOnlyList<RiskRule> Rules)
{
    private const string FileName = "risk.json";

    private static readonly JsonSerializerOptions Strict = new(BookJson.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>The rules that come with the program.</summary>
    public static RiskRules Shipped()
    {
        using var stream = typeof(RiskRules).Assembly.GetManifestResourceStream("Peony.Risk." + FileName)
            ?? throw new InvalidOperationException("The risk rules are not in the program.");
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    /// <summary>The operator's rules if there are any, else those of the program.</summary>
    public static RiskRules Load(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, "rules", FileName);
        return File.Exists(path) ? Parse(File.ReadAllText(path)) : Shipped();
    }

    /// <exception cref="InvalidOperationException">The file is not well formed or contradicts itself; the program does not start with it.</exception>
    public static RiskRules Parse(string json)
    {
        RiskRules rules;
        try
        {
            rules = JsonSerializer.Deserialize<RiskRules>(json, Strict)!;
        }
        catch (JsonException exception)
        {
            throw new InvalidOperationException($"The risk rules cannot be read: {exception.Message}", exception);
        }

        if (rules.Rules.DistinctBy(rule => rule.Name).Count() != rules.Rules.Count)
        {
            throw new InvalidOperationException("Two risk rules have the same name.");
        }

        if (rules.Rules.FirstOrDefault(rule => rule.When.IsEmpty || rule.Then == RiskVerdict.Allow) is { } odd)
        {
            throw new InvalidOperationException($"The risk rule {odd.Name} asks for nothing, or allows what is allowed without it.");
        }

        return rules;
    }

    public (RiskVerdict Verdict, IReadOnlyList<RiskReason> Reasons) Decide(RiskFacts facts)
    {
        List<RiskReason> reasons = [.. Rules.Where(rule => rule.When.Holds(facts)).Select(rule => new RiskReason(rule.Name, rule.Then, rule.Zh, rule.En))];
        return (reasons.Count == 0 ? RiskVerdict.Allow : reasons.Max(reason => reason.Then), reasons);
    }
}
