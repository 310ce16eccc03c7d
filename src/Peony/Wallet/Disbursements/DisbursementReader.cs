using Peony.Book;
using Peony.Ledger;

namespace Peony.Wallet.Disbursements;

/// <summary>What operators read of the fund, of fundings and of disbursements; and the one thing customers do, a purpose.</summary>
internal static class DisbursementReader
{
    /// <summary>Fundings by their state.</summary>
    public const string ByState = "state";

    public static async Task<FundView> FundAsync(IBookReader reader, CancellationToken cancel = default) =>
        new(Money.Cny((await reader.AccountAsync(DisbursementAccounts.Fund, cancel))?.State.Balance ?? 0));

    /// <summary>Fundings, newest first; of one state, or all.</summary>
    public static async Task<IReadOnlyList<FundingView>> FundingsAsync(IBookReader reader, FundingState? state, Page? page = null, CancellationToken cancel = default) =>
        [.. (await (state is { } one ? reader.ListAsync<Funding>(ByState, TextOf(one), page, cancel) : reader.ListAllAsync<Funding>(page, cancel))).Select(funding => funding.View())];

    /// <summary>Disbursements, newest first.</summary>
    public static async Task<IReadOnlyList<DisbursementView>> DisbursementsAsync(IBookReader reader, Page? page = null, CancellationToken cancel = default) =>
        [.. (await reader.ListAllAsync<Disbursement>(page, cancel)).Select(disbursement => disbursement.View())];

    public static async Task<DisbursementDetail?> DisbursementAsync(IBookReader reader, DisbursementId id, CancellationToken cancel = default) =>
        await reader.FindAsync<Disbursement>(id.Value, cancel) is { } disbursement
            ? new DisbursementDetail(disbursement.View(), (await reader.FindAsync<DisbursementRefused>(id.Value, cancel))?.Lines ?? [])
            : null;

    /// <summary>The entry that paid its lines; there is none when none could be paid.</summary>
    public static EntryKey EntryOf(DisbursementId id) => DisbursementPostings.PaidKey(id);

    /// <summary>What an entry of a customer's statement was paid for; null for an entry that is no disbursement.</summary>
    public static async Task<string?> PurposeAsync(IBookReader reader, PostingRow line, CancellationToken cancel = default) =>
        line.EntryKind == DisbursementPostings.PaidKind && line.EntryKey.Split('/') is [_, { } id, _]
            ? (await reader.FindAsync<Disbursement>(id, cancel))?.Purpose
            : null;

    internal static string TextOf(FundingState state) => state switch
    {
        FundingState.Prepared => "prepared",
        FundingState.Approved => "approved",
        FundingState.Rejected => "rejected",
    };
}
