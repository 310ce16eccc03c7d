using System.Net;

namespace Peony.Proof;

/// <summary>Many callers at once, over HTTP, with every brake on: a code is worth one payout, a key one effect, also while another process takes the Book over.</summary>
/// <param name="codes">How many codes a round sees raced for; a fifth as many keys, and on PostgreSQL two takeovers.</param>
internal sealed class RacesProof(Database database, int codes) : IProof
{
    private const int Redeemers = 100;
    private const int IssuesAnHour = 5;

    public string Name => $"races {database.Word()}";

    public string Claim => "When a hundred callers use one authorization code at once exactly one is paid, and fifty requests under one key have one effect and one answer.";

    public async Task<ProofRound> RunAsync(ProofPlace place, int seed, CancellationToken cancel)
    {
        var random = new Random(seed);
        var takeovers = 0;
        if (database == Database.Postgres)
        {
            // Two processes can share a Book only here: on SQLite the second waits for the first one's file lock.
            await TakeOverAsync(await place.MakeServerPlaceAsync(database), Loss.Killed);
            await TakeOverAsync(await place.MakeServerPlaceAsync(database), Loss.Paused);
            takeovers = 2;
        }

        var store = await place.MakeServerPlaceAsync(database);
        await using var server = await ServerProcess.StartAsync(store);
        var lin = await Caller.SignInAsync(server, Caller.Lin);
        var card = await lin.CardAsync(server);
        var withdrawals = new List<string>();
        var keys = 0;
        for (var race = 0; race < codes; race++)
        {
            cancel.ThrowIfCancellationRequested();
            if (race > 0 && race % IssuesAnHour == 0)
            {
                // The brakes stay on: an hour has five codes, a session so many writes a second, so the next day and another session of the same phone go on.
                await Caller.AdvanceAsync(server, "P1D");
                lin.Token = (await Caller.SignInAsync(server, Caller.Lin)).Token;
            }

            withdrawals.Add(await RaceForCodeAsync(lin, server, card, random.Next(100, 200)));
            if (race % IssuesAnHour == 0)
            {
                await RaceUnderKeyAsync(await Caller.SignInAsync(server, Caller.Chen), server, random.Next(2, 51));
                keys++;
            }
        }

        await Caller.AdvanceAsync(server, "P1D");
        foreach (var id in withdrawals)
        {
            Proofs.Same("paid", (await lin.ReadAsync(server, $"withdrawals/{id}")).Json["state"]!.GetValue<string>(), $"State of {id}");
        }

        Proofs.Same(0, await server.StopAsync(), "Exit code of a clean stop");
        await ServerProcess.VerifyAsync(store);
        return new ProofRound(codes + keys + takeovers, new Dictionary<string, long>
        {
            ["races for a code"] = codes,
            ["races under a key"] = keys,
            ["races during a takeover"] = takeovers,
        });
    }

    private static async Task<string> RaceForCodeAsync(Caller caller, ServerProcess server, string card, long minor)
    {
        var (id, code) = await caller.AskAsync(server, card, minor);
        OnePaid(await Task.WhenAll(Enumerable.Range(0, Redeemers).Select(_ => caller.PostAsync(server, $"withdrawals/{id}/redeem", new { code }))));
        return id;
    }

    private static async Task RaceUnderKeyAsync(Caller caller, ServerProcess server, int requests)
    {
        var before = await caller.FreeAsync(server);
        var key = Caller.NewKey();
        Task<Answer[]> PurchaseAsync(long minor) => Task.WhenAll(Enumerable.Range(0, requests).Select(_ =>
            caller.PostAsync(server, "credit/purchases", new { shop = "bookshop", amount = Caller.Cny(minor), pin = Caller.Pin }, key)));

        var answers = await PurchaseAsync(1);
        Proofs.Hold(answers.All(answer => answer.Status == 201), "Under one key: " + string.Join(", ", Counted(answers)));
        Proofs.Same(1, answers.Select(answer => answer.Text).Distinct().Count(), "Different answers to one key");
        Proofs.Same(before - 1, await caller.FreeAsync(server), "What is left to spend after one purchase");

        var others = await PurchaseAsync(2);
        Proofs.Hold(others.All(answer => (answer.Status, answer.Code) == (409, "idempotency.key_reused")), "One key with another body: " + string.Join(", ", Counted(others)));
        Proofs.Same(before - 1, await caller.FreeAsync(server), "What is left to spend after the refused purchases");
    }

    /// <summary>How a caller loses the process it talks to.</summary>
    private enum Loss
    {
        /// <summary><c>kill -9</c>.</summary>
        Killed,

        /// <summary>Paused in the middle of its work; the database drops its sessions; it wakes when another has the Book.</summary>
        Paused,
    }

    private static async Task TakeOverAsync(ServerPlace store, Loss loss)
    {
        await using var first = await ServerProcess.StartAsync(store);
        await using var second = ServerProcess.Launch(store);
        var lin = await Caller.SignInAsync(first, Caller.Lin);
        var (id, code) = await lin.AskAsync(first, await lin.CardAsync(first), 1_00);
        await StandsByAsync(second);

        var answered = new TaskCompletionSource();
        var redeemers = Enumerable.Range(0, Redeemers).Select(_ => Task.Run(() => RedeemAnywhereAsync(lin, [first, second], id, code, answered))).ToList();
        await answered.Task;
        if (loss == Loss.Killed)
        {
            await first.KillAsync();
        }
        else
        {
            first.Pause();
            await store.MeddleAsync("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        }

        OnePaid(await Task.WhenAll(redeemers));
        await second.ReadyAsync();
        if (loss == Loss.Paused)
        {
            first.Resume();
            Proofs.Same(3, await first.EndAsync(), "Exit code of the process that lost the Book");
        }

        await Caller.AdvanceAsync(second, "P1D");
        Proofs.Same("paid", (await lin.ReadAsync(second, $"withdrawals/{id}")).Json["state"]!.GetValue<string>(), $"State of {id}");
        Proofs.Same(0, await second.StopAsync(), "Exit code of a clean stop");
        await ServerProcess.VerifyAsync(store);
    }

    private static void OnePaid(IEnumerable<Answer> answers) =>
        Proofs.Same("1 × 200, 99 × 422 withdrawal.code_used", string.Join(", ", Counted(answers)), $"Answers to {Redeemers} redeemers of one code");

    private static async Task StandsByAsync(ServerProcess server)
    {
        while (await server.ReadinessAsync() is null)
        {
            await Task.Delay(20);
        }

        Proofs.Same(HttpStatusCode.ServiceUnavailable, await server.ReadinessAsync(), "Readiness while standing by");
        Proofs.Same(HttpStatusCode.OK, (await server.Client.GetAsync("/healthz")).StatusCode, "Health while standing by");
    }

    /// <summary>Redeems under one key until somebody answers, at one process after the other.</summary>
    private static async Task<Answer> RedeemAnywhereAsync(Caller caller, IReadOnlyList<ServerProcess> servers, string id, string code, TaskCompletionSource answered)
    {
        var key = Caller.NewKey();
        for (var tries = 0; tries < 1000; tries++)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            try
            {
                using var body = System.Net.Http.Json.JsonContent.Create(new { code });
                var answer = await caller.SendAsync(servers[tries % servers.Count], HttpMethod.Post, $"withdrawals/{id}/redeem", body, key, patience.Token);
                if (answer.Status is not (429 or 503))
                {
                    answered.TrySetResult();
                    return answer;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                // It is gone; the same key at the next.
            }

            await Task.Delay(50);
        }

        throw new TimeoutException("Nobody answered.");
    }

    private static IEnumerable<string> Counted(IEnumerable<Answer> answers) => answers.GroupBy(answer => $"{answer.Status} {answer.Code}".TrimEnd(), StringComparer.Ordinal)
        .OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Count()} × {group.Key}");
}
