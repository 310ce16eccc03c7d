using Peony.Book;
using Peony.Web.Operator;

namespace Peony.Tests.Web;

/// <summary>Charts are drawn from samples: round scales, units people read, lines that break where nothing was.</summary>
public sealed class ChartTests
{
    private static readonly DateTimeOffset End = new(2026, 3, 5, 10, 15, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.0037, 0.004)]
    [InlineData(1, 1)]
    [InlineData(1.01, 2)]
    [InlineData(4.2, 5)]
    [InlineData(61, 100)]
    [InlineData(4000, 4000)]
    public void A_scale_ends_at_a_round_number(double highest, double end) => Assert.Equal(end, ChartDrawing.Round(highest), end * 1e-9);

    [Theory]
    [InlineData(ChartUnit.Time, 0.0123, "ms", "12.3", "20")]
    [InlineData(ChartUnit.Time, 2.5, "s", "2.5", "4")]
    [InlineData(ChartUnit.Bytes, 314_572_800, "MiB", "300", "400")]
    [InlineData(ChartUnit.Bytes, 3_221_225_472, "GiB", "3", "4")]
    [InlineData(ChartUnit.Rate, 12_345, "/s", "12.3k", "20k")]
    [InlineData(ChartUnit.Things, 3, "", "3", "4")]
    public void Figures_are_told_in_the_unit_of_their_size(ChartUnit unit, double value, string told, string figure, string top)
    {
        var drawing = Draw(unit, value);
        Assert.Equal((told, figure, top), (drawing.Unit, drawing.Tell(value), drawing.Top));
        Assert.Equal("–", drawing.Tell(null));
    }

    [Fact]
    public void A_line_runs_from_slot_to_slot_and_breaks_where_nothing_happened()
    {
        // The scale ends at 4: 200 high, so a quarter is 50.
        Assert.Equal("M0 200h0l1 -50l1 -150", Draw(ChartUnit.Things, 0, 1, 4).Path(0));
        Assert.Equal("M0 150h0l2 -150", Draw(ChartUnit.Things, 1, null, 4).Path(0));
        Assert.Equal("M0 150h0M5 0h0", Draw(ChartUnit.Things, 1, null, null, null, null, 4).Path(0));
        Assert.Equal("", Draw(ChartUnit.Things, null, null).Path(0));
        Assert.True(Draw(ChartUnit.Things, null, null).IsEmpty);
        Assert.Equal(1, Draw(ChartUnit.Things, 4, 1, null).Last(0));
    }

    [Fact]
    public void A_restless_line_of_all_slots_is_drawn_in_less_than_two_kilobytes() =>
        Assert.InRange(Draw(ChartUnit.Time, [.. Enumerable.Range(0, 180).Select(at => (double?)(at * 7919 % 1000))]).Path(0).Length, 500, 2000);

    [Fact]
    public void Samples_fall_into_the_slot_they_were_taken_in_and_peaks_stay()
    {
        var samples = Enumerable.Range(0, 180).Select(at => Sample(End - (TimeSpan.FromSeconds(5) * (179 - at)), at)).ToList();
        var whole = new ChartWindow(samples, End, TimeSpan.FromMinutes(15), 180);
        Assert.Equal(Enumerable.Range(0, 180), whole.Slots.Select(slot => slot!.QueuePeak));
        var minutes = new ChartWindow(samples, End, TimeSpan.FromMinutes(15), 15);
        Assert.Equal(Enumerable.Range(0, 15).Select(at => (at * 12) + 11), minutes.Slots.Select(slot => slot!.QueuePeak));
        Assert.All(minutes.Slots, slot => Assert.Equal((60.0, 12L), (slot!.Seconds, slot.Done)));
        Assert.Equal((End, End - TimeSpan.FromMinutes(14)), (minutes.EndOf(14), minutes.EndOf(0)));
        var hour = new ChartWindow(samples, End, TimeSpan.FromHours(1), 180);
        Assert.Equal(45, hour.Slots.Count(slot => slot is not null));
        Assert.Null(hour.Slots[134]);
    }

    [Fact]
    public void What_was_refused_adds_up_by_name()
    {
        var both = BookSample.Of([Sample(End, 1, ("a.b", 2), ("c.d", 1)), Sample(End, 1, ("a.b", 3))]);
        Assert.Equal([("a.b", 5L), ("c.d", 1L)], both.Refusals.OrderBy(one => one.Code, StringComparer.Ordinal));
    }

    private static ChartDrawing Draw(ChartUnit unit, params double?[] values)
    {
        var samples = values.Select((value, at) => Sample(End - (TimeSpan.FromSeconds(5) * (values.Length - 1 - at)), at)).ToList();
        var window = new ChartWindow(samples, End, TimeSpan.FromSeconds(5 * values.Length), values.Length);
        return new ChartDrawing(unit, window, [new ChartLine("line", sample => values[sample.Queue])]);
    }

    private static BookSample Sample(DateTimeOffset at, int number, params (string Code, long Count)[] refusals) =>
        new(at, 5, 1, 0, 0, 0, number, number, default, default, default, 0, 0, 0, 0, 0, 0, 0, refusals);
}
