using System.Globalization;
using Microsoft.Extensions.Localization;
using Peony.Ledger;
using Peony.Web.Resources;

namespace Peony.Web.Shared;

/// <summary>A problem in the reader's words: <c>problem.CODE</c> says what, <c>problem.CODE.next</c> what to do. Every refusal has both in both languages.</summary>
internal static class ProblemTexts
{
    public static string What(IStringLocalizer<Texts> texts, Problem problem) => Fill(Or(texts, "problem." + problem.Code, "problem.other"), problem);

    public static string NextStep(IStringLocalizer<Texts> texts, Problem problem) => Fill(Or(texts, "problem." + problem.Code + ".next", "problem.other.next"), problem);

    public static string MoneyLine(IStringLocalizer<Texts> texts, MoneyOutcome money) => money switch
    {
        MoneyOutcome.NotMoved => texts["problem.money.not_moved"],
        MoneyOutcome.Moved => texts["problem.money.moved"],
        MoneyOutcome.Unknown => texts["problem.money.unknown"],
    };

    private static string Or(IStringLocalizer<Texts> texts, string key, string otherwise)
    {
        var text = texts[key];
        return text.ResourceNotFound ? texts[otherwise].Value : text.Value;
    }

    /// <summary>Puts the refusal's arguments where the text names them: <c>{left}</c>. What is an amount or a moment is written as people read it.</summary>
    private static string Fill(string text, Problem problem)
    {
        foreach (var (name, value) in problem.Arguments)
        {
            text = text.Replace("{" + name + "}", Readable(value), StringComparison.Ordinal);
        }

        return text;
    }

    private static string Readable(string value)
    {
        if (value.Split(' ') is [var digits, var code] && Currency.TryParse(code, out var currency) && TryMoney(digits, currency, out var money))
        {
            return MoneyText.Format(money, CultureInfo.CurrentUICulture);
        }

        return value.Length > 18 && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? TimeText.Moment(moment, moment, CultureInfo.CurrentUICulture)
            : value;
    }

    private static bool TryMoney(string digits, Currency currency, out Money money)
    {
        var isRead = MoneyText.TryParse(digits.TrimStart('-'), currency, out money);
        money = digits.StartsWith('-') ? -money : money;
        return isRead;
    }
}
