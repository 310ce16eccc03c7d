using System.Buffers;
using PhoneNumbers;

namespace Peony.Identifiers;

/// <summary>Why a text is no mobile number here.</summary>
internal enum MobileNumberFault
{
    /// <summary>Something else than digits, a leading plus, spaces, hyphens and brackets, or no phone number at all.</summary>
    Form = 1,

    /// <summary>A number of another country or region.</summary>
    NotMainland = 2,

    /// <summary>A fixed line, a service number or a prefix that is not in use.</summary>
    NotMobile = 3,
}

/// <summary>
/// A mainland Chinese mobile number. The international forms (+86, 0086, 86) are accepted and become one form, E.164. Prints masked.
/// </summary>
internal sealed record MobileNumber
{
    private static readonly SearchValues<char> Written = SearchValues.Create("+0123456789 -()");

    private MobileNumber(string e164) => E164 = e164;

    /// <summary>E.164 in clear: <c>+86</c> and 11 digits. Seal it before it is stored.</summary>
    public string E164 { get; }

    /// <summary>The 11 digits as written inside China.</summary>
    public string National => E164[3..];

    /// <summary>The first three and the last four digits; all that a screen shows.</summary>
    public string Masked => $"{National[..3]}****{National[^4..]}";

    public static (MobileNumber? Number, MobileNumberFault? Fault) Parse(string? text)
    {
        var value = Text.Normalise(text);
        // libphonenumber would also read letters (vanity numbers) and extensions; neither receives our SMS.
        if (value.Length is 0 or > 32 || value.AsSpan().IndexOfAnyExcept(Written) >= 0)
        {
            return (null, MobileNumberFault.Form);
        }

        var phones = PhoneNumberUtil.GetInstance();
        PhoneNumber number;
        try
        {
            number = phones.Parse(value, "CN");
        }
        catch (NumberParseException)
        {
            return (null, MobileNumberFault.Form);
        }

        if (number.CountryCode != 86)
        {
            return (null, MobileNumberFault.NotMainland);
        }

        return phones.IsValidNumberForRegion(number, "CN") && phones.GetNumberType(number) == PhoneNumberType.MOBILE
            ? (new MobileNumber(phones.Format(number, PhoneNumberFormat.E164)), null)
            : (null, MobileNumberFault.NotMobile);
    }

    public override string ToString() => Masked;
}
