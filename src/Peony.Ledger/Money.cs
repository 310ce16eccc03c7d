namespace Peony.Ledger;

/// <summary>An amount in integer minor units of one currency. Arithmetic is checked; mixing currencies throws.</summary>
/// <param name="Minor">Minor units: 1 is one fen in CNY, one yen in JPY.</param>
/// <param name="Currency">The currency of the amount.</param>
public readonly record struct Money(long Minor, Currency Currency) : IComparable<Money>
{
    public static Money Cny(long minor) => new(minor, Currency.Cny);

    public static Money Zero(Currency currency) => new(0, currency);

    public bool IsZero => Minor == 0;

    public bool IsPositive => Minor > 0;

    /// <exception cref="OverflowException">The sum does not fit 64 bits.</exception>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    public static Money operator +(Money left, Money right) => new(checked(left.Minor + Same(left, right).Minor), left.Currency);

    public static Money operator -(Money left, Money right) => new(checked(left.Minor - Same(left, right).Minor), left.Currency);

    public static Money operator -(Money money) => new(checked(-money.Minor), money.Currency);

    public static bool operator <(Money left, Money right) => left.Minor < Same(left, right).Minor;

    public static bool operator >(Money left, Money right) => left.Minor > Same(left, right).Minor;

    public static bool operator <=(Money left, Money right) => left.Minor <= Same(left, right).Minor;

    public static bool operator >=(Money left, Money right) => left.Minor >= Same(left, right).Minor;

    public static Money Min(Money left, Money right) => left <= right ? left : right;

    public static Money Max(Money left, Money right) => left >= right ? left : right;

    public int CompareTo(Money other) => Minor.CompareTo(Same(this, other).Minor);

    /// <summary>Plain text for logs and files, invariant: <c>1283.50 CNY</c>. Screens use the edge's own formatting.</summary>
    public override string ToString() => $"{Amount()} {Currency.Code}";

    private static Money Same(Money left, Money right) => left.Currency == right.Currency
        ? right
        : throw new InvalidOperationException($"Amounts in {left.Currency} and {right.Currency} do not mix.");

    /// <summary>The amount as decimal text without the currency, with exactly the currency's decimal places: <c>-0.05</c>.</summary>
    public string Amount()
    {
        var exponent = Currency.Exponent;
        var sign = Minor < 0 ? "-" : "";
        var digits = UInt128.Parse(Minor == long.MinValue ? "9223372036854775808" : Math.Abs(Minor).ToString(System.Globalization.CultureInfo.InvariantCulture),
            System.Globalization.CultureInfo.InvariantCulture).ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(exponent + 1, '0');
        return exponent == 0 ? sign + digits : $"{sign}{digits[..^exponent]}.{digits[^exponent..]}";
    }
}
