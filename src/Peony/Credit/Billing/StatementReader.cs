using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>What a statement's lines cost a year, simple interest over 365 days.</summary>
/// <param name="Purchases">On purchases not paid in full by the due day.</param>
/// <param name="Late">On top, on what is missing of a minimum.</param>
internal sealed record StatementRates(Rate Purchases, Rate Advances, Rate Late);

/// <summary>One of the facts that make a number of a statement.</summary>
/// <param name="Day">The business day it belongs to.</param>
/// <param name="Amount">Its part of the number, above zero.</param>
/// <param name="Id">The statement, purchase, plan or repayment it is; the purchase of a refund. Null where only the ledger has it.</param>
/// <param name="Shop">Where it was bought.</param>
/// <param name="Entry">The key of its ledger entry; null where nothing was posted: principal in instalments is owed as before.</param>
internal sealed record StatementItem(StatementItemKind Kind, DateOnly Day, Money Amount, string? Id = null, string? Shop = null, string? Entry = null);

/// <summary>What stands behind a statement: the line is computed anew, and tells what went into each number on the way. So it adds up, corrected statements too.</summary>
internal sealed class StatementReader(IBookReader reader, CreditProducts products)
{
    private const int DaysOfYear = 365;
    private const int Most = 10_000;
    private const string ClosedDay = "credit-day/";

    /// <summary>The rates of the product the statement was made by.</summary>
    /// <exception cref="InvalidOperationException">There is no such statement: a defect.</exception>
    public async Task<StatementRates> RatesAsync(StatementId id, CancellationToken cancel = default)
    {
        var interest = (await ProductAsync(id, cancel)).Interest;
        return new StatementRates(AYear(interest.PurchasesPerDay), AYear(interest.AdvancesPerDay), AYear(interest.LatePerDay));
    }

    /// <summary>The facts that make a number of a statement, oldest first. Their amounts add up to it.</summary>
    /// <param name="statement">The customer's own.</param>
    /// <param name="line">The line's name: <c>previous</c>, <c>purchases</c>, <c>advances</c>, <c>plan_parts</c>, <c>interest</c>, <c>fees</c>, <c>repaid</c>, <c>refunded</c>, <c>to_plans</c>, <c>reclaimed</c>.</param>
    /// <returns>Null when a statement has no such line.</returns>
    public async Task<IReadOnlyList<StatementItem>?> BehindAsync(CustomerId customer, StatementView statement, string line, CancellationToken cancel = default)
    {
        StatementItemKind[] kinds = line switch
        {
            "previous" => [],
            "purchases" => [StatementItemKind.Purchase],
            "advances" => [StatementItemKind.Advance],
            "plan_parts" => [StatementItemKind.PlanPart],
            "interest" => [StatementItemKind.Interest],
            "fees" => [StatementItemKind.LateFee, StatementItemKind.PlanFee, StatementItemKind.AdvanceFee],
            "repaid" => [StatementItemKind.Repayment, StatementItemKind.BalanceApplied],
            "refunded" => [StatementItemKind.Refund],
            "to_plans" => [StatementItemKind.Plan],
            "reclaimed" => [StatementItemKind.Reclaimed],
            _ => null!,
        };
        if (kinds is null)
        {
            return null;
        }

        if (line == "previous")
        {
            return [.. (await reader.ListAsync<Statement>(CreditReader.ByCustomer, customer.Value, new Page(Most), cancel))
                .Where(one => one.Cut.Day == statement.From.AddDays(-1) && one.Cut.Total > 0)
                .Select(one => new StatementItem(StatementItemKind.Statement, one.Cut.Day, In(statement, one.Cut.Total), one.Key))];
        }

        var items = new List<StatementItem>();
        foreach (var item in (await BehindAsync(customer, statement.Day, cancel)).Where(item => kinds.Contains(item.Kind)))
        {
            items.Add(await NamedAsync(customer, statement, item, cancel));
        }

        return items;
    }

    /// <summary>All that went into a statement, in the order in which it counts.</summary>
    private async Task<IReadOnlyList<CycleItem>> BehindAsync(CustomerId customer, DateOnly statement, CancellationToken cancel)
    {
        var line = await reader.FindAsync<CreditLine>(customer.Value, cancel) ?? throw new InvalidOperationException("A statement without a line.");
        var first = line.Start(products).ClosedThrough;
        var (purchases, facts) = (new List<Purchase>(), new List<LineFact>());
        for (var month = new DateOnly(first.Year, first.Month, 1); month <= statement; month = month.AddMonths(1))
        {
            var of = Purchase.MonthOf(customer, month);
            purchases.AddRange(await reader.ListAsync<Purchase>(CreditModule.ByMonth, of, new Page(Most, NewestFirst: false), cancel));
            facts.AddRange(await reader.ListAsync<LineFact>(CreditModule.ByMonth, of, new Page(Most, NewestFirst: false), cancel));
        }

        var run = LineHistory.Anew(products, line, purchases, facts, statement.AddDays(1), tells: true).Run;
        return run.Behind!.GetValueOrDefault(statement) ?? [];
    }

    /// <summary>An item with what a page links to: the record it comes from, and its ledger entry where one of that name was posted.</summary>
    private async Task<StatementItem> NamedAsync(CustomerId customer, StatementView statement, CycleItem item, CancellationToken cancel)
    {
        var (id, entry) = item.Kind switch
        {
            StatementItemKind.Purchase => (item.Subject, $"purchase/{item.Subject}/made"),
            StatementItemKind.Advance => (item.Subject, $"withdrawal/{item.Subject}/paid-out"),
            StatementItemKind.AdvanceFee => (item.Subject, $"advance/{item.Subject}/fee"),
            StatementItemKind.Repayment => (item.Subject, $"repayment/{item.Subject}/settled"),
            StatementItemKind.Refund => ((await reader.FindAsync<PurchaseRefund>(item.Subject!, cancel))?.Purchase.Value, $"refund/{item.Subject}/made"),
            StatementItemKind.Plan or StatementItemKind.PlanPart => (item.Subject, null),
            _ => (null, $"{ClosedDay}{customer.Value}/{item.Day:yyyy-MM-dd}"),
        };
        var shop = item.Kind is StatementItemKind.Purchase or StatementItemKind.PlanPart ? (await reader.FindAsync<Purchase>(item.Subject!, cancel))?.Shop : null;
        var isPosted = entry is not null && (await reader.EntryAsync(new EntryKey(entry), cancel)).Count > 0;
        return new StatementItem(item.Kind, item.Day, In(statement, item.Amount), id, shop, isPosted ? entry : null);
    }

    private async Task<CreditProduct> ProductAsync(StatementId id, CancellationToken cancel) => products.Of(
        (await reader.FindAsync<Statement>(id.Value, cancel) ?? throw new InvalidOperationException($"There is no statement {id}.")).Product);

    private static Money In(StatementView statement, long minor) => new(minor, statement.Total.Currency);

    private static Rate AYear(long perDay) => new(perDay * DaysOfYear);
}
