using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Peony.Book;
using Peony.Server;
using Peony.Withdrawals;

namespace Peony.Bench;

/// <summary>
/// A Book in this process on one of the databases, with every capability of the program and its shipped rules. Effects are carried out by nobody but ended at once, as if
/// the outside had nothing to tell: their events, lanes and ends are the Book's work and are measured with it.
/// </summary>
internal sealed class ServedBook : IAsyncDisposable
{
    private readonly string? _database;
    private readonly string _directory;

    private ServedBook(string name, string directory, string? database, Postgres? server)
    {
        (Name, _directory, _database, Server) = (name, directory, database, server);
        Secrets = new Secrets(RandomNumberGenerator.GetBytes(32));
        Pins = new BenchPins(Secrets);
        Codes = new WithdrawalCodes(Secrets.Key(WithdrawalCodes.KeyPurpose));
        Schema = PeonyModules.Describe(PeonyModules.All(Secrets, directory));
        Schema.Constant(Pins);
        Schema.Command<PlantPerson>("bench.plant_person");
        Host = new BookHost(Schema, Secrets, OpenJournal(), new SqlTables(OpenTables(), Schema), OpenSeal(), TimeProvider.System, new BookOptions { Book = Instance.BookName },
            () => Schema.Effects.Select(effect => new EffectRegistration(effect, static (_, _, _) => Task.FromResult<ICommand?>(null))), NullLogger<BookHost>.Instance);
    }

    /// <summary>What the run calls it.</summary>
    public string Name { get; }

    /// <summary>The server its database is on, whose processor time counts; null on SQLite.</summary>
    public Postgres? Server { get; }

    public Secrets Secrets { get; }

    public BenchPins Pins { get; }

    public WithdrawalCodes Codes { get; }

    public BookHost Host { get; }

    private BookSchema Schema { get; }

    public static async Task<ServedBook> StartAsync(string name, string directory, string? database, Postgres? server, CancellationToken cancel)
    {
        Directory.CreateDirectory(directory);
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
        await using var journal = OpenJournal();
        await using var tables = OpenTables();
        return await BookVerifier.RunAsync(journal, tables, OpenSeal(), Schema, Secrets, Instance.BookName, cancel: cancel);
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    private IJournal OpenJournal() => Place.OpenJournal(Instance.BookName);

    private Dialect OpenTables() => Place.OpenDialect();

    private BookPlace Place => new(_directory, _database);

    private SealFile OpenSeal() => new(Path.Combine(_directory, "seal"), Secrets);
}
