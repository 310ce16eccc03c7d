using System.Numerics;
using CsCheck;

namespace Peony.Ledger.Tests;

public sealed class RateTests
{
    [Theory]
    [InlineData(1_000_000, 30, 500, DayCount.Daily, Rounding.HalfUp, 15_000)]
    [InlineData(10_001, 1, 500, DayCount.Daily, Rounding.HalfUp, 5)]
    [InlineData(11_000, 1, 500, DayCount.Daily, Rounding.HalfUp, 6)]
    [InlineData(11_000, 1, 500, DayCount.Daily, Rounding.HalfEven, 6)]
    [InlineData(13_000, 1, 500, DayCount.Daily, Rounding.HalfEven, 6)]
    [InlineData(11_999, 1, 500, DayCount.Daily, Rounding.Down, 5)]
    [InlineData(10_001, 1, 500, DayCount.Daily, Rounding.Up, 6)]
    [InlineData(-11_000, 1, 500, DayCount.Daily, Rounding.HalfUp, -6)]
    [InlineData(-10_001, 1, 500, DayCount.Daily, Rounding.Up, -6)]
    [InlineData(1_000_000, 360, 180_000, DayCount.Actual360, Rounding.HalfUp, 180_000)]
    [InlineData(1_000_000, 365, 180_000, DayCount.Actual365, Rounding.HalfUp, 180_000)]
    [InlineData(1_000_000, 31, 180_000, DayCount.Actual360, Rounding.HalfUp, 15_500)]
    [InlineData(1_000_000, 31, 180_000, DayCount.Actual365, Rounding.HalfUp, 15_288)]
    [InlineData(1_000_000, 0, 500, DayCount.Daily, Rounding.Up, 0)]
    public void Interest_is_rounded_once_as_named(long principal, int days, long partsPerMillion, DayCount dayCount, Rounding rounding, long expected) =>
        Assert.Equal(Money.Cny(expected), new Rate(partsPerMillion).Interest(Money.Cny(principal), days, dayCount, rounding));

    [Fact]
    public void Interest_is_within_one_unit_of_the_exact_fraction() =>
        Gen.Select(Gen.Long[-1_000_000_000_000, 1_000_000_000_000], Gen.Int[0, 4_000], Gen.Long[0, 400_000], Gen.Enum<DayCount>(), Gen.Enum<Rounding>()).Sample(
            (principal, days, partsPerMillion, dayCount, rounding) =>
            {
                var interest = new Rate(partsPerMillion).Interest(Money.Cny(principal), days, dayCount, rounding).Minor;
                var divisor = new BigInteger(1_000_000) * (dayCount == DayCount.Daily ? 1 : dayCount == DayCount.Actual360 ? 360 : 365);
                var exact = new BigInteger(principal) * days * partsPerMillion;
                var gap = (interest * divisor) - exact;
                Assert.True(BigInteger.Abs(gap) < divisor);
                Assert.True(rounding is not (Rounding.HalfUp or Rounding.HalfEven) || BigInteger.Abs(gap) * 2 <= divisor);
                Assert.True(rounding != Rounding.Down || BigInteger.Abs(interest * divisor) <= BigInteger.Abs(exact));
                Assert.True(rounding != Rounding.Up || BigInteger.Abs(interest * divisor) >= BigInteger.Abs(exact));
            },
            iter: 20_000, writeLine: TestContext.Current.TestOutputHelper!.WriteLine);

    [Fact]
    public void A_share_is_taken_of_an_amount()
    {
        Assert.Equal(Money.Cny(10), new Rate(1_000).Of(Money.Cny(10_000), Rounding.HalfUp));
        Assert.Equal(Money.Cny(1), new Rate(1_000).Of(Money.Cny(1), Rounding.Up));
        Assert.Equal(Money.Cny(0), Rate.Zero.Of(Money.Cny(long.MaxValue), Rounding.Up));
    }

    [Fact]
    public void What_does_not_fit_is_a_defect()
    {
        Assert.Throws<OverflowException>(() => new Rate(Rate.Highest).Interest(Money.Cny(long.MaxValue), 1_000_000, DayCount.Daily, Rounding.Down));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Rate(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Rate(Rate.Highest + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Rate(1).Interest(Money.Cny(1), -1, DayCount.Daily, Rounding.Down));
    }

    [Theory]
    [InlineData(500, "0.05%")]
    [InlineData(180_000, "18%")]
    [InlineData(1, "0.0001%")]
    [InlineData(0, "0%")]
    public void A_rate_is_written_in_percent(long partsPerMillion, string text) => Assert.Equal(text, new Rate(partsPerMillion).ToString());
}
