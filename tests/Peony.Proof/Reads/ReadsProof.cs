namespace Peony.Proof;

/// <summary>Pay, then read: whoever was answered a purchase and looks at once sees it, however many others buy meanwhile.</summary>
/// <param name="purchases">How many purchases, each read afterwards, make a round.</param>
internal sealed class ReadsProof(Database database, int purchases) : IProof
{
    private const int Callers = 48;

    public string Name => $"pay then read {database.Word()}";

    public string Claim => "A purchase that was answered is in every answer that is asked for after it: the purchase itself, and what is left to spend.";

    public async Task<ProofRound> RunAsync(ProofPlace place, int seed, CancellationToken cancel)
    {
        var store = await place.MakeServerPlaceAsync(database);
        await using var server = await ServerProcess.StartAsync(store);
        var callers = new List<Caller>();
        for (var number = 0; number < Callers; number++)
        {
            callers.Add(await Caller.SignInAsync(server, number % 2 == 0 ? Caller.Lin : Caller.Chen));
        }

        var left = purchases;
        var asked = 0L;
        await Task.WhenAll(callers.Select((caller, number) => Task.Run(async () =>
        {
            var random = new Random((seed * Callers) + number);
            var free = long.MaxValue;
            while (Interlocked.Decrement(ref left) >= 0)
            {
                cancel.ThrowIfCancellationRequested();
                var minor = random.Next(1, 10);
                var key = Caller.NewKey();
                var bought = (await AnsweredAsync(() => caller.BuyAsync(server, minor, key), () => Interlocked.Increment(ref asked))).OrFail("purchase").Json;
                var id = bought["id"]!.GetValue<string>();
                var read = await AnsweredAsync(() => caller.GetAsync(server, $"credit/purchases/{id}"), () => Interlocked.Increment(ref asked));
                Proofs.Hold(read.IsSuccess, $"Purchase {id} was answered, and reading it at once gives {read.Status} {read.Code}.");
                Proofs.Same(minor, read.Json["amount"]!["amount"]!.GetValue<long>(), $"The amount of {id}");
                // Nobody puts money back, so it only gets less; at least by what this caller spent.
                var line = (await AnsweredAsync(() => caller.GetAsync(server, "credit"), () => Interlocked.Increment(ref asked))).OrFail("credit").Json;
                var now = line["credit_balance"]!["amount"]!.GetValue<long>() - line["owed"]!["amount"]!.GetValue<long>();
                Proofs.Hold(now <= free - minor, $"After {id} over {minor} there is {now} left to spend, where before there was {free}.");
                free = now;
            }
        }, cancel)));
        Proofs.Same(0, await server.StopAsync(), "Exit code of a clean stop");
        await ServerProcess.VerifyAsync(store);
        return new ProofRound(purchases, new Dictionary<string, long> { ["purchases"] = purchases, ["reads after a purchase"] = 2 * purchases, ["requests told to come again"] = asked - (3 * purchases) });
    }

    /// <summary>Asks until it is answered: to come again is no answer.</summary>
    private static async Task<Answer> AnsweredAsync(Func<Task<Answer>> askAsync, Action asked)
    {
        while (true)
        {
            asked();
            var answer = await askAsync();
            if (answer.Status is not (429 or 503))
            {
                return answer;
            }

            await Task.Delay(50);
        }
    }
}
