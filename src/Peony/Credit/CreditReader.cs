using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>What pages and the API read of credit lines.</summary>
internal static class CreditReader
{
    public const string ByCustomer = "customer";

    /// <summary>Changes of lines that wait for a second operator.</summary>
    public const string ByWaiting = "waiting";

    /// <summary>The one value of <see cref="ByWaiting"/>.</summary>
    public const string Waiting = "yes";

    /// <summary>Steps of a history that a page shows.</summary>
    private const int StepsMost = 200;

    /// <summary>The customer's line, or null when none is open.</summary>
    public static async Task<CreditLineView?> OpenLineAsync(IBookReader reader, CustomerId customer, CancellationToken cancel = default) =>
        await LineAsync(reader, customer, cancel) is { ClosedAt: null } line ? line : null;

    /// <summary>What happened to the customer's lines and their limits, newest first: opened, changed, closed, each with its reasons.</summary>
    public static async Task<IReadOnlyList<LineStep>> HistoryAsync(IBookReader reader, CustomerId customer, CancellationToken cancel = default)
    {
        var page = new Page(StepsMost);
        var lines = (await reader.ListAsync<FormerCreditLine>(ByCustomer, customer.Value, page, cancel)).Select(former => former.Line).ToList();
        if (await reader.FindAsync<CreditLine>(customer.Value, cancel) is { IsOpen: true } line)
        {
            lines.Add(line);
        }

        var steps = lines.Select(one => new LineStep(one.OpenedAt, LineStepKind.Opened, one.Granted(), one.Reasons)).ToList();
        steps.AddRange(lines.Where(one => !one.IsOpen).Select(one => new LineStep(one.ClosedAt!.Value, LineStepKind.Closed, Money.Zero(one.Limit.Currency), [])));
        steps.AddRange((await reader.ListAsync<LineChange>(ByCustomer, customer.Value, page, cancel)).Where(change => change.State == LineChangeState.Approved).Select(change => change.Step()));
        return [.. steps.OrderByDescending(step => step.At).ThenByDescending(step => step.Kind)];
    }

    /// <summary>Changes of a customer's line as operators see them, newest first.</summary>
    public static async Task<IReadOnlyList<LineChangeView>> ChangesAsync(IBookReader reader, CustomerId customer, Page? page = null, CancellationToken cancel = default) =>
        [.. (await reader.ListAsync<LineChange>(ByCustomer, customer.Value, page, cancel)).Select(change => change.View())];

    /// <summary>Changes of all lines that wait for a second operator.</summary>
    public static async Task<IReadOnlyList<LineChangeView>> WaitingChangesAsync(IBookReader reader, Page? page = null, CancellationToken cancel = default) =>
        [.. (await reader.ListAsync<LineChange>(ByWaiting, Waiting, page, cancel)).Select(change => change.View())];

    /// <summary>The customer's spending cap, or null when no line is open.</summary>
    public static async Task<SpendingCapView?> CapAsync(IBookReader reader, CreditProducts products, CustomerId customer, CancellationToken cancel = default)
    {
        if (await reader.FindAsync<CreditLine>(customer.Value, cancel) is not { IsOpen: true } line)
        {
            return null;
        }

        var product = products.Of(line.Product);
        var today = product.DayOf(reader.Now);
        var kept = line.Cap is null ? null : await reader.FindAsync<CycleSpending>(customer.Value, cancel);
        return SpendingCapView.Of(line.Cap, kept, today, product.CycleEnd(today), line.Limit.Currency);
    }

    /// <summary>The customer's line, open or closed; null when there never was one.</summary>
    public static async Task<CreditLineView?> LineAsync(IBookReader reader, CustomerId customer, CancellationToken cancel = default)
    {
        if (await reader.FindAsync<CreditLine>(customer.Value, cancel) is not { } line)
        {
            return null;
        }

        return line.View(await StandAsync(reader, customer, cancel));
    }

    public static async Task<CreditStand> StandAsync(IBookReader reader, CustomerId customer, CancellationToken cancel = default)
    {
        return new CreditStand(await StateAsync(CreditAccounts.Owed(customer)), await StateAsync(CreditAccounts.Interest(customer)), await StateAsync(CreditAccounts.Fees(customer)),
            await StateAsync(CreditAccounts.Balance(customer)));

        async Task<AccountState> StateAsync(LedgerAccountId account) => (await reader.AccountAsync(account, cancel))?.State ?? default;
    }

    /// <summary>The customer's purchases. They are kept by month, which is how billing needs them; one index is all that the busiest record has.</summary>
    public static async Task<IReadOnlyList<PurchaseView>> PurchasesAsync(IBookReader reader, CustomerId customer, Page? page = null, CancellationToken cancel = default)
    {
        if (await reader.FindAsync<CreditLine>(customer.Value, cancel) is not { } line)
        {
            return [];
        }

        // A day on either side, because the months are those of the product's time zone.
        var (oldest, newest) = (MonthOf(line.First().OpenedAt.AddDays(-1)), MonthOf(reader.Now.AddDays(1)));
        var (limit, after, newestFirst) = page ?? new Page();
        if (after is not null && await reader.FindAsync<Purchase>(after, cancel) is { } from)
        {
            (oldest, newest) = newestFirst ? (oldest, MonthStart(from.Day)) : (MonthStart(from.Day), newest);
        }

        var purchases = new List<PurchaseView>();
        for (var month = newestFirst ? newest : oldest; month >= oldest && month <= newest && purchases.Count < limit; month = month.AddMonths(newestFirst ? -1 : 1))
        {
            var part = new Page(limit - purchases.Count, after, newestFirst);
            purchases.AddRange((await reader.ListAsync<Purchase>(CreditModule.ByMonth, Purchase.MonthOf(customer, month), part, cancel)).Select(purchase => purchase.View()));
        }

        return purchases;

        static DateOnly MonthOf(DateTimeOffset moment) => MonthStart(DateOnly.FromDateTime(moment.UtcDateTime));

        static DateOnly MonthStart(DateOnly day) => new(day.Year, day.Month, 1);
    }

    public static async Task<IReadOnlyList<RepaymentView>> RepaymentsAsync(IBookReader reader, CustomerId customer, Page? page = null, CancellationToken cancel = default) =>
        [.. (await reader.ListAsync<Repayment>(ByCustomer, customer.Value, page, cancel)).Select(repayment => repayment.View())];

    /// <summary>The customer's purchase, or null; a stranger's id looks like no id.</summary>
    public static async Task<PurchaseView?> PurchaseAsync(IBookReader reader, CustomerId customer, PurchaseId id, CancellationToken cancel = default) =>
        await reader.FindAsync<Purchase>(id.Value, cancel) is { } purchase && purchase.Customer == customer ? purchase.View() : null;

    public static async Task<IReadOnlyList<RefundView>> RefundsAsync(IBookReader reader, PurchaseId purchase, CancellationToken cancel = default) =>
        [.. (await reader.ListAsync<PurchaseRefund>(CreditModule.ByPurchase, purchase.Value, new Page(NewestFirst: false), cancel)).Select(refund => refund.View())];

    public static async Task<AutoRepaymentView> AutoRepaymentAsync(IBookReader reader, CustomerId customer, CancellationToken cancel = default) =>
        await reader.FindAsync<AutoRepayment>(customer.Value, cancel) is { } automatic ? new AutoRepaymentView(automatic.Card, automatic.IsMinimumOnly) : new AutoRepaymentView(null, IsMinimumOnly: false);

    public static async Task<RepaymentView?> RepaymentAsync(IBookReader reader, CustomerId customer, RepaymentId id, CancellationToken cancel = default) =>
        await reader.FindAsync<Repayment>(id.Value, cancel) is { } repayment && repayment.Customer == customer ? repayment.View() : null;
}
