using Peony.Book;

namespace Peony.Payouts;

/// <summary>The timer of a payout: asks the bank by end-to-end id while it is open, and a few times after settlement in case a return was not reported.</summary>
internal sealed record AskBank(PayoutId Payout) : ICommand<Done>
{
    public static string TimerOf(PayoutId payout) => $"payout/{payout}/enquiry";

    public Result<Done> Handle(IWork work)
    {
        var payout = work.Get<Payout>(Payout.Value);
        if (payout.Progress.IsFinal())
        {
            return new Done();
        }

        payout = payout with { Progress = payout.Progress with { Enquiries = payout.Progress.Enquiries + 1 } };
        if (payout.Progress.IsOpen() && !payout.Progress.IsDelayed && payout.Progress.Enquiries >= PayoutRules.Default.DelayedAfterEnquiries)
        {
            payout = payout with { Progress = payout.Progress with { IsDelayed = true } };
            work.Tell(new PayoutDelayed(payout.Id, payout.Reference, payout.Customer, payout.Card, payout.Amount));
        }

        work.Save(payout);
        work.Tell(new PayoutDue(payout.Id));
        Schedule(work, payout);
        return new Done();
    }

    /// <summary>Sets the next enquiry, or takes the timer away when there is nothing more to ask.</summary>
    public static void Schedule(IWork work, Payout payout)
    {
        var due = payout.SettledAt is { } settledAt
            ? PayoutRules.Default.WatchAt(settledAt, payout.Progress.Enquiries)
            : work.Now + PayoutRules.Default.EnquiryAfter(payout.Progress.Enquiries);
        if (due is { } at)
        {
            work.SetTimer(TimerOf(payout.Id), at, new AskBank(payout.Id));
        }
        else
        {
            work.CancelTimer(TimerOf(payout.Id));
        }
    }
}

/// <summary>The timer of a collection: asks the bank by end-to-end id while it is open, and a few times after settlement if the bank may take it back.</summary>
internal sealed record AskBankForCollection(CollectionId Collection) : ICommand<Done>
{
    public static string TimerOf(CollectionId collection) => $"collection/{collection}/enquiry";

    public Result<Done> Handle(IWork work)
    {
        var collection = work.Get<Collection>(Collection.Value);
        if (collection.Progress.IsFinal())
        {
            return new Done();
        }

        collection = collection with { Progress = collection.Progress with { Enquiries = collection.Progress.Enquiries + 1 } };
        work.Save(collection);
        work.Tell(new CollectionDue(collection.Id));
        Schedule(work, collection);
        return new Done();
    }

    /// <summary>Sets the next enquiry, or takes the timer away when there is nothing more to ask.</summary>
    public static void Schedule(IWork work, Collection collection)
    {
        var due = (collection.EndedAt, collection.ReturnedTo) switch
        {
            (null, _) => work.Now + PayoutRules.Default.EnquiryAfter(collection.Progress.Enquiries),
            (_, null) => null,
            ({ } settledAt, _) => PayoutRules.Default.WatchAt(settledAt, collection.Progress.Enquiries),
        };
        if (due is { } at)
        {
            work.SetTimer(TimerOf(collection.Id), at, new AskBankForCollection(collection.Id));
        }
        else
        {
            work.CancelTimer(TimerOf(collection.Id));
        }
    }
}
