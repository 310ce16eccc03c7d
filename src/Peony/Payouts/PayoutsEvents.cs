using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Payouts;

/// <summary>It is time to ask the bank for a payout, and to send it if the bank does not know it. For this capability's own effect.</summary>
internal sealed record PayoutDue(PayoutId Payout) : IEvent
{
    public string Lane => Payout.Value;
}

/// <summary>The bank has paid the payout out.</summary>
internal sealed record PayoutSettled(PayoutId Payout, string Reference, CustomerId Customer, CardId Card, Money Amount) : IEvent
{
    public string Lane => Payout.Value;
}

/// <summary>The bank did not pay the payout out; the money is back on the account it came from.</summary>
internal sealed record PayoutRejected(PayoutId Payout, string Reference, CustomerId Customer, CardId Card, Money Amount, string Reason) : IEvent
{
    public string Lane => Payout.Value;
}

/// <summary>The bank paid the payout out and it came back; the money is back on the account it came from.</summary>
internal sealed record PayoutReturned(PayoutId Payout, string Reference, CustomerId Customer, CardId Card, Money Amount, string Reason) : IEvent
{
    public string Lane => Payout.Value;
}

/// <summary>The bank has not settled the payout in the usual time. Told once a payout and step.</summary>
internal sealed record PayoutDelayed(PayoutId Payout, string Reference, CustomerId Customer, CardId Card, Money Amount) : IEvent
{
    public string Lane => Payout.Value;
}

/// <summary>It is time to ask the bank for a collection, and to send it if the bank does not know it. For this capability's own effect.</summary>
internal sealed record CollectionDue(CollectionId Collection) : IEvent
{
    public string Lane => Collection.Value;
}

/// <summary>The money of a collection has arrived and is posted.</summary>
internal sealed record CollectionSettled(CollectionId Collection, string Reference, CustomerId Customer, CardId Card, Money Amount) : IEvent
{
    public string Lane => Collection.Value;
}

/// <summary>The card was not debited; nothing was posted.</summary>
internal sealed record CollectionFailed(CollectionId Collection, string Reference, CustomerId Customer, CardId Card, Money Amount, string Reason) : IEvent
{
    public string Lane => Collection.Value;
}

/// <summary>The bank took back what it had collected; the entry that says so is posted.</summary>
internal sealed record CollectionReturned(CollectionId Collection, string Reference, CustomerId Customer, CardId Card, Money Amount, string Reason) : IEvent
{
    public string Lane => Collection.Value;
}
