using Peony.Book;
using Peony.Cards;
using Peony.Credit;
using Peony.Ledger;

namespace Peony.Tests.Credit;

public sealed class StatementReaderTests
{
    private static readonly string[] Lines = ["previous", "purchases", "advances", "plan_parts", "interest", "fees", "repaid", "refunded", "to_plans", "reclaimed"];
    private readonly MoneyWorld _world = new();

    /// <summary>Two years of purchases, instalments, repayments from wallet and card, refunds, payoffs and neglect, twelve times, through the slices: every number of every statement is what stands behind it.</summary>
    [Fact]
    public async Task What_stands_behind_every_number_adds_up_to_it()
    {
        var seen = new Dictionary<string, int>();
        for (var seed = 1UL; seed <= 12; seed++)
        {
            // Some look after their line every few days, some forget it for weeks, and their debt is written off.
            var history = new StatementReaderTests();
            foreach (var (line, count) in await history.LiveAsync(seed, mostDays: seed % 3 == 0 ? 40 : 14))
            {
                seen[line] = seen.GetValueOrDefault(line) + count;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", seen.Select(one => $"{one.Key} {one.Value}")));
        Assert.All(Lines.Where(line => line is not ("advances" or "reclaimed")), line => Assert.True(seen[line] > 5, $"Hardly a statement had {line}."));
    }

    [Fact]
    public async Task What_the_credit_balance_pays_on_a_statement_day_is_in_the_statement_it_belongs_to()
    {
        var (person, _) = _world.JoinWithMoney();
        _world.Book.Run(new MakePurchase(person.Session, "bookshop", Money.Cny(300_00), MoneyWorld.Pin, Periods: 3, AgreesToInstalments: true));
        _world.Book.Run(new RepayFromWallet(person.Session, Money.Cny(500_00), MoneyWorld.Pin));
        _world.Book.Advance(TimeSpan.FromDays(120));
        await CheckAsync(person);
        var reader = Reader();
        var statements = await Billing().StatementsAsync(person.Customer, cancel: TestContext.Current.CancellationToken);
        var applied = new List<StatementItem>();
        foreach (var statement in statements)
        {
            applied.AddRange((await reader.BehindAsync(person.Customer, statement, "repaid", TestContext.Current.CancellationToken))!);
        }

        Assert.Contains(applied, item => item.Kind == StatementItemKind.BalanceApplied && item.Amount == Money.Cny(102_30));
    }

    [Fact]
    public async Task A_plan_paid_off_is_in_no_statement_any_more()
    {
        var (person, _) = _world.JoinWithMoney();
        var bought = _world.Book.Run(new MakePurchase(person.Session, "bookshop", Money.Cny(300_00), MoneyWorld.Pin, Periods: 3, AgreesToInstalments: true)).Value;
        _world.Book.Advance(TimeSpan.FromDays(30));
        var plan = (await Billing().PlansAsync(person.Customer, TestContext.Current.CancellationToken))!.Single();
        Assert.True(_world.Book.Run(new PayOffPlan(person.Session, bought.Id.Value, plan.Payoff, MoneyWorld.Pin)).IsDone);
        _world.Book.Advance(TimeSpan.FromDays(62));
        Assert.Equal(1, (await CheckAsync(person))["plan_parts"]);
    }

    private async Task<Dictionary<string, int>> LiveAsync(ulong seed, int mostDays)
    {
        var (person, card) = _world.JoinWithMoney();
        _world.TopUp(person, card, 90_000_00);
        var random = new SeededRandomness(seed);
        for (var days = 0; days < 730;)
        {
            for (var acts = random.Next(4); acts > 0; acts--)
            {
                Act(person, card, random);
            }

            var step = 1 + random.Next(mostDays);
            _world.Book.Advance(TimeSpan.FromDays(step) + TimeSpan.FromMinutes(random.Next(600)));
            days += step;
            await CheckDuesAsync(person);
        }

        Assert.Empty(_world.WhatIsWrong());
        return await CheckAsync(person);
    }

    private BillingReader Billing() => new(_world.Book.Reader, new CreditProducts([CreditProduct.Shipped()]));

    private StatementReader Reader() => new(_world.Book.Reader, new CreditProducts([CreditProduct.Shipped()]));

    /// <returns>How many statements had something in each line.</returns>
    private async Task<Dictionary<string, int>> CheckAsync(Person person)
    {
        var seen = new Dictionary<string, int>();
        var reader = Reader();
        foreach (var statement in await Billing().StatementsAsync(person.Customer, new Page(1000), TestContext.Current.CancellationToken))
        {
            foreach (var line in Lines)
            {
                var number = NumberOf(statement, line);
                var items = (await reader.BehindAsync(person.Customer, statement, line, TestContext.Current.CancellationToken))!;
                Assert.Equal((statement.Day, line, number), (statement.Day, line, items.Aggregate(Money.Zero(Currency.Cny), (sum, item) => sum + item.Amount)));
                Assert.All(items, item => Assert.True(item.Amount.IsPositive));
                seen[line] = seen.GetValueOrDefault(line) + (number.IsZero ? 0 : 1);
            }
        }

        Assert.Null(await reader.BehindAsync(person.Customer, (await Billing().StatementsAsync(person.Customer, cancel: TestContext.Current.CancellationToken))[0], "nothing", TestContext.Current.CancellationToken));
        return seen;
    }

    /// <summary>The dues are the bill, divided by day and reason.</summary>
    private async Task CheckDuesAsync(Person person)
    {
        var bill = (await Billing().BillAsync(person.Customer, TestContext.Current.CancellationToken))!;
        var dues = (await Billing().DuesAsync(person.Customer, TestContext.Current.CancellationToken))!;
        Assert.Equal(dues.Select(due => due.Day).Distinct().Order(), dues.Select(due => due.Day));
        Assert.All(dues, due => Assert.Equal(due.Amount, Sum(due.Parts)));
        var parts = dues.SelectMany(due => due.Parts).ToLookup(part => part.Kind);
        Assert.Equal(bill.Payable, Sum(parts[DueKind.Past]) + Sum(parts[DueKind.Statement]));
        Assert.Equal(bill.InPlans, Sum(parts[DueKind.Instalment]));
        Assert.InRange(Sum(parts[DueKind.Unbilled]).Minor, bill.Unbilled.Minor, bill.Unbilled.Minor + Math.Max(0, bill.Accrued.Minor));
        Assert.All(parts[DueKind.Instalment], part => Assert.InRange(part.Number!.Value, 1, part.Periods!.Value));
        Assert.All(parts[DueKind.Instalment].GroupBy(part => part.Plan), plan => Assert.Equal(plan.First().Periods, plan.Max(part => part.Number)));
    }

    private static Money Sum(IEnumerable<DuePart> parts) => parts.Aggregate(Money.Zero(Currency.Cny), (sum, part) => sum + part.Amount);

    private static Money NumberOf(StatementView statement, string line) => line switch
    {
        "previous" => statement.Previous,
        "purchases" => statement.Purchases,
        "advances" => statement.Advances,
        "plan_parts" => statement.PlanParts,
        "interest" => statement.Interest,
        "fees" => statement.Fees,
        "repaid" => statement.Repaid,
        "refunded" => statement.Refunded,
        "reclaimed" => statement.Reclaimed,
        _ => statement.ToPlans,
    };

    /// <summary>One act, done or refused as it may be.</summary>
    private void Act(Person person, CardView card, SeededRandomness random)
    {
        var amount = Money.Cny(1 + random.Next(400_00));
        switch (random.Next(9))
        {
            case 0 or 1 or 2:
                _world.Buy(person, amount.Minor);
                break;
            case 3:
                _world.Book.Run(new MakePurchase(person.Session, "bookshop", amount, MoneyWorld.Pin, random.Next(2) == 0 ? 3 : 6, AgreesToInstalments: true));
                break;
            case 4:
                _world.Book.Run(new RepayFromWallet(person.Session, amount, MoneyWorld.Pin));
                break;
            case 5:
                _world.Book.Run(new RepayFromCard(person.Session, card.Id, amount, MoneyWorld.Pin));
                _world.BankSettles();
                break;
            case 6:
                var purchases = CreditReader.PurchasesAsync(_world.Book.Reader, person.Customer).Result;
                if (purchases.Count > 0)
                {
                    _world.Book.Run(new RefundPurchase(person.Session, purchases[random.Next(purchases.Count)].Id, amount));
                }

                break;
            case 7:
                _world.Book.Run(new TurnIntoInstalments(person.Session, amount, 3, Agrees: true, MoneyWorld.Pin));
                break;
            default:
                if (Billing().PlansAsync(person.Customer).Result is { Count: > 0 } plans)
                {
                    _world.Book.Run(new PayOffPlan(person.Session, plans[0].Id, plans[0].Payoff, MoneyWorld.Pin));
                }

                break;
        }
    }
}
