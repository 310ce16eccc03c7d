using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>What a customer may take as a cash advance now, and at what price; keeps nothing. The holds of advances whose code is not redeemed yet count as outstanding.</summary>
internal sealed record ReadAdvances(CustomerId Customer) : ICommand<AdvanceOffer>
{
    private const int DaysOfWeek = 7;

    public Result<AdvanceOffer> Handle(IWork work)
    {
        if (work.Find<CreditLine>(Customer.Value) is not { } line)
        {
            return CreditRefusals.LineNotOpen;
        }

        var product = work.Use<CreditProducts>().Of(line.Product);
        if (LineStops.Of(work, line, product, product.DayOf(work.Now)) is { } stop)
        {
            return stop;
        }

        var billing = LineBilling.Look(work, Customer);
        var owed = work.Account(CreditAccounts.Owed(Customer));
        var subLimit = new Rate(product.Advances.ShareOfLimit).Of(line.Limit, Rounding.Down);
        var room = Math.Min(owed.Room, subLimit.Minor - billing.Run.State.Advances - owed.DebitsPending);
        var refunded = billing.FactsSince(billing.Today.AddDays(-DaysOfWeek)).Where(fact => fact.Kind == LineFactKind.Refunded).Sum(fact => fact.Amount);
        return new AdvanceOffer(In(Math.Max(0, room)), subLimit, In(product.Advances.Least), In(product.Advances.MostOfDay), In(refunded), product);

        Money In(long minor) => new(minor, line.Limit.Currency);
    }
}

/// <summary>
/// The money of a cash advance went out: it is owed from today, bears interest from today, and costs its fee. Called in the work that captures the hold on the line, so the principal is posted there.
/// </summary>
/// <param name="Withdrawal">What it is: <c>wd_…</c>, one fact each.</param>
internal sealed record TakeAdvance(CustomerId Customer, string Withdrawal, Money Amount) : ICommand<Money>
{
    public Result<Money> Handle(IWork work)
    {
        var billing = LineBilling.Open(work, Customer);
        var fee = AdvanceOffer.FeeOf(work.Use<CreditProducts>().Of(work.Get<CreditLine>(Customer.Value).Product), Amount);
        billing.Take(billing.Fact(LineFactKind.Advanced, Withdrawal, Amount.Minor) with { Fee = fee.Minor });
        if (fee.IsPositive)
        {
            work.Post(CreditPostings.AdvanceFee(Customer, Withdrawal, fee));
        }

        billing.Save();
        return fee;
    }
}

/// <summary>The bank did not pay a cash advance or sent it back: the line is as if it had never been taken, its fee and interest included. The money stands on <see cref="CreditAccounts.AdvancesReturned"/>.</summary>
internal sealed record UndoAdvance(CustomerId Customer, string Withdrawal) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        LineBilling.Open(work, Customer).Void(Withdrawal, new EntryKey($"advance/{Withdrawal}/undone"), "credit.advance_undone", CreditAccounts.AdvancesReturned);
        return new Done();
    }
}
