namespace Peony.Simulators;

/// <summary>How the simulators run. They keep everything in memory and are for sandboxes and tests only.</summary>
public sealed class SimulatorOptions
{
    /// <summary>The secret that every request must carry in <c>X-Provider-Key</c>, and that the bank's own reports carry.</summary>
    public required string ProviderKey { get; init; }

    /// <summary>Where the bank posts its reports, or null for none; can be set later with <c>POST /control/callback</c>.</summary>
    public Uri? ReportUrl { get; init; }

    /// <summary>How long the bank takes to settle an order that nothing is wrong with.</summary>
    public TimeSpan SettleAfter { get; init; } = TimeSpan.FromSeconds(1);
}
