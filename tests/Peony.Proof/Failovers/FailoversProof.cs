using Npgsql;
using Peony.Testing;

namespace Peony.Proof;

/// <summary>
/// The real program through a proxy on PostgreSQL with a synchronous standby, under load: commits whose answer is cut off, lines that die silently, a restart of the primary, and the
/// primary killed and the standby promoted, after which the former primary becomes the standby of the next failover.
/// </summary>
/// <param name="failovers">How many promotions make a round.</param>
internal sealed class FailoversProof(int failovers) : IProof
{
    private const int Callers = 64;
    private const int CheckedOfEach = 10;
    private static readonly TimeSpan NoticedLate = TimeSpan.FromSeconds(6.5);
    private static readonly TimeSpan ResumedWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public string Name => "failovers postgresql";

    public string Claim => "When PostgreSQL loses an answer, its line, its process or its whole primary under load, no acknowledged command is lost or done twice, every unknown outcome is "
        + "settled by its key, writes come through again within 15 seconds, and the former primary takes no command any more.";

    public async Task<ProofRound> RunAsync(ProofPlace place, int seed, CancellationToken cancel)
    {
        if (PostgresNode.Programs is null)
        {
            throw new ProofNotRunException("PostgreSQL is not installed (initdb, pg_rewind).");
        }

        await using var pair = await PostgresPair.StartAsync();
        await using var proxy = new CuttingProxy(pair.Primary.Address);
        var store = await ServerPlace.MakeAsync(Database.Postgres, proxy.ConnectionString, place.Folder);
        await using var server = await ServerProcess.StartAsync(store);
        var round = new Round(pair, proxy, server, store, place, new Random(seed), cancel);
        try
        {
            var held = await round.RunAsync(failovers);
            await store.DisposeAsync();
            return held;
        }
        catch
        {
            await File.WriteAllTextAsync(Path.Combine(place.Folder, "server.log"), server.Output, CancellationToken.None);
            pair.CopyLogs(place.Folder);
            throw;
        }
    }

    private sealed class Round(PostgresPair pair, CuttingProxy proxy, ServerProcess server, ServerPlace store, ProofPlace place, Random random, CancellationToken cancel)
    {
        private readonly Tally _tally = new();
        private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
        private readonly SortedDictionary<string, long> _worst = new(StringComparer.Ordinal);

        public async Task<ProofRound> RunAsync(int failovers)
        {
            var callers = await LoggedCaller.SignInAsync(server, Callers, place.Folder, random);
            var before = await LoggedCaller.SpendableAsync(callers, server);
            for (var failover = 0; failover < failovers; failover++)
            {
                cancel.ThrowIfCancellationRequested();
                await UnderLoadAsync(callers, () => SpoilAsync(failover));
                await FormerPrimaryRefusesAsync();
                await pair.RejoinAsync();
                await Task.WhenAll(callers.Select(one => Task.Run(() => one.CheckAsync(server, CheckedOfEach))));
                Proofs.Same(before - callers.Sum(one => one.Purchases), await LoggedCaller.SpendableAsync(callers, server), "What is left to spend");
            }

            LoggedCaller.CheckLogs(callers);
            var (inside, outside) = (Said("the doubtful frame is in the journal"), Said("the doubtful frame is not in the journal"));
            Proofs.Hold(inside + outside >= 3 * failovers && _tally.Settled > 0, "The faults did not fall into the work.");
            _counts["appends of unknown outcome that were found in the journal"] = inside;
            _counts["appends of unknown outcome that were not in the journal"] = outside;
            Proofs.Same(0, await server.StopAsync(), "Exit code of a clean stop");
            await ServerProcess.VerifyAsync(store);
            _counts["acknowledged commands"] = _tally.Acknowledged;
            _counts["commands of unknown outcome, settled by their key"] = _tally.Settled;
            _counts["tries answered unknown"] = _tally.Unknown;
            _counts["tries put off, nothing moved"] = _tally.NotMoved;
            return new ProofRound(_counts.Where(pair => pair.Key.StartsWith("fault: ", StringComparison.Ordinal)).Sum(pair => pair.Value), _counts, _worst);
        }

        private async Task UnderLoadAsync(List<LoggedCaller> callers, Func<Task> act)
        {
            using var stop = new CancellationTokenSource();
            var work = callers.Select(one => Task.Run(() => one.WorkThroughAsync(server, _tally, stop.Token))).ToList();
            try
            {
                await ResumedAsync("load begins", _tally.Arm());
                await act();
            }
            finally
            {
                await stop.CancelAsync();
            }

            await Task.WhenAll(work);
        }

        private async Task SpoilAsync(int failover)
        {
            await CutAsync(Cut.AfterCommit, "an answer to a commit cut off");
            await CutAsync(Cut.AfterCommit, "an answer to a commit cut off");
            switch (failover % 3)
            {
                case 0:
                    await CutAsync(Cut.SilentAfterCommit, "the line dead after a commit");
                    break;
                case 1:
                    await CutAsync(Cut.BeforeCommit, "the line cut before a commit");
                    break;
                default:
                    await FaultAsync("all lines dead", () =>
                    {
                        proxy.FallSilent();
                        return Task.CompletedTask;
                    });
                    break;
            }

            await FaultAsync("primary restarted", pair.Primary.RestartAsync);
            await FaultAsync("primary killed, standby promoted", async () =>
            {
                // Sometimes it takes somebody a while to notice: callers hear then that nobody knows.
                await pair.FailOverAsync(failover % 4 == 0 ? NoticedLate : TimeSpan.Zero);
                proxy.PointTo(pair.Primary.Address);
            });
        }

        private Task CutAsync(Cut cut, string what) => FaultAsync(what, () => proxy.CutNextAppendAsync(cut).WaitAsync(Patience, cancel));

        private async Task FaultAsync(string what, Func<Task> act)
        {
            await Task.Delay(random.Next(50, 400), cancel);
            var resumed = _tally.Arm();
            await act();
            // What was sent before the fault and answered after it says nothing.
            await ResumedAsync(what, what.StartsWith("primary", StringComparison.Ordinal) ? resumed : _tally.Arm());
            Count("fault: " + what);
        }

        private async Task ResumedAsync(string what, Task<TimeSpan> resumed)
        {
            Proofs.Hold(await Task.WhenAny(resumed, Task.Delay(Patience, cancel)) == resumed, $"{what}: writes did not come through again within {Patience.TotalSeconds:F0} s.");
            var took = (long)(await resumed).TotalMilliseconds;
            place.HoldAlone(took <= ResumedWithin.TotalMilliseconds, $"{what}: writes came through again after {took} ms, where {ResumedWithin.TotalSeconds:F0} s are allowed.");
            var name = $"writes came through again after {what}, ms";
            _worst[name] = Math.Max(_worst.GetValueOrDefault(name), took);
            Count($"writes came through again within {(took < 1000 ? "1" : took < 5000 ? "5" : took < 15_000 ? "15" : "more than 15")} s");
        }

        /// <summary>Somebody starts it again as it was: it still waits for a standby's word that will not come, so nothing is ever answered there.</summary>
        private async Task FormerPrimaryRefusesAsync()
        {
            await pair.Standby.StartAsync();
            var place = new NpgsqlConnectionStringBuilder(store.Database) { Port = pair.Standby.Port, Pooling = false, CommandTimeout = 1, CancellationTimeout = -1 };
            await using (var connection = new NpgsqlConnection(place.ToString()))
            {
                await connection.OpenAsync(cancel);
                await using var raise = new NpgsqlCommand("UPDATE peony.fence SET epoch = epoch + 1", connection);
                var isAnswered = true;
                try
                {
                    await raise.ExecuteNonQueryAsync(cancel);
                }
                catch (NpgsqlException)
                {
                    isAnswered = false;
                }

                Proofs.Hold(!isAnswered, "The former primary answered a write.");
            }

            await pair.Standby.StopAsync();
            Count("writes the former primary did not answer");
        }

        /// <summary>How often the server's log says so.</summary>
        private int Said(string words) => server.Output.Split(words).Length - 1;

        private void Count(string what) => _counts[what] = _counts.GetValueOrDefault(what) + 1;
    }
}
