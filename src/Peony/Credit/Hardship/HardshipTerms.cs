namespace Peony.Credit;

/// <summary>What a customer who cannot pay may ask for, as the product says it.</summary>
/// <param name="ExtensionDays">The most days by which one extension moves a due day, 1 to 25; it always passes before the next statement is cut.</param>
/// <param name="ExtensionsOfYear">Extensions granted in 12 months, 0 to 12.</param>
/// <param name="AfterDueDays">For how many days after a missed due day an extension of it may still be asked for, 0 to 25.</param>
/// <param name="Periods">In how many instalments a plan may be paid, each 2 to 36; none where plans are not on offer.</param>
/// <param name="DecideWithinDays">Days after which a request that nobody decided is declined, 1 to 30.</param>
/// <param name="Reasons">Why somebody asks. A customer writes no words of their own, so nothing personal stands in the books in clear.</param>
internal sealed record HardshipTerms(int ExtensionDays, int ExtensionsOfYear, int AfterDueDays, IReadOnlyList<int> Periods, int DecideWithinDays, IReadOnlyList<HardshipReason> Reasons)
{
    /// <summary>What is out of range or contradicts itself, or null.</summary>
    public string? Wrong()
    {
        if (ExtensionDays is < 1 or > 25 || ExtensionsOfYear is < 0 or > 12 || AfterDueDays is < 0 or > 25)
        {
            return "an extension is 1 to 25 days, 0 to 12 in 12 months, and asked for 0 to 25 days after the due day.";
        }

        if (Periods.Any(periods => periods is < 2 or > 36) || Periods.Distinct().Count() != Periods.Count)
        {
            return "plans have 2 to 36 periods, no two the same.";
        }

        if (DecideWithinDays is < 1 or > 30)
        {
            return "a request is decided within 1 to 30 days.";
        }

        return Reasons.Count == 0 || Reasons.Any(reason => reason.Code.Length == 0) || Reasons.DistinctBy(reason => reason.Code).Count() != Reasons.Count
            ? "there is a reason to ask, and no two have the same code."
            : null;
    }
}
