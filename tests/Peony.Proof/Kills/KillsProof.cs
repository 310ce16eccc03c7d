using System.Diagnostics;
using System.Text;

namespace Peony.Proof;

/// <summary><c>kill -9</c> under load, again and again: what was acknowledged is there, once, and what was not answered happens once when it is sent again.</summary>
/// <param name="kills">How many kills make a round.</param>
internal sealed class KillsProof(Database database, int kills) : IProof
{
    private const int Callers = 64;

    /// <summary>On an idle machine so many starts of the program that do nothing take less than <see cref="ReadyWithin"/>.</summary>
    private const int NothingsInReadiness = 12;
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
            var clients = new List<Client>();
            for (var number = 0; number < Callers; number++)
            {
                var caller = await Caller.SignInAsync(server, number % 4 == 0 ? Caller.Chen : Caller.Lin);
                clients.Add(new Client(caller, await caller.CardAsync(server), Path.Combine(place.Folder, $"acknowledged-{number}.log"), random.Next()));
            }

            var before = await SpendableAsync(clients, server);
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
                server = await StartAgainAsync(store, address, kill);
                await Task.WhenAll(clients.Select(client => Task.Run(() => client.CheckAsync(server))));
            }

            foreach (var client in clients)
            {
                Proofs.Same(client.Acknowledged.Count, File.ReadAllLines(client.Log).Length, "Lines in the callers' own log");
            }

            var unanswered = clients.Sum(client => client.Unanswered);
            Proofs.Hold(unanswered >= kills, "The kills did not fall into the work.");
            var purchases = clients.Sum(client => client.Purchases);
            Proofs.Hold(purchases > 10 * kills, $"Only {purchases} purchases.");
            Proofs.Same(before - purchases, await SpendableAsync(clients, server), "What is left to spend");
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

    private static async Task<ServerProcess> StartAgainAsync(ServerPlace store, Uri address, int kill)
    {
        // A machine that is busy with other things takes longer for everything: a start that does nothing says how much.
        var nothing = Stopwatch.StartNew();
        await ServerProcess.RunAsync(store, "clock", "--help");
        var most = Math.Max(ReadyWithin.TotalSeconds, NothingsInReadiness * nothing.Elapsed.TotalSeconds);
        var server = await ServerProcess.StartAsync(store, address);
        Proofs.Hold(server.ReadyAfter.TotalSeconds <= most, $"Ready after {server.ReadyAfter.TotalSeconds:F1} s at kill {kill}, where {most:F1} s are allowed.");
        return server;
    }

    /// <summary>What all customers can still spend: every purchase takes one fen of it, so a lost or doubled one shows.</summary>
    private static async Task<long> SpendableAsync(IEnumerable<Client> clients, ServerProcess server)
    {
        var sum = 0L;
        foreach (var client in clients.DistinctBy(client => client.Caller.Phone))
        {
            var line = (await client.Caller.GetAsync(server, "credit")).OrFail("credit").Json;
            sum += line["credit_balance"]!["amount"]!.GetValue<long>() - line["owed"]!["amount"]!.GetValue<long>();
        }

        return sum;
    }

    /// <summary>A command as it was sent; the same again under the same key.</summary>
    private sealed record Sent(string Key, string Path, object Body, Answer? Answer = null);

    /// <summary>One caller: one command after the other, and a log of its own that is on disk before an answer counts.</summary>
    private sealed class Client(Caller caller, string card, string log, int seed)
    {
        private readonly Random _random = new(seed);
        private readonly List<Sent> _fresh = [];
        private TaskCompletionSource _answered = new();
        private Sent? _unanswered;
        private string? _open;

        public Caller Caller => caller;

        public string Log => log;

        public List<Sent> Acknowledged { get; } = [];

        public int Purchases { get; private set; }

        public int Unanswered { get; private set; }

        public Task FirstAnswerAsync() => _answered.Task;

        /// <summary>Works until the server is gone.</summary>
        public async Task WorkAsync(ServerProcess server)
        {
            while (await TryAsync(server, Next()))
            {
                _answered.TrySetResult();
            }

            _answered.TrySetResult();
        }

        /// <summary>What was acknowledged is there and answers the same; what was not answered is answered now.</summary>
        public async Task CheckAsync(ServerProcess server)
        {
            _answered = new TaskCompletionSource();
            foreach (var sent in _fresh)
            {
                Same(sent.Answer!, await AgainAsync(server, sent));
                if (sent.Answer!.IsSuccess && sent.Path is "credit/purchases" or "withdrawals")
                {
                    var id = sent.Answer!.IsSuccess ? sent.Answer.Json["id"]!.GetValue<string>() : null;
                    Proofs.Hold(id is null || (await Caller.GetAsync(server, $"{sent.Path}/{id}")).Status == 200, $"{sent.Path}/{id} is lost.");
                }
            }

            _fresh.Clear();
            if (_unanswered is { } pending)
            {
                Unanswered++;
                _unanswered = null;
                var answer = await AgainAsync(server, pending);
                Same(answer, await AgainAsync(server, pending));
                Acknowledge(pending with { Answer = answer });
            }
        }

        private Sent Next()
        {
            var key = Caller.NewKey();
            if (_open is { } open)
            {
                _open = null;
                return new Sent(key, $"withdrawals/{open}/cancel", new { });
            }

            return _random.Next(20) == 0
                ? new Sent(key, "withdrawals", new { source = "wallet", card, amount = Caller.Cny(100), pin = Caller.Pin })
                : new Sent(key, "credit/purchases", new { shop = "bookshop", amount = Caller.Cny(1), pin = Caller.Pin });
        }

        private async Task<bool> TryAsync(ServerProcess server, Sent sent)
        {
            try
            {
                var answer = await caller.PostAsync(server, sent.Path, sent.Body, sent.Key);
                if (answer.Status is 429 or 503)
                {
                    await Task.Delay(50);
                    return true;
                }

                Acknowledge(sent with { Answer = answer });
                return true;
            }
            catch (HttpRequestException)
            {
                _unanswered = sent;
                return false;
            }
        }

        private async Task<Answer> AgainAsync(ServerProcess server, Sent sent)
        {
            while (true)
            {
                var answer = await caller.PostAsync(server, sent.Path, sent.Body, sent.Key);
                if (answer.Status is not (429 or 503))
                {
                    return answer;
                }

                await Task.Delay(100);
            }
        }

        private void Acknowledge(Sent sent)
        {
            using (var file = new FileStream(log, FileMode.Append, FileAccess.Write))
            {
                file.Write(Encoding.UTF8.GetBytes($"{sent.Key} {sent.Path} {sent.Answer!.Status} {(sent.Answer.IsSuccess ? sent.Answer.Json["id"] : sent.Answer.Code)}\n"));
                file.Flush(flushToDisk: true);
            }

            Acknowledged.Add(sent);
            _fresh.Add(sent);
            if (sent.Answer.IsSuccess && sent.Path == "credit/purchases")
            {
                Purchases++;
            }
            else if (sent.Answer.IsSuccess && sent.Path == "withdrawals")
            {
                _open = sent.Answer.Json["id"]!.GetValue<string>();
            }
        }

        /// <summary>A success to the byte; a refusal but for the name of the request.</summary>
        private static void Same(Answer expected, Answer actual) => Proofs.Same(
            (expected.Status, expected.IsSuccess ? expected.Text : expected.Code), (actual.Status, actual.IsSuccess ? actual.Text : actual.Code), "The answer to the same key");
    }
}
