using System.Globalization;
using System.Text.Json.Nodes;

namespace Peony.Proof;

/// <summary>The verb <c>simulate</c> with seeds of its own: histories of the money core under crashes, failed writes, timers and repeats, judged by an auditor that shares no decision.</summary>
/// <param name="seeds">How many histories make a round.</param>
internal sealed class SeedsProof(int seeds) : IProof
{
    public string Name => "seeds";

    public string Claim => "In simulated histories with a crash or a failed write at any moment no invariant of the money core breaks, and each history replays bit for bit from its seed.";

    public async Task<ProofRound> RunAsync(ProofPlace place, int seed, CancellationToken cancel)
    {
        var store = await place.MakeServerPlaceAsync(Database.Sqlite);
        var figures = Path.Combine(place.Folder, "figures.json");
        var first = ((long)seed * seeds) + 1;
        var (_, output) = await ServerProcess.RunAsync(store, "simulate", "--seeds", seeds.ToString(CultureInfo.InvariantCulture),
            "--first-seed", first.ToString(CultureInfo.InvariantCulture), "--json", figures);
        // The verb also ends badly when chance has left a kind of event out; figures it writes only when no invariant broke.
        Proofs.Hold(File.Exists(figures), output);
        var counts = JsonNode.Parse(await File.ReadAllTextAsync(figures, cancel))!["counts"]!.AsObject();
        return new ProofRound(seeds, counts.Where(pair => !pair.Key.StartsWith("refusal ", StringComparison.Ordinal)).ToDictionary(pair => pair.Key, pair => pair.Value!.GetValue<long>()));
    }
}
