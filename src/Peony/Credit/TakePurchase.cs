using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <param name="MerchantFee">What the shop pays for the instalments; zero when it does not.</param>
internal sealed record TakenPurchase(PurchaseView Purchase, Money MerchantFee);

/// <summary>
/// Puts a purchase (消费) on the line of a customer who has confirmed it: the credit balance pays first, the rest is owed. The ledger's ceiling is the limit, so nothing here compares amounts.
/// This is the busiest command of all: one record and one entry; a second record only for who has set a spending cap. Nothing is written before the ledger has said yes, but for the first use of
/// instalments, so without them a caller may try something else after a refusal.
/// </summary>
/// <param name="Shop">The code of a shop of the sandbox; with a payee, the merchant's name.</param>
/// <param name="Payee">Who is owed the money when it is no shop of the sandbox.</param>
/// <param name="Periods">Pays it in so many instalments; then the whole of it is on the line.</param>
/// <param name="AgreesToInstalments">The customer agrees to open instalments; asked at their first use only.</param>
/// <param name="Bears">Who pays the fee of instalments, where the terms leave it to the shop.</param>
internal sealed record TakePurchase(CustomerId Customer, string Shop, PurchasePayee? Payee, Money Amount, int? Periods, bool AgreesToInstalments, FeeBearer Bears) : ICommand<TakenPurchase>
{
    /// <summary>The most of one purchase, 1,000,000 yuan: above it is a slip of the finger.</summary>
    private const long Most = 100_000_000;

    public Result<TakenPurchase> Handle(IWork work)
    {
        if (work.Find<CreditLine>(Customer.Value) is not { } line)
        {
            return CreditRefusals.LineNotOpen;
        }

        var product = work.Use<CreditProducts>().Of(line.Product);
        var today = product.DayOf(work.Now);
        if (LineStops.Of(work, line, product, today) is { } stop)
        {
            return stop;
        }

        if (!Amount.IsPositive || Amount.Minor > Most || Amount.Currency != line.Limit.Currency)
        {
            return CreditRefusals.AmountInvalid.With("most", new Money(Most, line.Limit.Currency));
        }

        Refusal? refusal;
        if (Periods is { } periods && InstalmentChecks.Admit(work, line, Amount, periods, AgreesToInstalments, Bears).IsRefused(out refusal, out _))
        {
            return refusal;
        }

        var balanceFree = Periods is null ? work.Account(CreditAccounts.Balance(Customer)).Available : 0;
        var purchase = Purchase.Make(work.NewId<PurchaseId>(), Customer, Shop, Amount, balanceFree, today, work.Now) with
        {
            Periods = Periods,
            MerchantFee = Periods is { } parts ? InstalmentOffers.MerchantFee(product, Amount, parts, Bears) : null,
            Payee = Payee,
        };
        CycleSpending? spending = null;
        if (line.Cap?.On(today) is { } cap && CycleSpending.Of(work, Customer, product.CycleEnd(today)).Add(purchase.FromLine(), cap).IsRefused(out refusal, out spending))
        {
            return refusal;
        }

        if (work.PostOrRefuse(CreditPostings.Purchased(purchase), CreditRefusals.LimitExceeded).IsRefused(out refusal, out _))
        {
            var room = new Money(work.Account(CreditAccounts.Owed(Customer)).Room + balanceFree, Amount.Currency);
            return refusal.With("available", room);
        }

        if (spending is not null)
        {
            work.Save(spending);
        }

        work.Save(purchase);
        return new TakenPurchase(purchase.View(), purchase.MerchantFee ?? Money.Zero(Amount.Currency));
    }
}
