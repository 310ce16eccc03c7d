namespace Peony.Ledger.Tests;

public sealed class PostingRuleTests
{
    private readonly AccountState[] _accounts =
    [
        default,
        Account(1, NormalSide.Debit),
        Account(2, NormalSide.Credit, floor: 0),
        Account(3, NormalSide.Credit),
        Account(4, NormalSide.Debit, ceiling: 500),
        Account(5, NormalSide.Credit, currency: Currency.Usd),
    ];

    private readonly Dictionary<long, HoldState> _holds = [];
    private readonly PostingBatch _batch;

    public PostingRuleTests() => _batch = new PostingBatch(_accounts, _holds, 0);

    [Fact]
    public void A_hold_keeps_money_from_being_spent_twice()
    {
        Apply(Post(1, 2, 100));
        Apply(Hold(2, 3, 80));

        Assert.Equal(100, _accounts[2].Balance);
        Assert.Equal(20, _accounts[2].Available);
        Assert.Equal(PostingOutcome.BelowFloor, Try(Post(2, 3, 21)));
        Apply(Post(2, 3, 20));
    }

    [Fact]
    public void A_hold_is_captured_in_part_and_released_in_part()
    {
        Apply(Post(1, 2, 100));
        var hold = Apply(Hold(2, 3, 80))[0].Number;
        Apply(Use(PostingKind.Capture, hold, 30), Use(PostingKind.Release, hold, 10));

        Assert.Equal(40, _holds[hold].Remaining);
        Assert.Equal(HoldStatus.Open, _holds[hold].Status);
        Assert.Equal(70, _accounts[2].Balance);
        Assert.Equal(30, _accounts[3].Balance);

        Apply(Use(PostingKind.Capture, hold, 0));
        Assert.Equal(HoldStatus.Captured, _holds[hold].Status);
        Assert.Equal(70, _accounts[3].Balance);
        Assert.Equal(30, _accounts[2].Available);
        Assert.Equal(PostingOutcome.HoldNotOpen, Try(Use(PostingKind.Capture, hold, 1)));
        Assert.Equal(PostingOutcome.HoldNotOpen, Try(Use(PostingKind.Release, hold, 0)));
    }

    [Fact]
    public void A_hold_expires_whole_and_only_when_its_time_has_run_out()
    {
        Apply(Post(1, 2, 100));
        var hold = Apply(Hold(2, 3, 80, expiresAt: 1_000))[0].Number;

        Assert.Equal(PostingOutcome.HoldNotDue, Try(Use(PostingKind.Expire, hold, 0), now: 999));
        Assert.Equal(PostingOutcome.MoreThanHeld, Try(Use(PostingKind.Expire, hold, 79), now: 1_000));
        Assert.Equal(PostingOutcome.Applied, Try(Use(PostingKind.Expire, hold, 0), now: 1_000));
        Assert.Equal(HoldStatus.Expired, _holds[hold].Status);
        Assert.Equal(100, _accounts[2].Available);
    }

    [Fact]
    public void A_hold_without_an_end_never_expires()
    {
        Apply(Post(1, 2, 100));
        var hold = Apply(Hold(2, 3, 80))[0].Number;

        Assert.Equal(PostingOutcome.HoldNotDue, Try(Use(PostingKind.Expire, hold, 0), now: long.MaxValue));
    }

    [Fact]
    public void A_hold_gives_no_more_than_it_holds()
    {
        Apply(Post(1, 2, 100));
        var hold = Apply(Hold(2, 3, 80))[0].Number;

        Assert.Equal(PostingOutcome.MoreThanHeld, Try(Use(PostingKind.Capture, hold, 81)));
        Assert.Equal(PostingOutcome.HoldNotOpen, Try(Use(PostingKind.Capture, hold + 1, 1)));
    }

    [Fact]
    public void A_posting_that_names_other_accounts_than_its_hold_is_refused()
    {
        Apply(Post(1, 2, 100));
        var hold = Apply(Hold(2, 3, 80))[0].Number;
        var stray = new Posting { Kind = PostingKind.Capture, Hold = hold, Debit = 2, Credit = 1, Amount = 80 };

        Assert.Equal(PostingOutcome.HoldOfOtherAccounts, Try(stray));
    }

    [Fact]
    public void A_ceiling_counts_what_is_held_against_it()
    {
        var hold = Apply(Hold(4, 3, 300))[0].Number;

        Assert.Equal(200, _accounts[4].Room);
        Assert.Equal(PostingOutcome.AboveCeiling, Try(Post(4, 3, 201)));
        Apply(Post(4, 3, 200));
        Apply(Use(PostingKind.Capture, hold, 0));
        Assert.Equal(500, _accounts[4].Balance);
        Assert.Equal(0, _accounts[4].Room);
    }

    [Fact]
    public void What_is_over_a_lowered_limit_stays_and_nothing_more_is_added()
    {
        Apply(Post(4, 3, 400));
        _accounts[4].Ceiling = 100;

        Assert.Equal(0, _accounts[4].Room);
        Assert.Equal(PostingOutcome.AboveCeiling, Try(Post(4, 3, 1)));
        Apply(Post(3, 4, 350));
        Assert.Equal(50, _accounts[4].Balance);
    }

    [Theory]
    [InlineData(1, 2, 0, PostingOutcome.AmountNotPositive)]
    [InlineData(1, 2, -5, PostingOutcome.AmountNotPositive)]
    [InlineData(1, 1, 5, PostingOutcome.SameAccount)]
    [InlineData(1, 5, 5, PostingOutcome.CurrenciesDiffer)]
    [InlineData(2, 3, 5, PostingOutcome.BelowFloor)]
    [InlineData(4, 3, 501, PostingOutcome.AboveCeiling)]
    [InlineData(1, 3, long.MaxValue, PostingOutcome.Overflow)]
    public void A_bad_posting_is_refused_with_its_reason_and_changes_nothing(int debit, int credit, long amount, PostingOutcome expected)
    {
        var before = _accounts.ToArray();

        Assert.Equal(expected, Try(Post(debit, credit, amount)));
        Assert.Equal(expected, Try(Hold(debit, credit, amount)));
        Assert.Equal(before, _accounts);
        Assert.Empty(_holds);
    }

    [Fact]
    public void An_entry_is_applied_whole_or_not_at_all()
    {
        Apply(Post(1, 2, 100));
        var hold = Apply(Hold(2, 3, 80))[0].Number;
        var (accounts, held, last) = (_accounts.ToArray(), _holds[hold], _batch.LastPosting);

        Assert.Equal(PostingOutcome.BelowFloor, Try(Use(PostingKind.Capture, hold, 50), Hold(1, 3, 7), Post(2, 3, 1_000)));
        Assert.Equal(accounts, _accounts);
        Assert.Equal(held, Assert.Single(_holds).Value);
        Assert.Equal(last, _batch.LastPosting);
    }

    [Fact]
    public void A_bad_entry_spoils_no_other_of_its_batch()
    {
        var postings = new[] { Post(1, 2, 100), Post(2, 3, 500), Post(2, 3, 60), Post(3, 2, 10) };
        var outcomes = new PostingOutcome[3];

        Assert.Equal(2, _batch.Apply(postings, [1, 1, 2], outcomes, now: 0));
        Assert.Equal([PostingOutcome.Applied, PostingOutcome.BelowFloor, PostingOutcome.Applied], outcomes);
        Assert.Equal(50, _accounts[2].Balance);
        Assert.Equal(3, _batch.LastPosting);
    }

    [Fact]
    public void A_batch_whose_lengths_do_not_fit_is_a_defect()
    {
        Assert.Throws<ArgumentException>(() => _batch.Apply(new[] { Post(1, 2, 1) }, [2], new PostingOutcome[1], now: 0));
        Assert.Throws<ArgumentException>(() => _batch.Apply(new[] { Post(1, 2, 1) }, [1, 0], new PostingOutcome[2], now: 0));
        Assert.Throws<ArgumentException>(() => _batch.Apply(new[] { Post(1, 2, 1) }, [1], [], now: 0));
    }

    [Fact]
    public void A_reversal_takes_back_every_posting_and_cites_the_entry()
    {
        var (bank, wallet, fee) = (new LedgerAccountId("bank"), new LedgerAccountId("wallet"), new LedgerAccountId("fee"));
        var entry = new Entry(new EntryKey("topup/1"), "topup", PostingLine.Post(bank, wallet, Money.Cny(100)), PostingLine.Post(wallet, fee, Money.Cny(2)));

        var reversal = entry.Reverse(new EntryKey("topup/1/reversed"), "topup.reversed");

        Assert.Equal(entry.Key, reversal.Cites);
        Assert.Equal([PostingLine.Post(fee, wallet, Money.Cny(2)), PostingLine.Post(wallet, bank, Money.Cny(100))], reversal.Lines);
    }

    [Fact]
    public void A_hold_is_released_not_reversed()
    {
        var entry = new Entry(new EntryKey("held/1"), "held", PostingLine.MakeHold(new LedgerAccountId("a"), new LedgerAccountId("b"), Money.Cny(1), null));

        Assert.Throws<InvalidOperationException>(() => entry.Reverse(new EntryKey("held/1/reversed"), "held.reversed"));
    }

    private static AccountState Account(long number, NormalSide side, long floor = AccountState.NoFloor, long ceiling = AccountState.NoCeiling, Currency currency = default) =>
        new() { Number = number, Side = side, Currency = currency, Floor = floor, Ceiling = ceiling };

    private static Posting Post(long debit, long credit, long amount) => new() { Kind = PostingKind.Post, Debit = debit, Credit = credit, Amount = amount };

    private static Posting Hold(long debit, long credit, long amount, long expiresAt = 0) =>
        new() { Kind = PostingKind.Hold, Debit = debit, Credit = credit, Amount = amount, ExpiresAt = expiresAt };

    private static Posting Use(PostingKind kind, long hold, long amount) => new() { Kind = kind, Hold = hold, Amount = amount };

    private Posting[] Apply(params Posting[] entry)
    {
        Assert.Equal(PostingOutcome.Applied, _batch.Apply(entry, now: 0));
        return entry;
    }

    private PostingOutcome Try(params Posting[] entry) => _batch.Apply(entry, now: 0);

    private PostingOutcome Try(Posting posting, long now) => _batch.Apply([posting], now);
}
