using System.Diagnostics;
using System.Globalization;
using Peony.Book;
using Peony.Server.Verbs;
using Peony.Testing;

namespace Peony.Proof;

/// <summary>Runs the proofs in turn, round after round with new seeds, until the time is up, and reports.</summary>
internal sealed class ProveRun(ProvePlan plan)
{
    private readonly string _folder = Path.Combine(plan.Directory, $"peony-prove-{Environment.ProcessId}");
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var results = Proofs.All.Where(proof => plan.Only is not { } part || proof.Name.Contains(part, StringComparison.OrdinalIgnoreCase)).Select(proof => new ProofResult(proof)).ToList();
        if (results.Count == 0)
        {
            throw new StartRefusedException($"No proof's name contains '{plan.Only}'. There are: {string.Join(", ", Proofs.All.Select(proof => proof.Name))}.");
        }

        var started = DateTimeOffset.Now;
        Directory.CreateDirectory(_folder);
        await using var postgres = results.Any(result => IsOnPostgres(result.Proof)) ? await TestPostgres.StartAsync() : null;
        await RunAsync(results, () => postgres?.ConnectionString ?? throw new ProofNotRunException("No PostgreSQL: " + postgres?.Why), cancel);
        var hasFailed = results.Any(result => result.Failures.Count > 0);
        if (postgres is not null)
        {
            postgres.IsKept = results.Any(result => result.Failures.Count > 0 && IsOnPostgres(result.Proof));
        }

        if (!hasFailed)
        {
            Directory.Delete(_folder, recursive: true);
        }

        var report = new ProveReport(plan, results, started, DateTimeOffset.Now, await ProveReport.DescribePostgresAsync(postgres), postgres is { IsKept: true } ? postgres.Folder : null);
        Console.WriteLine();
        Console.WriteLine(report.Summary());
        if (plan.Report is { } file)
        {
            await File.WriteAllTextAsync(file, report.Markdown(), CancellationToken.None);
        }

        await Figures.WriteAsync(plan.Json, report.Figures(), CancellationToken.None);
        return hasFailed ? 1 : 0;
    }

    private static bool IsOnPostgres(IProof proof) => proof.Name.Contains(Database.Postgres.Word(), StringComparison.Ordinal);

    /// <summary>Round after round until the time is up or somebody interrupts; the first round of each is always run.</summary>
    private async Task RunAsync(List<ProofResult> results, Func<string> postgres, CancellationToken cancel)
    {
        for (var round = 0; round == 0 || _clock.Elapsed < plan.For; round++)
        {
            foreach (var result in results.Where(result => result.NotRun is null))
            {
                if (cancel.IsCancellationRequested || (round > 0 && _clock.Elapsed >= plan.For))
                {
                    return;
                }

                await RoundAsync(result, plan.FirstSeed + round, postgres, cancel);
            }

            if (results.All(result => result.NotRun is not null))
            {
                return;
            }
        }
    }

    private async Task RoundAsync(ProofResult result, int seed, Func<string> postgres, CancellationToken cancel)
    {
        var name = result.Proof.Name;
        var since = Stopwatch.StartNew();
        var place = new ProofPlace(Directory.CreateDirectory(Path.Combine(_folder, $"{name.Replace(' ', '-')}-{seed.ToString(CultureInfo.InvariantCulture)}")).FullName, postgres, isAlone: true);
        string said;
        try
        {
            var round = await result.Proof.RunAsync(place, seed, cancel);
            await place.DisposeAsync();
            result.Add(seed, round);
            said = $"held in {round.Trials.ToString("N0", CultureInfo.InvariantCulture)} trials";
        }
        catch (ProofNotRunException notRun)
        {
            await place.DisposeAsync();
            result.NotRun = notRun.Message;
            said = "not run: " + notRun.Message;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await place.DisposeAsync();
            result.NotRun ??= result.Seeds.Count == 0 ? "It was interrupted before a round had ended." : null;
            said = "interrupted";
        }
        catch (Exception failure)
        {
            // What is no ProofFailedException is a defect of the program or of the proof; neither is a pass.
            var text = failure is ProofFailedException ? failure.Message : failure.ToString();
            result.Failures.Add(new ProofFailure(seed, text, place.Folder));
            await File.WriteAllTextAsync(Path.Combine(place.Folder, "failure.txt"), text, CancellationToken.None);
            said = $"FAILED: {text}\n          files in {place.Folder}";
        }

        result.Took += since.Elapsed;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_clock.Elapsed:hh\\:mm\\:ss}  {name}, seed {seed}: {said} ({since.Elapsed.TotalSeconds:F0} s)"));
    }
}

/// <summary>What all rounds of one proof gave.</summary>
internal sealed class ProofResult(IProof proof)
{
    public IProof Proof => proof;

    public List<int> Seeds { get; } = [];

    public long Trials { get; private set; }

    public SortedDictionary<string, long> Counts { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, long> Worst { get; } = new(StringComparer.Ordinal);

    public List<ProofFailure> Failures { get; } = [];

    /// <summary>Why the proof could not be made here; null when it was.</summary>
    public string? NotRun { get; set; }

    public TimeSpan Took { get; set; }

    public void Add(int seed, ProofRound round)
    {
        Seeds.Add(seed);
        Trials += round.Trials;
        foreach (var (what, count) in round.Counts)
        {
            Counts[what] = Counts.GetValueOrDefault(what) + count;
        }

        foreach (var (what, figure) in round.Worst ?? new Dictionary<string, long>())
        {
            Worst[what] = Math.Max(Worst.GetValueOrDefault(what), figure);
        }
    }
}

/// <summary>A round in which the claim did not hold, and where its files are.</summary>
internal sealed record ProofFailure(int Seed, string Message, string Folder);
