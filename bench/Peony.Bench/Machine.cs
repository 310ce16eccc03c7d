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
