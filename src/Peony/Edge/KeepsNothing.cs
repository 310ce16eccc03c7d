namespace Peony.Edge;

/// <summary>
/// Marks an unsafe method that needs no idempotency key and has no dry run: it keeps nothing (a quote, the options of a passkey, a switch of the sandbox), or the fact it brings
/// is known by its own id (the bank's reports).
/// </summary>
internal sealed class KeepsNothing
{
    public static KeepsNothing Marker { get; } = new();
}
