using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>What pages and the API read of credit lines.</summary>
internal static class CreditReader
{
    public const string ByCustomer = "customer";

    /// <summary>The customer's line, or null when none is open.</summary>
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
        var (oldest, newest) = (MonthOf(line.OpenedAt.AddDays(-1)), MonthOf(reader.Now.AddDays(1)));
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
