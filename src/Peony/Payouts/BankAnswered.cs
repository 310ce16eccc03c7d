using Peony.Book;

namespace Peony.Payouts;

/// <summary>The bank's word on a payout: from the effect that sent or asked, or from the bank's own call. Repeating it changes nothing.</summary>
internal sealed record PayoutAnswered(PayoutId Payout, BankAnswer Answer, IReadOnlyList<SealedFile> Files) : ICommand<PayoutView>
{
    public Result<PayoutView> Handle(IWork work)
    {
        var before = work.Find<Payout>(Payout.Value);
        if (before is null)
        {
            return PayoutRefusals.NotFound;
        }

        var progress = before.Progress.After(Answer);
        if (progress == before.Progress && !(Planted.Has("return-posts-twice") && progress.Status == BankOrderStatus.Returned))
        {
            return before.View();
        }

        var payout = before with { Progress = progress };
        if (progress.Status != before.Progress.Status || Planted.Has("return-posts-twice"))
        {
            payout = Enter(work, payout);
        }

        work.Save(payout);
        BankFiles.Keep(work, payout.Id.Value, payout.Customer, Files);
        return payout.View();
    }

    private static Payout Enter(IWork work, Payout payout)
    {
        var reason = payout.Progress.Reason ?? BankReasons.NotSpecified;
        switch (payout.Progress.Status)
        {
            case BankOrderStatus.Settled:
                work.Post(PayoutPostings.Settled(payout));
                work.Tell(new PayoutSettled(payout.Id, payout.Reference, payout.Customer, payout.Card, payout.Amount));
                AskBank.Schedule(work, payout = payout with { SettledAt = work.Now });
                return payout;
            case BankOrderStatus.Rejected:
                work.Post(PayoutPostings.Rejected(payout));
                work.Tell(new PayoutRejected(payout.Id, payout.Reference, payout.Customer, payout.Card, payout.Amount, reason));
                work.CancelTimer(AskBank.TimerOf(payout.Id));
                return payout with { ReturnedAt = work.Now };
            case BankOrderStatus.Returned:
                work.Post(PayoutPostings.Returned(payout, Unclaimed.Or(work, payout.ReturnTo, payout.Amount)));
                work.Tell(new PayoutReturned(payout.Id, payout.Reference, payout.Customer, payout.Card, payout.Amount, reason));
                work.CancelTimer(AskBank.TimerOf(payout.Id));
                return payout with { ReturnedAt = work.Now };
            case BankOrderStatus.Ordered or BankOrderStatus.Unknown or BankOrderStatus.Sent or BankOrderStatus.Accepted:
                AskBank.Schedule(work, payout);
                return payout;
            default:
                throw new InvalidOperationException($"No payout is {payout.Progress.Status}.");
        }
    }
}

/// <summary>The bank's word on a collection. Repeating it changes nothing.</summary>
internal sealed record CollectionAnswered(CollectionId Collection, BankAnswer Answer, IReadOnlyList<SealedFile> Files) : ICommand<CollectionView>
{
    public Result<CollectionView> Handle(IWork work)
    {
        var before = work.Find<Collection>(Collection.Value);
        if (before is null)
        {
            return PayoutRefusals.NotFound;
        }

        var progress = before.After(Answer);
        if (progress == before.Progress)
        {
            return before.View();
        }

        var collection = before with { Progress = progress };
        if (progress.Status != before.Progress.Status)
        {
            collection = Enter(work, collection);
        }

        work.Save(collection);
        BankFiles.Keep(work, collection.Id.Value, collection.Customer, Files);
        return collection.View();
    }

    private static Collection Enter(IWork work, Collection collection)
    {
        switch (collection.Progress.Status)
        {
            case BankOrderStatus.Settled:
                work.Post(PayoutPostings.Collected(collection));
                work.Tell(new CollectionSettled(collection.Id, collection.Reference, collection.Customer, collection.Card, collection.Amount));
                AskBankForCollection.Schedule(work, collection = collection with { EndedAt = work.Now });
                return collection;
            case BankOrderStatus.Returned:
                work.Post(PayoutPostings.TakenBack(collection));
                work.Tell(new CollectionReturned(collection.Id, collection.Reference, collection.Customer, collection.Card, collection.Amount, collection.Progress.Reason ?? BankReasons.NotSpecified));
                work.CancelTimer(AskBankForCollection.TimerOf(collection.Id));
                return collection with { ReturnedAt = work.Now };
            case BankOrderStatus.Rejected:
                work.Tell(new CollectionFailed(collection.Id, collection.Reference, collection.Customer, collection.Card, collection.Amount,
                    collection.Progress.Reason ?? BankReasons.NotSpecified));
                work.CancelTimer(AskBankForCollection.TimerOf(collection.Id));
                return collection with { EndedAt = work.Now };
            case BankOrderStatus.Ordered or BankOrderStatus.Unknown or BankOrderStatus.Sent or BankOrderStatus.Accepted:
                AskBankForCollection.Schedule(work, collection);
                return collection;
            default:
                throw new InvalidOperationException($"No collection is {collection.Progress.Status}.");
        }
    }
}
