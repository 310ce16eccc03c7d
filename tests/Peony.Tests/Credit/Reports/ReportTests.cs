using Peony.Book;
using Peony.Credit;
using Peony.Ledger;
using Peony.Tests.Credit.Limits;

namespace Peony.Tests.Credit.Reports;

public sealed class ReportTests
{
    private static readonly CreditProducts Products = new([CreditProduct.Shipped()]);
    private readonly LimitWorld _world = new();

    private CreditReports Reports => new(_world.Book.Reader, Products);

    [Fact]
    public async Task The_trial_balance_has_every_account_on_its_side_and_both_sides_are_the_same()
    {
        Months();
        var report = await Reports.TrialBalanceAsync(TestContext.Current.CancellationToken);
        var sides = Assert.Single(report.TieOuts);
        Assert.True(sides.Reported.IsPositive && sides.Difference.IsZero);
        var owed = report.Rows.Single(row => row.Account == "customer/*/credit-owed");
        Assert.Equal((2, 1_600_00L, 0L), (owed.Accounts, owed.Debit.Minor, owed.Credit.Minor));
        Assert.Equal(_world.Money.Balance(CreditAccounts.InterestIncome), report.Rows.Single(row => row.Account == CreditAccounts.InterestIncome.Value).Credit.Minor);
        Assert.DoesNotContain(report.Rows, row => row.Account.Contains("cus_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_trial_balance_shows_a_balance_that_somebody_changed()
    {
        Months();
        var report = TrialBalanceReport.Of(new Altered(await _world.Book.Reader.ReadStateAsync(books => books, TestContext.Current.CancellationToken), CreditAccounts.InterestIncome.Value, 7));
        Assert.Equal(Money.Cny(-7), Assert.Single(report.TieOuts).Difference);
    }

    [Fact]
    public async Task The_ageing_sorts_lines_by_days_past_due_and_ties_out_to_the_ledger()
    {
        Months();
        var report = await Reports.AgeingAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["current", "M1", "M2", "M3", "M4"], report.Rows.Select(row => row.Stage));
        Assert.Equal([(1, 600_00L), (0, 0), (1, 1_000_00), (0, 0), (0, 0)], report.Rows.Select(row => (row.Lines, row.Principal.Minor)));
        Assert.Equal(["principal", "interest", "fees"], report.TieOuts.Select(one => one.Name));
        Assert.All(report.TieOuts, one => Assert.True(one.Reported.IsPositive && one.Difference.IsZero));

        // Overdue since 10 April, seen on 20 May: 40 days.
        Assert.Equal([(1, 1, 625_000L), (30, 1, 625_000), (90, 0, 0)], report.AtRisk.Select(risk => (risk.MoreThanDays, risk.Lines, risk.Ppm)));
    }

    [Fact]
    public async Task The_ageing_shows_an_entry_that_no_billing_knows_of()
    {
        Months();
        _world.Book.Run(new PlantEntry(CreditAccounts.Owed(_world.Lin.Customer), CreditAccounts.SandboxMerchants, Money.Cny(3)));
        _world.Book.Advance(TimeSpan.FromSeconds(1));
        _world.Book.Run(new PlantEntry(CreditAccounts.Fees(_world.Lin.Customer), CreditAccounts.LateFeeIncome, Money.Cny(5)));
        var report = await Reports.AgeingAsync(TestContext.Current.CancellationToken);
        Assert.Equal([Money.Cny(-3), Money.Cny(0), Money.Cny(-5)], report.TieOuts.Select(one => one.Difference));
    }

    [Fact]
    public async Task The_income_stands_by_the_month_it_was_charged_for_and_what_comes_later_is_added()
    {
        Months();
        using var reports = Reports;
        var income = await reports.IncomeAsync(TestContext.Current.CancellationToken);
        Assert.All(income.TieOuts, one => Assert.True(one.Difference.IsZero));
        Assert.Equal([_world.Money.Balance(CreditAccounts.InterestIncome), _world.Money.Balance(CreditAccounts.LateFeeIncome)], income.TieOuts.Take(2).Select(one => one.Ledger.Minor));

        // The statement of 1 May charged interest; the due days of 10 April and 10 May brought a late fee each.
        Assert.Equal([new DateOnly(2026, 5, 1), new DateOnly(2026, 4, 1)], income.Months.Select(row => row.Month));
        Assert.True(income.Months[0].Interest.IsPositive && income.Months[0].LateFees.IsPositive && income.Months[1].LateFees.IsPositive);
        Assert.Equal(Money.Cny(0), income.Months[1].Interest);

        _world.GoTo(6, 20);
        var later = await reports.IncomeAsync(TestContext.Current.CancellationToken);
        Assert.Equal(new DateOnly(2026, 6, 1), later.Months[0].Month);
        Assert.Equal(income.Months, later.Months.Skip(1));
        Assert.All(later.TieOuts, one => Assert.True(one.Difference.IsZero));
    }

    [Fact]
    public async Task The_income_shows_a_balance_that_its_postings_do_not_add_up_to()
    {
        Months();
        using var report = new IncomeReport(new AlteredReader(_world.Book.Reader), Products);
        Assert.Equal([Money.Cny(-9), Money.Cny(0), Money.Cny(0), Money.Cny(0)], (await report.ReadAsync(TestContext.Current.CancellationToken)).TieOuts.Select(one => one.Difference));
    }

    [Fact]
    public async Task Before_anything_is_posted_every_report_is_empty_and_right()
    {
        var world = new MoneyWorld();
        using var reports = new CreditReports(world.Book.Reader, Products);
        Assert.Empty((await reports.TrialBalanceAsync(TestContext.Current.CancellationToken)).Rows);
        var ageing = await reports.AgeingAsync(TestContext.Current.CancellationToken);
        Assert.All(ageing.Rows, row => Assert.Equal(0, row.Lines));
        Assert.All(ageing.AtRisk, risk => Assert.Equal(0, risk.Ppm));
        Assert.Empty((await reports.IncomeAsync(TestContext.Current.CancellationToken)).Months);
    }

    /// <summary>From 5 March to 20 May: Lin misses what is due on 10 April and after, somebody else has bought since.</summary>
    private void Months()
    {
        Assert.Null(_world.Buy(1_000_00));
        _world.GoTo(5, 20);
        Assert.True(_world.Money.Buy(_world.Money.JoinWithOtherCard(), 600_00).IsDone);
    }

    private sealed class Altered(IControlContext books, string account, long more) : IControlContext
    {
        public DateTimeOffset Now => books.Now;

        public IEnumerable<T> All<T>()
            where T : class, IRecord => books.All<T>();

        public AccountState Account(LedgerAccountId id) => books.Account(id);

        public HoldState Hold(HoldId hold) => books.Hold(hold);

        public IEnumerable<(LedgerAccountId Id, AccountState State)> Accounts(string prefix)
        {
            foreach (var (id, state) in books.Accounts(prefix))
            {
                var seen = state;
                seen.CreditsPosted += id.Value == account ? more : 0;
                yield return (id, seen);
            }
        }

        public (string Kind, IReadOnlyList<Posting> Postings)? Entry(EntryKey key) => books.Entry(key);
    }

    /// <summary>The interest income stands 9 fen above what its postings come to.</summary>
    private sealed class AlteredReader(IBookReader reader) : IBookReader
    {
        public DateTimeOffset Now => reader.Now;

        public Task<T?> FindAsync<T>(string id, CancellationToken cancel = default)
            where T : class, IRecord => reader.FindAsync<T>(id, cancel);

        public Task<IReadOnlyList<T>> ListAsync<T>(string index, string value, Page? page = null, CancellationToken cancel = default)
            where T : class, IRecord => reader.ListAsync<T>(index, value, page, cancel);

        public Task<IReadOnlyList<T>> ListAllAsync<T>(Page? page = null, CancellationToken cancel = default)
            where T : class, IRecord => reader.ListAllAsync<T>(page, cancel);

        public async Task<AccountRow?> AccountAsync(LedgerAccountId account, CancellationToken cancel = default)
        {
            if (await reader.AccountAsync(account, cancel) is not { } row || account != CreditAccounts.InterestIncome)
            {
                return await reader.AccountAsync(account, cancel);
            }

            var state = row.State;
            state.CreditsPosted += 9;
            return row with { State = state };
        }

        public Task<IReadOnlyList<AccountRow>> AccountsAsync(string prefix, int limit = 1000, CancellationToken cancel = default) => reader.AccountsAsync(prefix, limit, cancel);

        public Task<IReadOnlyList<PostingRow>> StatementAsync(LedgerAccountId account, long? before = null, int limit = 50, CancellationToken cancel = default) =>
            reader.StatementAsync(account, before, limit, cancel);

        public Task<IReadOnlyList<PostingRow>> EntryAsync(EntryKey key, CancellationToken cancel = default) => reader.EntryAsync(key, cancel);

        public Task<T> ReadStateAsync<T>(Func<IControlContext, T> read, CancellationToken cancel = default) => reader.ReadStateAsync(read, cancel);
    }
}
