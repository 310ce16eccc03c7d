using CsCheck;
using Peony.Credit;
using Peony.Ledger;

namespace Peony.Tests.Credit.Schedules;

public sealed class FeeInstalmentsTests
{
    [Fact]
    public void Principal_and_fee_add_up_and_differ_by_a_fen_at_most() => Gen.Select(Gen.Long[1, 100_000_000], Gen.Long[0, 10_000_000], Gen.Int[1, 60]).Sample((principal, fee, periods) =>
    {
        var instalments = FeeInstalments.Of(Money.Cny(principal), Money.Cny(fee), periods);
        return instalments.Count == periods
            && instalments.Sum(instalment => instalment.Principal.Minor) == principal && instalments.Sum(instalment => instalment.Fee.Minor) == fee
            && instalments[0].Principal.Minor - instalments[^1].Principal.Minor is 0 or 1 && instalments[0].Fee.Minor - instalments[^1].Fee.Minor is 0 or 1;
    }, iter: 2_000, writeLine: TestContext.Current.TestOutputHelper!.WriteLine);

    [Fact]
    public void A_fee_collected_at_once_comes_with_the_first_and_costs_more()
    {
        var principal = Money.Cny(100_000);
        var (once, each) = (FeeInstalments.Of(principal, Money.Cny(1_500), 3, feeAtOnce: true), FeeInstalments.Of(principal, Money.Cny(1_500), 3));
        Assert.Equal([1_500, 0, 0], once.Select(instalment => instalment.Fee.Minor));
        Assert.True(FeeInstalments.Annualised(principal, each).Simple < FeeInstalments.Annualised(principal, once).Simple);
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(-1, 0, 1)]
    [InlineData(1, -1, 1)]
    [InlineData(1, 1, 0)]
    [InlineData(1, 1, 1_201)]
    public void What_cannot_be_divided_is_refused(long principal, long fee, int periods) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => FeeInstalments.Of(Money.Cny(principal), Money.Cny(fee), periods));
}
