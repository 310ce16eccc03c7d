using System.Globalization;

namespace Peony.Proof;

/// <summary>One call of a script that fails: which, on which files, how, at the how-manieth, and whether all after it fail too.</summary>
/// <param name="Number">Counted in each thread of its own, as strace counts.</param>
internal sealed record DiskFault(string What, string Calls, string Error, IReadOnlyList<string> Files, int Number, bool IsLasting)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{What} answers {Error} at call {Number}{(IsLasting ? " and from then on" : "")}");
}

/// <summary>
/// Failing disks: a script of 200 commands, once for each n-th write, sync and rename that fails; and once for each length at which a file can grow no more, so that the last write is
/// cut short. After it the program is started on what is there.
/// </summary>
/// <remarks>A call is counted in the thread that makes it, and the n-th of every thread fails. How many there are is counted in a run of the script in which nothing fails, so all of them together hit every call.</remarks>
/// <param name="runs">How many runs of the script make a round; rounds with successive seeds go through all faults.</param>
internal sealed class FaultsProof(int runs) : IProof
{
    private const int Commands = 200;

    /// <summary>A prime above the number of runs of a round, so that successive rounds come to every fault.</summary>
    private const int Stride = 7919;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private IReadOnlyDictionary<string, int>? _callsMost;

    public string Name => "failing disk sqlite";

    public string Claim => "When any single write, sync or rename fails, once or from then on, or is cut short, nothing is acknowledged that is not there, nothing is half done, and after a restart "
        + "the same keys settle what was not answered.";

    /// <summary>What can fail: on which files, by which calls, and how.</summary>
    private static List<(string What, string Calls, string[] Errors, IReadOnlyList<string> Files)> Kinds(string folder)
    {
        IReadOnlyList<string> Files(params string[] names) => [.. names.Select(name => Path.Combine(folder, name))];
        var kinds = new List<(string, string, string[], IReadOnlyList<string>)>();
        foreach (var (what, files) in new (string, IReadOnlyList<string>)[]
        {
            ("the journal", Files("journal.db", "journal.db-wal")),
            ("the tables", Files("tables.db", "tables.db-wal")),
            ("the keys", Files("keys.db", "keys.db-journal")),
            ("the seal", Files("seal/head.seal.new")),
        })
        {
            kinds.Add(("writing " + what, "pwrite64", ["EIO", "ENOSPC"], files));
            kinds.Add(("syncing " + what, "fsync,fdatasync", ["EIO"], files));
        }

        kinds.Add(("syncing a folder", "fsync", ["EIO"], [folder, .. Files("seal", "secrets")]));
        kinds.Add(("renaming the seal", "rename,renameat,renameat2", ["EIO"], Files("seal/head.seal.new")));
        return kinds;
    }

    /// <summary>Every fault there is.</summary>
    /// <param name="callsMost">How often one thread makes the calls of each kind at most.</param>
    private static List<DiskFault> All(string folder, IReadOnlyDictionary<string, int> callsMost)
    {
        var faults = new List<DiskFault>();
        foreach (var (what, calls, errors, files) in Kinds(folder))
        {
            faults.AddRange(from number in Enumerable.Range(1, callsMost.GetValueOrDefault(what))
                            from error in errors
                            from isLasting in new[] { false, true }
                            select new DiskFault(what, calls, error, files, number, isLasting));
        }

        faults.AddRange(Enumerable.Range(0, 60).Select(step => new DiskFault("a file that may grow no more", "", "EFBIG after a short write", [], 160 + (11 * step), true)));
        return faults;
    }

    /// <summary>Runs the script with nothing failing and counts its calls.</summary>
    private static async Task<IReadOnlyDictionary<string, int>> CountAsync(ProofPlace place, int seed, CancellationToken cancel)
    {
        var folder = Path.Combine(place.Folder, "count", "disk");
        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(folder + ".log", [], cancel);
        var program = Driver.Arguments(new DrivePlan(folder, folder + ".log", seed, Life: 1, Commands, IsKilled: false, IsEager: false));
        await Trace.RunAsync(["-o", folder + ".trace", "-s", "4096", "-y", "-e", "trace=pwrite64,fsync,fdatasync,rename,renameat,renameat2"], program, cancel);
        var most = new Dictionary<string, int>();
        var lines = File.ReadLines(folder + ".trace").Where(line => line.Contains('(', StringComparison.Ordinal) && !line.Contains(" resumed>", StringComparison.Ordinal)).ToList();
        foreach (var (what, calls, _, files) in Kinds(folder))
        {
            var names = calls.Split(',');
            most[what] = lines
                .Where(line => names.Any(name => line.Contains($" {name}(", StringComparison.Ordinal)) && files.Any(file => Names(line, file)))
                .GroupBy(line => line.Split(' ')[0])
                .Select(thread => thread.Count())
                .DefaultIfEmpty(0)
                .Max();
        }

        Directory.Delete(Path.Combine(place.Folder, "count"), recursive: true);
        return most;
    }

    /// <summary>True when the call's first file is this one: strace prints an open file as <c>12&lt;path&gt;</c>, a name as <c>"path"</c>.</summary>
    private static bool Names(string line, string file) =>
        line.Contains($"<{file}>", StringComparison.Ordinal) || line.Contains($"(\"{file}\"", StringComparison.Ordinal) || line.Contains($", \"{file}\", ", StringComparison.Ordinal);

    public async Task<ProofRound> RunAsync(ProofPlace place, int seed, CancellationToken cancel)
    {
        _callsMost ??= await CountAsync(place, seed, cancel);
        var (most, counts, trials) = (_callsMost, new Dictionary<string, long>(), 0);
        await Parallel.ForAsync(0, runs, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancel }, async (run, cancel) =>
        {
            var folder = Path.Combine(place.Folder, $"run-{run}", "disk");
            var all = All(folder, most);
            var index = (int)(((((long)seed * runs) + run) * Stride) % all.Count);
            var fault = all[index];
            Directory.CreateDirectory(folder);
            var (answered, open, hasFired) = await RunAsync(folder, fault, seed, cancel);
            Directory.Delete(Path.Combine(place.Folder, $"run-{run}"), recursive: true);
            lock (counts)
            {
                Count("commands acknowledged", answered);
                Count("commands not answered, settled by their key after the restart", open);
                Count(hasFired ? $"{fault.What}: {fault.Error}" : "faults the script did not come to", 1);
                Count($"runs, of {all.Count} different faults", 1);
                trials += hasFired ? 1 : 0;
            }
        });

        void Count(string what, long times) => counts[what] = counts.GetValueOrDefault(what) + times;

        return new ProofRound(trials, counts);
    }

    private static async Task<(int Answered, int Open, bool HasFired)> RunAsync(string folder, DiskFault fault, int seed, CancellationToken cancel)
    {
        var (log, trace) = (folder + ".log", folder + ".trace");
        await File.WriteAllBytesAsync(log, [], cancel);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        var program = Driver.Arguments(new DrivePlan(folder, log, seed, Life: 1, Commands, IsKilled: false, IsEager: false));
        bool hasFired;
        try
        {
            if (fault.Calls.Length > 0)
            {
                var when = fault.Number.ToString(CultureInfo.InvariantCulture) + (fault.IsLasting ? "+" : "");
                await Trace.RunAsync(["-o", trace, "-s", "0", .. fault.Files.SelectMany(file => new[] { "-P", file }), "-e", "trace=" + fault.Calls, "-e", $"inject={fault.Calls}:error={fault.Error}:when={when}"],
                    program, patience.Token);
                hasFired = File.ReadLines(trace).Any(line => line.Contains("INJECTED", StringComparison.Ordinal));
            }
            else
            {
                hasFired = await Trace.RunShortAsync(fault.Number, program, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new ProofFailedException($"When {fault}, the program did not end within {Patience.TotalSeconds:F0} s.");
        }

        try
        {
            var (answered, open) = await Afterwards.CheckAsync(folder, Script.Read(log), cancel);
            return (answered, open, hasFired);
        }
        catch (ProofFailedException failed)
        {
            throw new ProofFailedException($"When {fault}: {failed.Message}");
        }
    }
}
