using System.Text;
using System.Text.Json;
using Peony.Book;
using Peony.Cards;
using Peony.Credit;
using Peony.Customers;
using Peony.Edge;
using Peony.Ledger;
using Peony.Operators;
using Peony.Payouts;
using Peony.Wallet;

namespace Peony.Tests.Credit.Billing;

/// <summary>Days that are closed by a Book which crashes on the way: whatever the moment, the books are those of a Book that never did.</summary>
public sealed class DayCloseCrashTests
{
    private const int Lines = 200;
    private const int Commands = 300;
    private const int Crashes = 100;
    private const ulong Seed = 20260305;

    /// <summary>A line with three purchases whose last 75 days nobody closed: three statements, due days missed, and what that costs.</summary>
    private sealed record PlantLine(int Number) : ICommand<Done>
    {
        public CustomerId Customer => CustomerOf(Number);

        public Result<Done> Handle(IWork work)
        {
            var opened = new DateTimeOffset(2025, 12, 20, 4, 0, 0, TimeSpan.Zero);
            var limit = Money.Cny(10_000_00);
            CreditAccounts.Open(work, Customer, limit);
            work.Save(new CreditLine(Customer, limit, new CardId("card_1"), new AcceptedTerms("test", "test", "en", opened), CreditProduct.Shipped().Version, "test", [new CreditReason("test", limit, "测试", "test")], opened));
            for (var bought = 0; bought < 3; bought++)
            {
                var at = opened.AddDays(bought * (7 + (Number % 13)));
                var purchase = Purchase.Make(new PurchaseId($"pur_{Number:D4}_{bought}"), Customer, "bookshop", Money.Cny(100_01 + (Number * 37) + bought), 0, DateOnly.FromDateTime(at.UtcDateTime), at);
                work.Post(CreditPostings.Purchased(purchase));
                work.Save(purchase);
            }

            work.SetTimer($"credit/close/{Customer.Value}", work.Now, new CloseCreditDays(Customer), TimerClass.Bulk);
            return new Done();
        }
    }

    private sealed class World : ISimulatedWorld
    {
        private int _next;

        public (ICommand Command, CallKey? Key, Action<Outcome> Answered) Next(SeededRandomness random, DateTimeOffset now)
        {
            var number = _next++;
            if (number < Lines)
            {
                return (new PlantLine(number), new CallKey("test", $"line {number}", [(byte)number]), _ => { });
            }

            return (new ReadCreditLine(CustomerOf(random.Next(Lines))), null, _ => { });
        }

        public (bool IsAnswered, ICommand? Outcome) Answer(OutstandingEffect effect, SeededRandomness random) => (true, null);

        public string? Check(MemoryTables tables, IReadOnlyList<Frame> journal) => null;
    }

    [Fact]
    public async Task Killed_at_a_hundred_moments_the_days_are_closed_as_if_it_never_was()
    {
        var (clean, appends) = await RunAsync(crashAt: 0);
        Assert.Equal(3 * Lines, clean.Split("statement ").Length - 1);
        Assert.InRange(appends, Crashes / 2, 10_000);
        for (var crash = 0; crash < Crashes; crash++)
        {
            // Evenly over all appends, in turn right before and right after one.
            var at = 1 + (crash / 2 * appends / (Crashes / 2));
            Assert.Equal(clean, (await RunAsync(crash % 2 == 0 ? at : -at)).Books);
        }
    }

    private static CustomerId CustomerOf(int number) => new($"cus_{number:D4}");

    private static async Task<(string Books, int Appends)> RunAsync(int crashAt)
    {
        var schema = new BookSchema();
        foreach (var module in (IModule[])[new CustomersModule(), new CardsModule(), new WalletModule(), new CreditModule(), new PayoutsModule(), new OperatorsModule()])
        {
            module.Describe(schema);
        }

        schema.Command<PlantLine>("test.plant_line");
        await using var book = new SimulatedBook(schema, new World(), Seed, [], crashAt);
        book.Run(Commands);
        return (await BooksAsync(book.Tables), book.Appends);
    }

    /// <summary>Every balance, every line's billing and every statement, but for the names statements were given.</summary>
    private static async Task<string> BooksAsync(MemoryTables tables)
    {
        var all = new Page(10_000, NewestFirst: false);
        var books = new StringBuilder();
        foreach (var account in await tables.AccountsAsync("", 10_000, default))
        {
            books.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"{account.Id} {account.State.Balance} {account.State.HighBalance}");
        }

        foreach (var billing in await tables.RecordsAsync("credit_billing", null, null, all, default))
        {
            // How far a line was brought depends on when its Book came to rest; until the day below only interest accrues.
            var run = new BillingRun(CreditProduct.Shipped(), JsonSerializer.Deserialize<CreditBilling>(billing.Body, BookJson.Options)!.State);
            run.CloseThrough(new DateOnly(2026, 3, 9));
            Assert.Empty(run.End().Movements);
            books.AppendLine(JsonSerializer.Serialize(run.State, BookJson.Options));
        }

        for (var number = 0; number < Lines; number++)
        {
            var statements = await tables.RecordsAsync("credit_statement", CreditReader.ByCustomer, CustomerOf(number).Value, all, default);
            foreach (var cut in statements.Select(statement => JsonSerializer.Deserialize<Statement>(statement.Body, BookJson.Options)!.Cut).OrderBy(cut => cut.Day))
            {
                books.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"statement {number} {cut}");
            }
        }

        return books.ToString();
    }
}
