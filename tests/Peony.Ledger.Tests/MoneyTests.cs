using System.Numerics;
using CsCheck;

namespace Peony.Ledger.Tests;

public sealed class MoneyTests
{
    private static readonly Gen<Currency> ACurrency = Gen.Int[0, 3].Select(index => new[] { Currency.Cny, Currency.Usd, Currency.Jpy, Currency.Kwd }[index]);

    private static readonly Gen<Money> AnAmount =
        Gen.Select(Gen.Frequency((1, Gen.Int[0, 6].Select(index => new[] { long.MinValue, long.MaxValue, 0, -1, 1, 99, -100 }[index])), (3, Gen.Long), (3, Gen.Long[-100_000, 100_000])), ACurrency,
            (minor, currency) => new Money(minor, currency));

    [Fact]
    public void Reading_what_was_written_gives_the_same_amount() => AnAmount.Sample(
        money => Money.Parse(money.ToString()) == money && Money.Parse(money.Amount(), money.Currency) == money,
        iter: 20_000, writeLine: TestContext.Current.TestOutputHelper!.WriteLine);

    [Theory]
    [InlineData("88", 8800)]
    [InlineData("88.8", 8880)]
    [InlineData("88.80", 8880)]
    [InlineData("0", 0)]
    [InlineData("0.01", 1)]
    [InlineData("-0.05", -5)]
    [InlineData("92233720368547758.07", long.MaxValue)]
    [InlineData("-92233720368547758.08", long.MinValue)]
    public void Decimal_text_is_an_amount(string text, long fen) => Assert.Equal(Money.Cny(fen), Money.Parse(text, Currency.Cny));

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".8")]
    [InlineData("88.")]
    [InlineData("088")]
    [InlineData("+88")]
    [InlineData("8,800.00")]
    [InlineData(" 88")]
    [InlineData("88 ")]
    [InlineData("88.808")]
    [InlineData("8e2")]
    [InlineData("８８")]
    [InlineData("٨٨")]
    [InlineData("--8")]
    [InlineData("8.-8")]
    [InlineData("NaN")]
    [InlineData("92233720368547758.08")]
    [InlineData("99999999999999999999999999999999999999999999")]
    public void Other_text_is_not(string text)
    {
        Assert.False(Money.TryParse(text, Currency.Cny, out _));
        Assert.Throws<FormatException>(() => Money.Parse(text, Currency.Cny));
    }

    [Theory]
    [InlineData("1.00")]
    [InlineData("1.00CNY")]
    [InlineData("1.00  CNY")]
    [InlineData("1.00 cny")]
    [InlineData("1.00 XXX")]
    [InlineData("1.5 JPY")]
    [InlineData("CNY 1.00")]
    public void An_amount_without_its_currency_in_place_is_not_read(string text) => Assert.Throws<FormatException>(() => Money.Parse(text));

    [Fact]
    public void Amounts_of_two_currencies_do_not_mix()
    {
        Assert.Throws<InvalidOperationException>(() => Money.Cny(1) + new Money(1, Currency.Usd));
        Assert.Throws<InvalidOperationException>(() => Money.Cny(1) < new Money(1, Currency.Usd));
        Assert.Throws<OverflowException>(() => Money.Cny(long.MaxValue) + Money.Cny(1));
    }

    [Fact]
    public void Allocating_loses_nothing_and_is_fair() => Gen.Select(AnAmount, Gen.Long[0, 1_000_000].Array[1, 24]).Where((_, weights) => weights.Sum() > 0).Sample(
        (money, weights) =>
        {
            var parts = money.Allocate(weights);
            var total = weights.Sum();
            Assert.Equal((BigInteger)money.Minor, parts.Aggregate(BigInteger.Zero, (sum, part) => sum + part.Minor));
            for (var index = 0; index < weights.Length; index++)
            {
                // No part is a whole unit away from its exact share, and nothing goes to a part of no weight.
                Assert.True(BigInteger.Abs(((BigInteger)parts[index].Minor * total) - ((BigInteger)money.Minor * weights[index])) < total);
                Assert.True(weights[index] > 0 || parts[index].IsZero);
            }
        },
        iter: 20_000, writeLine: TestContext.Current.TestOutputHelper!.WriteLine);

    [Theory]
    [InlineData(100, new long[] { 1, 1, 1 }, new long[] { 34, 33, 33 })]
    [InlineData(-100, new long[] { 1, 1, 1 }, new long[] { -34, -33, -33 })]
    [InlineData(5, new long[] { 3, 7 }, new long[] { 2, 3 })]
    [InlineData(10, new long[] { 2, 0, 5 }, new long[] { 3, 0, 7 })]
    [InlineData(1, new long[] { 0, 0, 9 }, new long[] { 0, 0, 1 })]
    [InlineData(0, new long[] { 4, 2 }, new long[] { 0, 0 })]
    public void What_does_not_divide_goes_to_the_largest_remainders(long amount, long[] weights, long[] parts) =>
        Assert.Equal(parts, Money.Cny(amount).Allocate(weights).Select(part => part.Minor));

    [Fact]
    public void Allocating_needs_a_weight()
    {
        Assert.Throws<ArgumentException>(() => Money.Cny(1).Allocate());
        Assert.Throws<ArgumentException>(() => Money.Cny(1).Allocate(0, 0));
        Assert.Throws<ArgumentException>(() => Money.Cny(1).Allocate(2, -1));
    }
}
