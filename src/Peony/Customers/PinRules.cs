using System.Globalization;

namespace Peony.Customers;

/// <summary>Which payment PINs are refused because a thief would try them first.</summary>
internal static class PinRules
{
    public const int Length = 6;

    private static readonly string[] Favourites = ["520520", "521521", "147258", "147852", "159357", "258369", "369258", "789456", "456789", "123321", "112233", "102030"];

    public static bool IsPin(string? text) => text is { Length: Length } && text.All(char.IsAsciiDigit);

    /// <param name="pin">Six digits.</param>
    /// <param name="birthDate">The verified customer's day of birth, if known.</param>
    /// <param name="personalDigits">Numbers others know of the customer, such as phone and resident ID; none may end in the PIN.</param>
    public static bool IsWeak(string pin, DateOnly? birthDate, params ReadOnlySpan<string?> personalDigits)
    {
        if (Favourites.Contains(pin) || IsRun(pin) || HasPeriod(pin, 1) || HasPeriod(pin, 2) || HasPeriod(pin, 3))
        {
            return true;
        }

        if (birthDate is { } birth)
        {
            foreach (var form in (string[])["yyMMdd", "ddMMyy", "MMddyy", "yyyyMM", "MMyyyy"])
            {
                if (birth.ToString(form, CultureInfo.InvariantCulture) == pin)
                {
                    return true;
                }
            }
        }

        foreach (var digits in personalDigits)
        {
            if (digits?.EndsWith(pin, StringComparison.Ordinal) == true)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>123456, 987654, 012345, 901234.</summary>
    private static bool IsRun(string pin)
    {
        var steps = Enumerable.Range(1, Length - 1).Select(index => (pin[index] - pin[index - 1] + 10) % 10).Distinct().ToArray();
        return steps is [1] or [9];
    }

    /// <summary>111111, 121212, 123123.</summary>
    private static bool HasPeriod(string pin, int period) => Enumerable.Range(period, Length - period).All(index => pin[index] == pin[index - period]);
}
