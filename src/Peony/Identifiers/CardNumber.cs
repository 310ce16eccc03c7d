namespace Peony.Identifiers;

/// <summary>Why a text is no bank card number.</summary>
internal enum CardNumberFault
{
    /// <summary>Something else than digits, spaces and hyphens.</summary>
    Form = 1,

    /// <summary>Not 12 to 19 digits (ISO/IEC 7812-1).</summary>
    Length = 2,

    /// <summary>The last digit does not follow from those before it (Luhn).</summary>
    CheckDigit = 3,
}

/// <summary>
/// A bank card number (ISO/IEC 7812-1): 12 to 19 digits, the last by the Luhn rule. Full-width digits, spaces and hyphens are normalised away. Prints masked.
/// </summary>
internal sealed record CardNumber
{
    private CardNumber(string value) => Value = value;

    /// <summary>The digits in clear. Seal them before they are stored.</summary>
    public string Value { get; }

    public string LastFour => Value[^4..];

    /// <summary>Begins with 62, the range of UnionPay. Older UnionPay credit cards have other beginnings; the BIN table knows the bank of some.</summary>
    public bool IsUnionPay => HasUnionPayPrefix(Value);

    public static (CardNumber? Number, CardNumberFault? Fault) Parse(string? text)
    {
        var value = Text.Normalise(text).Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        if (!value.AsSpan().ContainsOnlyDigits())
        {
            return (null, CardNumberFault.Form);
        }

        if (!HasLength(value))
        {
            return (null, CardNumberFault.Length);
        }

        return HasLuhn(value) ? (new CardNumber(value), null) : (null, CardNumberFault.CheckDigit);
    }

    internal static bool HasUnionPayPrefix(string digits) => digits.StartsWith("62", StringComparison.Ordinal);

    internal static bool HasLength(string digits) => digits.AsSpan().ContainsOnlyDigits() && digits.Length is >= 12 and <= 19;

    /// <summary>The Luhn rule: from the right, every second digit doubled, the digits of all summed, divisible by ten.</summary>
    internal static bool HasLuhn(string digits)
    {
        if (!digits.AsSpan().ContainsOnlyDigits())
        {
            return false;
        }

        var sum = 0;
        for (var fromRight = 0; fromRight < digits.Length; fromRight++)
        {
            var digit = digits[digits.Length - 1 - fromRight] - '0';
            var weighed = fromRight % 2 == 0 ? digit : digit * 2;
            sum += weighed > 9 ? weighed - 9 : weighed;
        }

        return sum % 10 == 0;
    }

    public override string ToString() => "··" + LastFour;
}
