namespace Peony.Bench;

/// <summary>
/// A PostgreSQL server of its own with a standby on the same machine that can be switched on and off: on, every commit waits until the standby has it on disk; off, the standby
/// does not run at all, so that it takes no processor time from what is measured beside it.
/// </summary>
internal sealed class PostgresPair : IAsyncDisposable
{
    private readonly string _standbyFolder;
    private Postgres? _standby;

    private PostgresPair(Postgres primary, string standbyFolder) => (Primary, _standbyFolder) = (primary, standbyFolder);

    public Postgres Primary { get; }

    public static async Task<PostgresPair> StartAsync(string directory, CancellationToken cancel)
    {
        var (primaryFolder, standbyFolder) = (Path.Combine(directory, "primary"), Path.Combine(directory, "standby"));
        var pair = new PostgresPair(await Postgres.MakeAsync(primaryFolder, cancel), standbyFolder);
        await PostgresPrograms.MakeFolderAsync(standbyFolder, cancel);
        // A slot keeps what the standby has not had while it is off.
        await PostgresPrograms.RunAsServerAsync("pg_basebackup",
            ["-h", primaryFolder, "-U", "postgres", "-D", Path.Combine(standbyFolder, "data"), "-X", "stream", "-C", "-S", "standby", "-R", "-c", "fast"], cancel);
        return pair;
    }

    /// <summary>Switches the standby; when this returns with it on, it has everything and commits wait for it.</summary>
    public async Task SwitchAsync(bool isOn, CancellationToken cancel)
    {
        if (isOn == _standby is not null)
        {
            return;
        }

        if (isOn)
        {
            _standby = await Postgres.OpenAsync(_standbyFolder, cancel);
            await SetAsync("*", cancel);
            await UntilAsync("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming' AND replay_lsn >= pg_current_wal_lsn()", cancel);
        }
        else
        {
            await SetAsync("", cancel);
            await UntilAsync("SELECT count(*) FROM pg_settings WHERE name = 'synchronous_standby_names' AND setting = ''", cancel);
            await _standby!.DisposeAsync();
            _standby = null;
        }
    }

    /// <summary>Processor time of both servers.</summary>
    public TimeSpan ProcessorTime() => Primary.ProcessorTime() + (_standby?.ProcessorTime() ?? default);

    public async ValueTask DisposeAsync()
    {
        if (_standby is not null)
        {
            await _standby.DisposeAsync();
        }

        await Primary.DisposeAsync();
    }

    private async Task SetAsync(string names, CancellationToken cancel)
    {
        await Primary.ExecuteAsync("postgres", $"ALTER SYSTEM SET synchronous_standby_names = '{names}'", cancel);
        await Primary.ExecuteAsync("postgres", "SELECT pg_reload_conf()", cancel);
    }

    private async Task UntilAsync(string sql, CancellationToken cancel)
    {
        while (await Primary.ReadAsync("postgres", sql, cancel) != "1")
        {
            await Task.Delay(20, cancel);
        }
    }
}
