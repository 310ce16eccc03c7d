namespace Peony.Testing;

/// <summary>
/// A primary and its synchronous standby, as an operator who may lose no answer runs them: a commit is answered when both have it. After a promotion the former primary is made
/// the new standby, so that the next failover can follow.
/// </summary>
public sealed class PostgresPair : IAsyncDisposable
{
    private readonly string _folder;

    private PostgresPair(string folder, PostgresNode primary, PostgresNode standby) => (_folder, Primary, Standby) = (folder, primary, standby);

    public PostgresNode Primary { get; private set; }

    public PostgresNode Standby { get; private set; }

    /// <param name="settings">Settings of both servers: <c>-c wal_writer_delay=10s</c>.</param>
    public static async Task<PostgresPair> StartAsync(string settings = "")
    {
        var folder = PostgresNode.MakeFolder();
        var primary = await PostgresNode.MakeAsync(folder, "one", settings);
        var pair = new PostgresPair(folder, primary, await PostgresNode.FollowAsync(primary, folder, "two", settings));
        await pair.BeSynchronousAsync();
        return pair;
    }

    /// <summary>
    /// Kills the primary and promotes the standby, which then serves alone. The former primary is down: nobody can have written to it without the standby's word, and when it comes
    /// back it still waits for that word.
    /// </summary>
    /// <param name="unnoticed">How long it takes until somebody notices.</param>
    public async Task FailOverAsync(TimeSpan unnoticed = default)
    {
        await Primary.KillAsync();
        await Task.Delay(unnoticed);
        await Standby.PromoteAsync();
        (Primary, Standby) = (Standby, Primary);
    }

    /// <summary>Makes the former primary the new synchronous standby.</summary>
    public async Task RejoinAsync()
    {
        await Standby.RejoinAsync(Primary);
        await BeSynchronousAsync();
    }

    /// <summary>What the servers logged, for somebody who looks for what went wrong.</summary>
    public void CopyLogs(string folder)
    {
        Primary.CopyLog(Path.Combine(folder, "primary.log"));
        Standby.CopyLog(Path.Combine(folder, "standby.log"));
    }

    public async ValueTask DisposeAsync()
    {
        await Standby.KillAsync();
        await Primary.KillAsync();
        PostgresNode.RemoveFolder(_folder);
    }

    /// <summary>Only after the standby has caught up: before, every commit would wait for the whole distance.</summary>
    private async Task BeSynchronousAsync()
    {
        await Primary.UntilAsync("SELECT EXISTS (SELECT 1 FROM pg_stat_replication WHERE state = 'streaming')");
        await Primary.AskAsync("ALTER SYSTEM SET synchronous_standby_names = '*'");
        await Primary.AskAsync("SELECT pg_reload_conf()");
        await Primary.UntilAsync("SELECT EXISTS (SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync')");
    }
}
