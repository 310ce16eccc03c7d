using Peony.Book.Tests.Core;
using Peony.Ledger;

namespace Peony.Book.Tests.Simulation;

/// <summary>The step function alone, under every fault, with purses. The same with the real capabilities is the verb <c>simulate</c>.</summary>
public sealed class PurseSimulationTests
{
    private sealed class PurseWorld : ISimulatedWorld
    {
        private readonly List<PurseId> _purses = [];
        private int _number;

        public (ICommand Command, CallKey? Key, Action<Outcome> Answered) Next(SeededRandomness random, DateTimeOffset now)
        {
            var number = ++_number;
            var key = new CallKey("caller" + random.Next(3), "k" + number, [.. BitConverter.GetBytes(number), .. new byte[12]]);
            if (_purses.Count < 3 || random.Next(12) == 0)
            {
                return (new OpenPurse("o" + random.Next(3), $"label{number}"), key, outcome => _purses.Add((PurseId)outcome.Reply!));
            }

            var purse = _purses[random.Next(_purses.Count)];
            return (random.Next(9) switch
            {
                8 => new FillEach([.. Enumerable.Range(0, 1 + random.Next(100)).Select(_ => Between(random))], $"{number}"),
                < 3 => new Fill(purse, 1 + random.Next(1000), $"{number}"),
                < 7 => new Take(purse, 1 + random.Next(800), $"{number}"),
                _ => new CloseLater(purse, random.Next(100)),
            }, key, _ => { }
            );
        }

        private Transfer Between(SeededRandomness random)
        {
            var (one, other) = (Purses.AccountOf(_purses[random.Next(_purses.Count)]), Purses.AccountOf(_purses[random.Next(_purses.Count)]));
            return random.Next(3) switch
            {
                0 => new Transfer(Purses.World, one, Money.Cny(1 + random.Next(300))),
                1 => new Transfer(one, Purses.World, Money.Cny(1 + random.Next(900))),
                _ => new Transfer(one, other, Money.Cny(1 + random.Next(500))),
            };
        }

        public (bool IsAnswered, ICommand? Outcome) Answer(OutstandingEffect effect, SeededRandomness random) => (true, new Noted(PurseId.Of(effect.Lane)));

        public string? Check(MemoryTables tables, IReadOnlyList<Frame> journal) => null;
    }

    private static async Task<(string Hash, SortedDictionary<string, long> Counts, int Appends)> RunAsync(ulong seed, int? crashAt = null)
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        await using var book = new SimulatedBook(Purses.Schema(), new PurseWorld(), seed, counts, crashAt);
        try
        {
            book.Run(200);
        }
        catch (InvariantBrokenException broken)
        {
            Assert.Fail($"Seed {seed}: {broken.Message}");
        }

        return (book.Hash, counts, book.Appends);
    }

    [Fact]
    public async Task Under_every_fault_the_invariants_hold_and_a_seed_replays_hash_for_hash()
    {
        var all = new SortedDictionary<string, long>(StringComparer.Ordinal);
        for (ulong seed = 1; seed <= 40; seed++)
        {
            var (hash, counts, _) = await RunAsync(seed);
            Assert.Equal(hash, (await RunAsync(seed)).Hash);
            foreach (var (what, count) in counts)
            {
                all[what] = all.GetValueOrDefault(what) + count;
            }
        }

        string[] classes = ["crash before append", "crash after append", "crash at rest", "failed append", "unknown append, there", "unknown append, not there", "miss", "timer gone",
            "duplicate", "reordered", "effect outcome", "refusal purse.empty", "refusal purse.not_found"];
        Assert.All(classes, name => Assert.True(all.GetValueOrDefault(name) > 0, $"No {name} in 40 seeds."));
    }

    [Fact]
    public async Task A_crash_at_each_single_append_loses_and_doubles_nothing()
    {
        var (_, _, appends) = await RunAsync(7, crashAt: 0);
        for (var at = 1; at <= appends; at++)
        {
            await RunAsync(7, at);
            await RunAsync(7, -at);
        }
    }
}
