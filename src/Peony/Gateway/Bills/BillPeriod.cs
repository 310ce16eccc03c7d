using System.Globalization;
using Peony.Trades;

namespace Peony.Gateway.Bills;

/// <summary>The day or month of a bill.</summary>
/// <param name="Text">As it was asked for: <c>2026-06-05</c>, <c>2026-06</c>.</param>
internal sealed record BillPeriod(string Text, DateOnly First, DateOnly Last)
{
    private const string DayForm = "yyyy-MM-dd";
    private const string MonthForm = "yyyy-MM";

    /// <summary>As it stands in names of files.</summary>
    public string Plain => Text.Replace("-", "", StringComparison.Ordinal);

    public IEnumerable<DateOnly> Days => Enumerable.Range(0, Last.DayNumber - First.DayNumber + 1).Select(First.AddDays);

    /// <summary>A bill is there when its last day is over.</summary>
    public bool IsOver(DateTimeOffset now) => TradeDay.Of(now) > Last;

    public static BillPeriod? Parse(string text)
    {
        if (DateOnly.TryParseExact(text, DayForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return new BillPeriod(text, day, day);
        }

        return DateOnly.TryParseExact(text + "-01", DayForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var month) && text.Length == MonthForm.Length
            ? new BillPeriod(text, month, month.AddMonths(1).AddDays(-1))
            : null;
    }
}
