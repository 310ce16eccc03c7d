using System.Globalization;
using Peony.Book;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>
/// What the income accounts earned, by month. It is added up along their chains of postings, which never change, so what was read once is kept as long as the process lives and only what came since is read again.
/// </summary>
internal sealed class IncomeReport(IBookReader reader, CreditProducts products) : IDisposable
{
    private const int ReadAtOnce = 1_000;
    private static readonly (string Name, LedgerAccountId Account)[] Kinds =
    [
        ("interest", CreditAccounts.InterestIncome), ("late_fees", CreditAccounts.LateFeeIncome), ("instalment_fees", CreditAccounts.InstalmentFeeIncome), ("advance_fees", CreditAccounts.AdvanceFeeIncome),
    ];

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<LedgerAccountId, (long Last, Dictionary<DateOnly, long> Months)> _known = [];

    public async Task<Income> ReadAsync(CancellationToken cancel = default)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            var currency = products.Offered.Currency;
            var months = new List<Dictionary<DateOnly, long>>();
            var tieOuts = new List<TieOut>();
            foreach (var (name, id) in Kinds)
            {
                var account = await reader.AccountAsync(id, cancel);
                var kind = account is null ? [] : await FollowAsync(account, cancel);
                months.Add(kind);
                tieOuts.Add(new TieOut(name, new Money(kind.Values.Sum(), currency), new Money(account?.State.Balance ?? 0, currency)));
            }

            var rows = months.SelectMany(kind => kind.Keys).Distinct().OrderDescending().Select(month => new IncomeRow(month, In(0, month), In(1, month), In(2, month), In(3, month))).ToList();
            return new Income(reader.Now, rows, tieOuts);

            Money In(int kind, DateOnly month) => new(months[kind].GetValueOrDefault(month), currency);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>The months of the account up to the last posting of the state given; what is posted while it reads comes next time.</summary>
    private async Task<Dictionary<DateOnly, long>> FollowAsync(AccountRow account, CancellationToken cancel)
    {
        var (known, kept) = _known.GetValueOrDefault(account.Id);
        var months = kept is null ? [] : new Dictionary<DateOnly, long>(kept);
        long? before = null;
        var isAtKnown = account.State.LastPosting <= known;
        while (!isAtKnown)
        {
            var rows = await reader.StatementAsync(account.Id, before, ReadAtOnce, cancel);
            foreach (var row in rows)
            {
                if (row.Posting.Number <= known)
                {
                    isAtKnown = true;
                    break;
                }

                if (row.Posting.Number <= account.State.LastPosting && row.Posting.Kind is PostingKind.Post or PostingKind.Capture)
                {
                    var month = MonthOf(row);
                    months[month] = months.GetValueOrDefault(month) + (row.Posting.Credit == account.State.Number ? row.Posting.Amount : -row.Posting.Amount);
                }
            }

            isAtKnown |= rows.Count < ReadAtOnce;
            before = rows.Count == 0 ? null : rows[^1].Posting.Number;
        }

        _known[account.Id] = (account.State.LastPosting, months);
        return months;
    }

    /// <summary>The month of the business day a closed day was closed for, which its entry's key names; of anything else, of the day it was posted on.</summary>
    private DateOnly MonthOf(PostingRow row)
    {
        var day = row.EntryKind == CreditPostings.DayClosedKind && DateOnly.TryParseExact(row.EntryKey[(row.EntryKey.LastIndexOf('/') + 1)..], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var named)
            ? named
            : products.Offered.DayOf(row.At);
        return new DateOnly(day.Year, day.Month, 1);
    }
}
