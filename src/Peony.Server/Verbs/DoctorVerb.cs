using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Peony.Book;
using Peony.Edge;

namespace Peony.Server.Verbs;

/// <summary><c>doctor</c>: looks at everything an instance needs and says what to do about what is wrong.</summary>
internal static class DoctorVerb
{
    public static Command Make()
    {
        var (place, figures) = (new Place(), new Figures());
        var command = new Command("doctor", "Checks disk, clock, database, secrets, address and the running instance, and says what to do");
        place.AddTo(command);
        figures.AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(place.Read(parsed), place.Urls(parsed), figures.File(parsed), cancel));
        return command;
    }

    private static async Task<int> RunAsync(PeonyOptions options, string urls, string? json, CancellationToken cancel)
    {
        var findings = new List<object>();
        var isWell = true;
        foreach (var (name, check) in Checks(options, urls))
        {
            try
            {
                var found = await check(cancel);
                findings.Add(new { name, is_well = true, found });
                Console.WriteLine($"  ok     {name}: {found}");
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                isWell = false;
                findings.Add(new { name, is_well = false, found = exception.Message });
                Console.WriteLine($"  WRONG  {name}: {exception.Message}");
            }
        }

        Console.WriteLine(isWell ? "well" : "something is wrong; see above");
        await Figures.WriteAsync(json, new { is_well = isWell, findings }, cancel);
        return isWell ? 0 : 1;
    }

    private static IEnumerable<(string Name, Func<CancellationToken, Task<string>> Check)> Checks(PeonyOptions options, string urls)
    {
        yield return ("runtime", _ => Task.FromResult($".NET {Environment.Version}, {Environment.ProcessorCount} processors"));
        yield return ("data folder", _ => Task.FromResult(CheckFolder(options.DataDirectory)));
        yield return ("disk", _ => Task.FromResult(CheckDisk(options.DataDirectory)));
        yield return ("secrets", _ => Task.FromResult(CheckSecrets(options)));
        yield return ("journal", cancel => CheckJournalAsync(options, cancel));
        yield return ("time zones", _ => Task.FromResult(TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai").DisplayName));
        yield return ("instance", cancel => CheckInstanceAsync(urls, cancel));
    }

    private static string CheckFolder(string folder)
    {
        Directory.CreateDirectory(folder);
        var probe = Path.Combine(folder, ".doctor");
        File.WriteAllText(probe, "");
        File.Delete(probe);
        var free = new DriveInfo(folder).AvailableFreeSpace;
        return free > 1L << 30
            ? $"{folder}, {free >> 30} GiB free"
            : throw new InvalidOperationException($"less than 1 GiB is free at {folder}: when the journal cannot grow, nothing is accepted any more. Make room.");
    }

    /// <summary>Fifty small appends, each synced: what every commit waits for.</summary>
    private static string CheckDisk(string folder)
    {
        var probe = Path.Combine(folder, ".doctor-sync");
        try
        {
            using var file = new FileStream(probe, FileMode.Create, FileAccess.Write, FileShare.None, 1);
            var block = new byte[4096];
            var times = new List<double>();
            for (var round = 0; round < 50; round++)
            {
                var started = Stopwatch.GetTimestamp();
                file.Write(block);
                file.Flush(flushToDisk: true);
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            times.Sort();
            var median = times[times.Count / 2];
            var text = $"a synced append takes {median.ToString("F2", CultureInfo.InvariantCulture)} ms (median of 50, worst {times[^1].ToString("F1", CultureInfo.InvariantCulture)} ms)";
            return median < 20 ? text : throw new InvalidOperationException(text + ": every commit waits that long. Use a local SSD, not a network or USB disk.");
        }
        finally
        {
            File.Delete(probe);
        }
    }

    private static string CheckSecrets(PeonyOptions options)
    {
        _ = MasterKey.Load(Path.Combine(options.DataDirectory, "secrets"), !options.IsSandbox);
        var path = Path.Combine(options.DataDirectory, "secrets", "master.key");
        if (!OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0)
        {
            throw new InvalidOperationException($"others may read {path}: chmod 600 it.");
        }

        return "the master key is there; keep a copy outside this machine";
    }

    private static async Task<string> CheckJournalAsync(PeonyOptions options, CancellationToken cancel)
    {
        await using var instance = new Instance(options);
        var head = await instance.Journal.HeadAsync(cancel);
        var where = options.Database is null ? "SQLite" : "PostgreSQL";
        return head is null ? $"{where}, empty" : $"{where}, head is frame {head.Value.Sequence}, epoch {head.Value.Epoch}; run verify to prove it";
    }

    private static async Task<string> CheckInstanceAsync(string urls, CancellationToken cancel)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var response = await client.GetAsync(new Uri(new Uri(urls), "/readyz"), cancel);
            var text = await response.Content.ReadAsStringAsync(cancel);
            return response.IsSuccessStatusCode ? $"{urls} is ready" : throw new InvalidOperationException($"{urls} answers but is not ready: {text}");
        }
        catch (HttpRequestException)
        {
            return $"nothing runs at {urls} (that is fine if it should not)";
        }
    }
}
