using System.Numerics;
using CsCheck;

namespace Peony.Ledger.Tests;

/// <summary>Random histories, the ledger beside the model. A failure prints its seed; <c>CsCheck_Seed</c> plays it again.</summary>
public sealed class PostingProperties
{
    private static readonly Gen<LedgerModel.Account> AnAccount =
        from growsByCredit in Gen.Bool
        from currency in Gen.Frequency((5, Gen.Const("CNY")), (1, Gen.Const("USD")))
        from floor in Gen.Frequency((1, Gen.Const(default(int?))), (2, Gen.Int[-300, 0].Select(value => (int?)value)))
        from ceiling in Gen.Frequency((1, Gen.Const(default(int?))), (2, Gen.Int[0, 500].Select(value => (int?)value)))
        select new LedgerModel.Account(growsByCredit, currency, floor, ceiling);

    private static readonly Gen<LedgerModel.Ask> AnAsk =
        from verb in Gen.Frequency((4, Gen.Const("post")), (4, Gen.Const("hold")), (3, Gen.Const("capture")), (2, Gen.Const("release")), (2, Gen.Const("expire")))
        from fromAccount in Gen.Int[0, 3]
        from toAccount in Gen.Int[0, 3]
        from amount in Gen.Frequency((1, Gen.Int[-1, 0]), (8, Gen.Int[1, 200]))
        from holdIndex in Gen.Int[0, 12]
        from until in Gen.Frequency((1, Gen.Const(0L)), (3, Gen.Long[1, 40]))
        select new LedgerModel.Ask(verb, fromAccount, toAccount, verb is "post" or "hold" ? amount : Math.Max(amount, 0), holdIndex, until);

    private static readonly Gen<(LedgerModel.Account[] Accounts, LedgerModel.Ask[][] Entries)> AHistory =
        Gen.Select(AnAccount.Array[4], AnAsk.Array[1, 4].Array[1, 40]);

    [Fact]
    public void The_ledger_does_what_the_model_does() => AHistory.Sample(
        history =>
        {
            var model = new LedgerModel { Accounts = history.Accounts };
            var accounts = Open(history.Accounts);
            var holds = new Dictionary<long, HoldState>();
            var batch = new PostingBatch(accounts, holds, 0);
            for (var now = 0; now < history.Entries.Length; now++)
            {
                var holdNumbers = holds.Keys.Order().ToArray();
                var expected = model.Enter(history.Entries[now].Where(ask => IsUsable(ask, holdNumbers.Length)), now);
                var actual = batch.Apply(history.Entries[now].Where(ask => IsUsable(ask, holdNumbers.Length)).Select(ask => PostingOf(ask, holdNumbers)).ToArray(), now);
                Assert.Equal(expected, WordOf(actual));
                Compare(model, accounts, holds);
            }
        },
        iter: 20_000, writeLine: TestContext.Current.TestOutputHelper!.WriteLine);

    [Fact]
    public void Every_history_balances_per_currency_and_keeps_its_limits() => AHistory.Sample(
        history =>
        {
            var accounts = Open(history.Accounts);
            var batch = new PostingBatch(accounts, [], 0);
            var postings = history.Entries.SelectMany(entry => entry).Select(ask => PostingOf(ask, [1, 2, 3, 4, 5, 6])).ToArray();
            var outcomes = new PostingOutcome[history.Entries.Length];
            var applied = batch.Apply(postings, history.Entries.Select(entry => entry.Length).ToArray(), outcomes, now: 20);

            Assert.Equal(applied, outcomes.Count(outcome => outcome == PostingOutcome.Applied));
            foreach (var currency in accounts[1..].GroupBy(account => account.Currency))
            {
                Assert.Equal(currency.Sum(account => account.DebitsPosted), currency.Sum(account => account.CreditsPosted));
                Assert.Equal(currency.Sum(account => account.DebitsPending), currency.Sum(account => account.CreditsPending));
            }

            // A floor above, or a ceiling below, where the account began is the only way to be outside.
            Assert.All(accounts[1..], account => Assert.True(account.Floor == AccountState.NoFloor || account.LowBalance >= account.Floor));
            Assert.All(accounts[1..], account => Assert.True(account.Ceiling == AccountState.NoCeiling || account.HighBalance <= account.Ceiling));
            Assert.All(accounts[1..], account => Assert.True(account is { DebitsPending: >= 0, CreditsPending: >= 0, DebitsPosted: >= 0, CreditsPosted: >= 0 }));
        },
        iter: 5_000, writeLine: TestContext.Current.TestOutputHelper!.WriteLine);

    [Fact]
    public void Each_accounts_postings_form_one_chain_and_numbers_have_no_gaps() => AHistory.Sample(
        history =>
        {
            var accounts = Open(history.Accounts);
            var batch = new PostingBatch(accounts, [], 0);
            var kept = new List<Posting>();
            foreach (var entry in history.Entries)
            {
                var postings = entry.Select(ask => PostingOf(ask, [1, 2, 3, 4, 5, 6])).ToArray();
                if (batch.Apply(postings, now: 20) == PostingOutcome.Applied)
                {
                    kept.AddRange(postings);
                }
            }

            Assert.Equal(Enumerable.Range(1, kept.Count).Select(number => (long)number), kept.Select(posting => posting.Number));
            Assert.Equal(kept.Count, batch.LastPosting);
            foreach (var account in accounts[1..])
            {
                var mine = kept.Where(posting => posting.Debit == account.Number || posting.Credit == account.Number).Select(posting => posting.Number).Reverse().ToList();
                var walked = new List<long>();
                for (var number = account.LastPosting; number != 0;)
                {
                    walked.Add(number);
                    var posting = kept[(int)number - 1];
                    number = posting.Debit == account.Number ? posting.PreviousOfDebit : posting.PreviousOfCredit;
                }

                Assert.Equal(mine, walked);
            }
        },
        iter: 2_000, writeLine: TestContext.Current.TestOutputHelper!.WriteLine);

    // A posting names its hold's accounts; a hold that is not there yet has none, so such an ask says nothing about the rule.
    private static bool IsUsable(LedgerModel.Ask ask, int holdCount) => ask.Verb is "post" or "hold" || ask.HoldIndex < holdCount;

    private static AccountState[] Open(LedgerModel.Account[] accounts) =>
        [default, .. accounts.Select((account, index) => new AccountState
        {
            Number = index + 1,
            Side = account.GrowsByCredit ? NormalSide.Credit : NormalSide.Debit,
            Currency = Currency.Parse(account.Currency),
            Floor = account.Floor is { } floor ? (long)floor : AccountState.NoFloor,
            Ceiling = account.Ceiling is { } ceiling ? (long)ceiling : AccountState.NoCeiling,
        })];

    private static Posting PostingOf(LedgerModel.Ask ask, long[] holdNumbers)
    {
        var kind = ask.Verb switch
        {
            "post" => PostingKind.Post,
            "hold" => PostingKind.Hold,
            "capture" => PostingKind.Capture,
            "release" => PostingKind.Release,
            _ => PostingKind.Expire,
        };
        return ask.Verb is "post" or "hold"
            ? new Posting { Kind = kind, Debit = ask.From + 1, Credit = ask.To + 1, Amount = (long)ask.Amount, ExpiresAt = ask.Verb == "hold" ? ask.Until : 0 }
            : new Posting { Kind = kind, Hold = holdNumbers[ask.HoldIndex % holdNumbers.Length], Amount = (long)ask.Amount };
    }

    private static string WordOf(PostingOutcome outcome) => outcome switch
    {
        PostingOutcome.Applied => "applied",
        PostingOutcome.AmountNotPositive => "not positive",
        PostingOutcome.SameAccount => "same account",
        PostingOutcome.CurrenciesDiffer => "currencies",
        PostingOutcome.BelowFloor => "floor",
        PostingOutcome.AboveCeiling => "ceiling",
        PostingOutcome.HoldNotOpen => "not open",
        PostingOutcome.MoreThanHeld => "more than held",
        PostingOutcome.HoldNotDue => "not due",
        PostingOutcome.Overflow or PostingOutcome.HoldOfOtherAccounts or PostingOutcome.AccountNotOpen => outcome.ToString(),
    };

    private static void Compare(LedgerModel model, AccountState[] accounts, Dictionary<long, HoldState> holds)
    {
        for (var index = 0; index < model.Accounts.Count; index++)
        {
            var account = accounts[index + 1];
            (BigInteger, BigInteger, BigInteger, BigInteger) totals = (account.DebitsPending, account.DebitsPosted, account.CreditsPending, account.CreditsPosted);
            Assert.Equal(model.Totals(index), totals);
            Assert.Equal(model.Posted(index), (BigInteger)account.Balance);
        }

        var inOrder = holds.Values.OrderBy(hold => hold.Number).ToArray();
        Assert.Equal(model.Holds.Count, inOrder.Length);
        for (var index = 0; index < inOrder.Length; index++)
        {
            var (hold, expected) = (inOrder[index], model.Holds[index]);
            Assert.Equal((expected.First, expected.Left, expected.Until), ((BigInteger)hold.Amount, (BigInteger)hold.Remaining, hold.ExpiresAt));
            Assert.Equal(expected.End, hold.Status switch
            {
                HoldStatus.Open => "open",
                HoldStatus.Captured => "capture",
                HoldStatus.Released => "release",
                HoldStatus.Expired => "expire",
            });
        }
    }
}
