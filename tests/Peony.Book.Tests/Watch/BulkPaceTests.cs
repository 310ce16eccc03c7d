using System.Diagnostics;

namespace Peony.Book.Tests.Watch;

public sealed class BulkPaceTests
{
    private const long Minute = 60_000_000;
    private readonly BulkPace _pace = new();

    [Fact]
    public void Before_anything_was_carried_out_there_is_a_count_of_what_waits_and_no_end()
    {
        Assert.Equal(new BulkProgress(7, 0, 0, null), _pace.Progress("close", 7, 0, 0));
    }

    [Fact]
    public void Those_since_the_moment_count_and_the_rest_ends_at_the_rate_of_the_last_minute()
    {
        for (var carried = 0; carried < 100; carried++)
        {
            // 10 a second by the wall, half of them before midnight by the Book.
            _pace.Carried("close", (carried < 50 ? 9 : 10) * Minute, Second(100 + (carried / 10)));
        }

        _pace.Carried("remind", 10 * Minute, Second(109));
        Assert.Equal(new BulkProgress(300, 50, 10, TimeSpan.FromSeconds(30)), _pace.Progress("close", 300, 10 * Minute, Second(109)));
        Assert.Equal(100, _pace.Progress("close", 0, 9 * Minute, Second(109)).Done);
        Assert.Null(_pace.Progress("close", 0, 0, Second(109)).Left);
    }

    [Fact]
    public void A_minute_later_nothing_moves_and_no_end_is_promised()
    {
        _pace.Carried("close", 10 * Minute, Second(100));
        Assert.Equal(new BulkProgress(5, 1, 0, null), _pace.Progress("close", 5, 0, Second(160)));
        Assert.Equal(1 / 60.0, _pace.Progress("close", 5, 0, Second(159)).PerSecond);
    }

    [Fact]
    public void Two_days_are_kept_and_no_more()
    {
        for (var minute = 0; minute < 3_000; minute++)
        {
            _pace.Carried("close", minute * Minute, Second(minute));
        }

        Assert.Equal(2 * 24 * 60, _pace.Progress("close", 0, 0, Second(3_000)).Done);
    }

    private static long Second(long second) => second * Stopwatch.Frequency;
}
