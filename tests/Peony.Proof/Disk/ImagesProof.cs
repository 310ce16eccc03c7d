using System.Globalization;

namespace Peony.Proof;

/// <summary>How the program under the tracer is wrong on purpose, for the test that the proof finds it.</summary>
internal enum PlantedFault
{
    None,

    /// <summary>The journal's log is not synced, as with synchronous=OFF: the traced syncs of it are passed over.</summary>
    JournalUnsynced,

    /// <summary>The Book answers before the journal has the frame.</summary>
    AnswersEarly,
}

/// <summary>
/// Power cuts: what the program writes and syncs on SQLite is traced, disks as a power cut could leave them at any moment are built from it, and the program is started again on each.
/// </summary>
/// <param name="images">How many disks make a round.</param>
internal sealed class ImagesProof(int images, PlantedFault planted = PlantedFault.None) : IProof
{
    private const int Lives = 3;
    private const int CommandsPerLife = 70;

    public string Name => "power cuts sqlite";

    public string Claim => "When the power fails at any moment, and of what was not yet synced any part is lost, torn or out of order, the program starts again without a hand laid on it, "
        + "with every acknowledged command there once, none half done, and the books sound.";

    public async Task<ProofRound> RunAsync(ProofPlace place, int seed, CancellationToken cancel)
    {
        try
        {
            return await CutAsync(place, seed, cancel);
        }
        finally
        {
            Directory.Delete(Scratch(place), recursive: true);
        }
    }

    private async Task<ProofRound> CutAsync(ProofPlace place, int seed, CancellationToken cancel)
    {
        var traces = await DriveAsync(place, seed, cancel);
        var random = new Random(seed);
        var disk = Follow(place);
        var moments = Moments(traces, place);
        var chosen = Enumerable.Range(0, images).Select(image => image % 2 == 0 && moments.Told.Count > 0 ? moments.Told[random.Next(moments.Told.Count)] : random.Next(moments.Count)).Order().ToArray();
        var counts = new Dictionary<string, long>();
        using var turns = new SemaphoreSlim(Environment.ProcessorCount);
        var (checks, moment, next) = (new List<Task<(int Answered, int Open)>>(), 0, 0);
        foreach (var trace in traces)
        {
            disk.Restart();
            foreach (var call in Trace.Read(trace).Where(disk.Follow))
            {
                for (; next < chosen.Length && chosen[next] == moment && !checks.Any(check => check.IsFaulted); next++)
                {
                    await turns.WaitAsync(cancel);
                    var image = Path.Combine(Scratch(place), $"image-{next}");
                    disk.Disk.WriteImage(image, random, counts);
                    checks.Add(CheckAsync(place, image, disk.Script.Copy(), $"Image {next}, after {call.Name} at moment {moment} of {moments.Count}", turns, cancel));
                }

                moment++;
            }
        }

        var checkedImages = await Task.WhenAll(checks);
        counts["commands acknowledged before a cut, looked up after it"] = checkedImages.Sum(check => (long)check.Answered);
        counts["commands cut off, settled by their key"] = checkedImages.Sum(check => (long)check.Open);
        counts["writes traced"] = disk.Writes;
        counts["syncs traced"] = disk.Syncs;
        return new ProofRound(images, counts);
    }

    private static string DiskFolder(ProofPlace place) => Path.Combine(place.Folder, "disk");

    private static string LogFile(ProofPlace place) => Path.Combine(place.Folder, "told.log");

    /// <summary>Images are opened again in memory where there is such a place: what matters is what they hold.</summary>
    private static string Scratch(ProofPlace place) =>
        Directory.CreateDirectory(Directory.Exists("/dev/shm") ? Path.Combine("/dev/shm", Path.GetFileName(Path.GetDirectoryName(place.Folder)!) + "-" + Path.GetFileName(place.Folder)) : Path.Combine(place.Folder, "images")).FullName;

    /// <summary>Several lives of the program one after the other: killed, killed, and ended cleanly.</summary>
    private async Task<IReadOnlyList<string>> DriveAsync(ProofPlace place, int seed, CancellationToken cancel)
    {
        IReadOnlyList<string> traces;
        do
        {
            // A write cut off by the kill may be in the file or not, and what came after depends on it: such a history is drawn again. Kills have a proof of their own.
            traces = await DriveOnceAsync(place, seed, cancel);
        }
        while (traces.Any(Trace.EndsWithin));
        return traces;
    }

    private async Task<IReadOnlyList<string>> DriveOnceAsync(ProofPlace place, int seed, CancellationToken cancel)
    {
        if (Directory.Exists(DiskFolder(place)))
        {
            Directory.Delete(DiskFolder(place), recursive: true);
        }

        Directory.CreateDirectory(DiskFolder(place));
        await File.WriteAllBytesAsync(LogFile(place), [], cancel);
        var traces = new List<string>();
        for (var life = 1; life <= Lives; life++)
        {
            var trace = Path.Combine(place.Folder, $"life-{life.ToString(CultureInfo.InvariantCulture)}.trace");
            var plan = new DrivePlan(DiskFolder(place), LogFile(place), seed, life, CommandsPerLife, IsKilled: life < Lives && planted == PlantedFault.None, IsEager: planted == PlantedFault.AnswersEarly);
            var (exitCode, output) = await Trace.RunAsync(["-s", "1000000000", "-xx", "-o", trace, "-e", "trace=" + Trace.Calls], Driver.Arguments(plan), cancel);
            Proofs.Hold(plan.IsKilled || exitCode == 0, $"The driver ended with {exitCode}: {output}");
            traces.Add(trace);
        }

        return traces;
    }

    private TracedDisk Follow(ProofPlace place) =>
        new(DiskFolder(place), LogFile(place), planted == PlantedFault.JournalUnsynced ? static path => path.EndsWith("journal.db-wal", StringComparison.Ordinal) : static _ => false);

    /// <summary>How many moments there are, and which come right after something was told: the ones that hurt.</summary>
    private (int Count, List<int> Told) Moments(IEnumerable<string> traces, ProofPlace place)
    {
        var disk = Follow(place);
        var (count, told, known) = (0, new List<int>(), 0);
        foreach (var trace in traces)
        {
            disk.Restart();
            foreach (var _ in Trace.Read(trace).Where(disk.Follow))
            {
                if (disk.Script.Told.Count > known)
                {
                    known = disk.Script.Told.Count;
                    told.Add(count);
                }

                count++;
            }
        }

        return (count, told);
    }

    private static async Task<(int Answered, int Open)> CheckAsync(ProofPlace place, string image, Script script, string what, SemaphoreSlim turns, CancellationToken cancel)
    {
        var opened = image + "-opened";
        try
        {
            await Task.Yield();
            CopyFolder(image, opened);
            var result = await Afterwards.CheckAsync(opened, script, cancel);
            Directory.Delete(image, recursive: true);
            Directory.Delete(opened, recursive: true);
            return result;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            var kept = Path.Combine(place.Folder, Path.GetFileName(image));
            CopyFolder(image, kept);
            script.Write(kept + ".log");
            throw new ProofFailedException($"{what}, with {script.Told.Count} commands acknowledged: {(exception is ProofFailedException ? exception.Message : exception.ToString())} The image is kept in {kept}.");
        }
        finally
        {
            turns.Release();
        }
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var folder in Directory.GetDirectories(from))
        {
            CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }
}
