using Peony.Book;
using Peony.Ledger;

namespace Peony.Payouts;

/// <summary>Orders the debit of a bound card. Called inside the caller's work. A reference that was ordered before answers with the collection it has.</summary>
internal sealed record OrderCollection(CollectionRequest Request) : ICommand<CollectionView>
{
    public Result<CollectionView> Handle(IWork work)
    {
        if (!Request.Amount.IsPositive || Request.Amount.Currency != Currency.Cny)
        {
            throw new InvalidOperationException("The bank rail collects amounts above zero in CNY.");
        }

        if (work.FindOne<Collection>(PayoutsModule.ByReference, Request.Reference) is { } ordered)
        {
            return ordered.Amount == Request.Amount && ordered.Customer == Request.Customer
                ? ordered.View()
                : throw new InvalidOperationException($"{Request.Reference} was ordered before, with another amount or customer.");
        }

        var collection = Collection.Order(work.NewId<CollectionId>(), Request, work.Now);
        work.Save(collection);
        work.Tell(new CollectionDue(collection.Id));
        work.SetTimer(AskBankForCollection.TimerOf(collection.Id), work.Now + PayoutRules.Default.EnquiryAfter(0), new AskBankForCollection(collection.Id));
        return collection.View();
    }
}

/// <summary>A collection, for other capabilities inside their own work.</summary>
internal sealed record ReadCollection(CollectionId Collection) : ICommand<CollectionView>
{
    public Result<CollectionView> Handle(IWork work) => work.Find<Collection>(Collection.Value) is { } collection ? collection.View() : PayoutRefusals.NotFound;
}
