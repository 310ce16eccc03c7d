using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Peony.Proof;
using Peony.Testing;

namespace Peony.EndToEnd.Proof;

/// <summary>No answer before the disk has it, counted from outside: one caller alone shares no sync with anybody.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed partial class SyncTests(PostgresCluster cluster)
{
    private const int Commands = 200;

    [Fact]
    public async Task Each_acknowledged_command_of_one_caller_was_synced_on_SQLite()
    {
        await using var place = await ServerPlace.MakeAsync(Database.Sqlite, cluster);
        await using var server = await ServerProcess.StartAsync(place);
        var lin = await Caller.SignInAsync(server, Caller.Lin);
        var counts = Path.Combine(place.Directory, "strace");
        using var strace = Process.Start(new ProcessStartInfo("strace",
            ["-f", "-c", "-e", "trace=fsync,fdatasync", "-o", counts, "-p", server.Id.ToString(CultureInfo.InvariantCulture)])
        { RedirectStandardError = true })!;
        // strace says so when it has attached to every thread.
        Assert.Contains("attached", await strace.StandardError.ReadLineAsync() ?? "", StringComparison.Ordinal);
        await BuyAsync(lin, server);
        Assert.Equal(0, await server.StopAsync());
        await strace.WaitForExitAsync();
        var syncs = Sync().Matches(await File.ReadAllTextAsync(counts)).Sum(row => int.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture));
        Assert.True(syncs >= Commands, $"{syncs} syncs for {Commands} commands.");
    }

    [Fact]
    public async Task Each_acknowledged_command_of_one_caller_was_synced_on_PostgreSQL()
    {
        await using var quiet = await PostgresCluster.StartAsync("");
        await using var place = await ServerPlace.MakeAsync(Database.Postgres, quiet);
        await using var server = await ServerProcess.StartAsync(place);
        var lin = await Caller.SignInAsync(server, Caller.Lin);
        var before = await SyncsAsync(place);
        await BuyAsync(lin, server);
        // The server's processes hand in their counts about once a second.
        var since = Stopwatch.StartNew();
        while (await SyncsAsync(place) - before < Commands && since.Elapsed < TimeSpan.FromSeconds(20))
        {
            await Task.Delay(100);
        }

        Assert.InRange(await SyncsAsync(place) - before, Commands, int.MaxValue);
    }

    private static async Task BuyAsync(Caller caller, ServerProcess server)
    {
        for (var number = 0; number < Commands; number++)
        {
            (await caller.PostAsync(server, "credit/purchases", new { shop = "bookshop", amount = Caller.Cny(1), pin = Caller.Pin })).OrFail("purchase");
        }
    }

    private static async Task<long> SyncsAsync(ServerPlace place)
    {
        var version = int.Parse((string)(await place.MeddleAsync("SHOW server_version_num"))!, CultureInfo.InvariantCulture);
        return (long)(await place.MeddleAsync(version >= 180_000
            ? "SELECT sum(fsyncs)::bigint FROM pg_stat_io WHERE object = 'wal'"
            : "SELECT wal_sync FROM pg_stat_wal"))!;
    }

    [GeneratedRegex(@"^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+).*\b(?:fsync|fdatasync)$", RegexOptions.Multiline)]
    private static partial Regex Sync();
}
