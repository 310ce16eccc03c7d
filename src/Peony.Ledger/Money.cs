using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Peony.Ledger;

/// <summary>An amount in integer minor units of one currency. Arithmetic is checked; mixing currencies throws.</summary>
/// <param name="Minor">Minor units: 1 is one fen in CNY, one yen in JPY.</param>
/// <param name="Currency">The currency of the amount.</param>
public readonly record struct Money(long Minor, Currency Currency) : IComparable<Money>
{
    /// <summary>An amount in fen.</summary>
    public static Money Cny(long minor) => new(minor, Currency.Cny);

    /// <summary>Nothing, in the currency given.</summary>
    public static Money Zero(Currency currency) => new(0, currency);

    /// <summary>True for nothing.</summary>
    public bool IsZero => Minor == 0;

    /// <summary>True for more than nothing.</summary>
    public bool IsPositive => Minor > 0;

    /// <summary>The sum.</summary>
    /// <exception cref="OverflowException">The sum does not fit 64 bits.</exception>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    public static Money operator +(Money left, Money right) => new(checked(left.Minor + Same(left, right).Minor), left.Currency);

    /// <summary>The difference.</summary>
    /// <exception cref="OverflowException">The difference does not fit 64 bits.</exception>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    public static Money operator -(Money left, Money right) => new(checked(left.Minor - Same(left, right).Minor), left.Currency);

    /// <summary>The amount with the other sign.</summary>
    /// <exception cref="OverflowException">The amount is the lowest of 64 bits.</exception>
    public static Money operator -(Money money) => new(checked(-money.Minor), money.Currency);

    /// <summary>True when the left amount is lower.</summary>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    public static bool operator <(Money left, Money right) => left.Minor < Same(left, right).Minor;

    /// <summary>True when the left amount is higher.</summary>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    public static bool operator >(Money left, Money right) => left.Minor > Same(left, right).Minor;

    /// <summary>True when the left amount is not higher.</summary>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    public static bool operator <=(Money left, Money right) => left.Minor <= Same(left, right).Minor;

    /// <summary>True when the left amount is not lower.</summary>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    public static bool operator >=(Money left, Money right) => left.Minor >= Same(left, right).Minor;

    /// <summary>The lower of two amounts.</summary>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    public static Money Min(Money left, Money right) => left <= right ? left : right;

    /// <summary>The higher of two amounts.</summary>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    public static Money Max(Money left, Money right) => left >= right ? left : right;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    public int CompareTo(Money other) => Minor.CompareTo(Same(this, other).Minor);

    /// <summary>
    /// Splits the amount by weights and loses nothing: the parts add up to the amount. What does not divide evenly goes, one minor unit each,
    /// to the parts with the largest remainders, the earlier part first where remainders are equal. A negative amount is split as its opposite.
    /// </summary>
    /// <param name="weights">One or more, each 0 or more, not all 0. A part of weight 0 gets nothing.</param>
    /// <exception cref="ArgumentException">There are no weights, one is negative, or all are 0.</exception>
    /// <exception cref="OverflowException">The weights add up to more than 64 bits hold.</exception>
    public IReadOnlyList<Money> Allocate(params ReadOnlySpan<long> weights)
    {
        var total = 0L;
        foreach (var weight in weights)
        {
            if (weight < 0)
            {
                throw new ArgumentException("A weight is negative.", nameof(weights));
            }

            total = checked(total + weight);
        }

        if (total == 0)
        {
            throw new ArgumentException("There is no weight above zero.", nameof(weights));
        }

        var parts = new Money[weights.Length];
        var remainders = new (Int128 Remainder, int Index)[weights.Length];
        var left = Minor;
        for (var index = 0; index < weights.Length; index++)
        {
            var (share, remainder) = Int128.DivRem((Int128)Minor * weights[index], total);
            parts[index] = new((long)share, Currency);
            remainders[index] = (Int128.Abs(remainder), index);
            left -= (long)share;
        }

        Array.Sort(remainders, static (one, other) =>
            other.Remainder != one.Remainder ? other.Remainder.CompareTo(one.Remainder) : one.Index.CompareTo(other.Index));
        for (var rank = 0; left != 0; rank++)
        {
            var unit = Math.Sign(left);
            var index = remainders[rank].Index;
            parts[index] = new(parts[index].Minor + unit, Currency);
            left -= unit;
        }

        return parts;
    }

    /// <summary>Plain text for logs and files, invariant: <c>1283.50 CNY</c>. Screens use the edge's own formatting.</summary>
    public override string ToString() => $"{Amount()} {Currency.Code}";

    /// <summary>The amount as decimal text without the currency, with exactly the currency's decimal places: <c>-0.05</c>.</summary>
    public string Amount()
    {
        var exponent = Currency.Exponent;
        var digits = Int128.Abs(Minor).ToString(CultureInfo.InvariantCulture).PadLeft(exponent + 1, '0');
        var sign = Minor < 0 ? "-" : "";
        return exponent == 0 ? sign + digits : $"{sign}{digits[..^exponent]}.{digits[^exponent..]}";
    }

    /// <summary>Reads what <see cref="ToString"/> writes: <c>1283.50 CNY</c>.</summary>
    /// <exception cref="FormatException">The text is no amount with a known currency after one space.</exception>
    public static Money Parse(string text) =>
        TryParse(text, out var money) ? money : throw new FormatException($"'{text}' is not an amount with its currency.");

    /// <summary>Reads decimal text without the currency; see <see cref="TryParse(string?, Currency, out Money)"/>.</summary>
    /// <exception cref="FormatException">The text is not of that form.</exception>
    public static Money Parse(string amount, Currency currency) =>
        TryParse(amount, currency, out var money) ? money : throw new FormatException($"'{amount}' is not an amount in {currency}.");

    /// <summary>Reads what <see cref="ToString"/> writes: <c>1283.50 CNY</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Money money)
    {
        money = default;
        var space = text?.IndexOf(' ', StringComparison.Ordinal) ?? -1;
        return space > 0 && Currency.TryParse(text![(space + 1)..], out var currency) && TryParse(text[..space], currency, out money);
    }

    /// <summary>
    /// Reads decimal text without the currency, invariant: an optional minus, ASCII digits without needless leading zeros or separators, and, after a point,
    /// one to as many digits as the currency has decimal places. <c>88</c>, <c>88.8</c> and <c>88.80</c> are the same in CNY; <c>88.</c>, <c>.8</c>, <c>088</c>,
    /// <c>+88</c>, <c>8,8</c>, <c>88.808</c> and anything beyond 64 bits are no amounts.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? amount, Currency currency, out Money money)
    {
        money = default;
        if (string.IsNullOrEmpty(amount) || amount.Length > 21)
        {
            return false;
        }

        var isNegative = amount[0] == '-';
        var digits = amount.AsSpan(isNegative ? 1 : 0);
        var point = digits.IndexOf('.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? [] : digits[(point + 1)..];
        if (whole.IsEmpty || (whole.Length > 1 && whole[0] == '0') || fraction.Length > currency.Exponent || (point >= 0 && fraction.IsEmpty))
        {
            return false;
        }

        Int128 minor = 0;
        foreach (var digit in whole)
        {
            if (!Append(ref minor, digit))
            {
                return false;
            }
        }

        for (var place = 0; place < currency.Exponent; place++)
        {
            if (!Append(ref minor, place < fraction.Length ? fraction[place] : '0'))
            {
                return false;
            }
        }

        minor = isNegative ? -minor : minor;
        if (minor < long.MinValue || minor > long.MaxValue)
        {
            return false;
        }

        money = new((long)minor, currency);
        return true;
    }

    private static bool Append(ref Int128 minor, char digit)
    {
        minor = (minor * 10) + (digit - '0');
        return char.IsAsciiDigit(digit);
    }

    private static Money Same(Money left, Money right) => left.Currency == right.Currency
        ? right
        : throw new InvalidOperationException($"Amounts in {left.Currency} and {right.Currency} do not mix.");
}
