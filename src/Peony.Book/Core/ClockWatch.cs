using System.Diagnostics;

namespace Peony.Book;

/// <summary>
/// Compares the wall clock with the one that only counts on. A clock that has jumped is trusted again when it is back where it would have come by itself, or when it has run steadily for
/// a minute where it now stands; a second jump to somewhere else begins that minute anew.
/// </summary>
internal sealed class ClockWatch
{
    private static readonly TimeSpan SteadyFor = TimeSpan.FromMinutes(1);
    private readonly TimeProvider _clock;
    private readonly TimeSpan _most;
    private Moment _trusted;
    private Moment _since;
    private bool _hasJumped;

    public ClockWatch(TimeProvider clock, TimeSpan most)
    {
        (_clock, _most) = (clock, most);
        _trusted = _since = Now();
    }

    /// <summary>What is wrong with the clock now, or null.</summary>
    public string? Look()
    {
        var now = Now();
        var (offTrusted, offSince) = (now.Off(_trusted), now.Off(_since));
        if (offSince.Duration() > _most)
        {
            (_since, _hasJumped) = (now, true);
        }

        if (_hasJumped && (offTrusted.Duration() <= _most || Stopwatch.GetElapsedTime(_since.Ticks) > SteadyFor))
        {
            _hasJumped = false;
        }

        if (!_hasJumped)
        {
            // A slow correction of the clock, as time services make, is followed.
            _trusted = _since = now;
            return null;
        }

        return $"The wall clock jumped and stands {offTrusted.TotalSeconds:F0} s off.";
    }

    private Moment Now() => new(_clock.GetUtcNow(), Stopwatch.GetTimestamp());

    private readonly record struct Moment(DateTimeOffset Wall, long Ticks)
    {
        /// <summary>How far the wall clock has moved beyond the time that went by since then.</summary>
        public TimeSpan Off(Moment then) => Wall - then.Wall - Stopwatch.GetElapsedTime(then.Ticks, Ticks);
    }
}
