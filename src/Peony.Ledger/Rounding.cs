namespace Peony.Ledger;

/// <summary>How a quotient that does not come out even becomes a whole number of minor units. The rule is named wherever money is divided; there is no default.</summary>
public enum Rounding : byte
{
    /// <summary>To the nearest; a half goes away from zero (四舍五入).</summary>
    HalfUp = 1,

    /// <summary>To the nearest; a half goes to the even neighbour, so many roundings do not lean to one side.</summary>
    HalfEven = 2,

    /// <summary>Towards zero: what does not make a whole unit is not charged.</summary>
    Down = 3,

    /// <summary>Away from zero: a part of a unit counts as a whole one.</summary>
    Up = 4,
}

/// <summary>Whole-number division by a named rounding.</summary>
internal static class Division
{
    /// <summary>The quotient as a whole number.</summary>
    /// <param name="dividend">Any value.</param>
    /// <param name="divisor">Above zero.</param>
    /// <param name="rounding">What happens to the rest.</param>
    /// <exception cref="OverflowException">The quotient does not fit 64 bits.</exception>
    public static long Divide(Int128 dividend, Int128 divisor, Rounding rounding)
    {
        var (quotient, rest) = Int128.DivRem(dividend, divisor);
        if (rest != 0)
        {
            var away = dividend < 0 ? -1 : 1;
            var half = Int128.Abs(rest).CompareTo(divisor - Int128.Abs(rest));
            var goesAway = rounding switch
            {
                Rounding.HalfUp => half >= 0,
                Rounding.HalfEven => half > 0 || (half == 0 && Int128.IsOddInteger(quotient)),
                Rounding.Down => false,
                Rounding.Up => true,
            };
            quotient += goesAway ? away : 0;
        }

        return checked((long)quotient);
    }
}
