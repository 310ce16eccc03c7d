using System.Globalization;
using Microsoft.Extensions.Localization;
using Peony.Credit;
using Peony.Web.Resources;

namespace Peony.Web.Consumer;

/// <summary>Words of relief and of contacts, for customers' and operators' pages.</summary>
internal static class HardshipTexts
{
    /// <summary><c>7 more days</c>, <c>in 3 instalments</c>.</summary>
    public static string Of(IStringLocalizer<Texts> texts, HardshipRelief relief) => texts["hardship.relief." + relief.Kind, relief.Count];

    /// <summary>A reason's words as the product has them now; a code that is gone shows as itself.</summary>
    public static string Reason(CreditProduct product, string code, CultureInfo language) =>
        product.Hardship.Reasons.FirstOrDefault(reason => reason.Code == code) is { } found ? In(language, found.Zh, found.En) : code;

    /// <summary>An outcome's words as the rules have them now; a code that is gone shows as itself.</summary>
    public static string Outcome(ContactRules rules, ContactView contact, CultureInfo language) =>
        rules.Of(contact.Channel).Outcomes.FirstOrDefault(outcome => outcome.Code == contact.Outcome) is { } found ? In(language, found.Zh, found.En) : contact.Outcome;

    public static string In(CultureInfo language, string zh, string en) => language.TwoLetterISOLanguageName == "zh" ? zh : en;

    /// <summary>The relief a form or an address names, or null.</summary>
    public static HardshipRelief? ReliefOf(string? kind, string? count) =>
        Enum.TryParse<HardshipKind>(kind, ignoreCase: true, out var named) && Enum.IsDefined(named) && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new HardshipRelief(named, number)
            : null;
}
