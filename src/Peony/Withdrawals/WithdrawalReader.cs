using System.Text.Json;
using Peony.Book;
using Peony.Customers;

namespace Peony.Withdrawals;

/// <summary>The words of states and moments as the API and stored texts write them.</summary>
internal static class WithdrawalWords
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}

/// <summary>What pages and the API read of withdrawals.</summary>
internal static class WithdrawalReader
{
    /// <summary>The customer's own withdrawal, or null; a stranger's looks like none.</summary>
    public static async Task<WithdrawalView?> OneAsync(IBookReader reader, WithdrawalRules rules, CustomerId customer, WithdrawalId id, CancellationToken cancel = default) =>
        await reader.FindAsync<Withdrawal>(id.Value, cancel) is { } withdrawal && withdrawal.Customer == customer ? withdrawal.View(rules.Code) : null;

    /// <summary>The customer's withdrawals, newest first.</summary>
    public static async Task<IReadOnlyList<WithdrawalView>> ListAsync(IBookReader reader, WithdrawalRules rules, CustomerId customer, Page? page = null,
        CancellationToken cancel = default) =>
        [.. (await reader.ListAsync<Withdrawal>(WithdrawalsModule.ByCustomer, customer.Value, page, cancel)).Select(withdrawal => withdrawal.View(rules.Code))];

    /// <summary>Whether this session, on this device, asked for the withdrawal: only it may redeem the code.</summary>
    public static async Task<bool> IsAskerAsync(IBookReader reader, WithdrawalId id, SessionId session, DeviceId device, CancellationToken cancel = default) =>
        await reader.FindAsync<Withdrawal>(id.Value, cancel) is { } withdrawal && withdrawal.Session == session && withdrawal.Device == device;

    /// <summary>Any withdrawal, for an operator; whoever shows it records the view.</summary>
    public static async Task<WithdrawalView?> ForOperatorAsync(IBookReader reader, WithdrawalRules rules, WithdrawalId id, CancellationToken cancel = default) =>
        (await reader.FindAsync<Withdrawal>(id.Value, cancel))?.View(rules.Code);

    /// <summary>All withdrawals in a state, newest first, for operators.</summary>
    public static async Task<IReadOnlyList<WithdrawalView>> InStateAsync(IBookReader reader, WithdrawalRules rules, WithdrawalState state, Page? page = null,
        CancellationToken cancel = default) =>
        [.. (await reader.ListAsync<Withdrawal>(WithdrawalsModule.ByState, state.ToString(), page, cancel)).Select(withdrawal => withdrawal.View(rules.Code))];
}
