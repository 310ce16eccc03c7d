using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>
/// Sorts lines by how long they are overdue. What a line owes is what its billing has and what was bought since, which no account is asked for; so the ledger's balances beside it say something.
/// </summary>
internal static class AgeingReport
{
    private const string Current = "current";
    private static readonly int[] RiskDays = [1, 30, 90];

    /// <summary>What a line owes, minor units.</summary>
    private readonly record struct Debt(long Principal, long Interest, long Fees, int DaysPastDue, string Stage)
    {
        public bool IsAny => Principal != 0 || Interest != 0 || Fees != 0;
    }

    public static Ageing Of(IControlContext books, CreditProducts products)
    {
        var debts = Debts(books, products);
        var currency = products.Offered.Currency;
        var stages = debts.Where(debt => debt.IsAny).GroupBy(debt => debt.Stage).ToDictionary(stage => stage.Key, stage => Row(stage.Key, [.. stage], currency));
        var all = Row("all", debts, currency);

        // Every stage of the product offered, also where nobody is in it, then stages of former versions.
        string[] names = [Current, .. products.Offered.Overdue.Stages.Select(stage => stage.Name)];
        var rows = names.Union(stages.Keys.Order(StringComparer.Ordinal)).Select(name => stages.GetValueOrDefault(name) ?? Row(name, [], currency)).ToList();
        var ledger = Ledger(books);
        return new Ageing(
            books.Now,
            rows,
            [.. RiskDays.Select(days => AtRisk(days, debts, all.Principal))],
            [
                new TieOut("principal", all.Principal, new Money(ledger.Principal, currency)),
                new TieOut("interest", all.Interest, new Money(ledger.Interest, currency)),
                new TieOut("fees", all.Fees, new Money(ledger.Fees, currency)),
            ]);
    }

    private static List<Debt> Debts(IControlContext books, CreditProducts products)
    {
        var productOf = new Dictionary<CustomerId, CreditProduct>();
        foreach (var line in books.All<CreditLine>())
        {
            productOf[line.Customer] = products.Of(line.Product);
        }

        var lines = new Dictionary<CustomerId, (string Folded, Debt Debt)>(productOf.Count);
        var oldest = DateTimeOffset.MaxValue;
        foreach (var billing in books.All<CreditBilling>())
        {
            var (state, product) = (billing.State, productOf.GetValueOrDefault(billing.Customer, products.Offered));
            var days = state.DaysPastDue(product.DayOf(books.Now));
            lines[billing.Customer] = (state.Folded, new Debt(state.Principal, state.Interest, state.Fees, days, product.StageOf(days) is { Length: > 0 } stage ? stage : Current));
            var since = product.EndOf(state.ClosedThrough);
            oldest = since < oldest ? since : oldest;
        }

        // A purchase of a day that is closed is in the billing, so only those since the oldest day that is not are looked at: no more than a month of them, because every line is brought up on its statement day.
        foreach (var purchase in lines.Count == 0 ? [] : books.AllAfter<Purchase>(Ids.Least<PurchaseId>(oldest)))
        {
            if (lines.TryGetValue(purchase.Customer, out var line) && string.CompareOrdinal(purchase.Id.Value, line.Folded) > 0)
            {
                lines[purchase.Customer] = (line.Folded, line.Debt with { Principal = line.Debt.Principal + purchase.FromLine().Minor });
            }
        }

        return [.. lines.Values.Select(line => line.Debt)];
    }

    /// <summary>What customers owe by the ledger's own balances.</summary>
    private static Debt Ledger(IControlContext books)
    {
        var sum = default(Debt);
        foreach (var (id, state) in books.Accounts("customer/"))
        {
            sum = id.Value[(id.Value.LastIndexOf('/') + 1)..] switch
            {
                "credit-owed" => sum with { Principal = sum.Principal + state.Balance },
                "credit-interest" => sum with { Interest = sum.Interest + state.Balance },
                "credit-fees" => sum with { Fees = sum.Fees + state.Balance },
                _ => sum,
            };
        }

        return sum;
    }

    private static AgeingRow Row(string stage, IReadOnlyList<Debt> debts, Currency currency) => new(stage, debts.Count(debt => debt.IsAny),
        new Money(debts.Sum(debt => debt.Principal), currency), new Money(debts.Sum(debt => debt.Interest), currency), new Money(debts.Sum(debt => debt.Fees), currency));

    private static PortfolioAtRisk AtRisk(int days, List<Debt> debts, Money all)
    {
        var at = debts.Where(debt => debt.DaysPastDue > days && debt.IsAny).ToList();
        var principal = at.Sum(debt => debt.Principal);
        return new PortfolioAtRisk(days, at.Count, new Money(principal, all.Currency), all.Minor == 0 ? 0 : (long)((Int128)principal * 1_000_000 / all.Minor));
    }
}
