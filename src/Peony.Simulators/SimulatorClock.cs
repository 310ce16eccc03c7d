namespace Peony.Simulators;

/// <summary>The simulators' time: the wall clock, moved forward by what the sandbox pushes, so that what is late happens in the Book's time.</summary>
internal sealed class SimulatorClock(TimeProvider wall)
{
    private long _aheadTicks;

    public DateTimeOffset Now => wall.GetUtcNow().AddTicks(Interlocked.Read(ref _aheadTicks));

    /// <summary>Moves the clock to a time; it never goes back.</summary>
    public void MoveTo(DateTimeOffset now)
    {
        var ahead = (now - wall.GetUtcNow()).Ticks;
        var before = Interlocked.Read(ref _aheadTicks);
        while (ahead > before)
        {
            var seen = Interlocked.CompareExchange(ref _aheadTicks, ahead, before);
            if (seen == before)
            {
                return;
            }

            before = seen;
        }
    }
}
