using Peony.Book;
using Peony.Customers;
using Peony.Notices;

namespace Peony.Credit;

/// <summary>What a customer may ask for now. Keeps nothing.</summary>
internal sealed record ReadHardshipOffer(SessionId Session) : ICommand<HardshipOffer>
{
    public Result<HardshipOffer> Handle(IWork work) => HardshipLine.Look(work, Session).IsRefused(out var refusal, out var line) ? refusal : line.Checks.Offer();
}

/// <summary>What a relief would do, by the engine that will charge it; it refuses what asking for it would refuse, and keeps nothing.</summary>
internal sealed record PreviewRelief(SessionId Session, HardshipRelief Relief) : ICommand<HardshipPreview>
{
    public Result<HardshipPreview> Handle(IWork work) => HardshipLine.Look(work, Session).IsRefused(out var refusal, out var line)
        || line.Checks.Ask(Relief).IsRefused(out refusal, out var ask)
        ? refusal
        : line.Preview(work.NewId<HardshipId>(), Relief, ask.CountsOn, ask.DueDay);
}

/// <summary>A customer who cannot pay asks for an extension or a plan. Nothing changes on the line before two operators have decided; until then nobody contacts them to collect.</summary>
/// <param name="Reason">A code of the product's reasons.</param>
internal sealed record AskForRelief(SessionId Session, HardshipRelief Relief, string Reason) : ICommand<HardshipView>
{
    public Result<HardshipView> Handle(IWork work)
    {
        if (HardshipLine.Look(work, Session).IsRefused(out var refusal, out var line))
        {
            return refusal;
        }

        if (line.Requests.FirstOrDefault(request => request.IsOpen) is { } open)
        {
            return HardshipRefusals.AlreadyOpen.With("request", open.Key).With("until", open.DecideBy.ToString("O"));
        }

        if (line.Product.Hardship.Reasons.All(reason => reason.Code != Reason))
        {
            return HardshipRefusals.ReasonUnknown;
        }

        if (line.Checks.Ask(Relief).IsRefused(out refusal, out var ask))
        {
            return refusal;
        }

        var decideBy = work.Now.AddDays(line.Product.Hardship.DecideWithinDays);
        var request = new HardshipRequest(work.NewId<HardshipId>(), line.Customer, Relief, Reason, ask.DueDay, ask.CountsOn, work.Now, decideBy);
        work.Save(request);
        work.SetTimer(DeclineUndecided.TimerOf(request.Id), decideBy, new DeclineUndecided(request.Id));
        HardshipNotices.Tell(work, request, "hardship.asked");
        return request.View();
    }
}

/// <summary>The customer takes a request back that nobody has decided.</summary>
internal sealed record WithdrawHardship(SessionId Session, HardshipId Request) : ICommand<HardshipView>
{
    public Result<HardshipView> Handle(IWork work)
    {
        if (new Authenticate(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        // A stranger's id looks like no id.
        if (work.Find<HardshipRequest>(Request.Value) is not { } request || request.Customer != caller.Customer)
        {
            return HardshipRefusals.NotFound;
        }

        if (request.Withdraw(work.Now).IsRefused(out refusal, out var withdrawn))
        {
            return refusal;
        }

        if (withdrawn != request)
        {
            work.Save(withdrawn);
            work.CancelTimer(DeclineUndecided.TimerOf(request.Id));
        }

        return withdrawn.View();
    }
}

/// <summary>A customer's line with their requests, as it stands this moment; a frozen customer may ask too, for relief moves no money out.</summary>
internal sealed record HardshipLine(CustomerId Customer, CreditProduct Product, LineBilling Billing, IReadOnlyList<HardshipRequest> Requests)
{
    public HardshipChecks Checks => new(Product, Billing.Run, Requests);

    public static Result<HardshipLine> Look(IWork work, SessionId session)
    {
        if (new Authenticate(session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        return work.Find<CreditLine>(caller.Customer.Value) is null ? CreditRefusals.LineNotOpen : Of(work, LineBilling.Look(work, caller.Customer), caller.Customer);
    }

    public static HardshipLine Of(IWork work, LineBilling billing, CustomerId customer) =>
        new(customer, work.Use<CreditProducts>().Of(work.Get<CreditLine>(customer.Value).Product), billing, work.FindBy<HardshipRequest>(CreditReader.ByCustomer, customer.Value));

    /// <summary>The fact that a relief is.</summary>
    public LineFact Fact(HardshipId id, HardshipRelief relief, DateOnly countsOn, DateOnly? dueDay)
    {
        var fact = Billing.Fact(relief.Kind == HardshipKind.Extension ? LineFactKind.Extended : LineFactKind.Restructured, id.Value, amount: 0);
        if (countsOn < Billing.Today)
        {
            fact = fact with { Day = countsOn, After = null };
        }

        return relief.Kind == HardshipKind.Extension ? fact with { On = dueDay!.Value.AddDays(relief.Count) } : fact with { Periods = relief.Count };
    }

    public HardshipPreview Preview(HardshipId id, HardshipRelief relief, DateOnly countsOn, DateOnly? dueDay)
    {
        var fact = Fact(id, relief, countsOn, dueDay);
        var (forecast, relieved) = (new HardshipForecast(Product, Billing.Run.State), Billing.With(fact).State);
        return relief.Kind == HardshipKind.Extension ? forecast.OfExtension(relief, relieved, fact.On!.Value) : forecast.OfPlan(relief, relieved, id.Value);
    }
}
