namespace Peony.Book.Tests.Watch;

/// <summary>The last hour as the charts have it, and what of it is said in words.</summary>
public sealed class BookRingTests
{
    private static readonly BookStand Calm = new(0, 0, 0, 0, 0);
    private readonly BookRing _ring = new();
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

    [Theory]
    [InlineData(3e-5)]
    [InlineData(0.00021)]
    [InlineData(0.0047)]
    [InlineData(0.08)]
    [InlineData(12.5)]
    [InlineData(100_000)]
    public void A_quantile_is_right_to_one_part_in_sixteen(double seconds)
    {
        var sketch = new DurationSketch();
        for (var turn = 0; turn < 99; turn++)
        {
            sketch.Add(TimeSpan.FromSeconds(seconds));
        }

        sketch.Add(TimeSpan.FromSeconds(seconds * 3));
        var spread = sketch.Take();
        Assert.Equal(100, spread.Count);
        Assert.InRange(spread.Median, seconds * 15 / 16, seconds * 17 / 16);
        Assert.InRange(spread.P99, seconds * 15 / 16, seconds * 17 / 16);
        Assert.Equal(seconds * 3, spread.Worst, seconds * 1e-6);
        Assert.Equal(default, sketch.Take());
    }

    [Fact]
    public void What_is_counted_stands_in_the_sample_of_its_interval_and_in_no_other()
    {
        _ring.Decided(new Decided("purses.fill", null, false));
        _ring.Decided(new Decided("purses.take", "purse.empty", false));
        _ring.Decided(new Decided("purses.take", "purse.empty", false));
        _ring.Decided(new Decided("purses.throwing", null, true));
        _ring.Waiting(7);
        _ring.Waiting(3);
        _ring.Missed(5);
        _ring.Unavailable();
        _ring.Appended(4, TimeSpan.FromMilliseconds(2));
        var first = Close();
        Assert.Equal((1, 2, 1, 1, 7, 5, 4.0), (first.Done, first.Refused, first.Faults, first.Unavailable, first.QueuePeak, first.Misses, first.GroupSize));
        Assert.Equal([("purse.empty", 2L)], first.Refusals);
        _ring.Decided(new Decided("purses.take", "purse.empty", false));
        var second = Close();
        Assert.Equal((0, 1, 0, 0, 0, 0, 0.0), (second.Done, second.Refused, second.Faults, second.Unavailable, second.QueuePeak, second.Misses, second.GroupSize));
        Assert.Equal([("purse.empty", 1L)], second.Refusals);
        Assert.Equal([("purse.empty", 3L)], _ring.Refusals);
    }

    [Fact]
    public void An_hour_is_kept_and_no_more()
    {
        for (var sample = 0; sample < 800; sample++)
        {
            Close();
        }

        Assert.Equal(720, _ring.Samples.Count);
        Assert.Equal(_now, _ring.Samples[^1].At);
    }

    [Fact]
    public void Made_up_names_do_not_fill_the_memory()
    {
        for (var name = 0; name < 5000; name++)
        {
            _ring.Decided(new Decided("purses.take", "made.up_" + name, false));
        }

        Assert.InRange(_ring.Refusals.Count, 1, 501);
        Assert.Equal(5000, _ring.Refusals.Sum(one => one.Count));
    }

    [Theory]
    [InlineData(2, 2, false)]
    [InlineData(2, 80, true)]
    [InlineData(0.5, 6, true)]
    [InlineData(4, 15, false)]
    [InlineData(0.2, 4, false)]
    [InlineData(30, 30, true)]
    public void A_disk_is_slow_by_what_is_usual_for_it_or_by_any_measure(double usualMs, double nowMs, bool isSlow)
    {
        for (var sample = 0; sample < 24; sample++)
        {
            Append(10, sample < 12 ? usualMs : nowMs);
        }

        var slow = Concerns().SingleOrDefault(concern => concern.Kind == ConcernKind.SlowDisk);
        Assert.Equal(isSlow, slow is not null);
        if (slow is not null)
        {
            Assert.InRange(slow.Value, nowMs / 1000 * 0.93, nowMs / 1000 * 1.07);
            Assert.InRange(slow.Usual ?? 0, usualMs / 1000 * 0.93, usualMs / 1000 * 1.07);
            Assert.StartsWith("the disk is slow: an append takes ", slow.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_few_slow_appends_of_an_idle_Book_are_no_concern()
    {
        Append(9, 80);
        Assert.Empty(Concerns());
    }

    [Fact]
    public void What_is_wrong_is_told_and_ends_when_it_has_ended()
    {
        _ring.Unavailable();
        _ring.Decided(new Decided("purses.throwing", null, true));
        Close();
        var told = _ring.Concerns(Calm with { LagSeconds = 3 }, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(11));
        Assert.Equal([ConcernKind.TablesBehind, ConcernKind.Unavailable, ConcernKind.Faults, ConcernKind.SealOld], told.Select(concern => concern.Kind));
        Assert.All(told, concern => Assert.NotEmpty(concern.ToString()));
        for (var minute = 0; minute < 12; minute++)
        {
            Close();
        }

        Assert.Equal([ConcernKind.Faults], Concerns().Select(concern => concern.Kind));
        for (var quarter = 0; quarter < 180; quarter++)
        {
            Close();
        }

        Assert.Empty(Concerns());
    }

    private IReadOnlyList<BookConcern> Concerns() => _ring.Concerns(Calm, TimeSpan.FromSeconds(1), TimeSpan.Zero);

    private void Append(int times, double milliseconds)
    {
        for (var turn = 0; turn < times; turn++)
        {
            _ring.Appended(1, TimeSpan.FromMilliseconds(milliseconds));
        }

        Close();
    }

    private BookSample Close() => _ring.Close(_now += BookRing.Interval, BookRing.Interval, Calm);
}
