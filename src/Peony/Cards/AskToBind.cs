using Peony.Book;
using Peony.Customers;

namespace Peony.Cards;

/// <summary>
/// The first half of binding a card: whether this customer may try this number now. It counts the try and hands the edge the sealed name and ID, with which the
/// edge asks the bureau; so no other name than the verified one can ever be bound.
/// </summary>
internal sealed record AskToBind(SessionId Session, string NumberHash) : ICommand<BindPermit>
{
    public Result<BindPermit> Handle(IWork work)
    {
        if (Admit(work, Session, NumberHash).IsRefused(out var refusal, out var admitted))
        {
            return refusal;
        }

        var customer = admitted.Caller.Customer;
        if (new ReadSealedIdentity(customer).Handle(work).IsRefused(out refusal, out var identity))
        {
            return refusal;
        }

        var tries = work.Find<BindTries>(customer.Value) ?? BindTries.None(customer, work.Now);
        if (tries.Next(work.Use<CardRules>().TriesPerDay, work.Now).IsRefused(out refusal, out var counted))
        {
            return refusal;
        }

        work.Save(counted);
        return new BindPermit(work.NewId<CardCheckId>(), customer, identity.Name, identity.IdNumber);
    }

    /// <summary>The checks both halves make: time passes between them.</summary>
    internal static Result<Admitted> Admit(IWork work, SessionId session, string numberHash)
    {
        if (new AuthenticateActive(session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        if (new RequireVerified(caller.Customer, VerificationLevel.Basic).Handle(work).IsRefused(out refusal, out _))
        {
            return refusal;
        }

        var rules = work.Use<CardRules>();
        var known = work.FindOne<BankCard>(CardsModule.ByNumberOfCustomer, BankCard.NumberKey(caller.Customer, numberHash));
        if (known is { IsBound: true })
        {
            return CardRefusals.AlreadyBound;
        }

        if (rules.SameNumberOfAnotherCustomer == SameNumberRule.Refuse
            && work.FindBy<BankCard>(CardsModule.ByBoundNumber, numberHash).Any(card => card.Customer != caller.Customer))
        {
            return CardRefusals.BoundElsewhere;
        }

        return work.FindBy<BankCard>(CardsModule.ByCustomer, caller.Customer.Value).Count(card => card.IsBound) < rules.MostBound
            ? new Admitted(caller, known)
            : CardRefusals.TooMany.With("most", rules.MostBound);
    }

    internal sealed record Admitted(Caller Caller, BankCard? Known);
}

/// <summary>The customer's verified name and ID, still sealed, and the reference of the check: a repeated call is one check at the bureau.</summary>
internal sealed record BindPermit(CardCheckId Check, CustomerId Customer, Sealed Name, Sealed IdNumber);

internal readonly record struct CardCheckId(string Value) : IId<CardCheckId>
{
    public static string Prefix => "cchk";
    public static CardCheckId Of(string value) => new(value);
    public override string ToString() => Value;
}
