using Peony.Book;
using Peony.Ledger;

namespace Peony.Payouts;

/// <summary>
/// Orders a payout. Called inside the caller's work, after the caller has moved the amount into <see cref="PayoutAccounts.Clearing"/>.
/// A reference that was ordered before answers with the payout it has.
/// </summary>
internal sealed record OrderPayout(PayoutRequest Request) : ICommand<PayoutView>
{
    public Result<PayoutView> Handle(IWork work)
    {
        if (!Request.Amount.IsPositive || Request.Amount.Currency != Currency.Cny)
        {
            throw new InvalidOperationException("The bank rail pays out amounts above zero in CNY.");
        }

        if (work.FindOne<Payout>(PayoutsModule.ByReference, Request.Reference) is { } ordered)
        {
            return ordered.Amount == Request.Amount && ordered.Customer == Request.Customer
                ? ordered.View()
                : throw new InvalidOperationException($"{Request.Reference} was ordered before, with another amount or customer.");
        }

        var payout = Payout.Order(work.NewId<PayoutId>(), Request, work.Now);
        work.Save(payout);
        work.Tell(new PayoutDue(payout.Id));
        // Should the effect's outcome be lost, the enquiry still comes.
        work.SetTimer(AskBank.TimerOf(payout.Id), work.Now + PayoutRules.Default.EnquiryAfter(0), new AskBank(payout.Id));
        return payout.View();
    }
}

/// <summary>A customer's payout, for other capabilities inside their own work.</summary>
internal sealed record ReadPayout(PayoutId Payout) : ICommand<PayoutView>
{
    public Result<PayoutView> Handle(IWork work) => work.Find<Payout>(Payout.Value) is { } payout ? payout.View() : PayoutRefusals.NotFound;
}
