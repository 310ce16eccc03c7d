using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Credit;
using Peony.Customers;
using Peony.Edge;
using Peony.Ledger;
using Peony.Payouts;

namespace Peony.Scenarios;

/// <summary>Takes a fact of a credit line away, as if it had never happened.</summary>
internal sealed record TakeAway(CustomerId Customer, string Subject) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        LineBilling.Open(work, Customer).Void(Subject, new EntryKey($"story/{Subject}/away"), "story.taken_away", PayoutAccounts.Settlement);
        return new Done();
    }
}

/// <summary>Puts a fact in its place again, long after.</summary>
internal sealed record PutBack(CustomerId Customer, string Subject) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        var away = work.FindOne<LineFact>(CreditModule.BySubject, Subject)!;
        LineBilling.Open(work, Customer).TakeLate(away with { VoidAt = null }, new EntryKey($"story/{Subject}/back"), "story.put_back", PayoutAccounts.Settlement);
        return new Done();
    }
}

/// <summary>The two commands that only stories have.</summary>
internal sealed class TakenAwayModule : IModule
{
    public void Describe(BookSchema schema)
    {
        schema.Command<TakeAway>("story.take_away");
        schema.Command<PutBack>("story.put_back");
    }

    public void AddServices(IServiceCollection services, PeonyOptions options)
    {
    }

    public void MapApi(IEndpointRouteBuilder api)
    {
    }
}
