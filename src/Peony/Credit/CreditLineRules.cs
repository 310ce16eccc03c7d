using System.Text.Json;
using System.Text.Json.Serialization;
using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>What is known of a customer when a limit is decided. Personal traits are not among it.</summary>
internal sealed record CreditApplicant(VerificationLevel Level, CardKind CardKind, TimeSpan CardAge);

/// <summary>A condition of a rule; what is left out is not asked, and all that is asked must hold.</summary>
/// <param name="Verification">The level is at least this.</param>
/// <param name="CardKind">The card shown is of this kind.</param>
/// <param name="CardAgeHoursFrom">The card has been bound at least this long.</param>
/// <param name="CardAgeHoursBelow">The card has been bound less than this long.</param>
internal sealed record CreditCondition(VerificationLevel? Verification = null, VerificationLevel? VerificationBelow = null, CardKind? CardKind = null,
    int? CardAgeHoursFrom = null, int? CardAgeHoursBelow = null)
{
    public bool Holds(CreditApplicant applicant) =>
        (Verification is not { } atLeast || applicant.Level >= atLeast)
        && (VerificationBelow is not { } below || applicant.Level < below)
        && (CardKind is not { } kind || applicant.CardKind == kind)
        && (CardAgeHoursFrom is not { } from || applicant.CardAge >= TimeSpan.FromHours(from))
        && (CardAgeHoursBelow is not { } until || applicant.CardAge < TimeSpan.FromHours(until));
}

/// <summary>One rule: when it holds it adds to the limit, or refuses, and says why.</summary>
/// <param name="Add">Minor units added to the limit; 0 for a rule that refuses.</param>
internal sealed record CreditRule(string Name, CreditCondition When, string Zh, string En, long Add = 0, bool Refuses = false);

/// <summary>The limit decided, or none, and why.</summary>
internal sealed record CreditDecision(bool IsGranted, Money Limit, string RulesVersion, IReadOnlyList<CreditReason> Reasons);

/// <summary>
/// The rules by which a limit is decided, as data: every refusing rule is asked first, then what the others add is summed and cut to the most that is lent.
/// The file is part of the program; an operator's own <c>rules/credit-line.json</c> in the data folder stands in its place.
/// </summary>
internal sealed record CreditLineRules(string Version, Currency Currency, long Least, long Most, string MostZh, string MostEn, string LeastZh, string LeastEn,
    IReadOnlyList<CreditRule> Rules, string LoweredZh = "上次关闭前额度已调低。", string LoweredEn = "The limit had been lowered before you closed the line.")
{
    private const string FileName = "credit-line.json";

    /// <summary>The rules that come with the program.</summary>
    public static CreditLineRules Shipped()
    {
        using var stream = typeof(CreditLineRules).Assembly.GetManifestResourceStream("Peony.Credit." + FileName)
            ?? throw new InvalidOperationException("The credit-line rules are not in the program.");
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    /// <summary>The operator's rules if there are any, else those of the program.</summary>
    public static CreditLineRules Load(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, "rules", FileName);
        return File.Exists(path) ? Parse(File.ReadAllText(path)) : Shipped();
    }

    /// <exception cref="InvalidOperationException">The file is not well formed or contradicts itself; the program does not start with it.</exception>
    public static CreditLineRules Parse(string json)
    {
        CreditLineRules rules;
        try
        {
            rules = JsonSerializer.Deserialize<CreditLineRules>(json, Strict)!;
        }
        catch (JsonException exception)
        {
            throw new InvalidOperationException($"The credit-line rules cannot be read: {exception.Message}", exception);
        }

        if (rules.Least <= 0 || rules.Most < rules.Least)
        {
            throw new InvalidOperationException("The credit-line rules lend at least more than nothing and at most no less than that.");
        }

        if (rules.Rules.FirstOrDefault(rule => rule.Refuses == (rule.Add != 0)) is { } odd)
        {
            throw new InvalidOperationException($"The credit-line rule {odd.Name} must either refuse or add.");
        }

        return rules;
    }

    /// <param name="lowered">What operators had lowered the limit of the line to that the applicant closed; null for everybody else. They may raise it again.</param>
    public CreditDecision Decide(CreditApplicant applicant, Money? lowered = null)
    {
        var refusing = Rules.Where(rule => rule.Refuses && rule.When.Holds(applicant)).ToList();
        if (refusing.Count > 0)
        {
            return Refused([.. refusing.Select(Reason)]);
        }

        var adding = Rules.Where(rule => !rule.Refuses && rule.When.Holds(applicant)).ToList();
        var sum = adding.Sum(rule => rule.Add);
        List<CreditReason> reasons = [.. adding.Select(Reason)];
        if (sum < Least)
        {
            return Refused([.. reasons, new CreditReason("least", Money.Zero(Currency), LeastZh, LeastEn)]);
        }

        if (sum > Most)
        {
            reasons.Add(new CreditReason("most", new Money(Most - sum, Currency), MostZh, MostEn));
        }

        var limit = Math.Min(sum, Most);
        if (lowered is { } kept && kept.Minor < limit)
        {
            reasons.Add(new CreditReason("lowered", new Money(kept.Minor - limit, Currency), LoweredZh, LoweredEn));
            limit = kept.Minor;
        }

        return new CreditDecision(IsGranted: true, new Money(limit, Currency), Version, reasons);
    }

    private CreditDecision Refused(IReadOnlyList<CreditReason> reasons) => new(IsGranted: false, Money.Zero(Currency), Version, reasons);

    private CreditReason Reason(CreditRule rule) => new(rule.Name, new Money(rule.Add, Currency), rule.Zh, rule.En);

    private static readonly JsonSerializerOptions Strict = new(BookJson.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };
}
