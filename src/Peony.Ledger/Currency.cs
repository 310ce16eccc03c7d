namespace Peony.Ledger;

/// <summary>A currency of ISO 4217: its three-letter code and its exponent, the number of decimal places of its minor unit.</summary>
/// <remarks>Only the currencies listed here exist; an unknown code is refused where text is parsed. Source: ISO 4217 list one.</remarks>
public readonly record struct Currency
{
    private readonly byte _index;

    private Currency(byte index) => _index = index;

    private static readonly (string Code, byte Exponent)[] Known =
        [("CNY", 2), ("USD", 2), ("EUR", 2), ("HKD", 2), ("JPY", 0), ("KWD", 3), ("GBP", 2), ("SGD", 2)];

    /// <summary>Chinese yuan; also the default value.</summary>
    public static readonly Currency Cny = new(0);

    /// <summary>US dollar.</summary>
    public static readonly Currency Usd = new(1);

    /// <summary>Euro.</summary>
    public static readonly Currency Eur = new(2);

    /// <summary>Hong Kong dollar.</summary>
    public static readonly Currency Hkd = new(3);

    /// <summary>Japanese yen, without a minor unit.</summary>
    public static readonly Currency Jpy = new(4);

    /// <summary>Kuwaiti dinar, of a thousand fils.</summary>
    public static readonly Currency Kwd = new(5);

    /// <summary>Pound sterling.</summary>
    public static readonly Currency Gbp = new(6);

    /// <summary>Singapore dollar.</summary>
    public static readonly Currency Sgd = new(7);

    /// <summary>Three upper-case letters.</summary>
    public string Code => Known[_index].Code;

    /// <summary>Decimal places of the minor unit, 0 to 3.</summary>
    public int Exponent => Known[_index].Exponent;

    /// <summary>The currency of a three-letter code, in upper case.</summary>
    /// <exception cref="FormatException">The code is not in the list.</exception>
    public static Currency Parse(string code) =>
        TryParse(code, out var currency) ? currency : throw new FormatException($"'{code}' is not a currency known here.");

    /// <summary>The currency of a three-letter code in upper case, if it is in the list.</summary>
    public static bool TryParse(string? code, out Currency currency)
    {
        for (byte index = 0; index < Known.Length; index++)
        {
            if (string.Equals(Known[index].Code, code, StringComparison.Ordinal))
            {
                currency = new Currency(index);
                return true;
            }
        }

        currency = default;
        return false;
    }

    /// <inheritdoc/>
    public override string ToString() => Code;
}
