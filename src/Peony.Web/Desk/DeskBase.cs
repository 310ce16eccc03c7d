using Microsoft.AspNetCore.Components;
using Peony.Sandbox;
using Peony.Web.Shared;

namespace Peony.Web.Desk;

/// <summary>A page of the demo desk or the sandbox tools.</summary>
[SandboxOnly]
public abstract class DeskBase : PeonyPage
{
    [Inject]
    private protected SandboxClock Clock { get; set; } = default!;

    [Inject]
    private protected SimulatorControl Simulators { get; set; } = default!;
}
