using Microsoft.Extensions.Localization;
using Peony.Edge;
using Peony.Web.Resources;

namespace Peony.Web.Shared;

/// <summary>A problem in the reader's words: the refusal's own texts, which API and pages share, and what happened to the money.</summary>
internal static class ProblemTexts
{
    public static string What(Problem problem) => RefusalTexts.Of(problem.Refusal).Title;

    public static string NextStep(Problem problem) => RefusalTexts.Of(problem.Refusal).Detail;

    public static string MoneyLine(IStringLocalizer<Texts> texts, Problem problem) => problem.Money switch
    {
        MoneyFate.NotMoved => texts["problem.money.not_moved"],
        MoneyFate.Moved => texts["problem.money.moved"],
        MoneyFate.Unknown => texts["problem.money.unknown"],
    };
}
