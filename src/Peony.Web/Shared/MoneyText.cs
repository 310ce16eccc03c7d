using System.Globalization;
using Peony.Ledger;

namespace Peony.Web.Shared;

/// <summary>Amounts as people read, hear and type them. The only place where money becomes text on a screen.</summary>
/// <remarks>Never <c>ToString("C")</c>: it takes the currency from the language of the page, so a yuan amount on an English page gets the wrong sign.</remarks>
internal static class MoneyText
{
    /// <summary>The sign, the whole part with thousands, and the decimals with their point: <c>-</c> <c>¥</c> <c>1,283</c> <c>.50</c>.</summary>
    public readonly record struct Parts(string Minus, string Sign, string Whole, string Decimals)
    {
        public override string ToString() => Minus + Sign + Whole + Decimals;
    }

    /// <summary>The amount for the eye: <c>¥1,283.50</c>. The home currency has the short sign; every other is unmistakable.</summary>
    public static string Format(Money money, CultureInfo language) => Split(money, language).ToString();

    /// <summary>A rate for the eye: <c>18.25%</c>.</summary>
    public static string Percent(long partsPerMillion) => (partsPerMillion / 10_000m).ToString("0.00", CultureInfo.InvariantCulture) + "%";

    public static Parts Split(Money money, CultureInfo language)
    {
        var plain = money.Amount();
        var minus = plain.StartsWith('-') ? "−" : "";
        var digits = plain.TrimStart('-');
        var point = digits.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? digits : digits[..point];
        var grouped = UInt128.Parse(whole, CultureInfo.InvariantCulture).ToString("N0", CultureInfo.InvariantCulture);
        return new Parts(minus, SignOf(money.Currency.Code, IsChinese(language)), grouped, point < 0 ? "" : digits[point..]);
    }

    /// <summary>The amount for the ear: <c>minus 28 yuan 50</c>, <c>负28.50元</c>.</summary>
    public static string Spoken(Money money, CultureInfo language)
    {
        var plain = money.Amount();
        var isMinus = plain.StartsWith('-');
        var digits = plain.TrimStart('-');
        var (chinese, english, minor) = UnitsOf(money.Currency.Code);
        if (IsChinese(language))
        {
            return (isMinus ? "负" : "") + digits + chinese;
        }

        var point = digits.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? digits : digits[..point];
        var rest = point < 0 ? "" : digits[(point + 1)..].TrimStart('0');
        return (isMinus ? "minus " : "") + whole + " " + english + (rest.Length == 0 ? "" : " " + rest + (minor.Length == 0 ? "" : " " + minor));
    }

    /// <summary>Reads what a person typed: thousands commas, a currency sign and full-width digits are fine; more decimals than the currency has are not.</summary>
    public static bool TryParse(string? text, Currency currency, out Money money)
    {
        money = Money.Zero(currency);
        var plain = Narrow(text ?? "");
        var point = plain.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? plain : plain[..point];
        var decimals = point < 0 ? "" : plain[(point + 1)..];
        if (whole.Length + decimals.Length == 0 || whole.Length > 14 || decimals.Length > currency.Exponent || !(whole + decimals).All(char.IsAsciiDigit))
        {
            return false;
        }

        money = new Money(long.Parse("0" + whole + decimals.PadRight(currency.Exponent, '0'), CultureInfo.InvariantCulture), currency);
        return true;
    }

    /// <summary>What goes into an input: digits and a point, no sign, no commas.</summary>
    public static string Plain(Money money) => money.Amount();

    private static string Narrow(string text)
    {
        var narrow = new System.Text.StringBuilder(text.Length);
        foreach (var letter in text.Trim())
        {
            if (letter is >= '０' and <= '９')
            {
                narrow.Append((char)(letter - '０' + '0'));
            }
            else if (letter is '．' or '。')
            {
                narrow.Append('.');
            }
            else if (letter is not (',' or '，' or ' ' or '¥' or '￥' or '元'))
            {
                narrow.Append(letter);
            }
        }

        return narrow.ToString();
    }

    private static bool IsChinese(CultureInfo language) => language.TwoLetterISOLanguageName == "zh";

    private static string SignOf(string code, bool isChinese) => code switch
    {
        "CNY" => "¥",
        "USD" => "US$",
        "EUR" => "€",
        "HKD" => "HK$",
        "JPY" => "JP¥",
        "GBP" => "£",
        "SGD" => isChinese ? "新元 " : "S$",
        _ => code + " ",
    };

    private static (string Chinese, string English, string Minor) UnitsOf(string code) => code switch
    {
        "CNY" => ("元", "yuan", ""),
        "USD" => ("美元", "US dollars", "cents"),
        "EUR" => ("欧元", "euros", "cents"),
        "HKD" => ("港元", "Hong Kong dollars", "cents"),
        "JPY" => ("日元", "yen", ""),
        "KWD" => ("科威特第纳尔", "Kuwaiti dinars", "fils"),
        "GBP" => ("英镑", "pounds", "pence"),
        "SGD" => ("新加坡元", "Singapore dollars", "cents"),
        _ => (code, code, ""),
    };
}
