using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Peony.Bench;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    public static string Describe(string directory)
    {
        var processor = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : null;
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30;
        var disk = DriveInfo.GetDrives().Where(drive => directory.StartsWith(drive.Name, StringComparison.Ordinal)).MaxBy(drive => drive.Name.Length)?.DriveFormat;
        return string.Create(CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} x {processor ?? RuntimeInformation.OSArchitecture.ToString()}, {memory} GiB, {disk}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
    }

    /// <summary>The load average of the last minute, or 0 where there is none.</summary>
    public static double LoadAverage() =>
        File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : 0;

    /// <summary>Processor time of the programs this process started and that have ended.</summary>
    public static TimeSpan EndedChildrenTime() => StatOf("self") is { } self ? Ticks(self, from: 13, count: 2) : default;

    /// <summary>Processor time of a process and its children, those that have ended included.</summary>
    public static TimeSpan FamilyTime(int parent)
    {
        var sum = TimeSpan.Zero;
        var name = parent.ToString(CultureInfo.InvariantCulture);
        foreach (var process in Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(folder => char.IsAsciiDigit(folder![0])))
        {
            if (StatOf(process!) is { } fields && (process == name || fields[1] == name))
            {
                sum += Ticks(fields, from: 11, count: process == name ? 4 : 2);
            }
        }

        return sum;
    }

    /// <summary>Processor time of one process.</summary>
    public static TimeSpan ProcessTime(int process) => StatOf(process.ToString(CultureInfo.InvariantCulture)) is { } fields ? Ticks(fields, from: 11, count: 2) : default;

    /// <summary>What follows the name in brackets, which may hold anything: state, parent, …, then from the twelfth on utime, stime, cutime, cstime. Null when the process has ended.</summary>
    private static string[]? StatOf(string process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Linux counts in hundredths of a second here, whatever the kernel's own tick.</summary>
    private static TimeSpan Ticks(string[] fields, int from, int count) =>
        TimeSpan.FromMilliseconds(10 * fields.Skip(from).Take(count).Sum(field => long.Parse(field, CultureInfo.InvariantCulture)));

    /// <summary>How often a second an append of 8 kB can be put on the disk: everything durable stands or falls with it.</summary>
    public static double SyncsPerSecond(string directory)
    {
        var path = Path.Combine(directory, "probe");
        try
        {
            using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
            var page = new byte[8192];
            var (count, start) = (0, Stopwatch.GetTimestamp());
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < 1)
            {
                RandomAccess.Write(file, page, (long)count++ * page.Length);
                RandomAccess.FlushToDisk(file);
            }

            return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
