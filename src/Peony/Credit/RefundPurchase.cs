using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>
/// Money that a shop gave back for a purchase (退款). Of a purchase in instalments it lowers those to come, as the customer chose. Otherwise it goes against what is left of purchases of the same day first,
/// then against the rest of the debt, and what is more than owed becomes credit balance: never to another instrument.
/// </summary>
/// <param name="Choice">Null for a purchase that is not in instalments.</param>
internal sealed record PurchaseRefund(RefundId Id, PurchaseId Purchase, CustomerId Customer, Money Amount, RefundChoice? Choice, RepaymentSplit Split, DateTimeOffset At) : IRecord
{
    public string Key => Id.Value;

    public RefundView View() => new(Id, Purchase, Amount, Choice, new Money(Split.ToDebt, Amount.Currency), new Money(Split.ToBalance, Amount.Currency), At);
}

/// <summary>A shop of the sandbox refunds a purchase of the customer who asks, at once; in parts as often as they like, together never more than was paid.</summary>
/// <param name="Choice">What it does to instalments to come; each is lowered when nothing is said. Without meaning for a purchase that is not in instalments.</param>
internal sealed record RefundPurchase(SessionId Session, PurchaseId Purchase, Money Amount, RefundChoice? Choice = null) : ICommand<RefundView>
{
    public Result<RefundView> Handle(IWork work)
    {
        if (new Authenticate(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        if (work.Find<Purchase>(Purchase.Value) is not { Payee: null } purchase || purchase.Customer != caller.Customer)
        {
            return CreditRefusals.NotFound;
        }

        if (new GiveBackPurchase(Purchase, Amount, Choice).Handle(work).IsRefused(out refusal, out var refund))
        {
            return refusal;
        }

        work.Tell(new PurchaseRefunded(purchase.Customer, refund.Id, Amount));
        return refund;
    }
}

/// <summary>Gives money back for a purchase, out of what its payee is owed. The caller has made sure that the payee is owed so much, and tells the customer.</summary>
/// <param name="Choice">As in <see cref="RefundPurchase"/>.</param>
internal sealed record GiveBackPurchase(PurchaseId Purchase, Money Amount, RefundChoice? Choice = null) : ICommand<RefundView>
{
    public Result<RefundView> Handle(IWork work)
    {
        var purchase = work.Get<Purchase>(Purchase.Value);
        var refunded = work.FindBy<PurchaseRefund>(CreditModule.ByPurchase, purchase.Key).Aggregate(Money.Zero(purchase.Amount.Currency), (sum, refund) => sum + refund.Amount);
        if (!Amount.IsPositive || Amount.Currency != purchase.Amount.Currency || Amount > purchase.Amount - refunded)
        {
            return CreditRefusals.RefundTooMuch.With("most", purchase.Amount - refunded);
        }

        var billing = LineBilling.Open(work, purchase.Customer);
        var id = work.NewId<RefundId>();
        var choice = purchase.Periods is null ? default(RefundChoice?) : Choice ?? RefundChoice.LowerEach;
        var fact = purchase.Refunded(billing.Fact(LineFactKind.Refunded, id.Value, Amount.Minor), choice);
        var refund = new PurchaseRefund(id, purchase.Id, purchase.Customer, Amount, choice, billing.Take(fact), work.Now);
        work.Post(CreditPostings.Refunded(refund, purchase.PayeeAccount()));
        billing.Save();
        work.Save(refund);
        return refund.View();
    }
}
