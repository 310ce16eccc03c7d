using System.Text.Json.Nodes;
using Peony.Proof;
using Peony.Testing;

namespace Peony.EndToEnd.Proof;

/// <summary>The demo data are made once and whole, also by processes that are killed while they make them.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class DemoTests(PostgresCluster cluster)
{
    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task Demo_data_killed_half_way_are_taken_up_where_they_stopped(Database database)
    {
        await using var place = await ServerPlace.MakeAsync(database, cluster);
        for (var kill = 1; kill <= 4; kill++)
        {
            await using var killed = ServerProcess.Launch(place);
            while (await killed.ReadinessAsync() is null)
            {
                await Task.Delay(5);
            }

            // From the moment it answers, the data are being made: a little more of them each time.
            await Task.Delay(kill * 150);
            await killed.KillAsync();
        }

        await using var server = await ServerProcess.StartAsync(place);
        var lin = await Caller.SignInAsync(server, Caller.Lin);
        Assert.Equal(207_150, Amount((await lin.ReadAsync(server, "wallet")).Json["balance"]!));
        var line = (await lin.ReadAsync(server, "credit")).Json;
        Assert.Equal((0, 80_000), (Amount(line["owed"]!), Amount(line["credit_balance"]!)));
        Assert.Single((await lin.ReadAsync(server, "cards")).Json["data"]!.AsArray());
        var chen = await Caller.SignInAsync(server, Caller.Chen);
        Assert.Equal(89_900, Amount((await chen.ReadAsync(server, "credit")).Json["owed"]!));
        Assert.Equal(0, await server.StopAsync());
        await ServerProcess.VerifyAsync(place);
    }

    private static long Amount(JsonNode money) => money["amount"]!.GetValue<long>();
}
