using System.Globalization;
using Peony.Ledger;
using Peony.Web.Shared;

namespace Peony.Tests.Web;

/// <summary>Amounts on screens: the same sign in every language of the page, decimals by the currency, and words for the ear.</summary>
public sealed class MoneyTextTests
{
    private static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN");
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");

    [Theory]
    [InlineData("CNY", 128350, "¥1,283.50", "¥1,283.50")]
    [InlineData("CNY", -2850, "−¥28.50", "−¥28.50")]
    [InlineData("CNY", 5, "¥0.05", "¥0.05")]
    [InlineData("CNY", 0, "¥0.00", "¥0.00")]
    [InlineData("USD", 128350, "US$1,283.50", "US$1,283.50")]
    [InlineData("JPY", 1284, "JP¥1,284", "JP¥1,284")]
    [InlineData("KWD", 1234567, "KWD 1,234.567", "KWD 1,234.567")]
    [InlineData("CNY", long.MaxValue, "¥92,233,720,368,547,758.07", "¥92,233,720,368,547,758.07")]
    [InlineData("CNY", long.MinValue, "−¥92,233,720,368,547,758.08", "−¥92,233,720,368,547,758.08")]
    public void An_amount_reads_the_same_whatever_the_language_of_the_page(string currency, long minor, string chinese, string english)
    {
        var money = new Money(minor, Currency.Parse(currency));
        Assert.Equal(chinese, MoneyText.Format(money, Chinese));
        Assert.Equal(english, MoneyText.Format(money, English));
    }

    [Theory]
    [InlineData("CNY", -2850, "负28.50元", "minus 28 yuan 50")]
    [InlineData("CNY", 100, "1.00元", "1 yuan")]
    [InlineData("USD", 2850, "28.50美元", "28 US dollars 50 cents")]
    [InlineData("JPY", 28, "28日元", "28 yen")]
    [InlineData("KWD", 1234, "1.234科威特第纳尔", "1 Kuwaiti dinars 234 fils")]
    public void An_amount_is_spoken_in_the_words_of_its_currency(string currency, long minor, string chinese, string english)
    {
        var money = new Money(minor, Currency.Parse(currency));
        Assert.Equal(chinese, MoneyText.Spoken(money, Chinese));
        Assert.Equal(english, MoneyText.Spoken(money, English));
    }

    [Theory]
    [InlineData("500", 50000)]
    [InlineData("500.5", 50050)]
    [InlineData(" ¥1,283.50 ", 128350)]
    [InlineData("１２３．４５", 12345)]
    [InlineData("1，000元", 100000)]
    [InlineData(".5", 50)]
    [InlineData("0", 0)]
    public void What_people_type_is_read(string text, long minor)
    {
        Assert.True(MoneyText.TryParse(text, Currency.Cny, out var money));
        Assert.Equal(Money.Cny(minor), money);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData(".")]
    [InlineData("-5")]
    [InlineData("1.234")]
    [InlineData("1.2.3")]
    [InlineData("5e3")]
    [InlineData("999999999999999")]
    public void What_is_no_amount_of_the_currency_is_refused(string? text) => Assert.False(MoneyText.TryParse(text, Currency.Cny, out _));

    [Fact]
    public void Yen_have_no_decimals_and_dinars_three()
    {
        Assert.False(MoneyText.TryParse("1.5", Currency.Jpy, out _));
        Assert.True(MoneyText.TryParse("1.234", Currency.Kwd, out var dinars));
        Assert.Equal(1234, dinars.Minor);
    }
}
