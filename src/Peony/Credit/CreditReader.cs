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

    public static async Task<IReadOnlyList<PurchaseView>> PurchasesAsync(IBookReader reader, CustomerId customer, Page? page = null, CancellationToken cancel = default) =>
        [.. (await reader.ListAsync<Purchase>(ByCustomer, customer.Value, page, cancel)).Select(purchase => purchase.View())];

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
