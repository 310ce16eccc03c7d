using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Ledger;
using Peony.Payouts;

namespace Peony.Credit;

/// <summary>Automatic repayment (自动还款) as the customer set it: on the morning of each due day, what is payable or the minimum is collected from a card.</summary>
/// <param name="Card">Null when it is switched off.</param>
internal sealed record AutoRepayment(CustomerId Customer, CardId? Card, bool IsMinimumOnly, DateTimeOffset Since) : IRecord
{
    public string Key => Customer.Value;
}

/// <summary>Switches automatic repayment on, for a card, or off.</summary>
/// <param name="Card">Null to switch it off.</param>
internal sealed record SetAutoRepayment(SessionId Session, CardId? Card, bool IsMinimumOnly, PinProof Pin) : ICommand<AutoRepaymentView>
{
    public Result<AutoRepaymentView> Handle(IWork work)
    {
        if (new Authenticate(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        if (work.Find<CreditLine>(caller.Customer.Value) is not { IsOpen: true })
        {
            return CreditRefusals.LineNotOpen;
        }

        if (Card is { } card && new ReadDebitCard(caller.Customer, card).Handle(work).IsRefused(out refusal, out _))
        {
            return refusal;
        }

        if (new CheckPin(caller.Customer, Pin).Handle(work).IsRefused(out refusal, out _))
        {
            return refusal;
        }

        work.Save(new AutoRepayment(caller.Customer, Card, IsMinimumOnly, work.Now));
        return new AutoRepaymentView(Card, IsMinimumOnly);
    }
}

/// <summary>
/// On the morning of a due day: orders the collection, if automatic repayment is on and something is left to pay. A card that cannot be used any more, or a bank that does not pay, changes nothing but
/// that the customer is told; the due day has hours left then.
/// </summary>
internal sealed record RepayAutomatically(CustomerId Customer, DateOnly DueDay) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        if (work.Find<AutoRepayment>(Customer.Value) is not { Card: { } cardId } automatic)
        {
            return new Done();
        }

        var state = LineBilling.Open(work, Customer).Run.State;
        var amount = new Money(automatic.IsMinimumOnly ? state.MinimumLeft : state.Payable, work.Get<CreditLine>(Customer.Value).Limit.Currency);
        if (state.Due?.DueDay != DueDay || !amount.IsPositive || work.FindBy<Repayment>(CreditModule.ByOpenCustomer, Customer.Value).Count > 0)
        {
            return new Done();
        }

        if (new ReadDebitCard(Customer, cardId).Handle(work).IsRefused(out _, out var card))
        {
            work.Save(automatic with { Card = null, Since = work.Now });
            work.Tell(new AutoRepaymentOff(Customer, amount, DueDay));
            return new Done();
        }

        var repayment = Repayment.OrderFromCard(work.NewId<RepaymentId>(), Customer, card, amount, work.Now);
        var request = new CollectionRequest(repayment.Reference(), Customer, card.Id, card.Version, amount, CreditAccounts.RepaymentsReceived, CreditAccounts.RepaymentsReturned);
        if (new OrderCollection(request).Handle(work).IsRefused(out var refusal, out _))
        {
            return refusal;
        }

        work.Save(repayment);
        return new Done();
    }
}
