using Peony.Book;
using Peony.Ledger;
using Peony.Operators;

namespace Peony.Credit;

/// <summary>An operator prepares the decision on a request: grant it as asked or otherwise, or decline it. Nothing changes before a second operator has approved.</summary>
/// <param name="Grant">What is to be granted; null to decline.</param>
/// <param name="Words">Why, as the customer will read it; no personal data.</param>
internal sealed record PrepareHardship(OperatorSessionId Session, HardshipId Request, HardshipRelief? Grant, string Words) : ICommand<HardshipFile>
{
    public Result<HardshipFile> Handle(IWork work)
    {
        if (new AuthenticateOperator(Session).Handle(work).IsRefused(out var refusal, out var maker))
        {
            return refusal;
        }

        if (work.Find<HardshipRequest>(Request.Value) is not { } request)
        {
            return HardshipRefusals.NotFound;
        }

        if (OperatorReason.Read(Words).IsRefused(out refusal, out var words)
            || request.Prepare(new PreparedRelief(Grant, words, maker.Operator, work.Now)).IsRefused(out refusal, out var prepared))
        {
            return refusal;
        }

        if (Grant is { } relief && HardshipLine.Of(work, LineBilling.Look(work, request.Customer), request.Customer).Checks.Grant(request, relief) is { } no)
        {
            return no;
        }

        work.Save(prepared);
        return prepared.File();
    }
}

/// <summary>
/// A second operator approves what was prepared. A grant counts from the day it was asked for: the line is computed anew as if it had been known then, so late fees and interest of the days between are gone.
/// </summary>
internal sealed record ApproveHardship(OperatorSessionId Session, HardshipId Request) : ICommand<HardshipFile>
{
    public Result<HardshipFile> Handle(IWork work)
    {
        if (HardshipRequest.ToDecide(work, Session, Request).IsRefused(out var refusal, out var pair)
            || pair.Request.Approve(pair.Checker, work.Now).IsRefused(out refusal, out var decided))
        {
            return refusal;
        }

        if (decided.Granted is { } relief)
        {
            var line = HardshipLine.Of(work, LineBilling.Open(work, decided.Customer), decided.Customer);
            if (line.Checks.Grant(pair.Request, relief) is { } no)
            {
                return no;
            }

            decided = Apply(line, decided, relief);
        }

        work.Save(decided);
        work.CancelTimer(DeclineUndecided.TimerOf(Request));
        HardshipNotices.Tell(work, decided, decided.Granted?.Kind switch
        {
            HardshipKind.Extension => "hardship.extended",
            HardshipKind.Plan => "hardship.plan_granted",
            null => "hardship.declined",
        });
        return decided.File();
    }

    private static HardshipRequest Apply(HardshipLine line, HardshipRequest request, HardshipRelief relief)
    {
        var billing = line.Billing;
        var isExtension = relief.Kind == HardshipKind.Extension;
        DateOnly? dueDay = isExtension ? line.Checks.DueDayOf(request) : null;
        var countsOn = dueDay is { } due && due < request.CountsOn ? due : request.CountsOn;
        var fact = line.Fact(request.Id, relief, countsOn, dueDay);
        if (fact.Day < billing.Today)
        {
            // Its amount is nothing: what moves is what the days since charged.
            billing.TakeLate(fact, CreditPostings.ReliefKey(request.Id), CreditPostings.ReliefKind, CreditAccounts.LateFeeIncome);
        }
        else
        {
            billing.Take(fact);
            billing.Save();
        }

        if (isExtension)
        {
            billing.RemindOn(fact.On!.Value);
        }

        var inPlan = isExtension ? (Money?)null : billing.Plan(request.Key)?.Principal;
        return request with { DueDay = dueDay ?? request.DueDay, NewDueDay = fact.On, InPlan = inPlan };
    }
}

/// <summary>A second operator does not agree to what was prepared, and says why; the request waits for another decision.</summary>
internal sealed record RejectHardship(OperatorSessionId Session, HardshipId Request, string Words) : ICommand<HardshipFile>
{
    public Result<HardshipFile> Handle(IWork work)
    {
        if (HardshipRequest.ToDecide(work, Session, Request).IsRefused(out var refusal, out var pair)
            || OperatorReason.Read(Words).IsRefused(out refusal, out var words)
            || pair.Request.Reject(pair.Checker, words, work.Now).IsRefused(out refusal, out var rejected))
        {
            return refusal;
        }

        work.Save(rejected);
        return rejected.File();
    }
}

/// <summary>The timer of a request: nobody decided in time, so the answer is no and the customer may ask anew.</summary>
internal sealed record DeclineUndecided(HardshipId Request) : ICommand<Done>
{
    public static string TimerOf(HardshipId request) => $"hardship/{request.Value}/decide";

    public Result<Done> Handle(IWork work)
    {
        var request = work.Get<HardshipRequest>(Request.Value);
        if (request.IsOpen)
        {
            var ended = request.RunOut(work.Now);
            work.Save(ended);
            HardshipNotices.Tell(work, ended, "hardship.not_decided");
        }

        return new Done();
    }
}
