using Peony.Book;

namespace Peony.Credit;

/// <summary>The operator's reports. Each reads one state of the tables beside the Book, one report at a time, so that nobody who asks often slows anything down.</summary>
internal sealed class CreditReports(IBookReader reader, CreditProducts products) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly IncomeReport _income = new(reader, products);

    public Task<LedgerTrialBalance> TrialBalanceAsync(CancellationToken cancel = default) => ReadAsync(TrialBalanceReport.Of, cancel);

    public Task<Ageing> AgeingAsync(CancellationToken cancel = default) => ReadAsync(books => AgeingReport.Of(books, products), cancel);

    public Task<Income> IncomeAsync(CancellationToken cancel = default) => _income.ReadAsync(cancel);

    public void Dispose()
    {
        _turn.Dispose();
        _income.Dispose();
    }

    private async Task<T> ReadAsync<T>(Func<IControlContext, T> report, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            return await reader.ReadStateAsync(report, cancel);
        }
        finally
        {
            _turn.Release();
        }
    }
}
