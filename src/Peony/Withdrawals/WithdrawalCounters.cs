using System.Globalization;
using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Withdrawals;

/// <summary>A withdrawal that counts against the limits of the 24 hours after it was asked for.</summary>
internal sealed record CountedWithdrawal(WithdrawalId Id, WithdrawalSource Source, CardId? Card, Money Amount, DateTimeOffset At);

/// <summary>
/// What one customer did with withdrawals lately: codes issued in the last hour, wrong tries and withdrawals of the last 24 hours. Windows slide, so no midnight
/// hands out a second portion; what fell out of a window is dropped at the next change, so the record stays small.
/// </summary>
internal sealed record WithdrawalCounters(CustomerId Customer, IReadOnlyList<DateTimeOffset> Issues, IReadOnlyList<DateTimeOffset> WrongTries,
    IReadOnlyList<CountedWithdrawal> Counted) : IRecord
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    public string Key => Customer.Value;

    public static WithdrawalCounters Of(IWork work, CustomerId customer) =>
        (work.Find<WithdrawalCounters>(customer.Value) ?? new WithdrawalCounters(customer, [], [], [])).Within(work.Now);

    public WithdrawalCounters AfterIssue(DateTimeOffset now) => this with { Issues = [.. Issues, now] };

    public WithdrawalCounters AfterWrongTry(DateTimeOffset now) => this with { WrongTries = [.. WrongTries, now] };

    public WithdrawalCounters Counting(CountedWithdrawal withdrawal) => this with { Counted = [.. Counted, withdrawal] };

    /// <summary>The withdrawal's money came back: it counts no more. Its code does.</summary>
    public WithdrawalCounters NotCounting(WithdrawalId withdrawal) => this with { Counted = [.. Counted.Where(counted => counted.Id != withdrawal)] };

    /// <summary>When the next code may be issued, or null if it may be now.</summary>
    public DateTimeOffset? NextIssue(CodeRules rules) => Issues.Count < rules.IssuesPerHour ? null : Issues[^rules.IssuesPerHour] + Hour;

    /// <summary>When the next code may be typed, or null if it may be now.</summary>
    public DateTimeOffset? NextTry(CodeRules rules) => WrongTries.Count < rules.WrongTriesPerDay ? null : WrongTries[^rules.WrongTriesPerDay] + Day;

    private WithdrawalCounters Within(DateTimeOffset now) => this with
    {
        Issues = [.. Issues.Where(at => now - at < Hour)],
        WrongTries = [.. WrongTries.Where(at => now - at < Day)],
        Counted = [.. Counted.Where(counted => now - counted.At < Day)],
    };
}

/// <summary>The brake across customers: how many wrong codes all of them typed in one hour of the Book's clock.</summary>
internal sealed record WithdrawalBrake(string Hour, int WrongTries) : IRecord
{
    public string Key => Hour;

    public static WithdrawalBrake Of(IWork work)
    {
        var hour = work.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH", CultureInfo.InvariantCulture);
        return work.Find<WithdrawalBrake>(hour) ?? new WithdrawalBrake(hour, 0);
    }

    public static DateTimeOffset NextHour(DateTimeOffset now) => new(now.UtcDateTime.Date.AddHours(now.UtcDateTime.Hour + 1), TimeSpan.Zero);

    public WithdrawalBrake AfterWrongTry() => this with { WrongTries = WrongTries + 1 };
}
