using System.Globalization;
using Peony.Book;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>What relief a line may be given, by its product and what was granted before. The same for the page, for whoever asks and for the operators. Pure.</summary>
/// <param name="product">The product the line is on.</param>
/// <param name="run">The line as it stands now; it is not changed.</param>
/// <param name="requests">All requests of the customer.</param>
internal sealed class HardshipChecks(CreditProduct product, BillingRun run, IReadOnlyList<HardshipRequest> requests)
{
    private readonly BillingState _state = run.State;

    private HardshipTerms Terms => product.Hardship;

    public HardshipOffer Offer()
    {
        var noExtension = Extension().IsRefused(out var why, out var extension) ? why : null;
        var noPlan = Plan().IsRefused(out why, out var plan) ? why : null;
        return new HardshipOffer(new Money(_state.Payable, product.Currency), extension, noExtension?.Code, plan, noPlan?.Code, Terms.DecideWithinDays, Terms.Reasons);
    }

    /// <summary>The day a relief asked for now counts from, and the due day it is for; or why it may not be asked for.</summary>
    public Result<(DateOnly CountsOn, DateOnly? DueDay)> Ask(HardshipRelief relief)
    {
        if (relief.Kind == HardshipKind.Plan)
        {
            return Plan().IsRefused(out var noPlan, out var plan) ? noPlan : plan.Periods.Contains(relief.Count) ? (run.Today, (DateOnly?)null) : HardshipRefusals.NotOffered;
        }

        if (relief.Kind != HardshipKind.Extension)
        {
            return HardshipRefusals.NotOffered;
        }

        if (Extension().IsRefused(out var refusal, out var extension))
        {
            return refusal;
        }

        return relief.Count < extension.FewestDays || relief.Count > extension.MostDays
            ? HardshipRefusals.NotOffered.With("from_days", extension.FewestDays).With("to_days", extension.MostDays)
            : (Earlier(run.Today, extension.DueDay), extension.DueDay);
    }

    /// <summary>Why a request may not be answered with this relief now; null when it may.</summary>
    public Refusal? Grant(HardshipRequest request, HardshipRelief relief)
    {
        if (_state.Payable == 0)
        {
            return HardshipRefusals.NothingDue;
        }

        if (relief.Kind == HardshipKind.Plan)
        {
            return !Terms.Periods.Contains(relief.Count) ? HardshipRefusals.NotOffered : _state.Restructurable == 0 ? HardshipRefusals.NothingDue : null;
        }

        // Whoever asked for a plan may be given time instead, for the due day that stood when they asked, as long as it is the last statement's.
        if (relief.Kind != HardshipKind.Extension || (request.DueDay ?? LastDueDay) is not { } dueDay)
        {
            return HardshipRefusals.NotOffered;
        }

        if (Latest(dueDay) is not { } latest || relief.Count < 1 || dueDay.AddDays(relief.Count) > latest)
        {
            return HardshipRefusals.NotOffered;
        }

        return dueDay.AddDays(relief.Count) is var day && day < run.Today ? HardshipRefusals.DayPassed.With("day", day.ToString("O", CultureInfo.InvariantCulture)) : null;
    }

    /// <summary>The due day an extension of a request would move.</summary>
    public DateOnly DueDayOf(HardshipRequest request) => request.DueDay ?? LastDueDay ?? throw new InvalidOperationException($"{request.Id} has no due day: it was admitted without one.");

    private Result<ExtensionOffer> Extension()
    {
        if (_state.Payable == 0 || LastDueDay is not { } dueDay)
        {
            return HardshipRefusals.NothingDue;
        }

        if (run.Today > dueDay.AddDays(Terms.AfterDueDays + (_state.Due is null ? 0 : product.Cycle.GraceDays)) || Latest(dueDay) is not { } latest)
        {
            return HardshipRefusals.TooLate.With("days", Terms.AfterDueDays);
        }

        var since = run.Today.AddYears(-1);
        var granted = requests.Where(request => request.Granted?.Kind == HardshipKind.Extension && request.CountsOn > since).ToList();
        if (granted.Count >= Terms.ExtensionsOfYear)
        {
            return HardshipRefusals.ExtensionsUsed.With("count", Terms.ExtensionsOfYear);
        }

        // The new due day is a day to come.
        var fewest = Math.Max(1, run.Today.DayNumber - dueDay.DayNumber + 1);
        var most = latest.DayNumber - dueDay.DayNumber;
        return fewest <= most ? new ExtensionOffer(dueDay, fewest, most) : HardshipRefusals.TooLate.With("days", Terms.AfterDueDays);
    }

    private Result<HardshipPlanOffer> Plan()
    {
        if (_state.Restructurable == 0)
        {
            return HardshipRefusals.NothingDue;
        }

        return Terms.Periods.Count == 0 ? HardshipRefusals.NotOffered : new HardshipPlanOffer(new Money(_state.Restructurable, product.Currency), [.. Terms.Periods.Order()]);
    }

    /// <summary>The due day of the last statement while it is asked for, or the last one missed.</summary>
    private DateOnly? LastDueDay => _state.Due?.DueDay ?? (_state.Overdue.Count > 0 ? _state.Overdue[^1].DueDay : null);

    /// <summary>The last day to which a due day may move, by the product and because it passes before the next statement; null when a statement was cut since.</summary>
    private DateOnly? Latest(DateOnly dueDay)
    {
        var statement = run.NextStatementDay;
        return dueDay > statement.AddMonths(-1) ? Earlier(dueDay.AddDays(Terms.ExtensionDays), statement.AddDays(-1 - product.Cycle.GraceDays)) : null;
    }

    private static DateOnly Earlier(DateOnly one, DateOnly other) => one < other ? one : other;
}
