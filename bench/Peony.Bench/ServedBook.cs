using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Peony.Book;
using Peony.Edge;
using Peony.Server;
using Peony.Withdrawals;

namespace Peony.Bench;

/// <summary>
/// A Book in this process on one of the databases, with every capability of the program and its shipped rules. Effects are carried out by nobody but ended at once, as if
/// the outside had nothing to tell: their events, lanes and ends are the Book's work and are measured with it.
/// </summary>
internal sealed class ServedBook : IAsyncDisposable
{
    private readonly Instance _instance;

    private ServedBook(string name, string directory, string? database, Postgres? server)
    {
        (Name, Server) = (name, server);
        _instance = new Instance(new PeonyOptions { DataDirectory = directory, Database = database, IsDemo = false });
        Pins = new BenchPins(Secrets);
        Codes = new WithdrawalCodes(Secrets.Key(WithdrawalCodes.KeyPurpose));
        Schema.Constant(Pins);
        Schema.Command<PlantPerson>("bench.plant_person");
        Schema.Command<MoveMany>("bench.move_many");
        Schema.Command<PlantNight>("bench.plant_night");
        Schema.Command<BeginNight>("bench.begin_night");
        Host = new BookHost(Schema, Secrets, _instance.Journal, _instance.Tables, _instance.Seal, TimeProvider.System, new BookOptions { Book = Instance.BookName },
            () => Schema.Effects.Select(effect => new EffectRegistration(effect, static (_, _, _) => Task.FromResult<ICommand?>(null))), NullLogger<BookHost>.Instance);
    }

    /// <summary>What the run calls it.</summary>
    public string Name { get; }

    /// <summary>The server its database is on, whose processor time counts; null on SQLite.</summary>
    public Postgres? Server { get; }

    public Secrets Secrets => _instance.Secrets;

    public BenchPins Pins { get; }

    public WithdrawalCodes Codes { get; }

    public BookHost Host { get; }

    private BookSchema Schema => _instance.Schema;

    public static async Task<ServedBook> StartAsync(string name, string directory, string? database, Postgres? server, CancellationToken cancel)
    {
        var book = new ServedBook(name, directory, database, server);
        await book.Host.StartAsync(cancel);
        return book;
    }

    /// <summary>Plants customers who are not measured yet.</summary>
    public async Task<IReadOnlyList<BenchPerson>> PlantAsync(int count, PlantPerson command, CancellationToken cancel)
    {
        var people = new ConcurrentBag<BenchPerson>();
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 512, CancellationToken = cancel }, async (_, stop) =>
            people.Add((await Host.RunAsync(command, cancel: stop)).Value));
        await DrainAsync(cancel);
        return [.. people];
    }

    /// <summary>Waits until everything acknowledged is in the tables and every effect has ended.</summary>
    public async Task DrainAsync(CancellationToken cancel)
    {
        for (var health = Host.Health; health.Applied < health.Acknowledged || health.OutstandingEffects > 0 || health.Waiting > 0; health = Host.Health)
        {
            if (health.State != BookState.Serving)
            {
                throw new InvalidOperationException($"The Book on {Name} does not serve any more: {health.Problem}");
            }

            await Task.Delay(1, cancel);
        }
    }

    /// <summary>Stops cleanly and recomputes everything from the journal.</summary>
    public async Task<VerifyReport> StopAndVerifyAsync(CancellationToken cancel)
    {
        await Host.DisposeAsync();
        await using var journal = _instance.Place.OpenJournal(Instance.BookName);
        await using var tables = _instance.Place.OpenDialect();
        return await BookVerifier.RunAsync(journal, tables, _instance.Seal, Schema, Secrets, Instance.BookName, cancel: cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _instance.DisposeAsync();
    }
}
