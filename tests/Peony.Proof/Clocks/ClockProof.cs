using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Peony.Proof;

/// <summary>The wall clock of the whole process jumps: by days and years, forward and back, and at last to where it was.</summary>
internal sealed class ClockProof : IProof
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    public string Name => "clock jumps sqlite";

    public string Claim => "When the machine's clock jumps, the program says that it is not ready until the clock is back or steady, its own time never goes back, no code that had expired works again, "
        + "and nothing timed happens twice.";

    public async Task<ProofRound> RunAsync(ProofPlace place, int seed, CancellationToken cancel)
    {
        var library = Library() ?? throw new ProofNotRunException("libfaketime is not installed: apt-get install libfaketime.");
        var store = await place.MakeServerPlaceAsync(Database.Sqlite);
        var offset = Path.Combine(place.Folder, "offset");
        await SetAsync(offset, 0);
        await using var server = await ServerProcess.StartAsync(store, null, new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = library,
            ["FAKETIME_TIMESTAMP_FILE"] = offset,
            ["FAKETIME_NO_CACHE"] = "1",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            // Without it the library lets timed waits of the runtime end at once.
            ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
            ["NO_FAKE_STAT"] = "1",
        });
        var watch = new BookTime(server);
        var lin = await Caller.SignInAsync(server, Caller.Lin);
        var wallet = await WalletAsync(lin, server);
        var (withdrawal, code) = await lin.AskAsync(server, await lin.CardAsync(server), 5_00);
        var free = await lin.FreeAsync(server);
        var jumps = Jumps(new Random(seed));
        foreach (var days in jumps)
        {
            cancel.ThrowIfCancellationRequested();
            await SetAsync(offset, days);
            await server.BecomesAsync(HttpStatusCode.ServiceUnavailable, Soon, $"After a jump to {days} days");
            // Not even for a moment while it stands elsewhere.
            for (var tries = 0; tries < 20; tries++)
            {
                Proofs.Same(HttpStatusCode.ServiceUnavailable, await server.ReadinessAsync(), $"Readiness while the clock stands {days} days off");
                await watch.LookAsync();
                await Task.Delay(50, cancel);
            }

            // Forward first: the code's minutes are over, and stay so.
            var again = await Caller.SignInAsync(server, Caller.Lin);
            var redeemed = await again.PostAsync(server, $"withdrawals/{withdrawal}/redeem", new { code });
            Proofs.Hold(redeemed.Status is 422, $"A code whose time was over answers {redeemed.Status} {redeemed.Code} at {days} days.");
            Proofs.Same(wallet, await WalletAsync(again, server), $"The wallet balance at {days} days, the hold released once");
            (await again.BuyAsync(server, 1)).OrFail("purchase");
            free--;
            Proofs.Same(free, await again.FreeAsync(server), $"What is left to spend at {days} days");
        }

        await SetAsync(offset, 0);
        await server.BecomesAsync(HttpStatusCode.OK, Soon, "With the clock back where it was");
        await watch.LookAsync();
        var last = await Caller.SignInAsync(server, Caller.Lin);
        Proofs.Same(422, (await last.PostAsync(server, $"withdrawals/{withdrawal}/redeem", new { code })).Status, "A code whose time was over, with the clock back");
        Proofs.Same(wallet, await WalletAsync(last, server), "The wallet balance with the clock back");
        Proofs.Same(0, await server.StopAsync(), "Exit code of a clean stop");
        await ServerProcess.VerifyAsync(store);
        return new ProofRound(jumps.Count + 1, new Dictionary<string, long> { ["jumps"] = jumps.Count + 1, ["looks at the Book's time"] = watch.Looks });
    }

    /// <summary>A day forward so that the code's time is over, then wherever chance says.</summary>
    private static List<int> Jumps(Random random)
    {
        int[] others = [-1, 3650, -40, 31, -3650];
        random.Shuffle(others);
        return [1, .. others];
    }

    private static string? Library() => Directory.Exists("/usr/lib")
        ? Directory.EnumerateDirectories("/usr/lib").Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists)
        : null;

    private static async Task SetAsync(string file, int days)
    {
        // Replaced whole: the library reads it at every look at the clock.
        await File.WriteAllTextAsync(file + ".new", days.ToString("+0;-0", CultureInfo.InvariantCulture) + "d\n");
        File.Move(file + ".new", file, overwrite: true);
    }

    private static async Task<long> WalletAsync(Caller caller, ServerProcess server) =>
        (await caller.ReadAsync(server, "wallet")).Json["balance"]!["amount"]!.GetValue<long>();

    /// <summary>The Book's own time, which goes forward only.</summary>
    private sealed class BookTime(ServerProcess server)
    {
        private DateTimeOffset _last;

        public int Looks { get; private set; }

        public async Task LookAsync()
        {
            var now = JsonNode.Parse(await server.Client.GetStringAsync("/sandbox/clock"))!["now"]!.GetValue<DateTimeOffset>();
            Proofs.Hold(now >= _last, $"The Book's time went back from {_last:O} to {now:O}.");
            _last = now;
            Looks++;
        }
    }
}
