namespace Peony.Book;

/// <summary>
/// Bugs planted on purpose, compiled in only in the configuration <c>Planted</c> and switched on one at a time by the environment variable <c>PEONY_PLANTED_BUG</c>.
/// The simulation must find each of them; in every other build <see cref="Has"/> is false and the compiler removes what it guards.
/// </summary>
internal static class Planted
{
#if PLANTED_BUGS
    private static readonly string? Bug = Environment.GetEnvironmentVariable("PEONY_PLANTED_BUG");

    public static bool Has(string bug) => Bug == bug;
#else
    public static bool Has(string bug) => bug is null;
#endif

    /// <summary>Every planted bug, for the test that wants all of them found.</summary>
    public static readonly string[] All =
    [
        "answer-before-append", "reply-not-kept", "load-overwrites-newer", "forget-what-is-not-applied", "timers-forgotten-at-restart",
        "unknown-append-taken-as-failed", "floor-ignores-holds", "code-works-twice", "expiry-keeps-the-hold", "wrong-tries-not-counted", "return-posts-twice", "earlier-keys-forgotten",
        "bulk-entry-ignores-floors",
    ];
}
