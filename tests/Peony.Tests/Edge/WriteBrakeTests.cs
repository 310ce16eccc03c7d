using Peony.Edge;

namespace Peony.Tests.Edge;

public sealed class WriteBrakeTests
{
    private readonly Steady _clock = new();

    [Fact]
    public void Six_hundred_at_once_pass_and_the_next_hears_when_to_come_again()
    {
        var brake = new WriteBrake(_clock);
        Assert.All(Enumerable.Range(0, 600), _ => Assert.Null(brake.TakeOne("lin")));
        Assert.Equal(1, brake.TakeOne("lin"));
        Assert.Null(brake.TakeOne("wang"));
    }

    [Fact]
    public void A_hundred_come_back_each_second_and_never_more_than_there_were()
    {
        var brake = new WriteBrake(_clock);
        Assert.Equal(600, Taken(brake));
        _clock.Seconds = 1;
        Assert.Equal(100, Taken(brake));
        _clock.Seconds = 1000;
        Assert.Equal(600, Taken(brake));
    }

    [Fact]
    public void Who_is_refused_loses_nothing_by_asking()
    {
        var brake = new WriteBrake(_clock);
        Taken(brake);
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.NotNull(brake.TakeOne("lin")));
        _clock.Seconds = 0.5;
        Assert.Equal(50, Taken(brake));
    }

    [Fact]
    public void Forgetting_those_who_have_all_back_gives_nobody_more()
    {
        var brake = new WriteBrake(_clock);
        Taken(brake);
        for (var other = 0; other < 200_000; other++)
        {
            brake.TakeOne($"other {other}");
        }

        Assert.NotNull(brake.TakeOne("lin"));
    }

    private static int Taken(WriteBrake brake)
    {
        var taken = 0;
        while (brake.TakeOne("lin") is null)
        {
            taken++;
        }

        return taken;
    }

    /// <summary>A clock that stands where it is set.</summary>
    private sealed class Steady : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1_000_000_000;

        public override long GetTimestamp() => (long)(Seconds * TimestampFrequency);
    }
}
