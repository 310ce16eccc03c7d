using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Peony.Book;
using Peony.Customers.SignIn;
using Peony.Edge;
using Peony.Server;

namespace Peony.Bench;

/// <summary>
/// The whole program as <c>serve</c> runs it, in a process of its own, and one route more: the echo, which passes the same pipeline up to the route. Takes orders: plant
/// customers, drain, stop and verify.
/// </summary>
internal static class BenchServer
{
    public const string Verb = "host";
    public const string EchoPath = "/echo";

    /// <param name="arguments">The data folder.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var options = new PeonyOptions { DataDirectory = arguments[0], IsDemo = false };
        await using var server = await PeonyServer.StartAsync(options, "http://127.0.0.1:0", map: app =>
            app.MapPost(EchoPath, (EchoBody body) => ApiCall.Json(body)).AllowAnonymous());
        server.Instance.Schema.Constant(new BenchPins(server.Instance.Secrets));
        server.Instance.Schema.Command<PlantPerson>("bench.plant_person");
        await server.ServeAsync();
        Child.Say(server.Address.Port.ToString(CultureInfo.InvariantCulture));
        GatewayRequests? shop = null;
        while (await Console.In.ReadLineAsync() is { } order)
        {
            var words = order.Split('\t');
            Child.Say(words[0] switch
            {
                "plant" => await PlantAsync(server, int.Parse(words[1], CultureInfo.InvariantCulture), words[2]),
                "shop" => Done(shop = await GatewayRequests.OpenAsync(server, int.Parse(words[1], CultureInfo.InvariantCulture))),
                "sign" => Done(() => shop!.Write(int.Parse(words[1], CultureInfo.InvariantCulture), words[2])),
                "drain" => await DrainAsync(server),
                "verify" => await VerifyAsync(server),
                _ => throw new InvalidOperationException($"Nobody knows how to {order}."),
            });
        }

        return 0;
    }

    private static string Done(object _) => "done";

    private static string Done(Action act)
    {
        act();
        return "done";
    }

    /// <summary>Plants customers and writes their bearer tokens to a file, a line each.</summary>
    private static async Task<string> PlantAsync(PeonyServer server, int count, string file)
    {
        var tokens = new ConcurrentBag<string>();
        var person = new PlantPerson(Limit: 10_000_000_00, Wallet: 100_00, CreditBalance: 100_00);
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 512 }, async (_, stop) =>
            tokens.Add(BearerToken.Of(server.Instance.Secrets, (await server.Book.RunAsync(person, cancel: stop)).Value.Session)));
        await File.WriteAllLinesAsync(file, tokens);
        return await DrainAsync(server);
    }

    /// <summary>Until everything acknowledged is in the tables and every effect has ended.</summary>
    private static async Task<string> DrainAsync(PeonyServer server)
    {
        for (var health = server.Book.Health; health.Applied < health.Acknowledged || health.OutstandingEffects > 0 || health.Waiting > 0; health = server.Book.Health)
        {
            await Task.Delay(1);
        }

        return "drained";
    }

    private static async Task<string> VerifyAsync(PeonyServer server)
    {
        await server.DisposeAsync();
        await using var journal = server.Instance.Place.OpenJournal(Instance.BookName);
        await using var tables = server.Instance.Place.OpenDialect();
        var report = await BookVerifier.RunAsync(journal, tables, server.Instance.Seal, server.Instance.Schema, server.Instance.Secrets, Instance.BookName);
        return JsonSerializer.Serialize(report);
    }
}
