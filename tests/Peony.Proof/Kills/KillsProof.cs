namespace Peony.Proof;

/// <summary><c>kill -9</c> under load, again and again: what was acknowledged is there, once, and what was not answered happens once when it is sent again.</summary>
/// <param name="kills">How many kills make a round.</param>
internal sealed class KillsProof(Database database, int kills) : IProof
{
    private const int Callers = 64;
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(5);

    public string Name => $"kills {database.Word()}";

    public string Claim => "When the program is killed at any moment under load, no acknowledged command is lost or done twice, and one that was not answered is done once when it is sent again.";

    public async Task<ProofRound> RunAsync(ProofPlace place, int seed, CancellationToken cancel)
    {
        var random = new Random(seed);
        var store = await place.MakeServerPlaceAsync(database);
        var address = ServerProcess.FreeAddress();
        var server = await ServerProcess.StartAsync(store, address);
        try
        {
            var clients = await LoggedCaller.SignInAsync(server, Callers, place.Folder, random);
            var before = await LoggedCaller.SpendableAsync(clients, server);
            for (var kill = 1; kill <= kills; kill++)
            {
                cancel.ThrowIfCancellationRequested();
                var work = clients.Select(client => Task.Run(() => client.WorkAsync(server))).ToList();
                // The moment is drawn once the server answers, so that it falls into the work.
                await Task.WhenAny(clients.Select(client => client.FirstAnswerAsync()));
                await Task.Delay(random.Next(50, 1000), cancel);
                await server.KillAsync();
                await Task.WhenAll(work);
                await server.DisposeAsync();
                server = await ServerProcess.StartAsync(store, address);
                place.HoldAlone(server.ReadyAfter <= ReadyWithin, $"Ready after {server.ReadyAfter.TotalSeconds:F1} s at kill {kill}, where {ReadyWithin.TotalSeconds:F0} s are allowed.");
                await Task.WhenAll(clients.Select(client => Task.Run(() => client.CheckAsync(server))));
            }

            LoggedCaller.CheckLogs(clients);
            var unanswered = clients.Sum(client => client.Unanswered);
            Proofs.Hold(unanswered >= kills, "The kills did not fall into the work.");
            var purchases = clients.Sum(client => client.Purchases);
            Proofs.Hold(purchases > 10 * kills, $"Only {purchases} purchases.");
            Proofs.Same(before - purchases, await LoggedCaller.SpendableAsync(clients, server), "What is left to spend");
            Proofs.Same(0, await server.StopAsync(), "Exit code of a clean stop");
            await ServerProcess.VerifyAsync(store);
            return new ProofRound(kills, new Dictionary<string, long>
            {
                ["kills"] = kills,
                ["acknowledged commands"] = clients.Sum(client => client.Acknowledged.Count),
                ["commands in flight at a kill, settled by their key"] = unanswered,
            });
        }
        finally
        {
            await server.DisposeAsync();
        }
    }
}
