using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Peony.Proof;

/// <summary><c>kill -9</c> between a payment at the gateway and its answer: the merchant's program asks afterwards and is told the truth, and paying again takes nothing twice.</summary>
/// <param name="kills">How many kills that leave an order without an answer make a round.</param>
internal sealed class GatewayKillsProof(Database database, int kills) : IProof
{
    private const int Callers = 16;

    /// <summary>The callers are answered together, group by group, so a kill may find them all between two orders: it does not count then, and another is made, up to so many for each that counts.</summary>
    private const int Tries = 10;

    /// <summary>What each order is for, fen.</summary>
    private const long Price = 1;

    public string Name => $"gateway kills {database.Word()}";

    public string Claim => "When the program is killed between a payment at the gateway and its answer, a query tells what became of the order, the same order again pays it once, and what was answered as paid is paid.";

    public async Task<ProofRound> RunAsync(ProofPlace place, int seed, CancellationToken cancel)
    {
        var random = new Random(seed);
        var store = await place.MakeServerPlaceAsync(database);
        var address = ServerProcess.FreeAddress();
        var server = await ServerProcess.StartAsync(store, address);
        try
        {
            using var shop = await MerchantProgram.OfAsync(server);
            var buyer = await Caller.SignInAsync(server, Caller.Lin);
            var (before, orders, unanswered, unpaid, cuts) = (await OwnsAsync(buyer, server), 0L, 0L, 0L, 0);
            for (var kill = 1; cuts < kills && kill <= kills * Tries; kill++)
            {
                cancel.ThrowIfCancellationRequested();
                var (paid, open) = (new ConcurrentDictionary<string, string>(), new ConcurrentBag<string>());
                var serving = server;
                var work = Enumerable.Range(0, Callers).Select(_ => Task.Run(() => SellAsync(shop, serving, paid, open))).ToList();
                while (paid.IsEmpty && work.TrueForAll(task => !task.IsCompleted))
                {
                    await Task.Delay(5, cancel);
                }

                await Task.Delay(random.Next(50, 600), cancel);
                await server.KillAsync();
                await Task.WhenAll(work);
                await server.DisposeAsync();
                server = await ServerProcess.StartAsync(store, address);

                foreach (var (order, number) in paid)
                {
                    Proofs.Same(number, Paid(await QueryAsync(shop, server, order)), $"The trade of {order}, which was answered as paid");
                }

                foreach (var order in open)
                {
                    var found = await QueryAsync(shop, server, order);
                    var number = Paid(found);
                    Proofs.Hold(number is not null || found["sub_code"]?.GetValue<string>() == "ACQ.TRADE_NOT_EXIST", $"{order} is neither paid nor unknown: {found.ToJsonString()}");
                    var again = await PayAsync(shop, server, order);
                    Proofs.Hold(number is null || again["trade_no"]!.GetValue<string>() == number, $"{order} was paid a second time: {again.ToJsonString()}");
                    unpaid += number is null ? 1 : 0;
                }

                (orders, unanswered, cuts) = (orders + paid.Count + open.Count, unanswered + open.Count, cuts + (open.IsEmpty ? 0 : 1));
            }

            Proofs.Hold(cuts == kills, $"Of {kills * Tries} kills only {cuts} fell between a payment and its answer.");
            Proofs.Same(before - (orders * Price), await OwnsAsync(buyer, server), "What the buyer has left");
            Proofs.Same(0, await server.StopAsync(), "Exit code of a clean stop");
            await ServerProcess.VerifyAsync(store);
            return new ProofRound(orders, new Dictionary<string, long>
            {
                ["kills"] = kills,
                ["orders, each paid once"] = orders,
                ["orders without an answer at a kill"] = unanswered,
                ["of them not paid then"] = unpaid,
            });
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>Sells until nobody answers any more.</summary>
    private static async Task SellAsync(MerchantProgram shop, ServerProcess server, ConcurrentDictionary<string, string> paid, ConcurrentBag<string> open)
    {
        while (true)
        {
            var order = "K" + Guid.NewGuid().ToString("N");
            string code;
            try
            {
                code = await MerchantProgram.PayCodeAsync(server);
            }
            catch (HttpRequestException gone) when (gone.StatusCode is null)
            {
                return;
            }

            try
            {
                var answer = await shop.AskAsync(server, "alipay.trade.pay", Order(order, code));
                switch (answer["code"]!.GetValue<string>())
                {
                    case "10000":
                        paid[order] = answer["trade_no"]!.GetValue<string>();
                        break;
                    case "20000":
                        open.Add(order);
                        break;
                }
            }
            catch (HttpRequestException)
            {
                open.Add(order);
                return;
            }
        }
    }

    private static async Task<JsonNode> PayAsync(MerchantProgram shop, ServerProcess server, string order)
    {
        while (true)
        {
            // A code may have been used just before the kill; another one is taken then.
            var answer = await shop.AskAsync(server, "alipay.trade.pay", Order(order, await MerchantProgram.PayCodeAsync(server)));
            if (answer["code"]!.GetValue<string>() == "10000")
            {
                return answer;
            }

            Proofs.Hold(answer["sub_code"]?.GetValue<string>() == "ACQ.PAYMENT_AUTH_CODE_INVALID", answer.ToJsonString());
        }
    }

    private static Task<JsonNode> QueryAsync(MerchantProgram shop, ServerProcess server, string order) => shop.AskAsync(server, "alipay.trade.query", new { out_trade_no = order });

    /// <summary>The number of a paid trade, or null.</summary>
    private static string? Paid(JsonNode found) => found["trade_status"]?.GetValue<string>() == "TRADE_SUCCESS" ? found["trade_no"]!.GetValue<string>() : null;

    private static object Order(string order, string code) => new { out_trade_no = order, total_amount = "0.01", subject = "kill", scene = "bar_code", auth_code = code };

    private static async Task<long> OwnsAsync(Caller buyer, ServerProcess server)
    {
        var (line, wallet) = ((await buyer.ReadAsync(server, "credit")).Json, (await buyer.ReadAsync(server, "wallet")).Json);
        return wallet["balance"]!["amount"]!.GetValue<long>() + line["credit_balance"]!["amount"]!.GetValue<long>() - line["owed"]!["amount"]!.GetValue<long>();
    }
}
