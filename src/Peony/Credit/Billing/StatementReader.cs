using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>What a statement's lines cost a year, simple interest over 365 days.</summary>
/// <param name="Purchases">On purchases not paid in full by the due day.</param>
/// <param name="Late">On top, on what is missing of a minimum.</param>
internal sealed record StatementRates(Rate Purchases, Rate Advances, Rate Late);

/// <summary>What something behind a line of a statement is.</summary>
internal enum StatementItemKind
{
    /// <summary>The statement before.</summary>
    Statement = 1,
    Purchase,
    Advance,

    /// <summary>An instalment that was billed with the statement.</summary>
    PlanPart,
    Interest,
    LateFee,
    PlanFee,
    AdvanceFee,
    Repayment,

    /// <summary>The credit balance went against the debt by itself.</summary>
    BalanceApplied,
    Refund,

    /// <summary>Purchases of the statement before that were turned into instalments.</summary>
    Plan,
}

/// <summary>One of the facts that make a number of a statement.</summary>
/// <param name="Day">The business day it belongs to.</param>
/// <param name="Amount">Its part of the number, above zero.</param>
/// <param name="Id">The statement, purchase, plan or repayment it is; the purchase of a refund. Null where only the ledger has it.</param>
/// <param name="Shop">Where it was bought.</param>
/// <param name="Entry">The key of its ledger entry; null where nothing was posted: principal in instalments is owed as before.</param>
internal sealed record StatementItem(StatementItemKind Kind, DateOnly Day, Money Amount, string? Id = null, string? Shop = null, string? Entry = null);

/// <summary>What stands behind a statement. Everything is read from what was kept; nothing is computed anew but sums.</summary>
internal sealed class StatementReader(IBookReader reader, BillingReader billing, CreditProducts products)
{
    private const int DaysOfYear = 365;
    private const int PageSize = 500;
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
    /// <param name="line">The line's name: <c>previous</c>, <c>purchases</c>, <c>advances</c>, <c>plan_parts</c>, <c>interest</c>, <c>fees</c>, <c>repaid</c>, <c>refunded</c>, <c>to_plans</c>.</param>
    /// <returns>Null when a statement has no such line.</returns>
    public async Task<IReadOnlyList<StatementItem>?> BehindAsync(CustomerId customer, StatementView statement, string line, CancellationToken cancel = default)
    {
        var product = await ProductAsync(statement.Id, cancel);
        var items = line switch
        {
            "previous" => PreviousAsync(customer, statement, cancel),
            "purchases" => PurchasesAsync(customer, statement, product, cancel),
            "advances" => AdvancesAsync(customer, statement, product, cancel),
            "plan_parts" => PlanPartsAsync(customer, statement, product, cancel),
            "interest" => ChargesAsync(CreditAccounts.Interest(customer), statement, product, cancel),
            "fees" => ChargesAsync(CreditAccounts.Fees(customer), statement, product, cancel),
            "repaid" => RepaidAsync(customer, statement, product, cancel),
            "refunded" => RefundedAsync(customer, statement, product, cancel),
            "to_plans" => ToPlansAsync(customer, statement, cancel),
            _ => null,
        };
        return items is null ? null : [.. (await items).OrderBy(item => item.Day)];
    }

    private async Task<IEnumerable<StatementItem>> PreviousAsync(CustomerId customer, StatementView statement, CancellationToken cancel) =>
        (await reader.ListAsync<Statement>(CreditReader.ByCustomer, customer.Value, new Page(Most), cancel))
            .Where(one => one.Cut.Day == statement.From.AddDays(-1) && one.Cut.Total > 0)
            .Select(one => new StatementItem(StatementItemKind.Statement, one.Cut.Day, In(statement, one.Cut.Total), one.Key));

    private async Task<IEnumerable<StatementItem>> PurchasesAsync(CustomerId customer, StatementView statement, CreditProduct product, CancellationToken cancel) =>
        from purchase in await billing.PurchasesOfAsync(customer, statement, cancel)
        where purchase.Periods is null && purchase.FromLine.IsPositive
        select new StatementItem(StatementItemKind.Purchase, product.DayOf(purchase.At), purchase.FromLine, purchase.Id.Value, purchase.Shop, $"purchase/{purchase.Id.Value}/made");

    /// <summary>Whatever raised the principal and was not bought.</summary>
    private async Task<IEnumerable<StatementItem>> AdvancesAsync(CustomerId customer, StatementView statement, CreditProduct product, CancellationToken cancel) =>
        from row in await WalkAsync(CreditAccounts.Owed(customer), statement.From, statement.Day, product, cancel)
        where row.Row.DebitAccount == CreditAccounts.Owed(customer).Value && !row.Row.EntryKey.StartsWith("purchase/", StringComparison.Ordinal)
        select new StatementItem(StatementItemKind.Advance, row.Day, In(statement, row.Row.Posting.Amount), Entry: row.Row.EntryKey);

    /// <summary>Interest or fees charged. What a plan still cost when it was paid off early went through no statement.</summary>
    private async Task<IEnumerable<StatementItem>> ChargesAsync(LedgerAccountId account, StatementView statement, CreditProduct product, CancellationToken cancel) =>
        from row in await WalkAsync(account, statement.From, statement.Day, product, cancel)
        where row.Row.DebitAccount == account.Value && !row.Row.EntryKey.StartsWith("plan/", StringComparison.Ordinal)
        select new StatementItem(ChargeOf(row.Row.CreditAccount), row.Day, In(statement, row.Row.Posting.Amount), Entry: row.Row.EntryKey);

    private static StatementItemKind ChargeOf(string income) =>
        income == CreditAccounts.LateFeeIncome.Value ? StatementItemKind.LateFee
        : income == CreditAccounts.InstalmentFeeIncome.Value ? StatementItemKind.PlanFee
        : income == CreditAccounts.InterestIncome.Value ? StatementItemKind.Interest
        : StatementItemKind.AdvanceFee;

    private async Task<IEnumerable<StatementItem>> RefundedAsync(CustomerId customer, StatementView statement, CreditProduct product, CancellationToken cancel)
    {
        var items = new List<StatementItem>();
        foreach (var entry in await AgainstDebtAsync(customer, statement.From, statement, product, cancel))
        {
            if (IdIn(entry.Key.Entry, "refund/") is { } id)
            {
                var refund = await reader.FindAsync<PurchaseRefund>(id, cancel);
                items.Add(new StatementItem(StatementItemKind.Refund, entry.Key.Day, In(statement, entry.Sum(row => row.Posting.Amount)), refund?.Purchase.Value, Entry: entry.Key.Entry));
            }
        }

        return items;
    }

    /// <summary>Repayments, and the credit balance where it went against the debt. What paid off a plan went through no statement; what was written off was not repaid.</summary>
    private async Task<IEnumerable<StatementItem>> RepaidAsync(CustomerId customer, StatementView statement, CreditProduct product, CancellationToken cancel)
    {
        var items = new List<StatementItem>();
        // From the day before: what the credit balance paid right after that day's statement was cut is in this one.
        foreach (var entry in await AgainstDebtAsync(customer, statement.From.AddDays(-1), statement, product, cancel))
        {
            var amount = entry.Sum(row => row.Posting.Amount);
            if (IdIn(entry.Key.Entry, "repayment/") is { } id)
            {
                var isPayoff = (await reader.FindAsync<Repayment>(id, cancel))?.PaidOff is not null;
                if (!isPayoff && entry.Key.Day >= statement.From)
                {
                    items.Add(new StatementItem(StatementItemKind.Repayment, entry.Key.Day, In(statement, amount), id, Entry: entry.Key.Entry));
                }
            }
            else if (entry.Key.Entry.StartsWith(ClosedDay, StringComparison.Ordinal))
            {
                amount = await AppliedInAsync(customer, statement, entry.Key.Entry, entry.Key.Day, amount, cancel);
                if (amount > 0)
                {
                    items.Add(new StatementItem(StatementItemKind.BalanceApplied, entry.Key.Day, In(statement, amount), Entry: entry.Key.Entry));
                }
            }
        }

        return items;
    }

    /// <summary>What of the credit balance that a closed day put against the debt is in this statement: on a statement day what came before the cut is in that day's, and what came after it in the next.</summary>
    private async Task<long> AppliedInAsync(CustomerId customer, StatementView statement, string entry, DateOnly day, long amount, CancellationToken cancel)
    {
        if (day == statement.Day)
        {
            return amount - AfterCut(await reader.EntryAsync(new EntryKey(entry), cancel), customer, statement.Total == statement.PlanParts && !statement.PlanParts.IsZero);
        }

        if (day >= statement.From)
        {
            return amount;
        }

        var before = (await reader.ListAsync<Statement>(CreditReader.ByCustomer, customer.Value, new Page(Most), cancel)).FirstOrDefault(one => one.Cut.Day == day)?.Cut;
        return before is null ? 0 : AfterCut(await reader.EntryAsync(new EntryKey(entry), cancel), customer, before.Total == before.Lines.PlanParts && before.Total != 0);
    }

    /// <summary>
    /// What the credit balance paid after a statement was cut, in the entry of its day. The cut's charges stand between before and after. Where it charged nothing, the principal
    /// that comes a second time was billed by it; and where the statement asks for instalments and nothing else, nothing was owed before it.
    /// </summary>
    private static long AfterCut(IReadOnlyList<PostingRow> entry, CustomerId customer, bool isOnlyInstalments)
    {
        var (owed, interest, fees) = (CreditAccounts.Owed(customer).Value, CreditAccounts.Interest(customer).Value, CreditAccounts.Fees(customer).Value);
        var balance = CreditAccounts.Balance(customer).Value;
        var rows = entry.OrderBy(row => row.Posting.Number).ToList();
        var cut = rows.FindLastIndex(row => row.DebitAccount == interest || row.DebitAccount == fees);
        if (cut < 0)
        {
            var principal = rows.FindAll(row => row.DebitAccount == balance && row.CreditAccount == owed);
            if (principal.Count == 0 || (principal.Count == 1 && !isOnlyInstalments))
            {
                return 0;
            }

            cut = rows.IndexOf(principal[^1]) - 1;
        }

        return rows.Skip(cut + 1).Where(row => row.DebitAccount == balance && (row.CreditAccount == owed || row.CreditAccount == interest || row.CreditAccount == fees)).Sum(row => row.Posting.Amount);
    }

    private async Task<IEnumerable<StatementItem>> ToPlansAsync(CustomerId customer, StatementView statement, CancellationToken cancel) =>
        from plan in await reader.ListAsync<InstalmentPlan>(CreditReader.ByCustomer, customer.Value, new Page(Most), cancel)
        where plan.Day >= statement.From && plan.Day <= statement.Day
        select new StatementItem(StatementItemKind.Plan, plan.Day, plan.Amount, plan.Key);

    /// <summary>The instalments whose turn it was. Nothing is posted for them, so they follow from the plans: one part with each statement, until the plan is paid off or written off.</summary>
    private async Task<IEnumerable<StatementItem>> PlanPartsAsync(CustomerId customer, StatementView statement, CreditProduct product, CancellationToken cancel)
    {
        var stoppedOn = (await reader.FindAsync<CreditLine>(customer.Value, cancel))?.StoppedOn;
        var paidOff = (await reader.ListAsync<Repayment>(CreditReader.ByCustomer, customer.Value, new Page(Most), cancel))
            .Where(repayment => repayment.PaidOff is not null).ToDictionary(repayment => repayment.PaidOff!, repayment => product.DayOf(repayment.OrderedAt));
        return from plan in await PlansAsync(customer, statement, product, cancel)
               let parts = InstalmentOffers.Find(product, plan.Amount, plan.Periods)!.Parts
               let number = NumberOf(plan.Day, statement.Day, product)
               where number >= 0 && number < parts.Count && !(stoppedOn < statement.Day) && !(paidOff.TryGetValue(plan.Id, out var day) && day <= statement.Day)
               select new StatementItem(StatementItemKind.PlanPart, statement.Day, parts[number].Principal, plan.Id, plan.Shop);
    }

    private async Task<List<(string Id, DateOnly Day, Money Amount, int Periods, string? Shop)>> PlansAsync(CustomerId customer, StatementView statement, CreditProduct product, CancellationToken cancel)
    {
        var plans = (await reader.ListAsync<InstalmentPlan>(CreditReader.ByCustomer, customer.Value, new Page(Most, NewestFirst: false), cancel))
            .Select(plan => (plan.Key, plan.Day, plan.Amount, plan.Periods, (string?)null)).ToList();
        var longest = product.Instalments.Plans.Max(plan => plan.Periods);
        for (var month = statement.Day.AddMonths(-longest); month <= statement.Day; month = month.AddMonths(1))
        {
            plans.AddRange((await reader.ListAsync<Purchase>(CreditModule.ByMonth, Purchase.MonthOf(customer, month), new Page(Most, NewestFirst: false), cancel))
                .Where(purchase => purchase.Periods is not null)
                .Select(purchase => (purchase.Key, purchase.Day, purchase.Amount, purchase.Periods!.Value, (string?)purchase.Shop)));
        }

        return plans;
    }

    /// <summary>Which part of a plan a statement bills, the first is 0; below zero when it was cut before the plan.</summary>
    private static int NumberOf(DateOnly plan, DateOnly statement, CreditProduct product)
    {
        var first = plan.Day <= product.Cycle.StatementDay ? plan : plan.AddMonths(1);
        return ((statement.Year - first.Year) * 12) + statement.Month - first.Month;
    }

    /// <summary>What lowered principal, interest and fees from a day to the statement's, by entry.</summary>
    private async Task<IEnumerable<IGrouping<(string Entry, DateOnly Day), PostingRow>>> AgainstDebtAsync(
        CustomerId customer, DateOnly from, StatementView statement, CreditProduct product, CancellationToken cancel)
    {
        var rows = new List<(PostingRow Row, DateOnly Day)>();
        foreach (var account in (LedgerAccountId[])[CreditAccounts.Owed(customer), CreditAccounts.Interest(customer), CreditAccounts.Fees(customer)])
        {
            rows.AddRange((await WalkAsync(account, from, statement.Day, product, cancel))
                .Where(row => row.Row.CreditAccount == account.Value && row.Row.DebitAccount != CreditAccounts.WrittenOff.Value));
        }

        return rows.GroupBy(row => (row.Row.EntryKey, row.Day), row => row.Row);
    }

    /// <summary>The postings of an account that belong to some days and moved money. A closed day's entry may have been posted later: its key names the day.</summary>
    private async Task<List<(PostingRow Row, DateOnly Day)>> WalkAsync(LedgerAccountId account, DateOnly from, DateOnly to, CreditProduct product, CancellationToken cancel)
    {
        var found = new List<(PostingRow Row, DateOnly Day)>();
        for (long? before = null; ;)
        {
            var page = await reader.StatementAsync(account, before, PageSize, cancel);
            foreach (var row in page.Where(row => row.Posting.Kind is PostingKind.Post or PostingKind.Capture))
            {
                var day = row.EntryKey.StartsWith(ClosedDay, StringComparison.Ordinal)
                    ? DateOnly.ParseExact(row.EntryKey.AsSpan(row.EntryKey.LastIndexOf('/') + 1), "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)
                    : product.DayOf(row.At);
                if (day >= from && day <= to)
                {
                    found.Add((row, day));
                }
            }

            if (page.Count < PageSize || product.DayOf(page[^1].At) < from)
            {
                return found;
            }

            before = page[^1].Posting.Number;
        }
    }

    /// <summary>The id in an entry key such as <c>refund/ref_…/made</c>, or null.</summary>
    private static string? IdIn(string entry, string beginning) =>
        entry.StartsWith(beginning, StringComparison.Ordinal) ? entry[beginning.Length..entry.LastIndexOf('/')] : null;

    private async Task<CreditProduct> ProductAsync(StatementId id, CancellationToken cancel) => products.Of(
        (await reader.FindAsync<Statement>(id.Value, cancel) ?? throw new InvalidOperationException($"There is no statement {id}.")).Product);

    private static Money In(StatementView statement, long minor) => new(minor, statement.Total.Currency);

    private static Rate AYear(long perDay) => new(perDay * DaysOfYear);
}
