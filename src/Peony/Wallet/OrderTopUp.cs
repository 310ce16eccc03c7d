using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Ledger;
using Peony.Payouts;

namespace Peony.Wallet;

/// <summary>Orders a top-up (充值) from a bound debit card. Nothing is posted before the bank has collected it.</summary>
internal sealed record OrderTopUp(SessionId Session, CardId Card, Money Amount, PinProof Pin) : ICommand<TopUpView>
{
    /// <summary>The most of one top-up, 1,000,000 yuan: above it is a slip of the finger.</summary>
    private const long Most = 100_000_000;

    public Result<TopUpView> Handle(IWork work)
    {
        if (new AuthenticateActive(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        var customer = caller.Customer;
        if (new ReadDebitCard(customer, Card).Handle(work).IsRefused(out refusal, out var card))
        {
            return refusal;
        }

        if (!Amount.IsPositive || Amount.Minor > Most || Amount.Currency != Currency.Cny)
        {
            return WalletRefusals.AmountInvalid.With("most", Money.Cny(Most));
        }

        if (new CheckPin(customer, Pin).Handle(work).IsRefused(out refusal, out _))
        {
            return refusal;
        }

        var topUp = TopUp.Order(work.NewId<TopUpId>(), customer, card, Amount, work.Now);
        WalletAccounts.Open(work, customer);
        var request = new CollectionRequest(topUp.Reference(), customer, card.Id, card.Version, Amount, WalletAccounts.Of(customer));
        if (new OrderCollection(request).Handle(work).IsRefused(out refusal, out _))
        {
            return refusal;
        }

        work.Save(topUp);
        return topUp.View();
    }
}
