using System.Text.Json;
using System.Text.Json.Serialization;
using Peony.Book;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>Who pays the fee of an instalment plan.</summary>
internal enum FeeBearer
{
    Buyer = 1,
    Merchant = 2,
}

/// <summary>When a statement is cut and when it is due.</summary>
/// <param name="StatementDay">The day of the month at whose end the statement is cut, 1 to 28.</param>
/// <param name="DueAfterDays">Days from the statement day to the due day, 5 to 25: it is always due before the next one is cut.</param>
/// <param name="GraceDays">Days after the due day on which a payment still counts as made on it, 0 to 5.</param>
internal sealed record CycleTerms(int StatementDay, int DueAfterDays, int GraceDays);

/// <summary>The least that must be paid: a share of the principal, and all fees, interest and instalments of the statement.</summary>
/// <param name="Share">Parts per million of the principal.</param>
/// <param name="Least">Minor units; never more than what is owed.</param>
internal sealed record MinimumTerms(long Share, long Least);

/// <summary>Interest by day, parts per million of the principal.</summary>
/// <param name="PurchasesPerDay">On purchases that were not paid by their due day, from their posting day on.</param>
/// <param name="AdvancesPerDay">On cash advances, from the first day on.</param>
/// <param name="LatePerDay">On top, on what is missing of minimum payments.</param>
/// <param name="Rounding">How a statement's interest becomes whole minor units; what is rounded away is carried to the next.</param>
internal sealed record InterestTerms(long PurchasesPerDay, long AdvancesPerDay, long LatePerDay, Rounding Rounding);

/// <summary>The late fee, once for each minimum payment missed.</summary>
/// <param name="Share">Parts per million of what is missing.</param>
/// <param name="Least">Minor units; never more than what is missing.</param>
/// <param name="Most">Minor units.</param>
/// <param name="MostInAll">Minor units of late fees that may stand unpaid together.</param>
internal sealed record LateFeeTerms(long Share, long Least, long Most, long MostInAll);

/// <param name="Periods">2 to 36.</param>
/// <param name="Fee">Parts per million of the principal, in all.</param>
internal sealed record PlanTerms(int Periods, long Fee, FeeBearer Bearer);

/// <summary>Instalments (分期).</summary>
/// <param name="Least">The least principal, minor units.</param>
/// <param name="PayoffFee">Parts per million of the fee of parts not billed yet that an early payoff still costs.</param>
internal sealed record InstalmentTerms(long Least, long PayoffFee, IReadOnlyList<PlanTerms> Plans);

/// <summary>Cash advances (取现).</summary>
/// <param name="ShareOfLimit">The sub-limit, parts per million of the limit.</param>
/// <param name="Fee">Parts per million of the amount.</param>
/// <param name="FeeLeast">Minor units.</param>
/// <param name="Least">The least of one advance, minor units.</param>
/// <param name="MostOfDay">Minor units in 24 hours.</param>
/// <param name="Purposes">What one may be used for, and what it is refused for.</param>
internal sealed record AdvanceTerms(long ShareOfLimit, long Fee, long FeeLeast, long Least, long MostOfDay, IReadOnlyList<AdvancePurpose> Purposes);

/// <summary>A stage of being overdue (M1, M2, …).</summary>
/// <param name="FromDays">Days past due from which on it is this stage.</param>
internal sealed record OverdueStage(string Name, int FromDays);

/// <param name="StopFromDays">Days past due from which on nothing more is bought or advanced on the line, 1 or more.</param>
internal sealed record OverdueTerms(IReadOnlyList<OverdueStage> Stages, int ChargeOffAfterDays, int StopFromDays = 1);

/// <summary>A kind of debt, in one of the three layers, for the order in which repayments go against it.</summary>
internal enum DebtKind
{
    PastFees = 1,
    PastInterest,
    PastAdvances,
    PastPurchases,
    BilledFees,
    BilledInterest,
    BilledAdvances,
    BilledPurchases,
    CurrentFees,
    CurrentInterest,
    CurrentAdvances,
    CurrentPurchases,
}

/// <summary>
/// The terms of a credit line as data. A customer stays on the version agreed to; a new version is for new lines, and for those who agree to it. The file is part of the program;
/// an operator adds versions as files (see <see cref="CreditProducts"/>).
/// </summary>
/// <param name="CostMost">What credit may cost a year in all, parts per million: simple annual interest, and the annualised rate of every instalment plan.</param>
internal sealed record CreditProduct(
    string Version,
    Currency Currency,
    string TimeZone,
    CycleTerms Cycle,
    MinimumTerms Minimum,
    InterestTerms Interest,
    LateFeeTerms LateFee,
    InstalmentTerms Instalments,
    AdvanceTerms Advances,
    OverdueTerms Overdue,
    IReadOnlyList<DebtKind> RepaymentOrder,
    long CostMost,
    HardshipTerms Hardship)
{
    private const string FileName = "credit-product.json";
    private const int DaysOfYear = 365;

    private TimeZoneInfo? _zone;

    /// <summary>The business day a moment falls on.</summary>
    public DateOnly DayOf(DateTimeOffset moment) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, Zone).DateTime);

    /// <summary>The moment a business day ends.</summary>
    public DateTimeOffset EndOf(DateOnly day) => At(day.AddDays(1), TimeOnly.MinValue);

    /// <summary>The moment of a time of day in the product's time zone.</summary>
    public DateTimeOffset At(DateOnly day, TimeOnly time)
    {
        var local = day.ToDateTime(time);
        return new DateTimeOffset(local, Zone.GetUtcOffset(local)).ToUniversalTime();
    }

    /// <summary>The time of day of a moment in the product's time zone.</summary>
    public TimeOnly TimeOf(DateTimeOffset moment) => TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, Zone).DateTime);

    /// <summary>The due day of a statement.</summary>
    public DateOnly DueDayOf(DateOnly statementDay) => statementDay.AddDays(Cycle.DueAfterDays);

    /// <summary>The statement day that ends the cycle of a day.</summary>
    public DateOnly CycleEnd(DateOnly day)
    {
        var end = new DateOnly(day.Year, day.Month, Cycle.StatementDay);
        return day <= end ? end : end.AddMonths(1);
    }

    /// <summary>Whether a line is so long overdue on a day that nothing more is bought on it.</summary>
    /// <param name="since">The due day of the oldest minimum missed, or null.</param>
    public bool StopsOn(DateOnly day, DateOnly? since) => since is { } due && day.DayNumber - due.DayNumber >= Overdue.StopFromDays;

    /// <summary>The name of the stage by days past due; empty below the first.</summary>
    public string StageOf(int daysPastDue) => Overdue.Stages.LastOrDefault(stage => daysPastDue >= stage.FromDays)?.Name ?? "";

    private TimeZoneInfo Zone => _zone ??= TimeZoneInfo.FindSystemTimeZoneById(TimeZone);

    /// <summary>The product that comes with the program.</summary>
    public static CreditProduct Shipped()
    {
        using var stream = typeof(CreditProduct).Assembly.GetManifestResourceStream("Peony.Credit." + FileName)
            ?? throw new InvalidOperationException("The credit product is not in the program.");
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd(), FileName);
    }

    /// <exception cref="InvalidOperationException">The file is not well formed or contradicts itself: says the line, or the term, and the reason. The program does not start with it.</exception>
    public static CreditProduct Parse(string json, string file)
    {
        CreditProduct product;
        try
        {
            product = JsonSerializer.Deserialize<CreditProduct>(json, Strict) ?? throw new InvalidOperationException($"{file}, line 1: there is no product in it.");
        }
        catch (JsonException exception)
        {
            throw new InvalidOperationException($"{file}, line {exception.LineNumber + 1}: {exception.Message}", exception);
        }
        catch (FormatException exception)
        {
            // Of all terms only the currency is a text with a form of its own.
            throw new InvalidOperationException($"{file}, line {LineOf(json, "currency")}, currency: {exception.Message}", exception);
        }

        return product.Wrong() is var (term, reason) ? throw new InvalidOperationException($"{file}, line {LineOf(json, term)}, {term}: {reason}") : product;
    }

    /// <summary>The first term that is out of range or contradicts another, and why.</summary>
    private (string Term, string Reason)? Wrong()
    {
        const long whole = 1_000_000;
        if (Version.Length == 0)
        {
            return ("version", "every version has a name, because lines stay on it.");
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _))
        {
            return ("timeZone", $"there is no time zone {TimeZone}.");
        }

        if (Cycle.StatementDay is < 1 or > 28)
        {
            return ("statementDay", "the statement day is 1 to 28, because every month has it.");
        }

        if (Cycle.DueAfterDays is < 5 or > 25 || Cycle.GraceDays is < 0 or > 5 || Cycle.DueAfterDays + Cycle.GraceDays > 27)
        {
            return ("dueAfterDays", "a statement is due 5 to 25 days after it is cut, with 0 to 5 days of grace, and in any case before the next.");
        }

        if (Minimum.Share is < 0 or > whole || Minimum.Least < 0)
        {
            return ("minimum", "the minimum is a share of 0 to 1,000,000 and at least 0.");
        }

        if (Interest.PurchasesPerDay is < 0 or > whole || Interest.AdvancesPerDay is < 0 or > whole || Interest.LatePerDay is < 0 or > whole || !Enum.IsDefined(Interest.Rounding))
        {
            return ("interest", "rates are 0 to 1,000,000, and the rounding is half_up, half_even, down or up.");
        }

        if (CostMost is < 0 or > whole)
        {
            return ("costMost", "the most that credit costs a year is 0 to 1,000,000.");
        }

        if ((Math.Max(Interest.PurchasesPerDay, Interest.AdvancesPerDay) + Interest.LatePerDay) * DaysOfYear > CostMost)
        {
            return ("costMost", $"interest comes to {new Rate((Math.Max(Interest.PurchasesPerDay, Interest.AdvancesPerDay) + Interest.LatePerDay) * DaysOfYear)} a year, above the most of {new Rate(CostMost)}.");
        }

        if (LateFee.Share is < 0 or > whole || LateFee.Least < 0 || LateFee.Most < LateFee.Least || LateFee.MostInAll < LateFee.Most)
        {
            return ("lateFee", "the late fee is a share of 0 to 1,000,000, and least, most and mostInAll rise.");
        }

        if (Instalments.Least < 1 || Instalments.PayoffFee is < 0 or > whole)
        {
            return ("instalments", "the least principal is 1 or more, and an early payoff costs 0 to 1,000,000 of the fees left.");
        }

        if (Instalments.Plans.FirstOrDefault(plan => plan.Periods is < 2 or > 36 || plan.Fee is < 0 or > whole || !Enum.IsDefined(plan.Bearer)) is { } odd)
        {
            return ("plans", $"a plan has 2 to 36 periods, a fee of 0 to 1,000,000 and a bearer; one has {odd.Periods} and {odd.Fee}.");
        }

        if (Instalments.Plans.GroupBy(plan => plan.Periods).FirstOrDefault(plans => plans.Count() > 1) is { } twice)
        {
            return ("plans", $"there are two plans of {twice.Key} periods.");
        }

        if (Instalments.Plans.FirstOrDefault(CostsTooMuch) is { } dear)
        {
            return ("costMost", $"the plan of {dear.Periods} periods costs more a year than the most of {new Rate(CostMost)}.");
        }

        if (Advances.ShareOfLimit is < 0 or > whole || Advances.Fee is < 0 or > whole || Advances.FeeLeast < 0 || Advances.MostOfDay < 0 || Advances.Least < 1)
        {
            return ("advances", "shares are 0 to 1,000,000, feeLeast and mostOfDay 0 or more, and the least advance is 1 or more.");
        }

        if (Advances.Purposes.All(purpose => purpose.IsRefused) || Advances.Purposes.DistinctBy(purpose => purpose.Code).Count() != Advances.Purposes.Count)
        {
            return ("purposes", "there is a purpose that is not refused, and no two have the same code.");
        }

        // The smallest advance is the dearest, if there is a least fee.
        var dearest = new AdvanceOffer(default, default, default, default, default, this).Price(new Money(Advances.Least, Currency)).AnnualSimplePpm;
        if (dearest > CostMost)
        {
            return ("costMost", $"a cash advance of a month comes to {new Rate(dearest)} a year, above the most of {new Rate(CostMost)}.");
        }

        if (Overdue.ChargeOffAfterDays < 30 || Overdue.Stages.Zip(Overdue.Stages.Skip(1)).Any(pair => pair.Second.FromDays <= pair.First.FromDays)
            || Overdue.Stages.Count == 0 || Overdue.Stages[0].FromDays != 1)
        {
            return ("overdue", "stages begin at day 1 and rise, and nothing is charged off before 30 days.");
        }

        if (Overdue.StopFromDays < 1)
        {
            return ("stopFromDays", "purchases stop at day 1 past due or later.");
        }

        if (Hardship.Wrong() is { } wrong)
        {
            return ("hardship", wrong);
        }

        var missing = Enum.GetValues<DebtKind>().Except(RepaymentOrder).ToList();
        return missing.Count > 0 || RepaymentOrder.Count != Enum.GetValues<DebtKind>().Length
            ? ("repaymentOrder", $"every kind of debt stands in it once{(missing.Count > 0 ? "; missing: " + string.Join(", ", missing) : "")}.")
            : null;
    }

    /// <summary>Whether equal monthly parts are worth more than the principal at the highest rate that is allowed.</summary>
    private bool CostsTooMuch(PlanTerms plan)
    {
        const decimal whole = 1_000_000;
        var part = (1 + (plan.Fee / whole)) / plan.Periods;
        var (worth, discount) = (0m, 1m);
        for (var period = 1; period <= plan.Periods; period++)
        {
            discount /= 1 + (CostMost / whole / 12);
            worth += part * discount;
        }

        return plan.Bearer == FeeBearer.Buyer && worth > 1;
    }

    /// <summary>The line a term stands on, 1 and up.</summary>
    internal static int LineOf(string json, string term)
    {
        var at = json.IndexOf('"' + term + '"', StringComparison.Ordinal);
        return at < 0 ? 1 : json.AsSpan(0, at).Count('\n') + 1;
    }

    internal static readonly JsonSerializerOptions Strict = new(BookJson.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };
}
