using System.Globalization;
using System.Text;

namespace Peony.Identifiers;

/// <summary>Why a text is no resident ID. The edge shows the reason; nothing else about the number is kept.</summary>
internal enum ResidentIdFault
{
    /// <summary>Not 17 digits and a digit or X.</summary>
    Form = 1,

    /// <summary>The 15-digit form of first-generation cards.</summary>
    FirstGeneration = 2,

    /// <summary>The first two digits are no province code of GB/T 2260.</summary>
    Province = 3,

    /// <summary>Digits 7 to 14 are no day of the calendar from 1800 on.</summary>
    BirthDate = 4,

    /// <summary>The day of birth has not come yet.</summary>
    BornInFuture = 5,

    /// <summary>The last character does not follow from the 17 before it.</summary>
    CheckCharacter = 6,
}

/// <summary>
/// A citizen's identification number (公民身份号码) as GB 11643-1999 draws it:
/// <code>
/// 110105 19491231 002 X
/// area   birth    seq check character, ISO 7064 MOD 11-2
/// </code>
/// </summary>
/// <remarks>
/// Policy. Full-width characters and a small x are normalised (NFKC, upper case), so one person has one form. The 15-digit form is refused: first-generation cards
/// lost their validity on 1 January 2013 and the number has no check character. Prints masked.
/// </remarks>
internal sealed record ResidentId
{
    private const string CheckCharacters = "10X98765432";
    private static readonly int[] Weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    private ResidentId(string value, DateOnly birthDate)
    {
        Value = value;
        BirthDate = birthDate;
    }

    /// <summary>18 characters in clear. Seal it before it is stored.</summary>
    public string Value { get; }

    public DateOnly BirthDate { get; }

    /// <summary>The sequence number is odd for men, even for women.</summary>
    public bool IsFemale => (Value[16] - '0') % 2 == 0;

    /// <summary>The first and the last character; all that a screen shows.</summary>
    public string Masked => Value[0] + new string('*', 16) + Value[17];

    /// <summary>Takes a text as a person types it.</summary>
    /// <param name="text">Surrounding white space and full-width characters are accepted.</param>
    /// <param name="today">The day in China; nobody is born after it.</param>
    public static (ResidentId? Id, ResidentIdFault? Fault) Parse(string? text, DateOnly today)
    {
        var value = Text.Normalise(text).ToUpperInvariant();
        if (value.Length == 15 && value.All(char.IsAsciiDigit))
        {
            return (null, ResidentIdFault.FirstGeneration);
        }

        if (value.Length != 18 || !value.AsSpan(0, 17).ContainsOnlyDigits() || !(char.IsAsciiDigit(value[17]) || value[17] == 'X'))
        {
            return (null, ResidentIdFault.Form);
        }

        if (!IsProvince(value.AsSpan(0, 2)))
        {
            return (null, ResidentIdFault.Province);
        }

        if (!DateOnly.TryParseExact(value.AsSpan(6, 8), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var birth) || birth.Year < 1800)
        {
            return (null, ResidentIdFault.BirthDate);
        }

        if (birth > today)
        {
            return (null, ResidentIdFault.BornInFuture);
        }

        return CheckCharacterOf(value.AsSpan(0, 17)) == value[17] ? (new ResidentId(value, birth), null) : (null, ResidentIdFault.CheckCharacter);
    }

    /// <summary>The check character of 17 digits by ISO 7064 MOD 11-2.</summary>
    internal static char CheckCharacterOf(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var index = 0; index < 17; index++)
        {
            sum += (digits[index] - '0') * Weights[index];
        }

        return CheckCharacters[sum % 11];
    }

    public override string ToString() => Masked;

    // 71 is Taiwan; 81 to 83 stand on residence permits of people from Hong Kong, Macao and Taiwan.
    private static bool IsProvince(ReadOnlySpan<char> code) => int.Parse(code, CultureInfo.InvariantCulture) is
        (>= 11 and <= 15) or (>= 21 and <= 23) or (>= 31 and <= 37) or (>= 41 and <= 46) or (>= 50 and <= 54) or (>= 61 and <= 65) or 71 or (>= 81 and <= 83);
}

/// <summary>What people type, made plain before it is parsed.</summary>
internal static class Text
{
    /// <summary>Compatibility forms (full-width digits and letters) become plain ones; white space around goes.</summary>
    public static string Normalise(string? text)
    {
        try
        {
            return (text ?? "").Normalize(NormalizationForm.FormKC).Trim();
        }
        catch (ArgumentException)
        {
            return "";   // a lone surrogate: no identifier holds one
        }
    }

    public static bool ContainsOnlyDigits(this ReadOnlySpan<char> text) => !text.IsEmpty && text.IndexOfAnyExceptInRange('0', '9') < 0;
}
