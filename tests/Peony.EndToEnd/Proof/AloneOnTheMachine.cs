namespace Peony.EndToEnd.Proof;

/// <summary>Tests that load the machine or measure how long it takes run one after the other, when no others run.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneOnTheMachine
{
    public const string Name = "alone on the machine";
}
