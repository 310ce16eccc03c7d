using Peony.Ledger;

namespace Peony.Credit;

/// <summary>Takes purchases and facts into a run in the order in which they count. The same for a command, for a page that only looks, and for a line that is computed anew.</summary>
internal static class LineHistory
{
    /// <summary>Brings a state up to a day.</summary>
    /// <param name="purchases">Purchases in the order they were made; those the state has already are passed over.</param>
    /// <param name="balanceFree">
    /// What of the credit balance no hold sets aside now, minor units: all that may go against the debt of the days between. What was paid out, set aside or spent on these purchases since is not in it any more.
    /// </param>
    public static BillingRun CatchUp(CreditProduct product, BillingState state, IEnumerable<Purchase> purchases, long balanceFree, DateOnly today)
    {
        var run = new BillingRun(product, state);
        var since = new Queue<Purchase>(purchases.Where(purchase => string.CompareOrdinal(purchase.Id.Value, state.Folded) > 0));
        run.PayOutBalance(state.CreditBalance - balanceFree);
        run.CloseThrough(today.AddDays(-1), Fold);
        Fold(today);
        return run;

        void Fold(DateOnly day)
        {
            while (since.TryPeek(out var purchase) && purchase.Day <= day)
            {
                Take(run, since.Dequeue());
            }
        }
    }

    /// <summary>Computes a line from the day it was first opened on.</summary>
    /// <param name="purchases">All since, in the order they were made.</param>
    /// <param name="facts">All since that happened, in any order.</param>
    /// <param name="tells">Keeps what makes the numbers of its statements.</param>
    /// <returns>The run up to a day, and how each fact divided over the line.</returns>
    public static (BillingRun Run, IReadOnlyDictionary<string, RepaymentSplit> Splits) Anew(
        CreditProducts products, CreditLine line, IEnumerable<Purchase> purchases, IEnumerable<LineFact> facts, DateOnly today, bool tells = false)
    {
        var run = new BillingRun(products.Of(line.First().Product), line.Start(products)) { Behind = tells ? [] : null };
        var splits = new Dictionary<string, RepaymentSplit>();
        var bought = new Queue<Purchase>(purchases);
        var happened = new Queue<LineFact>(facts.OrderBy(fact => fact.Day).ThenBy(fact => fact.After is null).ThenBy(fact => fact.Id.Value, StringComparer.Ordinal));
        run.CloseThrough(today.AddDays(-1), Fold);
        Fold(today);
        return (run, splits);

        void Fold(DateOnly day)
        {
            while (happened.TryPeek(out var fact) && fact.Day <= day)
            {
                TakePurchases(day, fact.After);
                splits[fact.Subject] = Take(run, products, happened.Dequeue());
            }

            TakePurchases(day, after: null);
        }

        void TakePurchases(DateOnly day, string? after)
        {
            while (bought.TryPeek(out var purchase) && purchase.Day <= day && (after is null || string.CompareOrdinal(purchase.Id.Value, after) <= 0))
            {
                Take(run, bought.Dequeue());
            }
        }
    }

    /// <summary>Takes a fact of today into a run.</summary>
    /// <returns>How its amount divided over the line.</returns>
    public static RepaymentSplit Take(BillingRun run, CreditProducts products, LineFact fact)
    {
        run.Subject = fact.Subject;
        switch (fact.Kind)
        {
            case LineFactKind.Repaid:
                return run.Repay(fact.Amount);
            case LineFactKind.Refunded:
                return fact is { Plan: { } plan, Choice: { } choice } ? run.RefundPlan(plan, fact.On!.Value, fact.Amount, choice) : run.Refund(fact.On!.Value, fact.Amount);
            case LineFactKind.PaidOff:
                return PayOff(run, fact);
            case LineFactKind.TurnedIntoPlan:
                // Offered when it was turned, under the version of the product the line is on.
                run.ToPlan(fact.Subject, InstalmentOffers.Parts(InstalmentOffers.Find(run.Product, new Money(fact.Amount, run.Product.Currency), fact.Periods)!));
                return default;
            case LineFactKind.Advanced:
                run.Advance(fact.Amount, fact.Fee);
                return default;
            case LineFactKind.BalanceMoved:
                run.PayOutBalance(fact.Amount);
                return default;
            case LineFactKind.Extended:
                run.Extend(fact.On!.Value);
                return default;
            case LineFactKind.Restructured:
                run.Restructure(fact.Subject, fact.Periods);
                return default;
            case LineFactKind.Closed:
                run.CloseLine();
                return default;
            case LineFactKind.Reopened:
                run.Reopen(products.Of(fact.Product!));
                return default;
            default:
                throw new InvalidOperationException($"No fact is {fact.Kind}.");
        }
    }

    /// <summary>What was paid for a plan pays it off, as long as it costs no more than that in the line as it is now; what it does not need is a repayment.</summary>
    private static RepaymentSplit PayOff(BillingRun run, LineFact fact)
    {
        var split = run.State.Plans.FirstOrDefault(plan => plan.Id == fact.Plan) is { } plan && run.Payoff(plan).ToDebt <= fact.Amount ? run.PayOff(plan.Id) : default;
        return split.ToDebt == fact.Amount ? split : split + run.Repay(fact.Amount - split.ToDebt);
    }

    private static void Take(BillingRun run, Purchase purchase)
    {
        if (purchase.Periods is { } periods)
        {
            // Offered when it was bought, under the version of the product the line is on.
            var offer = InstalmentOffers.Find(run.Product, purchase.Amount, periods, purchase.Bearer)!;
            run.PurchaseInPlan(purchase.Id.Value, purchase.Id.Value, InstalmentOffers.Parts(offer));
        }
        else
        {
            run.Purchase(purchase.Id.Value, fromBalance: 0, purchase.FromLine().Minor);
        }
    }
}
