using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Peony.Book;
using Peony.Credit;
using Peony.Ledger;
using Peony.Withdrawals;

namespace Peony.Bench;

/// <summary>Callers in this process, each asking again as soon as it was answered, until the time is up; then the Book drains.</summary>
internal static class Callers
{
    public static async Task<Measured> RunAsync(ServedBook book, int callers, int seconds, Func<int, Random, Task<bool>> actAsync, CancellationToken cancel)
    {
        var latencies = new List<float>[callers];
        var cpu = new CpuMeter().And("own", static () => Environment.CpuUsage.TotalTime);
        if (book.Server is { } server)
        {
            cpu.And("PostgreSQL", server.ProcessorTime);
        }

        var start = Stopwatch.GetTimestamp();
        var end = start + (seconds * Stopwatch.Frequency);
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            var mine = latencies[caller] = new List<float>(4096);
            for (var asked = Stopwatch.GetTimestamp(); asked < end && !cancel.IsCancellationRequested; asked = Stopwatch.GetTimestamp())
            {
                if (!await actAsync(caller, random))
                {
                    return;
                }

                mine.Add((float)Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }
        }, cancel)));
        var called = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await book.DrainAsync(cancel);
        var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var all = latencies.SelectMany(mine => mine).Order().ToArray();
        if (all.Length == 0)
        {
            throw new InvalidOperationException("Nothing was answered.");
        }

        var (median, p99) = Latencies.Of(all);
        return new Measured(all.Length, took, all.Length / called, median, p99, cpu.PerOperation(all.Length));
    }

    /// <summary>The key an edge would hand in: who asks, the key they chose, and the fingerprint of what they sent.</summary>
    public static CallKey KeyOf(ServedBook book, BenchPerson person, string path, string key, string body) =>
        new(person.Session.Value, key, book.Secrets.Fingerprint("POST", path, person.Session.Value, body));

    /// <summary>Comes again when the Book asks for that, as a client does after a 503; the wait is part of the operation.</summary>
    public static async Task<T> PatientlyAsync<T>(Func<Task<T>> askAsync)
    {
        while (true)
        {
            try
            {
                return await askAsync();
            }
            catch (BookUnavailableException)
            {
                await Task.Delay(20);
            }
        }
    }

    /// <summary>The reply; anything else than success is no operation and ends the run.</summary>
    public static T Demand<T>(Result<T> result) => result.IsDone ? result.Value : throw new InvalidOperationException($"A measured command was refused: {result.Refusal!.Code}.");
}

/// <summary>Purchases on the credit line: session, payment PIN, key, limit, one record, one entry.</summary>
internal sealed class Purchases(BenchStage stage, string database) : IMeasurement
{
    private IReadOnlyList<BenchPerson> _people = [];
    private ServedBook _book = null!;
    private long _number;

    public string Name => $"purchases {database}";

    public Comparison Comparison => Comparison.Ledgers;

    public async Task PrepareAsync(int seconds, CancellationToken cancel)
    {
        if (_people.Count == 0)
        {
            _book = await stage.BookAsync(database, cancel);
            _people = await _book.PlantAsync(stage.Plan.Customers, new PlantPerson(Limit: 10_000_000_00, Wallet: 100_00, CreditBalance: 100_00), cancel);
        }
    }

    public Task<Measured> RunAsync(int seconds, CancellationToken cancel) => Callers.RunAsync(_book, stage.Plan.Callers, seconds, BuyAsync, cancel);

    private async Task<bool> BuyAsync(int caller, Random random)
    {
        var person = _people[random.Next(_people.Count)];
        var amount = random.Next(1_00, 50_00);
        var key = Callers.KeyOf(_book, person, "/api/v1/credit/purchases", Interlocked.Increment(ref _number).ToString(CultureInfo.InvariantCulture), $"grocer {amount}");
        var purchase = new MakePurchase(person.Session, "grocer", Money.Cny(amount), _book.Pins.ProofOf(person.Customer));
        Callers.Demand(await Callers.PatientlyAsync(() => _book.Host.RunAsync(purchase, key)));
        return true;
    }
}

/// <summary>
/// Withdrawals from the wallet balance to an own card, asked for and redeemed: two commands, each with its key; between them the code is derived from the tables, as the
/// effect that sends it does, so its caller waits for the applier too. The hour's brake of five codes stays on: there are enough customers.
/// </summary>
internal sealed class Withdrawals(BenchStage stage, string database) : IMeasurement
{
    private readonly ConcurrentQueue<BenchPerson> _people = new();
    private readonly int _codes = WithdrawalRules.Shipped().Code.IssuesPerHour;
    private ServedBook _book = null!;
    private double _fastest = 3000;
    private long _number;

    public string Name => $"withdrawals {database}";

    public Comparison Comparison => Comparison.Ledgers;

    public async Task PrepareAsync(int seconds, CancellationToken cancel)
    {
        // Half as many again as the fastest round used, and one for each caller.
        var left = _people.Sum(person => person.CodesLeft);
        var missing = (int)(((_fastest * seconds * 1.5) - left) / _codes) + stage.Plan.Callers;
        _book = await stage.BookAsync(database, cancel);
        foreach (var person in await _book.PlantAsync(missing, new PlantPerson(Limit: 1_000_00, Wallet: 1_000_00, CreditBalance: 100_00), cancel))
        {
            _people.Enqueue(person with { CodesLeft = _codes });
        }
    }

    public async Task<Measured> RunAsync(int seconds, CancellationToken cancel)
    {
        var measured = await Callers.RunAsync(_book, stage.Plan.Callers, seconds, WithdrawAsync, cancel);
        _fastest = Math.Max(_fastest, measured.Rate);
        return measured;
    }

    private async Task<bool> WithdrawAsync(int caller, Random random)
    {
        if (!_people.TryDequeue(out var person))
        {
            return false;
        }

        var amount = Money.Cny(random.Next(10_00, 100_00));
        var number = Interlocked.Increment(ref _number).ToString(CultureInfo.InvariantCulture);
        var request = new RequestWithdrawal(person.Session, WithdrawalSource.Wallet, person.Card, amount, _book.Pins.ProofOf(person.Customer));
        var requestKey = Callers.KeyOf(_book, person, "/api/v1/withdrawals", number, $"wallet {person.Card} {amount.Minor}");
        var asked = Callers.Demand(await Callers.PatientlyAsync(() => _book.Host.RunAsync(request, requestKey)));
        var withdrawal = await Callers.PatientlyAsync(() => _book.Host.Reader.FindAsync<Withdrawal>(asked.Id.Value))
            ?? throw new InvalidOperationException($"{asked.Id} is not in the tables.");
        var code = _book.Codes.Derive(withdrawal.Code!.Nonce, withdrawal.BindingAsMade(withdrawal.Code));
        var redemption = new RedeemCode(person.Session, asked.Id, code);
        var redemptionKey = Callers.KeyOf(_book, person, $"/api/v1/withdrawals/{asked.Id}/redeem", number + "r", code);
        Callers.Demand(await Callers.PatientlyAsync(() => _book.Host.RunAsync(redemption, redemptionKey)));
        if (person.CodesLeft > 1)
        {
            _people.Enqueue(person with { CodesLeft = person.CodesLeft - 1 });
        }

        return true;
    }
}
