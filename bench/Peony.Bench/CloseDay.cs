using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Peony.Book;
using Peony.Cards;
using Peony.Credit;
using Peony.Customers;
using Peony.Ledger;
using Peony.Payouts;

namespace Peony.Bench;

/// <summary>
/// An ordinary night of the credit line: of all lines one in 28 has its statement, one in 28 its due day, which is missed and costs interest and a late fee; the others only accrue, so nobody
/// touches them. Payments go on meanwhile. Beside it, the way many do it: a loop over all accounts, row at a time, ten to a transaction.
/// </summary>
internal sealed class CloseDay(BenchStage stage, string database) : IOnce
{
    private const int EventDays = 28;
    private const int PlantedTogether = 50;
    private const int Buyers = 16;
    private static readonly TimeSpan AtRest = TimeSpan.FromSeconds(5);
    private long _bought;

    public string Name => $"close-day {database}";

    private int Lines => stage.Plan.Lines;

    public async Task<IReadOnlyList<Found>> MeasureAsync(CancellationToken cancel)
    {
        // Every line of the night has its statement on the day that ended last, whatever day the bench runs on.
        var yesterday = CreditProduct.Shipped().DayOf(DateTimeOffset.UtcNow).AddDays(-1);
        var terms = CreditProduct.Shipped() with { Version = PlantNight.Product };
        terms = terms with { Cycle = terms.Cycle with { StatementDay = Math.Min(yesterday.Day, EventDays) } };
        var rules = System.IO.Directory.CreateDirectory(Path.Combine(stage.Directory, $"night-{database}", "rules", "credit-products"));
        await File.WriteAllTextAsync(Path.Combine(rules.FullName, "night.json"), JsonSerializer.Serialize(terms, BookJson.Options), cancel);

        var book = await stage.BookAsync(database, cancel, "night");
        var people = await book.PlantAsync(1000, new PlantPerson(Limit: 10_000_000_00, Wallet: 100_00, CreditBalance: 100_00), cancel);
        await Parallel.ForEachAsync(Enumerable.Range(0, Lines / PlantedTogether), new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = cancel }, async (batch, stop) =>
            await Callers.PatientlyAsync(() => book.Host.RunAsync(new PlantNight(batch * PlantedTogether, PlantedTogether, yesterday), cancel: stop)));
        await book.DrainAsync(cancel);
        var rest = await BuyAsync(book, people, () => Task.Delay(AtRest, cancel), cancel);

        var (cpu, took) = (Environment.CpuUsage.TotalTime, TimeSpan.Zero);
        var night = await BuyAsync(book, people, async () =>
        {
            var begun = Stopwatch.GetTimestamp();
            for (var from = 0; from < Lines; from += PlantNight.Every * 1000)
            {
                await Callers.PatientlyAsync(() => book.Host.RunAsync(new BeginNight(from, Math.Min(Lines, from + (PlantNight.Every * 1000))), cancel: cancel));
            }

            await Callers.PatientlyAsync(() => UntilClosedAsync(book, cancel));
            took = Stopwatch.GetElapsedTime(begun);
        }, cancel);
        await book.DrainAsync(cancel);
        var closed = Lines / PlantNight.Every;
        List<Found> found =
        [
            new(At("an ordinary night, lines a second"), Lines / took.TotalSeconds, "/s"),
            new(At("statements and due days a second"), closed / took.TotalSeconds, "/s"),
            new(At("CPU of one, payments beside it counted in"), (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / closed, "us"),
            new(At("payments' p99 at rest"), rest, "ms"),
            new(At("payments' p99 in the night"), night, "ms"),
        ];
        if (database == "sqlite")
        {
            var loop = RowAtATime();
            found.Add(new Found("a loop over rows in chunks of ten, SQLite, lines a second", loop, "/s"));
            found.Add(new Found(At("lines a second, beside that loop"), Lines / took.TotalSeconds / loop, "x"));
        }

        return found;
    }

    private string At(string what) => string.Create(CultureInfo.InvariantCulture, $"{what}, {Lines:N0} lines, {database}");

    /// <summary>Payments while something goes on.</summary>
    /// <returns>Their p99, milliseconds.</returns>
    private async Task<double> BuyAsync(ServedBook book, IReadOnlyList<BenchPerson> people, Func<Task> whileAsync, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var buyers = Enumerable.Range(0, Buyers).Select(buyer => Task.Run(async () =>
        {
            var (random, times) = (new Random(buyer), new List<float>());
            while (!stop.IsCancellationRequested)
            {
                var (person, asked) = (people[random.Next(people.Count)], Stopwatch.GetTimestamp());
                var key = Callers.KeyOf(book, person, "/api/v1/credit/purchases", Interlocked.Increment(ref _bought).ToString(CultureInfo.InvariantCulture), "grocer");
                Callers.Demand(await Callers.PatientlyAsync(() => book.Host.RunAsync(new MakePurchase(person.Session, "grocer", Money.Cny(1_00), book.Pins.ProofOf(person.Customer)), key)));
                times.Add((float)Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }

            return times;
        }, CancellationToken.None)).ToList();
        await whileAsync();
        await stop.CancelAsync();
        return Latencies.Of([.. (await Task.WhenAll(buyers)).SelectMany(times => times).Order()]).P99;
    }

    /// <summary>Waits until no line's timer is due any more, in the tables too.</summary>
    private static async Task<bool> UntilClosedAsync(ServedBook book, CancellationToken cancel)
    {
        while (await book.Host.Rows.NextTimerAsync(cancel) is { } due && due <= book.Host.Now.ToUnixTimeMilliseconds() * 1000)
        {
            await Task.Delay(20, cancel);
        }

        return true;
    }

    /// <summary>Each account read, computed and written by itself, with a row for the day's interest; SQLite with <c>synchronous=FULL</c>.</summary>
    private double RowAtATime()
    {
        const int accounts = 20_000;
        const int together = 10;
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(stage.Directory, "night.db"), Pooling = false }.ToString());
        connection.Open();
        Execute("""
            PRAGMA journal_mode=WAL;
            PRAGMA synchronous=FULL;
            CREATE TABLE account (id INTEGER PRIMARY KEY, principal INTEGER NOT NULL, accrued INTEGER NOT NULL, past_due INTEGER NOT NULL, closed TEXT NOT NULL);
            CREATE TABLE accrual (account INTEGER NOT NULL, day TEXT NOT NULL, amount INTEGER NOT NULL, PRIMARY KEY (account, day)) WITHOUT ROWID;
            WITH RECURSIVE ids (id) AS (VALUES (1) UNION ALL SELECT id + 1 FROM ids WHERE id < 20000)
            INSERT INTO account SELECT id, id * 100, 0, id % 40, '2026-03-04' FROM ids;
            """);
        using var read = Prepare("SELECT principal, accrued, past_due FROM account WHERE id = $id");
        using var write = Prepare("UPDATE account SET accrued = $accrued, past_due = $past, closed = '2026-03-05' WHERE id = $id");
        using var accrue = Prepare("INSERT INTO accrual VALUES ($id, '2026-03-05', $amount)");
        var begun = Stopwatch.GetTimestamp();
        for (var id = 1; id <= accounts; id++)
        {
            if (id % together == 1)
            {
                Execute("BEGIN IMMEDIATE");
            }

            read.Parameters.Clear();
            read.Parameters.AddWithValue("$id", id);
            using (var row = read.ExecuteReader())
            {
                row.Read();
                var (principal, accrued, past) = (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));
                var interest = principal * 500;
                Run(write, ("$id", id), ("$accrued", accrued + interest), ("$past", past > 0 ? past + 1 : 0));
                Run(accrue, ("$id", id), ("$amount", interest));
            }

            if (id % together == 0)
            {
                Execute("COMMIT");
            }
        }

        return accounts / Stopwatch.GetElapsedTime(begun).TotalSeconds;

        SqliteCommand Prepare(string sql)
        {
            var command = connection.CreateCommand();
            command.CommandText = sql;
            return command;
        }

        void Execute(string sql)
        {
            using var command = Prepare(sql);
            command.ExecuteNonQuery();
        }

        static void Run(SqliteCommand command, params (string Name, long Value)[] arguments)
        {
            command.Parameters.Clear();
            foreach (var (name, value) in arguments)
            {
                command.Parameters.AddWithValue(name, value);
            }

            command.ExecuteNonQuery();
        }
    }
}

/// <summary>
/// Puts lines there as they stand before the last night: one in 28 with purchases of a month and its statement to come, one in 28 with a statement whose due day ends and nothing paid, the others with a
/// bill of some days ago. Their timers come with <see cref="BeginNight"/>.
/// </summary>
internal sealed record PlantNight(int From, int Count, DateOnly Night) : ICommand<Done>
{
    public const string Product = "night";

    /// <summary>Of so many lines one has something to do.</summary>
    public const int Every = 14;
    private const long Owed = 900_00;

    public static CustomerId CustomerOf(int number) => new(string.Create(CultureInfo.InvariantCulture, $"cus_night{number:D8}"));

    public Result<Done> Handle(IWork work)
    {
        var transfers = new List<Transfer>(Count);
        for (var number = From; number < From + Count; number++)
        {
            var customer = CustomerOf(number);
            CreditAccounts.Open(work, customer, Money.Cny(10_000_00));
            transfers.Add(new Transfer(CreditAccounts.Owed(customer), PayoutAccounts.Settlement, Money.Cny(Owed)));
            var since = work.Now.AddDays(-60);
            work.Save(new CreditLine(customer, Money.Cny(10_000_00), new CardId("card_night"), new AcceptedTerms("bench", "bench", "zh-CN", since), Product, "bench", [new CreditReason("bench", Money.Cny(10_000_00), "压测", "bench")], since,
                Origin: new LineOrigin(since, Product, StateOf(number))));
            work.Save(new CreditBilling(customer, StateOf(number)));
        }

        work.PostEach(new EntryKey($"bench/night/{From}"), "bench.night", transfers);
        return new Done();
    }

    private BillingState StateOf(int number)
    {
        var opened = BillingState.Opened(Night.AddDays(-59)) with { ClosedThrough = Night.AddDays(-1) };
        Tranche[] month = [new(Night.AddDays(-25), 300_00), new(Night.AddDays(-16), 250_00), new(Night.AddDays(-4), 350_00)];
        return (number % (2 * Every)) switch
        {
            0 => opened with { Current = new Layer(0, 0, 0, month), Cycle = opened.Cycle with { Purchases = Owed } },
            Every => opened with
            {
                Billed = new Layer(0, 0, 0, [.. month.Select(tranche => tranche with { Day = tranche.Day.AddDays(-9) })]),
                Due = new MinimumDue(Night, 90_00),
                Cycle = opened.Cycle with { Previous = Owed },
            },
            _ => opened with { Past = new Layer(0, 0, 0, [new Tranche(Night.AddDays(-40), Owed)]), Cycle = opened.Cycle with { Previous = Owed } },
        };
    }
}

/// <summary>Lets the night begin for the lines of a range that have something to do.</summary>
internal sealed record BeginNight(int From, int To) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        for (var number = From; number < To; number++)
        {
            if (number % PlantNight.Every == 0)
            {
                var customer = PlantNight.CustomerOf(number);
                work.SetTimer($"credit/close/{customer.Value}", work.Now, new CloseCreditDays(customer), TimerClass.Bulk);
            }
        }

        return new Done();
    }
}
