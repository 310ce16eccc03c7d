namespace Peony.Credit;

/// <summary>Which instalments repayments paid, and when. Repayments are added in the order of their days.</summary>
internal sealed class PaidInstalments(int count)
{
    private readonly List<(int Index, DateOnly Day, long Interest, long Principal)> _parts = [];

    // Each day on which principal was paid, once, with all of it until then.
    private readonly List<DateOnly> _days = [];
    private readonly List<long> _principalUntil = [];

    public long[] Interest { get; } = new long[count];

    public long[] Principal { get; } = new long[count];

    public void Add(int index, DateOnly day, long interest, long principal)
    {
        _parts.Add((index, day, interest, principal));
        Interest[index] += interest;
        Principal[index] += principal;
        var before = _principalUntil.Count == 0 ? 0 : _principalUntil[^1];
        if (_days.Count == 0 || _days[^1] < day)
        {
            _days.Add(day);
            _principalUntil.Add(before);
        }

        _principalUntil[^1] += principal;
    }

    public long Total(int index) => Interest[index] + Principal[index];

    public long Total(int index, Predicate<DateOnly> isMeant) => _parts.Sum(part => part.Index == index && isMeant(part.Day) ? part.Interest + part.Principal : 0);

    public long PrincipalUntil(DateOnly day)
    {
        var days = UpTo(day);
        return days == 0 ? 0 : _principalUntil[days - 1];
    }

    /// <summary>The principal paid until a day of one instalment and those after it.</summary>
    public long PrincipalFrom(int index, DateOnly until) => _parts.Sum(part => part.Index >= index && part.Day <= until ? part.Principal : 0);

    /// <summary>The days of repayments after one day and before another.</summary>
    public IEnumerable<DateOnly> DaysBetween(DateOnly after, DateOnly before) => _days.Skip(UpTo(after)).TakeWhile(day => day < before);

    private int UpTo(DateOnly day)
    {
        var found = _days.BinarySearch(day);
        return found >= 0 ? found + 1 : ~found;
    }
}
