using System.Globalization;
using Npgsql;

namespace Peony.Server.Doctor;

/// <summary>Measures a commit of the PostgreSQL server and reads the settings that decide whether an answer is durable and how long it takes.</summary>
internal static class PostgresProbe
{
    private static readonly string[] Settings =
    [
        "server_version", "fsync", "synchronous_commit", "full_page_writes", "wal_sync_method", "data_checksums", "synchronous_standby_names", "max_wal_size", "checkpoint_timeout",
        "checkpoint_completion_target", "shared_buffers", "track_wal_io_timing",
    ];

    public static async Task<IReadOnlyList<Finding>> RunAsync(string database, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false, Timeout = 10, CommandTimeout = 15 }.ToString());
        await connection.OpenAsync(cancel);
        var settings = await ReadSettingsAsync(connection, cancel);
        var standbys = await StandbysAsync(connection, cancel);
        var judged = JudgeSettings(settings, standbys);
        if (settings["synchronous_standby_names"].Length > 0 && standbys == 0)
        {
            // A commit would wait for ever.
            return [judged];
        }

        return [await CommitAsync(connection, cancel), judged, await HistoryAsync(connection, cancel)];
    }

    /// <summary>What the settings mean. Sizes are as <c>SHOW</c> writes them.</summary>
    /// <param name="standbys">Synchronous standbys connected, or null when this role may not see.</param>
    internal static Finding JudgeSettings(IReadOnlyDictionary<string, string> settings, long? standbys)
    {
        var (verdict, explained) = (Verdict.Ok, new List<Said>());
        void When(bool isSo, Verdict least, string english, string chinese)
        {
            if (isSo)
            {
                verdict = (Verdict)Math.Max((int)verdict, (int)least);
                explained.Add(new Said(english, chinese));
            }
        }

        When(settings["fsync"] == "off", Verdict.Wrong, "fsync=off: a power cut may destroy the database. Turn it on.", "fsync=off：断电可能毁坏数据库。请打开。");
        When(settings["full_page_writes"] == "off", Verdict.Wrong, "full_page_writes=off: a power cut may leave torn pages. Turn it on.", "full_page_writes=off：断电可能留下残缺的页。请打开。");
        When(settings["synchronous_commit"] == "off", Verdict.Wrong, "synchronous_commit=off: answers would not be durable; Peony refuses to start.", "synchronous_commit=off：结果不能保证落盘，Peony 拒绝启动。");
        When(settings["synchronous_commit"] == "local" && settings["synchronous_standby_names"].Length > 0, Verdict.Note,
            "synchronous_commit=local: the standby named is not waited for; after a failover answered commands may be missing.", "synchronous_commit=local：不等待指定的备库；切换后可能缺少已答复的命令。");
        When(settings["synchronous_commit"] == "remote_write", Verdict.Note,
            "synchronous_commit=remote_write: the standby has it in memory only; when both machines lose power, answered commands may be missing. Set on.",
            "synchronous_commit=remote_write：备库仅写入内存；两台机器同时断电可能缺少已答复的命令。请设为 on。");
        When(settings["synchronous_standby_names"].Length > 0 && standbys == 0, Verdict.Wrong,
            "synchronous_standby_names is set and no such standby is connected: every commit waits until one comes.", "已设置 synchronous_standby_names，但没有备库连接：所有提交都会一直等待。");
        When(settings["data_checksums"] == "off", Verdict.Note,
            "data_checksums=off: a disk that spoils a page is found late (verify finds it). pg_checksums --enable, while stopped.", "data_checksums=off：磁盘损坏的页发现较晚（verify 能发现）。停机后执行 pg_checksums --enable。");
        When(Megabytes(settings["max_wal_size"]) < 1024, Verdict.Note,
            $"max_wal_size={settings["max_wal_size"]}: under load checkpoints come too often, and after each the log grows by whole pages. 4GB or more.",
            $"max_wal_size={settings["max_wal_size"]}：高负载下检查点过于频繁，每次之后日志按整页增长。建议 4GB 以上。");
        When(double.Parse(settings["checkpoint_completion_target"], CultureInfo.InvariantCulture) < 0.7, Verdict.Note,
            $"checkpoint_completion_target={settings["checkpoint_completion_target"]}: checkpoints write in bursts, and commits wait meanwhile. 0.9.",
            $"checkpoint_completion_target={settings["checkpoint_completion_target"]}：检查点集中写入，其间提交需要等待。建议 0.9。");
        When(Megabytes(settings["shared_buffers"]) < 128, Verdict.Note,
            $"shared_buffers={settings["shared_buffers"]}: loads go to the disk. A quarter of the machine's memory.", $"shared_buffers={settings["shared_buffers"]}：读取会直达磁盘。建议为内存的四分之一。");
        var line = string.Join(", ", Settings.Where(settings.ContainsKey).Select(name => $"{name} {(settings[name].Length == 0 ? "''" : settings[name])}"));
        return new Finding("PostgreSQL settings", verdict, line, explained, settings);
    }

    internal static Finding JudgeCommit(Timings commit, Timings trip)
    {
        var (median, p99) = (Timings.Ms(commit.Median), Timings.Ms(commit.P99));
        var explained = new List<Said>();
        if (commit.Median >= 5 || commit.P99 >= 50)
        {
            explained.Add(DiskProbe.Meaning(commit.Median, commit.P99));
            explained.Add(trip.Median * 2 > commit.Median
                ? new(
                    $"Likely cause: the way to the server; a question alone takes {Timings.Ms(trip.Median)}. Bring Peony and PostgreSQL closer together.",
                    $"可能原因：到服务器的网络；单次往返就要 {Timings.Ms(trip.Median)}。请让 Peony 与 PostgreSQL 靠得更近。")
                : new(
                    "Likely cause: the disk under pg_wal, or a synchronous standby that is far away or slow. Put pg_wal on a local SSD with power-loss protection; pg_test_fsync there tells the disk's share. Never turn fsync or synchronous_commit off.",
                    "可能原因：pg_wal 所在磁盘，或较远、较慢的同步备库。请把 pg_wal 放到带断电保护的本地 SSD；在其上运行 pg_test_fsync 可看出磁盘的占比。不要关闭 fsync 或 synchronous_commit。"));
        }

        var verdict = commit.Median >= DiskProbe.WrongFrom ? Verdict.Wrong : explained.Count > 0 ? Verdict.Note : Verdict.Ok;
        return new Finding("PostgreSQL commit", verdict, new(
            $"{(verdict == Verdict.Wrong ? "commits are slow: " : "")}a commit of 8 kB takes {median}, 99 of 100 within {p99}, worst {Timings.Ms(commit.Worst)} ({commit.Count} tries); a question alone {Timings.Ms(trip.Median)}",
            $"{(verdict == Verdict.Wrong ? "提交缓慢：" : "")}提交 8 kB 需要 {median}，99% 不超过 {p99}，最慢 {Timings.Ms(commit.Worst)}（{commit.Count} 次）；单次往返 {Timings.Ms(trip.Median)}"),
            explained, new { commit = commit.Figures, trip = trip.Figures });
    }

    /// <summary>A message in the log that is part of no table: it is written and synced like a row and leaves nothing behind.</summary>
    private static async Task<Finding> CommitAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var question = new NpgsqlCommand("SELECT 1", connection);
        var trip = await Timings.MeasureAsync(TimeSpan.FromSeconds(0.3), 200, () => question.ExecuteScalarAsync(cancel), cancel);
        await using var message = new NpgsqlCommand("SELECT pg_logical_emit_message(true, 'peony.doctor', repeat('x', 8192))", connection);
        var commit = await Timings.MeasureAsync(TimeSpan.FromSeconds(2), 2000, () => message.ExecuteScalarAsync(cancel), cancel);
        return JudgeCommit(commit, trip);
    }

    private static async Task<Dictionary<string, string>> ReadSettingsAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var found = new Dictionary<string, string>();
        await using var command = new NpgsqlCommand("SELECT name, current_setting(name) FROM pg_settings WHERE name = ANY($1)", connection) { Parameters = { new NpgsqlParameter { Value = Settings } } };
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            found[rows.GetString(0)] = rows.GetString(1);
        }

        return found;
    }

    private static async Task<long?> StandbysAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "SELECT CASE WHEN pg_has_role(current_user, 'pg_read_all_stats', 'usage') THEN (SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')) END", connection);
        return await command.ExecuteScalarAsync(cancel) as long?;
    }

    /// <summary>What the server itself has counted since its statistics began: syncs of its log, and checkpoints that came because the log was full.</summary>
    private static async Task<Finding> HistoryAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var isNew = connection.PostgreSqlVersion.Major >= 17;
        var (timed, requested) = await PairAsync(connection, isNew
            ? "SELECT num_timed::float8, num_requested::float8 FROM pg_stat_checkpointer" : "SELECT checkpoints_timed::float8, checkpoints_req::float8 FROM pg_stat_bgwriter", cancel);
        var (syncs, milliseconds) = connection.PostgreSqlVersion.Major switch
        {
            >= 18 => await PairAsync(connection, "SELECT coalesce(sum(fsyncs), 0)::float8, coalesce(sum(fsync_time), 0)::float8 FROM pg_stat_io WHERE object = 'wal'", cancel),
            >= 14 => await PairAsync(connection, "SELECT wal_sync::float8, wal_sync_time::float8 FROM pg_stat_wal", cancel),
            _ => (0, 0),
        };
        var isTimed = syncs > 0 && milliseconds > 0;
        var (sync, chinese) = isTimed
            ? ($"{syncs:0} syncs of its log took {Timings.Ms(milliseconds / syncs)} on average", $"日志落盘 {syncs:0} 次，平均 {Timings.Ms(milliseconds / syncs)}")
            : ("its syncs are not timed (track_wal_io_timing=on would tell)", "未统计日志落盘耗时（可打开 track_wal_io_timing）");
        var isOften = requested > 20 && requested > timed;
        Said[] explained = isOften
            ? [new("More checkpoints came because the log was full than by time: raise max_wal_size.", "因日志写满触发的检查点多于按时间触发的：请增大 max_wal_size。")]
            : [];
        return new Finding("PostgreSQL so far", isOften ? Verdict.Note : Verdict.Ok,
            new($"{sync}; {timed:0} checkpoints by time, {requested:0} by request or because the log was full", $"{chinese}；按时间的检查点 {timed:0} 次，按请求或日志写满的 {requested:0} 次"),
            explained, new { wal_syncs = syncs, wal_sync_ms = isTimed ? milliseconds / syncs : (double?)null, checkpoints_timed = timed, checkpoints_requested = requested });
    }

    private static async Task<(double First, double Second)> PairAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? (row.GetDouble(0), row.GetDouble(1)) : (0, 0);
    }

    /// <summary><c>1GB</c>, <c>512MB</c>, <c>16384kB</c>.</summary>
    private static double Megabytes(string size)
    {
        var digits = new string([.. size.TakeWhile(letter => char.IsAsciiDigit(letter) || letter == '.')]);
        var number = double.Parse(digits, CultureInfo.InvariantCulture);
        return size[digits.Length..] switch
        {
            "TB" => number * 1024 * 1024,
            "GB" => number * 1024,
            "MB" => number,
            "kB" => number / 1024,
            _ => number / 1024 / 1024,
        };
    }
}
