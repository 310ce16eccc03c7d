using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <param name="Share">Its share of the whole, parts per thousand; the shares of all categories add up to 1,000.</param>
public sealed record CategorySpending(ShopCategory Category, Money Amount, int Purchases, int Share);

/// <summary>What was bought on some days, whole amounts: also what is paid in instalments and what the credit balance paid. Refunds are taken off the purchase they are for.</summary>
/// <param name="Categories">Those with something in them, the largest first.</param>
public sealed record Spending(DateOnly From, DateOnly To, Money Total, IReadOnlyList<CategorySpending> Categories);

/// <summary>Where the money of a credit line went, by category of the shops.</summary>
internal sealed class SpendingReader(IBookReader reader, BillingReader billing)
{
    private const int MonthMost = 10_000;

    /// <summary>What was bought since the last statement day; null without a line.</summary>
    public async Task<Spending?> OfCycleAsync(CustomerId customer, CancellationToken cancel = default) =>
        await billing.BillAsync(customer, cancel) is { } bill
            ? await OfAsync(customer, bill.NextStatementDay.AddMonths(-1).AddDays(1), bill.NextStatementDay, bill.Payable.Currency, cancel)
            : null;

    public Task<Spending> OfAsync(CustomerId customer, StatementView statement, CancellationToken cancel = default) =>
        OfAsync(customer, statement.From, statement.Day, statement.Total.Currency, cancel);

    private async Task<Spending> OfAsync(CustomerId customer, DateOnly from, DateOnly to, Currency currency, CancellationToken cancel)
    {
        var bought = new List<(ShopCategory Category, Money Amount)>();
        for (var month = new DateOnly(from.Year, from.Month, 1); month <= to; month = month.AddMonths(1))
        {
            foreach (var purchase in await reader.ListAsync<Purchase>(CreditModule.ByMonth, Purchase.MonthOf(customer, month), new Page(MonthMost), cancel))
            {
                if (purchase.Day >= from && purchase.Day <= to)
                {
                    var refunds = await CreditReader.RefundsAsync(reader, purchase.Id, cancel);
                    bought.Add((purchase.Category(), refunds.Aggregate(purchase.Amount, (left, refund) => left - refund.Amount)));
                }
            }
        }

        return Divide(from, to, currency, bought);
    }

    internal static Spending Divide(DateOnly from, DateOnly to, Currency currency, IReadOnlyList<(ShopCategory Category, Money Amount)> bought)
    {
        var categories = bought.Where(one => one.Amount.IsPositive).GroupBy(one => one.Category)
            .Select(group => (Category: group.Key, Amount: group.Aggregate(Money.Zero(currency), (sum, one) => sum + one.Amount), Count: group.Count()))
            .OrderByDescending(one => one.Amount.Minor).ThenBy(one => one.Category).ToList();
        var total = categories.Aggregate(Money.Zero(currency), (sum, one) => sum + one.Amount);
        // Money divides a thousand so that nothing is lost to rounding.
        var shares = categories.Count == 0 ? [] : new Money(1000, currency).Allocate([.. categories.Select(one => one.Amount.Minor)]);
        return new Spending(from, to, total, [.. categories.Zip(shares, (one, share) => new CategorySpending(one.Category, one.Amount, one.Count, (int)share.Minor))]);
    }
}
