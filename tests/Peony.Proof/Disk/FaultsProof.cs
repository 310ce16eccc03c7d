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
/// <param name="runs">How many runs of the script make a round; rounds with successive seeds go through all faults.</param>
internal sealed class FaultsProof(int runs) : IProof
{
    private const int Commands = 200;

    /// <summary>An odd number that shares no factor with the number of faults, so that successive rounds come to every one.</summary>
    private const int Stride = 197;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly int[] Numbers = [.. Enumerable.Range(1, 24)];

    public string Name => "failing disk sqlite";

    public string Claim => "When any single write, sync or rename fails, once or from then on, or is cut short, nothing is acknowledged that is not there, nothing is half done, and after a restart "
        + "the same keys settle what was not answered.";

    /// <summary>Every fault there is.</summary>
    public static IReadOnlyList<DiskFault> All(string folder)
    {
        IReadOnlyList<string> Files(params string[] names) => [.. names.Select(name => Path.Combine(folder, name))];
        var faults = new List<DiskFault>();
        foreach (var (what, files) in new (string, IReadOnlyList<string>)[]
        {
            ("the journal", Files("journal.db", "journal.db-wal")),
            ("the tables", Files("tables.db", "tables.db-wal")),
            ("the keys", Files("keys.db", "keys.db-journal")),
            ("the seal", Files("seal/head.seal.new")),
        })
        {
            faults.AddRange(Each("writing " + what, "pwrite64", ["EIO", "ENOSPC"], files, Numbers));
            faults.AddRange(Each("syncing " + what, "fsync,fdatasync", ["EIO"], files, Numbers));
        }

        faults.AddRange(Each("syncing a folder", "fsync", ["EIO"], [folder, .. Files("seal", "secrets")], Numbers));
        faults.AddRange(Each("renaming the seal", "rename,renameat,renameat2", ["EIO"], Files("seal/head.seal.new"), [1, 2, 3, 4]));
        faults.AddRange(Enumerable.Range(0, 60).Select(step => new DiskFault("a file that may grow no more", "", "EFBIG after a short write", [], 160 + (11 * step), true)));
        return faults;
    }

    public async Task<ProofRound> RunAsync(ProofPlace place, int seed, CancellationToken cancel)
    {
        var counts = new Dictionary<string, long>();
        var trials = 0;
        for (var run = 0; run < runs; run++)
        {
            var folder = Path.Combine(place.Folder, $"run-{run}", "disk");
            var all = All(folder);
            var index = (int)(((((long)seed * runs) + run) * Stride) % all.Count);
            var fault = all[index];
            Directory.CreateDirectory(folder);
            var (answered, open, hasFired) = await RunAsync(folder, fault, seed, cancel);
            counts["commands acknowledged"] = counts.GetValueOrDefault("commands acknowledged") + answered;
            counts["commands not answered, settled by their key after the restart"] = counts.GetValueOrDefault("commands not answered, settled by their key after the restart") + open;
            var what = hasFired ? $"{fault.What}: {fault.Error}" : "faults the script did not come to";
            counts[what] = counts.GetValueOrDefault(what) + 1;
            trials += hasFired ? 1 : 0;
            Directory.Delete(Path.Combine(place.Folder, $"run-{run}"), recursive: true);
        }

        counts["different faults there are"] = All(place.Folder).Count;
        return new ProofRound(trials, counts);
    }

    private static IEnumerable<DiskFault> Each(string what, string calls, IReadOnlyList<string> errors, IReadOnlyList<string> files, IEnumerable<int> numbers) =>
        from number in numbers from error in errors from isLasting in new[] { false, true } select new DiskFault(what, calls, error, files, number, isLasting);

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
