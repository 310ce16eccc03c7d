using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>
/// Buys at a shop of the sandbox (消费): the credit balance pays first, the rest is owed. The ledger's ceiling is the limit, so nothing here compares amounts.
/// This is the busiest command of all: one record and one entry; a second record only for who has set a spending cap.
/// </summary>
/// <param name="Periods">Pays it in so many instalments; then the whole of it is on the line.</param>
/// <param name="AgreesToInstalments">The customer agrees to open instalments; asked at their first use only.</param>
internal sealed record MakePurchase(SessionId Session, string Shop, Money Amount, PinProof Pin, int? Periods = null, bool AgreesToInstalments = false) : ICommand<PurchaseView>
{
    /// <summary>The most of one purchase, 1,000,000 yuan: above it is a slip of the finger.</summary>
    private const long Most = 100_000_000;

    public Result<PurchaseView> Handle(IWork work)
    {
        if (new AuthenticateActive(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        var customer = caller.Customer;
        if (work.Find<CreditLine>(customer.Value) is not { } line)
        {
            return CreditRefusals.LineNotOpen;
        }

        var product = work.Use<CreditProducts>().Of(line.Product);
        var today = product.DayOf(work.Now);
        if (LineStops.Of(work, line, product, today) is { } stop)
        {
            return stop;
        }

        if (SandboxShops.Find(Shop) is not { } shop)
        {
            return CreditRefusals.ShopNotFound;
        }

        if (!Amount.IsPositive || Amount.Minor > Most || Amount.Currency != line.Limit.Currency)
        {
            return CreditRefusals.AmountInvalid.With("most", new Money(Most, line.Limit.Currency));
        }

        if (new CheckPin(customer, Pin).Handle(work).IsRefused(out refusal, out _))
        {
            return refusal;
        }

        if (Periods is { } periods && InstalmentChecks.Admit(work, line, Amount, periods, AgreesToInstalments, shop.Bears).IsRefused(out refusal, out _))
        {
            return refusal;
        }

        var balanceFree = Periods is null ? work.Account(CreditAccounts.Balance(customer)).Available : 0;
        var purchase = Purchase.Make(work.NewId<PurchaseId>(), customer, Shop, Amount, balanceFree, today, work.Now) with
        {
            Periods = Periods,
            MerchantFee = Periods is { } parts ? InstalmentOffers.MerchantFee(product, Amount, parts, shop.Bears) : null,
        };
        CycleSpending? spending = null;
        if (line.Cap?.On(today) is { } cap && CycleSpending.Of(work, customer, product.CycleEnd(today)).Add(purchase.FromLine(), cap).IsRefused(out refusal, out spending))
        {
            return refusal;
        }

        if (work.PostOrRefuse(CreditPostings.Purchased(purchase), CreditRefusals.LimitExceeded).IsRefused(out refusal, out _))
        {
            var room = new Money(work.Account(CreditAccounts.Owed(customer)).Room + balanceFree, Amount.Currency);
            return refusal.With("available", room);
        }

        if (spending is not null)
        {
            work.Save(spending);
        }

        work.Save(purchase);
        return purchase.View();
    }
}
