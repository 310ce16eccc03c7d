using System.Xml;
using Peony.Book;
using Peony.Edge;

namespace Peony.Sandbox;

/// <summary>The clock as the sandbox shows it.</summary>
internal sealed record ClockView(DateTimeOffset Now, DateTimeOffset Wall, string Ahead);

/// <summary>The Book's clock, advanced by hand: to each due moment, until everything is quiet there, then on. One advance at a time.</summary>
internal sealed class SandboxClock(BookHost book, SimulatorControl simulators, TimeProvider wall) : IDisposable
{
    /// <summary>The furthest one call goes.</summary>
    private static readonly TimeSpan Most = TimeSpan.FromDays(400);

    private readonly SemaphoreSlim _turn = new(1, 1);

    public ClockView View => new(book.Now, wall.GetUtcNow(), XmlConvert.ToString(TimeSpan.FromSeconds(Math.Round(book.Health.ClockAhead.TotalSeconds))));

    /// <param name="text">A duration of ISO 8601: <c>PT5M</c>, <c>P1D</c>; at most 400 days.</param>
    /// <exception cref="InvalidRequestException">It is no such duration.</exception>
    public static TimeSpan Parse(string? text)
    {
        try
        {
            var by = XmlConvert.ToTimeSpan(text ?? "");
            if (by > TimeSpan.Zero && by <= Most)
            {
                return by;
            }
        }
        catch (FormatException)
        {
            // Said below, in both languages.
        }

        throw new InvalidRequestException("by", "a duration of ISO 8601 up to 400 days, such as PT5M or P1D, is wanted.", "请填写 ISO 8601 时长（不超过 400 天），例如 PT5M 或 P1D。");
    }

    public async Task<ClockView> AdvanceAsync(TimeSpan by, CancellationToken cancel = default)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            await book.AdvanceClockAsync(by, now => simulators.FollowAsync(now, CancellationToken.None), cancel);
            return View;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
