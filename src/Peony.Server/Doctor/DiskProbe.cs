using System.Globalization;

namespace Peony.Server.Doctor;

/// <summary>
/// Measures what every answer waits for, where journal, tables and seal lie: a small append and its sync; beside it an overwrite in place (which tells the file system's share from the
/// device's) and a large append. Then says what that means and where it may come from.
/// </summary>
internal static class DiskProbe
{
    /// <summary>From here on a disk is not what a Book should live on, milliseconds.</summary>
    internal const double WrongFrom = 20;
    private const double SlowFrom = 5;
    private const double UnevenFrom = 50;

    /// <summary>No device answers within this.</summary>
    private const double TooFastBelow = 0.008;
    private const int Block = 8192;
    private const int Large = 1 << 20;

    public sealed record Measured(string Folder, FileSystem System, Timings Append, Timings Overwrite, Timings Large, double Load, int Processors);

    public static async Task<Measured> MeasureAsync(string folder, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        var probe = Path.Combine(folder, ".doctor-sync");
        try
        {
            var block = new byte[Block];
            Timings append;
            using (var file = Open(probe))
            {
                append = await Timings.MeasureAsync(TimeSpan.FromSeconds(2), 5000, () => Write(file, block), cancel);
            }

            Timings overwrite;
            using (var file = Open(probe))
            {
                for (var blocks = 0; blocks < 256; blocks++)
                {
                    file.Write(block);
                }

                file.Flush(flushToDisk: true);
                file.Position = 0;
                overwrite = await Timings.MeasureAsync(TimeSpan.FromSeconds(1), 256, () => Write(file, block), cancel);
            }

            Timings large;
            using (var file = Open(probe))
            {
                var all = new byte[Large];
                large = await Timings.MeasureAsync(TimeSpan.FromSeconds(1), 40, () => Write(file, all), cancel);
            }

            return new Measured(folder, FileSystem.Of(folder), append, overwrite, large, Load(), Environment.ProcessorCount);
        }
        finally
        {
            File.Delete(probe);
        }
    }

    /// <param name="isProduction">What may be played with must not be relied on.</param>
    /// <param name="hasDatabase">True when the folder holds the databases themselves, not only the seal.</param>
    public static Finding Judge(string name, Measured measured, bool isProduction, bool hasDatabase)
    {
        var (append, system) = (measured.Append, measured.System);
        var explained = new List<Said>();
        var verdict = Verdict.Ok;
        void Add(Verdict least, Said said)
        {
            verdict = (Verdict)Math.Max((int)verdict, (int)least);
            explained.Add(said);
        }

        if (system.IsInMemory)
        {
            Add(isProduction ? Verdict.Wrong : Verdict.Note, new(
                $"This is {system.Type}, a file system in memory: a sync does nothing here, and everything is gone when the machine stops. Good for trying, never for money.",
                $"这是内存文件系统 {system.Type}：落盘不起作用，关机后全部丢失。只可试用，不能存放资金数据。"));
        }

        if (system.IsLayer)
        {
            Add(Verdict.Note, new(
                "This is the writable layer of a container: it goes when the container is made anew. Mount a volume for --data.",
                "这是容器的可写层：容器重建后数据会丢失。请为 --data 挂载一个数据卷。"));
        }

        if (system.IsNetwork)
        {
            Add(hasDatabase ? Verdict.Wrong : Verdict.Note, new(
                $"This is a network file system ({system.Type}): SQLite's locks and shared memory do not hold there, and each sync crosses the network. Use a local disk, or PostgreSQL.",
                $"这是网络文件系统（{system.Type}）：SQLite 的锁和共享内存在这里不可靠，每次落盘都要经过网络。请改用本地磁盘，或使用 PostgreSQL。"));
        }

        if (system.HasNoBarrier)
        {
            Add(isProduction ? Verdict.Wrong : Verdict.Note, new(
                "It is mounted without barriers: a power cut may lose what was synced. Remount with barriers.",
                "挂载时关闭了写屏障：断电可能丢失已落盘的数据。请重新挂载并打开写屏障。"));
        }

        if (append.Median < TooFastBelow && !system.IsInMemory)
        {
            Add(Verdict.Note, new(
                $"A sync returns after {Timings.Ms(append.Median)}, sooner than any device can answer: something answers in the disk's place (a library that skips syncs, a host that keeps writes in memory). A power cut may lose answered commands.",
                $"落盘只用了 {Timings.Ms(append.Median)}，比任何设备都快：可能有程序代替磁盘作答（跳过落盘的库，或把写入留在内存的宿主机）。断电可能丢失已答复的命令。"));
        }

        if (append.Median >= SlowFrom || append.P99 >= UnevenFrom)
        {
            verdict = (Verdict)Math.Max((int)verdict, (int)(append.Median >= WrongFrom ? Verdict.Wrong : Verdict.Note));
            explained.AddRange(Explain(measured));
        }

        var (median, p99, worst) = (Timings.Ms(append.Median), Timings.Ms(append.P99), Timings.Ms(append.Worst));
        var (over, large, rate) = (Timings.Ms(measured.Overwrite.Median), Timings.Ms(measured.Large.Median), Large / 1e3 / measured.Large.Median);
        var judged = append.Median switch
        {
            >= WrongFrom => new Said("the disk is slow: ", "磁盘缓慢："),
            >= SlowFrom => new Said("slower than usual: ", "比通常慢："),
            _ => append.P99 >= UnevenFrom ? new Said("uneven: ", "时快时慢：") : new Said("", ""),
        };
        return new Finding(name, verdict, new(
            string.Create(CultureInfo.InvariantCulture, $"{judged.English}{measured.Folder} ({system.Said.English}): a synced append of 8 kB takes {median}, 99 of 100 within {p99}, worst {worst} ({append.Count} tries); an overwrite {over}; 1 MiB {large} ({rate:0} MB/s)"),
            string.Create(CultureInfo.InvariantCulture, $"{judged.Chinese}{measured.Folder}（{system.Said.Chinese}）：追加 8 kB 并落盘需要 {median}，99% 不超过 {p99}，最慢 {worst}（{append.Count} 次）；原地覆盖 {over}；1 MiB {large}（{rate:0} MB/s）")),
            explained,
            new
            {
                folder = measured.Folder,
                file_system = system.Type,
                mount = system.MountPoint,
                free_bytes = system.FreeBytes,
                append = append.Figures,
                overwrite = measured.Overwrite.Figures,
                large = measured.Large.Figures,
                load = measured.Load,
            });
    }

    /// <summary>What a slow disk means for Peony, where it may come from, and what to do.</summary>
    internal static IEnumerable<Said> Explain(Measured measured)
    {
        var append = measured.Append;
        yield return new(
            "Usual are 0.02 to 0.1 ms on an SSD with power-loss protection, 0.3 to 3 ms on other SSDs, 1 to 5 ms on cloud volumes, 8 to 20 ms on spinning disks.",
            "通常：带断电保护的 SSD 0.02 至 0.1 ms，普通 SSD 0.3 至 3 ms，云盘 1 至 5 ms，机械硬盘 8 至 20 ms。");
        yield return Meaning(append.Median, append.P99);
        foreach (var cause in Causes(measured))
        {
            yield return cause;
        }

        yield return new(
            "What to do: put --data on a local SSD with power-loss protection, or a volume with guaranteed operations a second, used by nothing else. Never turn syncing off: a power cut would take back payments that were answered.",
            "怎么办：把 --data 放到带断电保护的本地 SSD，或有性能保证、独占的云盘。不要关闭落盘：断电会让已答复的支付消失。");
    }

    internal static Said Meaning(double median, double p99)
    {
        var answers = Math.Max(1, 1000 / median).ToString("0", CultureInfo.InvariantCulture);
        return new(
            $"What it means: no answer goes out before its append is on the disk. A caller who waits for each answer gets at most {answers} a second, every answer takes {Timings.Ms(median)} longer, one in a hundred {Timings.Ms(p99)}. Many callers share an append, so the total stays high; nothing is lost or wrong.",
            $"意味着：每个结果都要等写入落盘后才会返回。逐个等待结果的调用方每秒最多得到 {answers} 个结果，每个结果多等 {Timings.Ms(median)}，每一百个中有一个多等 {Timings.Ms(p99)}。许多调用方共用一次写入，总量仍然很高；数据不会丢失或出错。");
    }

    private static IEnumerable<Said> Causes(Measured measured)
    {
        var (append, system, any) = (measured.Append, measured.System, false);
        if (system.IsNetwork)
        {
            any = true;
            yield return new("Likely cause: the network, which each sync crosses.", "可能原因：每次落盘都要经过网络。");
        }

        if (system.IsRotating == true && !system.IsInMemory)
        {
            any = true;
            yield return new("Likely cause: a spinning disk (the kernel says it rotates), or a virtual disk that looks like one.", "可能原因：机械硬盘（内核报告为旋转设备），或表现为机械硬盘的虚拟磁盘。");
        }

        if (measured.Overwrite.Median * 3 < append.Median)
        {
            any = true;
            yield return new(
                $"Likely cause: the file system. Growing a file costs {append.Median / measured.Overwrite.Median:0} times an overwrite in place: each sync also commits the file system's own journal, with whatever others wrote. A partition of its own helps.",
                $"可能原因：文件系统。增长文件的耗时是原地覆盖的 {append.Median / measured.Overwrite.Median:0} 倍：每次落盘还要提交文件系统自己的日志，连同他人写入的内容。单独分区会有帮助。");
        }

        if (system.Used > 0.95)
        {
            any = true;
            yield return new("Likely cause: the disk is nearly full; SSDs and file systems slow down there. Make room.", "可能原因：磁盘将满；SSD 和文件系统在此时都会变慢。请腾出空间。");
        }

        if (append.Worst > 20 * append.Median)
        {
            any = true;
            yield return new("Likely cause of the worst ones: neighbours on the same disk or host that write a lot now and then.", "最慢的几次可能来自同一磁盘或宿主机上的邻居：它们不时大量写入。");
        }

        if (measured.Load > 2 * measured.Processors)
        {
            any = true;
            yield return new(
                string.Create(CultureInfo.InvariantCulture, $"The machine is busy (load {measured.Load:0.0} on {measured.Processors} processors): measure again at rest before blaming the disk."),
                string.Create(CultureInfo.InvariantCulture, $"机器正忙（{measured.Processors} 个处理器，负载 {measured.Load:0.0}）：请在空闲时再测一次。"));
        }

        if (system.WriteCache == "write through")
        {
            any = true;
            yield return new("Likely cause: the device works without a write cache (write through).", "可能原因：设备没有写缓存（直写）。");
        }

        if (!any)
        {
            yield return new("Likely causes: a virtual disk whose host syncs each write, a volume with few operations a second, a worn SSD.", "可能原因：宿主机逐次落盘的虚拟磁盘、每秒操作数有限的云盘，或老化的 SSD。");
        }
    }

    private static FileStream Open(string path) => new(path, FileMode.Create, FileAccess.Write, FileShare.None, 0);

    private static Task Write(FileStream file, byte[] bytes)
    {
        file.Write(bytes);
        file.Flush(flushToDisk: true);
        return Task.CompletedTask;
    }

    private static double Load()
    {
        try
        {
            return double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
