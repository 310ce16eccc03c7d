using Peony.Server.Doctor;

namespace Peony.Tests.Server.Doctor;

/// <summary>What the doctor says of what it measured, in both languages.</summary>
public sealed class DoctorTests
{
    private static readonly FileSystem Good = new("ext4", "/", "/dev/nvme0n1p1", "rw,relatime", false, "write back", 100L << 30, 400L << 30);

    [Theory]
    [InlineData(0.5, 2, nameof(Verdict.Ok), "")]
    [InlineData(4.9, 40, nameof(Verdict.Ok), "")]
    [InlineData(7, 20, nameof(Verdict.Note), "slower than usual: ")]
    [InlineData(0.5, 80, nameof(Verdict.Note), "uneven: ")]
    [InlineData(50, 60, nameof(Verdict.Wrong), "the disk is slow: ")]
    public void A_disk_is_judged_by_its_synced_appends(double median, double p99, string verdict, string begins)
    {
        var finding = Judge(Good, Timed(median, p99));
        Assert.Equal(verdict, finding.Verdict.ToString());
        Assert.StartsWith(begins + "/data (ext4 on /dev/nvme0n1p1, 100.0 GiB free): a synced append", finding.Line.English, StringComparison.Ordinal);
        Assert.Equal(verdict == nameof(Verdict.Ok), finding.Explained.Count == 0);
        Assert.All(finding.Explained, said => Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", said.Chinese));
        if (verdict == nameof(Verdict.Wrong))
        {
            Assert.Contains(finding.Explained, said => said.English.Contains("at most 20 a second", StringComparison.Ordinal) && said.Chinese.Contains("每秒最多得到 20 个", StringComparison.Ordinal));
            Assert.Contains(finding.Explained, said => said.English.Contains("Never turn syncing off", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_cause_is_named_after_what_is_under_the_folder()
    {
        var slow = Timed(30, 40);
        Assert.Contains("spinning disk (the kernel", Words(Good with { IsRotating = true }, slow), StringComparison.Ordinal);
        Assert.Contains("the network, which each sync crosses", Words(Good with { Type = "nfs4" }, slow), StringComparison.Ordinal);
        Assert.Contains("nearly full", Words(Good with { FreeBytes = 4L << 30 }, slow), StringComparison.Ordinal);
        Assert.Contains("without a write cache (write through)", Words(Good with { WriteCache = "write through" }, slow), StringComparison.Ordinal);
        Assert.Contains("a virtual disk whose host syncs each write", Words(Good, slow), StringComparison.Ordinal);
        Assert.Contains("The machine is busy", Words(Good, slow, load: 9), StringComparison.Ordinal);
        Assert.Contains("the file system. Growing a file costs 30 times", Words(Good, slow, overwrite: Timed(1, 1)), StringComparison.Ordinal);
        Assert.Contains("neighbours", Words(Good, Timed(10, 900)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_where_a_sync_is_a_lie_is_noted_and_refused_in_production()
    {
        var quick = Timed(0.5, 1);
        foreach (var system in new[] { Good with { Type = "tmpfs" }, Good with { Options = "rw,nobarrier" } })
        {
            Assert.Equal(Verdict.Note, Judge(system, quick).Verdict);
            Assert.Equal(Verdict.Wrong, Judge(system, quick, isProduction: true).Verdict);
        }

        Assert.Equal(Verdict.Wrong, Judge(Good with { Type = "nfs4" }, quick).Verdict);
        Assert.Equal(Verdict.Note, Judge(Good with { Type = "overlay" }, quick).Verdict);
        Assert.Contains("sooner than any device can answer", Words(Good, Timed(0, 0)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_real_folder_is_measured_and_left_as_it_was()
    {
        var folder = Directory.CreateTempSubdirectory("peony-doctor-");
        var measured = await DiskProbe.MeasureAsync(folder.FullName, default);
        Assert.Empty(folder.EnumerateFileSystemInfos());
        Assert.True(measured.Append.Count >= 20 && measured.Overwrite.Count >= 20 && measured.Large.Count >= 20);
        Assert.True(measured.Append.Median > 0 && measured.Append.Median <= measured.Append.P99 && measured.Append.P99 <= measured.Append.Worst);
        Assert.NotEmpty(measured.System.Type);
        folder.Delete();
    }

    [Fact]
    public void The_mount_is_the_longest_beginning_of_the_path_and_the_last_of_equals()
    {
        string[] lines =
        [
            "22 1 254:0 / / rw,relatime - ext4 /dev/vda rw,errors=remount-ro",
            "30 22 0:25 / /data rw shared:5 - tmpfs tmpfs rw",
            "31 22 8:1 / /data rw,noatime shared:6 master:1 - xfs /dev/sda1 rw,nobarrier",
            @"32 22 0:40 / /my\040disk rw - nfs4 host:/x rw",
        ];
        Assert.Equal(("xfs", "/data", "/dev/sda1", "8:1", "rw,noatime,rw,nobarrier"), FileSystem.Mounted(lines, "/data/peony"));
        Assert.Equal("ext4", FileSystem.Mounted(lines, "/database")?.Type);
        Assert.Equal("nfs4", FileSystem.Mounted(lines, "/my disk/a")?.Type);
    }

    [Theory]
    [InlineData("", "", nameof(Verdict.Ok))]
    [InlineData("fsync", "off", nameof(Verdict.Wrong))]
    [InlineData("full_page_writes", "off", nameof(Verdict.Wrong))]
    [InlineData("synchronous_commit", "off", nameof(Verdict.Wrong))]
    [InlineData("synchronous_commit", "remote_write", nameof(Verdict.Note))]
    [InlineData("data_checksums", "off", nameof(Verdict.Note))]
    [InlineData("max_wal_size", "64MB", nameof(Verdict.Note))]
    [InlineData("checkpoint_completion_target", "0.2", nameof(Verdict.Note))]
    [InlineData("shared_buffers", "16384kB", nameof(Verdict.Note))]
    [InlineData("synchronous_standby_names", "s1", nameof(Verdict.Wrong))]
    public void Settings_of_PostgreSQL_are_judged(string name, string value, string verdict)
    {
        var settings = new Dictionary<string, string>
        {
            ["server_version"] = "17.2",
            ["fsync"] = "on",
            ["synchronous_commit"] = "on",
            ["full_page_writes"] = "on",
            ["wal_sync_method"] = "fdatasync",
            ["data_checksums"] = "on",
            ["synchronous_standby_names"] = "",
            ["max_wal_size"] = "4GB",
            ["checkpoint_timeout"] = "5min",
            ["checkpoint_completion_target"] = "0.9",
            ["shared_buffers"] = "1GB",
            ["track_wal_io_timing"] = "off",
        };
        if (name.Length > 0)
        {
            settings[name] = value;
        }

        var finding = PostgresProbe.JudgeSettings(settings, standbys: 0);
        Assert.Equal(verdict, finding.Verdict.ToString());
        Assert.Equal(verdict == nameof(Verdict.Ok) ? 0 : 1, finding.Explained.Count);
        Assert.All(finding.Explained, said => Assert.Contains(name, said.English, StringComparison.Ordinal));
    }

    [Fact]
    public void A_slow_commit_is_explained_by_the_way_or_by_the_disk()
    {
        var (slow, near, far) = (Timed(50, 60), Timed(0.1, 0.1), Timed(40, 40));
        Assert.Equal(Verdict.Wrong, PostgresProbe.JudgeCommit(slow, near).Verdict);
        Assert.Contains(PostgresProbe.JudgeCommit(slow, near).Explained, said => said.English.Contains("pg_wal", StringComparison.Ordinal));
        Assert.Contains(PostgresProbe.JudgeCommit(slow, far).Explained, said => said.English.Contains("the way to the server", StringComparison.Ordinal));
        Assert.Empty(PostgresProbe.JudgeCommit(near, near).Explained);
    }

    private static string Words(FileSystem system, Timings append, Timings? overwrite = null, double load = 0) =>
        string.Join('\n', Judge(system, append, overwrite: overwrite, load: load).Explained.Select(said => said.English));

    private static Finding Judge(FileSystem system, Timings append, Timings? overwrite = null, bool isProduction = false, double load = 0) =>
        DiskProbe.Judge("disk", new DiskProbe.Measured("/data", system, append, overwrite ?? append, append, load, 2), isProduction, hasDatabase: true);

    /// <summary>Ninety-eight of the one and two of the other.</summary>
    private static Timings Timed(double median, double p99) => Timings.Of([.. Enumerable.Repeat(median, 98), p99, p99]);
}
