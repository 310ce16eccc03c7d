using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace Peony.Edge;

/// <summary>
/// How often one session (before sign-in: one address) may write: 100 a second in the long run, 600 at once. For each who wrote lately one moment is kept, at which all they took
/// will have come back (the generic cell rate algorithm); a write moves it by 10 ms and may not move it further ahead than 6 s.
/// </summary>
internal sealed class WriteBrake(TimeProvider clock)
{
    private const int AtOnce = 600;
    private const int Second = 100;
    private const int SweepEvery = 1 << 16;
    private readonly ConcurrentDictionary<string, Moment> _known = new();
    private readonly long _step = clock.TimestampFrequency / Second;
    private int _writes;

    /// <summary>The middleware: behind sign-in, because it asks who it is.</summary>
    public Task ApplyAsync(HttpContext http, RequestDelegate next)
    {
        if (!IsWrite(http) || TakeOne(http.User.FindFirst(PeonyClaims.Session)?.Value ?? AddressOf(http)) is not { } waitSeconds)
        {
            return next(http);
        }

        return Problems.Of(http, EdgeRefusals.TooMany.With("seconds", waitSeconds), MoneyFate.NotMoved, waitSeconds).ExecuteAsync(http);
    }

    /// <summary>Takes one write, or says after how many seconds there will be one.</summary>
    public int? TakeOne(string who)
    {
        if ((Interlocked.Increment(ref _writes) & (SweepEvery - 1)) == 0)
        {
            Sweep();
        }

        var known = _known.GetOrAdd(who, static _ => new Moment());
        while (true)
        {
            var (now, before) = (clock.GetTimestamp(), Interlocked.Read(ref known.BackAt));
            var after = Math.Max(now, before) + _step;
            var over = after - now - (AtOnce * _step);
            if (over > 0)
            {
                return 1 + (int)(over / clock.TimestampFrequency);
            }

            if (Interlocked.CompareExchange(ref known.BackAt, after, before) == before)
            {
                return null;
            }
        }
    }

    public static string AddressOf(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "unknown";

    /// <summary>The sandbox's own tools write nothing that anybody would be kept from, and merchants' load tests ask them for pay codes.</summary>
    private static bool IsWrite(HttpContext http) =>
        !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method) && http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        && !http.Request.Path.StartsWithSegments("/api/v1/sandbox", StringComparison.OrdinalIgnoreCase);

    /// <summary>Forgets those to whom all has come back.</summary>
    private void Sweep()
    {
        var now = clock.GetTimestamp();
        foreach (var (who, known) in _known)
        {
            if (Interlocked.Read(ref known.BackAt) <= now)
            {
                _known.TryRemove(who, out _);
            }
        }
    }

    private sealed class Moment
    {
        public long BackAt;
    }
}
