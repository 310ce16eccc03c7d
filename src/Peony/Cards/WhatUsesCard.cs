using Peony.Book;
using Peony.Customers;

namespace Peony.Cards;

/// <summary>What still uses a card, shown before it is unbound.</summary>
internal sealed record WhatUsesCard(SessionId Session, CardId Card, CardUseChecks Checks) : ICommand<CardUses>
{
    public Result<CardUses> Handle(IWork work)
    {
        if (new Authenticate(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        if (new ReadCard(caller.Customer, Card).Handle(work).IsRefused(out refusal, out _))
        {
            return refusal;
        }

        return Checks.Find(work, caller.Customer, Card);
    }
}

/// <summary>The checks that the capabilities using cards registered.</summary>
internal sealed class CardUseChecks(IEnumerable<ICardUse> checks)
{
    private readonly ICardUse[] _checks = [.. checks];

    /// <summary>Runs every check inside the work.</summary>
    public CardUses Find(IWork work, CustomerId customer, CardId card)
    {
        var uses = new List<CardUse>();
        foreach (var check in _checks)
        {
            uses.AddRange(check.Of(customer, card).Handle(work).Value.Uses);
        }

        return new CardUses(uses);
    }
}
