namespace Peony.Proof;

/// <summary>A claim does not hold.</summary>
internal sealed class ProofFailedException(string message) : Exception(message);

/// <summary>The proof cannot be made here, and says why: it is reported as not run, never as passed.</summary>
internal sealed class ProofNotRunException(string message) : Exception(message);

/// <summary>One claim about the program and the way to try to break it, as often as wished.</summary>
internal interface IProof
{
    /// <summary>What is done and on which database: <c>kills sqlite</c>.</summary>
    string Name { get; }

    /// <summary>What must hold, in one sentence an auditor understands.</summary>
    string Claim { get; }

    /// <summary>One round; what is drawn by chance is drawn from the seed.</summary>
    /// <exception cref="ProofFailedException">The claim does not hold. Any other exception counts as much.</exception>
    /// <exception cref="ProofNotRunException">The proof cannot be made on this machine.</exception>
    Task<ProofRound> RunAsync(ProofPlace place, int seed, CancellationToken cancel);
}

/// <summary>What a round that held has tried.</summary>
/// <param name="Trials">How often the claim could have broken.</param>
/// <param name="Counts">How often each kind of fault and event happened.</param>
/// <param name="Worst">Figures of which the largest of all rounds is reported, with their unit: <c>writes came through again after, ms</c>.</param>
internal sealed record ProofRound(long Trials, IReadOnlyDictionary<string, long> Counts, IReadOnlyDictionary<string, long>? Worst = null);

/// <summary>All proofs, and how they say what must hold.</summary>
internal static class Proofs
{
    public static IReadOnlyList<IProof> All { get; } =
    [
        new KillsProof(Database.Sqlite, kills: 10),
        new KillsProof(Database.Postgres, kills: 10),
        new GatewayKillsProof(Database.Sqlite, kills: 5),
        new GatewayKillsProof(Database.Postgres, kills: 5),
        new RacesProof(Database.Sqlite, codes: 20),
        new RacesProof(Database.Postgres, codes: 20),
        new ReadsProof(Database.Sqlite, purchases: 10_000),
        new ReadsProof(Database.Postgres, purchases: 10_000),
        new ImagesProof(images: 200),
        new FailoversProof(failovers: 5),
        new FaultsProof(runs: 30),
        new FullDiskProof(FullDisk.Journal),
        new FullDiskProof(FullDisk.Tables),
        new FullDiskProof(FullDisk.Seal),
        new ClockProof(),
        new OverloadProof(Database.Sqlite, TimeSpan.FromMinutes(1)),
        new OverloadProof(Database.Postgres, TimeSpan.FromMinutes(1)),
        new SteadyProof(Database.Sqlite, SteadyProof.Time),
        new SteadyProof(Database.Postgres, SteadyProof.Time),
        new SeedsProof(seeds: 200),
    ];

    public static void Hold(bool condition, string message)
    {
        if (!condition)
        {
            throw new ProofFailedException(message);
        }
    }

    public static void Same<T>(T expected, T actual, string what) =>
        Hold(EqualityComparer<T>.Default.Equals(expected, actual), $"{what}: expected {expected}, found {actual}.");

    /// <summary>The word for a database in the names of proofs and on the command line.</summary>
    public static string Word(this Database database) => database switch
    {
        Database.Sqlite => "sqlite",
        Database.Postgres => "postgresql",
    };
}
