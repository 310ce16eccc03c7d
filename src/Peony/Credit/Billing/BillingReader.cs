using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>What pages and the API read of billing. They see the line as it stands this moment, by the same rules that will charge it; nothing is kept.</summary>
internal sealed class BillingReader(IBookReader reader, CreditProducts products)
{
    private const int MonthMost = 10_000;

    /// <summary>The bill of this moment, or null without a line.</summary>
    public async Task<BillView?> BillAsync(CustomerId customer, CancellationToken cancel = default)
    {
        if (await StandAsync(customer, cancel) is not { } stand)
        {
            return null;
        }

        var (run, state) = (stand.Run, stand.Run.State);
        var last = await StatementsAsync(customer, new Page(1), cancel);
        var daysPastDue = state.DaysPastDue(run.Today);
        return new BillView(
            last.Count > 0 ? last[0].Id : null,
            stand.Money(state.Payable),
            stand.Money(state.MinimumLeft),
            state.Due?.DueDay,
            stand.Money(state.OverdueLeft),
            daysPastDue,
            stand.Product.StageOf(daysPastDue),
            stand.Money(state.Current.Total),
            stand.Money(state.Plans.Sum(plan => plan.Parts.Sum(part => part.Principal + part.Fee))),
            stand.Money(state.AccruedMicro / 1_000_000),
            stand.Money(state.WrittenOffLeft),
            run.NextStatementDay);
    }

    /// <summary>What a repayment of this moment would do, and what leaving the rest unpaid would cost, as the engine will charge it; null without a line.</summary>
    /// <param name="amount">Above zero.</param>
    public async Task<RepaymentPreview?> PreviewAsync(CustomerId customer, Money amount, CancellationToken cancel = default)
    {
        if (await StandAsync(customer, cancel) is not { } stand)
        {
            return null;
        }

        var split = stand.Run.Repay(amount.Minor);
        var left = stand.Run.State;
        var until = stand.Run.NextStatementDay;
        if (left.Due is { } due && due.DueDay > until)
        {
            until = until.AddMonths(1);
        }

        var before = left.Charged;
        stand.Run.CloseThrough(until);
        var after = stand.Run.State.Charged;
        return new RepaymentPreview(
            amount,
            stand.Money(split.ToDebt),
            stand.Money(split.ToBalance),
            stand.Money(left.Payable),
            stand.Money(left.MinimumLeft),
            stand.Money(after.Interest - before.Interest),
            stand.Money(after.LateFees - before.LateFees),
            until);
    }

    /// <summary>What a refund of this moment would do, one for each choice there is; none for a purchase that has no instalments to come. Null when it is not the customer's purchase.</summary>
    /// <param name="amount">Above zero, at most what is not refunded yet.</param>
    public async Task<IReadOnlyList<RefundPreview>?> RefundPreviewsAsync(CustomerId customer, PurchaseId id, Money amount, CancellationToken cancel = default)
    {
        if (await reader.FindAsync<Purchase>(id.Value, cancel) is not { } purchase || purchase.Customer != customer)
        {
            return null;
        }

        var previews = new List<RefundPreview>();
        foreach (var choice in Enum.GetValues<RefundChoice>())
        {
            // A run for each: a preview changes it, and nobody keeps it.
            var stand = (await StandAsync(customer, cancel))!;
            if (stand.Run.State.Plans.FirstOrDefault(plan => plan.Id == id.Value) is not { } before)
            {
                break;
            }

            var split = stand.Run.RefundPlan(id.Value, purchase.Day, amount.Minor, choice);
            var parts = stand.Run.State.Plans.FirstOrDefault(plan => plan.Id == id.Value)?.Parts ?? [];
            previews.Add(new RefundPreview(
                choice,
                [.. parts.Select(part => new InstalmentPart(stand.Money(part.Principal), stand.Money(part.Fee)))],
                stand.Money(before.Parts.Sum(part => part.Fee) - parts.Sum(part => part.Fee)),
                stand.Money(split.ToBalance),
                stand.Money(stand.Run.State.Payable)));
        }

        return previews;
    }

    /// <summary>The plans that have parts to be billed, oldest first; null without a line.</summary>
    public async Task<IReadOnlyList<PlanView>?> PlansAsync(CustomerId customer, CancellationToken cancel = default) =>
        await StandAsync(customer, cancel) is { } stand ? [.. stand.Run.State.Plans.Select(plan => View(stand.Run, plan, stand.Product.Currency))] : null;

    /// <summary>What an amount would cost in instalments; null without a line.</summary>
    /// <param name="shop">Where it is bought: some pay the fee themselves. Null for part of a statement.</param>
    public Task<IReadOnlyList<InstalmentOffer>?> OffersAsync(CustomerId customer, Money amount, string? shop = null, CancellationToken cancel = default) =>
        OffersAsync(customer, amount, SandboxShops.Find(shop ?? "")?.Bears ?? FeeBearer.Buyer, cancel);

    public async Task<IReadOnlyList<InstalmentOffer>?> OffersAsync(CustomerId customer, Money amount, FeeBearer bearer, CancellationToken cancel = default) =>
        await reader.FindAsync<CreditLine>(customer.Value, cancel) is { } line ? InstalmentOffers.Of(products.Of(line.Product), amount, bearer) : null;

    /// <summary>What of the last statement could be turned into instalments, and whether the customer has agreed to them; null without a line.</summary>
    public async Task<(Money Most, bool IsOpen)?> TurnableAsync(CustomerId customer, CancellationToken cancel = default) =>
        await StandAsync(customer, cancel) is { } stand
            ? (stand.Money(stand.Run.State.Billed.Purchases.Sum(tranche => tranche.Amount)), (await reader.FindAsync<CreditLine>(customer.Value, cancel))!.InstalmentsSince is not null)
            : null;

    public static PlanView View(BillingRun run, OpenPlan plan, Currency currency)
    {
        var (payoff, fee) = (run.Payoff(plan), plan.Parts.Sum(part => part.Fee));
        return new PlanView(plan.Id, In(payoff.ToPrincipal), In(fee), [.. plan.Parts.Select(part => new InstalmentPart(In(part.Principal), In(part.Fee)))], run.NextStatementDay,
            In(payoff.ToDebt), In(fee - payoff.ToFees));

        Money In(long minor) => new(minor, currency);
    }

    /// <summary>
    /// What is due and when, by day: what is past its due day now, the rest of the last statement on its due day, every instalment to come on the due day of its statement, and with the next
    /// of these what the line has bought and been charged since. Null without a line.
    /// </summary>
    public async Task<IReadOnlyList<DueView>?> DuesAsync(CustomerId customer, CancellationToken cancel = default)
    {
        if (await StandAsync(customer, cancel) is not { } stand)
        {
            return null;
        }

        var (state, next) = (stand.Run.State, stand.Run.NextStatementDay);
        var last = await StatementsAsync(customer, new Page(1), cancel) is [{ Id: var newest }] ? newest : (StatementId?)null;
        var dues = new SortedDictionary<DateOnly, List<DuePart>>();
        Add(stand.Run.Today, Layer(DueKind.Past, state.Past, last));
        Add(state.Due?.DueDay ?? stand.Run.Today, Layer(DueKind.Statement, state.Billed, last));
        foreach (var plan in state.Plans)
        {
            var periods = await PeriodsAsync(plan.Id, cancel) ?? plan.Parts.Count;
            for (var number = 0; number < plan.Parts.Count; number++)
            {
                var (principal, fee) = (plan.Parts[number].Principal, plan.Parts[number].Fee);
                Add(stand.Product.DueDayOf(next.AddMonths(number)), new DuePart(DueKind.Instalment, stand.Money(principal + fee), stand.Money(0), stand.Money(fee), Plan: plan.Id,
                    Number: periods - plan.Parts.Count + number + 1, Periods: periods));
            }
        }

        var accrued = Math.Max(0, state.AccruedMicro / 1_000_000);
        Add(stand.Product.DueDayOf(next), Layer(DueKind.Unbilled, state.Current with { Interest = state.Current.Interest + accrued }, statement: null));
        return [.. dues.Select(one => new DueView(one.Key, one.Value.Aggregate(stand.Money(0), (sum, part) => sum + part.Amount), one.Value))];

        DuePart Layer(DueKind kind, Layer layer, StatementId? statement) => new(kind, stand.Money(layer.Total), stand.Money(layer.Interest), stand.Money(layer.Fees), statement);

        void Add(DateOnly day, DuePart part)
        {
            if (part.Amount.IsPositive)
            {
                dues[day] = [.. dues.GetValueOrDefault(day) ?? [], part];
            }
        }
    }

    /// <summary>In how many parts a plan was made.</summary>
    private async Task<int?> PeriodsAsync(string plan, CancellationToken cancel) =>
        (await reader.FindAsync<InstalmentPlan>(plan, cancel))?.Periods ?? (await reader.FindAsync<Purchase>(plan, cancel))?.Periods;

    public async Task<IReadOnlyList<StatementView>> StatementsAsync(CustomerId customer, Page? page = null, CancellationToken cancel = default)
    {
        var extensions = await ExtensionsAsync(customer, cancel);
        return [.. (await reader.ListAsync<Statement>(CreditReader.ByCustomer, customer.Value, page, cancel)).Select(statement => View(statement, extensions))];
    }

    /// <summary>The customer's statement, or null; a stranger's id looks like no id.</summary>
    public async Task<StatementView?> StatementAsync(CustomerId customer, StatementId id, CancellationToken cancel = default) =>
        await reader.FindAsync<Statement>(id.Value, cancel) is { } statement && statement.Customer == customer ? View(statement, await ExtensionsAsync(customer, cancel)) : null;

    /// <summary>Where granted extensions moved due days, oldest first.</summary>
    private async Task<IReadOnlyList<(DateOnly From, DateOnly To)>> ExtensionsAsync(CustomerId customer, CancellationToken cancel) =>
        [.. from request in await reader.ListAsync<HardshipRequest>(CreditReader.ByCustomer, customer.Value, new Page(MonthMost, NewestFirst: false), cancel)
            where request is { DueDay: not null, NewDueDay: not null }
            select (request.DueDay!.Value, request.NewDueDay!.Value)];

    /// <summary>The purchases a statement asks for.</summary>
    public async Task<IReadOnlyList<PurchaseView>> PurchasesOfAsync(CustomerId customer, StatementView statement, CancellationToken cancel = default) =>
        [.. (await PurchasesAsync(customer, statement.From, statement.Day, cancel)).Where(purchase => purchase.Day >= statement.From && purchase.Day <= statement.Day)
            .Select(purchase => purchase.View())];

    private StatementView View(Statement statement, IReadOnlyList<(DateOnly From, DateOnly To)> extensions)
    {
        var (cut, lines) = (statement.Cut, statement.Cut.Lines);
        var currency = products.Of(statement.Product).Currency;
        var dueDay = extensions.Aggregate(cut.DueDay, (day, extension) => extension.From == day ? extension.To : day);
        return new StatementView(statement.Id, cut.From, cut.Day, dueDay, In(cut.Total), In(cut.Minimum), In(cut.Overdue),
            In(lines.Previous), In(lines.Purchases), In(lines.Advances), In(lines.PlanParts), In(lines.Interest), In(lines.Fees), In(lines.Repaid), In(lines.Refunded), In(lines.ToPlans),
            In(lines.Reclaimed), statement.Revisions.Count > 0 ? statement.Revisions[^1].At : null, statement.Revisions.Count > 0 ? In(statement.Revisions[^1].Cut.Total) : null,
            dueDay == cut.DueDay ? null : cut.DueDay);

        Money In(long minor) => new(minor, currency);
    }

    private async Task<Stand?> StandAsync(CustomerId customer, CancellationToken cancel)
    {
        if (await reader.FindAsync<CreditLine>(customer.Value, cancel) is not { } line)
        {
            return null;
        }

        var product = products.Of(line.Product);
        var today = product.DayOf(reader.Now);
        var state = (await reader.FindAsync<CreditBilling>(line.Key, cancel))?.State ?? BillingState.Opened(product.DayOf(line.OpenedAt));
        var purchases = await PurchasesAsync(customer, state.ClosedThrough, today, cancel);
        var free = (await reader.AccountAsync(CreditAccounts.Balance(customer), cancel))?.State.Available ?? 0;
        return new Stand(product, LineHistory.CatchUp(product, state, purchases, free, today));
    }

    private async Task<List<Purchase>> PurchasesAsync(CustomerId customer, DateOnly from, DateOnly to, CancellationToken cancel)
    {
        var purchases = new List<Purchase>();
        for (var month = new DateOnly(from.Year, from.Month, 1); month <= to; month = month.AddMonths(1))
        {
            purchases.AddRange(await reader.ListAsync<Purchase>(CreditModule.ByMonth, Purchase.MonthOf(customer, month), new Page(MonthMost, NewestFirst: false), cancel));
        }

        return purchases;
    }

    /// <summary>A line brought up to this moment.</summary>
    private sealed record Stand(CreditProduct Product, BillingRun Run)
    {
        public Money Money(long minor) => new(minor, Product.Currency);
    }
}
