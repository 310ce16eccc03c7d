using System.Globalization;
using Peony.Book;
using Peony.Customers;
using Peony.Ledger;
using Peony.Notices;
using Peony.Operators;

namespace Peony.Credit;

/// <summary>A contact with a customer about what is overdue. It names nobody but the customer, and holds no words of anybody.</summary>
/// <param name="OperatorName">As the customer saw it then.</param>
internal sealed record Contact(ContactId Id, CustomerId Customer, ContactChannel Channel, string Outcome, OperatorId Operator, string OperatorName, Money Overdue, int DaysPastDue, DateOnly Day,
    DateTimeOffset At) : IRecord
{
    public string Key => Id.Value;

    public ContactView View() => new(Id, Channel, Outcome, OperatorName, Overdue, DaysPastDue, At);
}

/// <summary>
/// An operator contacts a customer about what is overdue, and it is on record. Refused outside the hours and above the limits of the rules, while a request for relief waits or a relief runs, and when nothing
/// is overdue. By SMS it sends the text itself.
/// </summary>
/// <param name="Outcome">A code of the channel's outcomes.</param>
internal sealed record RecordContact(OperatorSessionId Session, CustomerId Customer, ContactChannel Channel, string Outcome) : ICommand<ContactView>
{
    private const string Page = "/app/credit/contacts";

    public Result<ContactView> Handle(IWork work)
    {
        if (new AuthenticateOperator(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        if (!Enum.IsDefined(Channel) || work.Use<ContactRules>().Of(Channel).Outcomes.All(outcome => outcome.Code != Outcome))
        {
            return CollectionRefusals.OutcomeUnknown;
        }

        if (ContactCheck.Open(work, Customer).IsRefused(out refusal, out var check))
        {
            return refusal;
        }

        if (check.Refuse(Channel) is { } no)
        {
            return no.Refusal;
        }

        var state = check.Billing.Run.State;
        var (overdue, days) = (check.Billing.Amount(state.OverdueLeft), state.DaysPastDue(check.Billing.Today));
        var contact = new Contact(work.NewId<ContactId>(), Customer, Channel, Outcome, caller.Operator, caller.Name, overdue, days, check.Billing.Today, work.Now);
        work.Save(contact);
        if (Channel == ContactChannel.Sms)
        {
            var arguments = new Dictionary<string, string> { ["overdue"] = overdue.ToString(), ["days"] = days.ToString(CultureInfo.InvariantCulture) };
            new SendNotice(Customer, "collection.reminder", arguments, IsAlsoSms: true, Page).Handle(work);
        }

        return contact.View();
    }
}

/// <summary>Whether and when a customer may be contacted, by channel; for the operator's page. Keeps nothing.</summary>
internal sealed record ReadContactChances(OperatorSessionId Session, CustomerId Customer) : ICommand<ContactChances>
{
    public Result<ContactChances> Handle(IWork work)
    {
        if (new AuthenticateOperator(Session).Handle(work).IsRefused(out var refusal, out _) || ContactCheck.Open(work, Customer).IsRefused(out refusal, out var check))
        {
            return refusal;
        }

        var state = check.Billing.Run.State;
        return new ContactChances(check.Billing.Amount(state.OverdueLeft), state.DaysPastDue(check.Billing.Today), [.. work.Use<ContactRules>().Channels.Select(rules =>
        {
            var no = check.Refuse(rules.Channel);
            return new ContactChance(rules.Channel, rules.Outcomes, no is null ? work.Now : no.Value.Next, no?.Refusal.Code);
        })]);
    }
}

/// <summary>Whether a customer may be contacted now, and why not.</summary>
internal sealed class ContactCheck
{
    private readonly DateTimeOffset _now;
    private readonly CreditProduct _product;
    private readonly ContactLimits _limits;
    private readonly (Refusal Why, DateTimeOffset Until)? _spared;

    private ContactCheck(IWork work, CustomerId customer)
    {
        _now = work.Now;
        Billing = LineBilling.Look(work, customer);
        _product = work.Use<CreditProducts>().Of(work.Get<CreditLine>(customer.Value).Product);
        _spared = SparedUntil(work.FindBy<HardshipRequest>(CreditReader.ByCustomer, customer.Value));
        var since = Billing.Today.AddDays(1 - ContactLimits.DaysOfWeek);
        var made = new[] { since, Billing.Today }.Select(day => Purchase.MonthOf(customer, day)).Distinct().SelectMany(month => work.FindBy<Contact>(CreditModule.ByMonth, month));
        _limits = new ContactLimits(work.Use<ContactRules>(), _product, [.. made.Select(contact => (contact.Channel, contact.At))]);
    }

    public LineBilling Billing { get; }

    public static Result<ContactCheck> Open(IWork work, CustomerId customer) =>
        work.Find<CreditLine>(customer.Value) is null ? CreditRefusals.LineNotOpen : new ContactCheck(work, customer);

    /// <summary>Why a contact by this channel is not allowed now, and when the next one is at the earliest, as far as that can be said; null when it is allowed.</summary>
    public (Refusal Refusal, DateTimeOffset? Next)? Refuse(ContactChannel channel)
    {
        if (Billing.Run.State.OverdueLeft == 0)
        {
            return (CollectionRefusals.NothingOverdue, null);
        }

        var (why, from) = _spared is { } spared ? (spared.Why, spared.Until) : (null, _now);
        var next = _limits.Next(channel, from);
        if (next is null)
        {
            return (CollectionRefusals.ChannelClosed, null);
        }

        if (why is null && _limits.BoundOf(channel, _now) is { } bound)
        {
            why = bound == ContactBound.Hours ? CollectionRefusals.OutsideHours : CollectionRefusals.TooOften;
        }

        return why is null ? null : (why.With("next", next.Value.ToString("O", CultureInfo.InvariantCulture)), next);
    }

    /// <summary>While a request waits, an extension runs, or a plan is kept, nobody is contacted.</summary>
    private (Refusal, DateTimeOffset)? SparedUntil(IReadOnlyList<HardshipRequest> requests)
    {
        if (requests.FirstOrDefault(request => request.IsOpen) is { } open)
        {
            return (CollectionRefusals.RequestOpen, open.DecideBy);
        }

        foreach (var request in requests.Where(request => request.State == HardshipState.Granted))
        {
            if (request.NewDueDay is { } day && Billing.Today <= day.AddDays(_product.Cycle.GraceDays))
            {
                return (CollectionRefusals.ReliefRuns, _product.EndOf(day.AddDays(_product.Cycle.GraceDays)));
            }

            // A plan is kept as long as nothing was missed since; its next due day is the first that could be.
            var state = Billing.Run.State;
            if (request.NewDueDay is null && state.Plans.Any(plan => plan.Id == request.Key) && state.Overdue.All(minimum => minimum.DueDay < request.CountsOn))
            {
                return (CollectionRefusals.ReliefRuns, _product.EndOf((state.Due?.DueDay ?? _product.DueDayOf(Billing.Run.NextStatementDay)).AddDays(_product.Cycle.GraceDays)));
            }
        }

        return null;
    }
}
