using System.Net;
using Peony.Testing;

namespace Peony.EndToEnd.Proof;

/// <summary>Many callers at once, over HTTP, with every brake on: a code is worth one payout, a key one effect.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class RaceTests(PostgresCluster cluster)
{
    private const int Redeemers = 100;
    private const int Rounds = 50;
    private const int IssuesAnHour = 5;

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task One_code_and_a_hundred_redeemers_make_one_payout(Database database)
    {
        await using var place = await ServerPlace.MakeAsync(database, cluster);
        await using var server = await ServerProcess.StartAsync(place);
        var lin = await Caller.SignInAsync(server, Caller.Lin);
        var card = await lin.CardAsync(server);
        var withdrawals = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            if (round > 0 && round % IssuesAnHour == 0)
            {
                // The brakes stay on: an hour has five codes, a session so many writes a second, so the next day and another session of the same phone go on.
                await Caller.AdvanceAsync(server, "P1D");
                lin.Token = (await Caller.SignInAsync(server, Caller.Lin)).Token;
            }

            var (id, code) = await lin.AskAsync(server, card, 100 + round);
            withdrawals.Add(id);
            var answers = await Task.WhenAll(Enumerable.Range(0, Redeemers).Select(_ => lin.PostAsync(server, $"withdrawals/{id}/redeem", new { code })));
            Assert.Equal(["1 × 200", "99 × 422 withdrawal.code_used"], Counted(answers));
        }

        await Caller.AdvanceAsync(server, "P1D");
        foreach (var id in withdrawals)
        {
            Assert.Equal("paid", (await lin.GetAsync(server, $"withdrawals/{id}")).OrFail(id).Json["state"]!.GetValue<string>());
        }

        Assert.Equal(0, await server.StopAsync());
        await ServerProcess.VerifyAsync(place);
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task One_key_sent_fifty_times_at_once_has_one_effect_and_one_answer(Database database)
    {
        await using var place = await ServerPlace.MakeAsync(database, cluster);
        await using var server = await ServerProcess.StartAsync(place);
        var lin = await Caller.SignInAsync(server, Caller.Lin);
        var before = await FreeAsync(lin, server);
        var key = Caller.NewKey();
        object Purchase(long minor) => new { shop = "bookshop", amount = Caller.Cny(minor), pin = Caller.Pin };

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => lin.PostAsync(server, "credit/purchases", Purchase(1_00), key)));

        Assert.All(answers, answer => Assert.Equal(201, answer.Status));
        Assert.Single(answers.Select(answer => answer.Text).Distinct());
        Assert.Equal(before - 1_00, await FreeAsync(lin, server));

        var others = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => lin.PostAsync(server, "credit/purchases", Purchase(2_00), key)));
        Assert.All(others, answer => Assert.Equal((409, "idempotency.key_reused"), (answer.Status, answer.Code)));
        Assert.Equal(before - 1_00, await FreeAsync(lin, server));
        Assert.Equal(0, await server.StopAsync());
        await ServerProcess.VerifyAsync(place);
    }

    /// <summary>How a caller loses the process it talks to.</summary>
    public enum Loss
    {
        /// <summary><c>kill -9</c>.</summary>
        Killed,

        /// <summary>Paused in the middle of its work; the database drops its sessions; it wakes when another has the Book.</summary>
        Paused,
    }

    [Theory]
    [InlineData(Loss.Killed)]
    [InlineData(Loss.Paused)]
    public async Task When_the_process_standing_by_takes_over_in_the_middle_of_a_race_there_is_still_one_payout(Loss loss)
    {
        await using var place = await ServerPlace.MakeAsync(Database.Postgres, cluster);
        await using var first = await ServerProcess.StartAsync(place);
        await using var second = ServerProcess.Launch(place);
        var lin = await Caller.SignInAsync(first, Caller.Lin);
        var card = await lin.CardAsync(first);
        var (id, code) = await lin.AskAsync(first, card, 1_00);
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
            await place.MeddleAsync("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        }

        var answers = await Task.WhenAll(redeemers);
        Assert.Equal(["1 × 200", "99 × 422 withdrawal.code_used"], Counted(answers));
        await second.ReadyAsync();
        if (loss == Loss.Paused)
        {
            first.Resume();
            Assert.Equal(3, await first.EndAsync());
        }

        await Caller.AdvanceAsync(second, "P1D");
        Assert.Equal("paid", (await lin.GetAsync(second, $"withdrawals/{id}")).OrFail(id).Json["state"]!.GetValue<string>());
        Assert.Equal(0, await second.StopAsync());
        await ServerProcess.VerifyAsync(place);
    }

    private static async Task StandsByAsync(ServerProcess server)
    {
        while (await server.ReadinessAsync() is null)
        {
            await Task.Delay(20);
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await server.ReadinessAsync());
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/healthz")).StatusCode);
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

    /// <summary>What is left to spend: credit balance less what is owed.</summary>
    private static async Task<long> FreeAsync(Caller caller, ServerProcess server)
    {
        var line = (await caller.GetAsync(server, "credit")).OrFail("credit").Json;
        return line["credit_balance"]!["amount"]!.GetValue<long>() - line["owed"]!["amount"]!.GetValue<long>();
    }
}
