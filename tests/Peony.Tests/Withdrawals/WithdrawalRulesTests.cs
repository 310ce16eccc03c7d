using CsCheck;
using Peony.Ledger;
using Peony.Withdrawals;

namespace Peony.Tests.Withdrawals;

public sealed class WithdrawalRulesTests
{
    private readonly WithdrawalRules _rules = WithdrawalRules.Shipped();

    [Theory]
    [InlineData(1, 10)]
    [InlineData(100_00, 10)]
    [InlineData(105_00, 11)]
    [InlineData(500_00, 50)]
    [InlineData(25_000_00, 25_00)]
    [InlineData(50_000_00, 25_00)]
    public void A_fee_is_a_share_with_a_least_and_a_most(long amount, long fee) =>
        Assert.Equal(Money.Cny(fee), _rules.Route(WithdrawalSource.Wallet, toCard: true)!.Fee(Money.Cny(amount)));

    [Fact]
    public void The_most_within_a_balance_fits_with_its_fee_and_one_fen_more_does_not() => Gen.Long[0, 100_000_000].Sample(
        available =>
        {
            var route = _rules.Route(WithdrawalSource.Wallet, toCard: true)!;
            var most = route.MostWithin(Money.Cny(available));
            var more = most + Money.Cny(1);
            return (most.IsZero || (most + route.Fee(most)).Minor <= available) && (more + route.Fee(more)).Minor > available;
        },
        iter: 5_000, writeLine: TestContext.Current.TestOutputHelper!.WriteLine);

    [Theory]
    [InlineData("\"least\": 1,", "\"least\": 0,")]
    [InlineData("\"newCardMost\": 100000", "\"newCardMost\": 0")]
    [InlineData("\"lifeSeconds\": 300", "\"lifeSeconds\": 0")]
    [InlineData("\"wrongTriesPerDay\": 20", "\"wrongTriesPerDay\": 101")]
    [InlineData("\"feeMost\": 2500", "\"feeMost\": 9")]
    [InlineData("\"arrivesMinutes\": 0", "\"arrivesMinutes\": -1")]
    [InlineData("\"toCard\": false", "\"toCard\": true")]
    [InlineData("\"version\"", "\"verzion\"")]
    [InlineData("\"CNY\"", "\"XXX\"")]
    public void Rules_that_contradict_themselves_do_not_start(string from, string to)
    {
        var json = File.ReadAllText(Path.Combine(Repository.Root, "src", "Peony", "Withdrawals", "withdrawals.json"));
        Assert.Equal(_rules.Version, WithdrawalRules.Parse(json).Version);

        Assert.Contains(from, json, StringComparison.Ordinal);
        var exception = Record.Exception(() => WithdrawalRules.Parse(json.Replace(from, to, StringComparison.Ordinal)));
        Assert.True(exception is InvalidOperationException);
    }
}
