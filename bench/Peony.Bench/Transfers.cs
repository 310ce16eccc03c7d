using System.Globalization;
using Peony.Book;
using Peony.Customers;
using Peony.Ledger;
using Peony.Wallet;

namespace Peony.Bench;

/// <summary>Many transfers between wallets in one command, asked for by a signed-in session.</summary>
internal sealed record MoveMany(SessionId Session, IReadOnlyList<Transfer> Transfers) : ICommand<int>
{
    public Result<int> Handle(IWork work)
    {
        if (new AuthenticateActive(Session).Handle(work).IsRefused(out var refusal, out _))
        {
            return refusal;
        }

        return work.PostEach(new EntryKey($"bench/{work.NewId<SessionId>().Value}"), "bench.moved", Transfers).Applied;
    }
}

/// <summary>
/// Transfers between wallets, as many as one command takes: session, idempotency key, the floor of every wallet, an outcome for each transfer. The callers are few and their
/// commands large.
/// </summary>
/// <param name="hotPercent">So many of a hundred transfers are paid from one wallet; 0 spreads all evenly.</param>
internal sealed class Transfers(BenchStage stage, string database, int hotPercent = 0) : IMeasurement
{
    private const int Callers = 4;
    private TransferCallers? _callers;

    public string Name => NameOf(database) + (hotPercent == 0 ? "" : $", {hotPercent} % on one wallet");

    public Comparison Comparison => hotPercent == 0 ? Comparison.Ledgers : Comparison.OneAccount;

    public string Yardstick => hotPercent == 0 ? Comparison.Yardstick : NameOf(database);

    public static string NameOf(string database) => $"batch transfers {database}";

    public async Task PrepareAsync(int seconds, CancellationToken cancel) =>
        _callers ??= await TransferCallers.MakeAsync(await stage.BookAsync(database, cancel, "transfers"), stage.Plan.Customers, cancel);

    public async Task<Measured> RunAsync(int seconds, CancellationToken cancel)
    {
        var measured = await Bench.Callers.RunAsync(_callers!.Book, Callers, seconds, (_, random) => _callers.MoveAsync(IWork.TransfersMost, hotPercent, random), cancel);
        return measured with
        {
            Operations = measured.Operations * IWork.TransfersMost,
            AcknowledgedRate = measured.AcknowledgedRate * IWork.TransfersMost,
            Cpu = measured.Cpu.ToDictionary(who => who.Key, who => who.Value / IWork.TransfersMost),
        };
    }
}

/// <summary>Wallets with money in them, and callers who move it.</summary>
internal sealed class TransferCallers
{
    private readonly IReadOnlyList<BenchPerson> _people;
    private readonly LedgerAccountId[] _wallets;
    private long _number;

    private TransferCallers(ServedBook book, IReadOnlyList<BenchPerson> people)
    {
        (Book, _people) = (book, people);
        _wallets = [.. people.Select(person => WalletAccounts.Of(person.Customer))];
    }

    public ServedBook Book { get; }

    public IReadOnlyList<LedgerAccountId> Wallets => _wallets;

    public static async Task<TransferCallers> MakeAsync(ServedBook book, int wallets, CancellationToken cancel) =>
        new(book, await book.PlantAsync(wallets, new PlantPerson(Limit: 100_00, Wallet: 1_000_000_000_00, CreditBalance: 100_00), cancel));

    public async Task<bool> MoveAsync(int count, int hotPercent, Random random)
    {
        var transfers = new Transfer[count];
        foreach (ref var transfer in transfers.AsSpan())
        {
            var from = random.Next(100) < hotPercent ? 0 : random.Next(_wallets.Length);
            transfer = new Transfer(_wallets[from], _wallets[(from + 1 + random.Next(_wallets.Length - 1)) % _wallets.Length], Money.Cny(random.Next(1, 100)));
        }

        var person = _people[random.Next(_people.Count)];
        var key = Callers.KeyOf(Book, person, "/bench/transfers", Interlocked.Increment(ref _number).ToString(CultureInfo.InvariantCulture), "many");
        var applied = Callers.Demand(await Callers.PatientlyAsync(() => Book.Host.RunAsync(new MoveMany(person.Session, transfers), key)));
        return applied == count ? true : throw new InvalidOperationException($"{applied} of {count} transfers were applied.");
    }
}
