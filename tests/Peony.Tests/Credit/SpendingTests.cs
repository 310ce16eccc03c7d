using Peony.Book;
using Peony.Credit;
using Peony.Ledger;

namespace Peony.Tests.Credit;

public sealed class SpendingTests
{
    private static readonly DateOnly Day = new(2026, 3, 5);

    [Fact]
    public void Shares_of_any_spending_add_up_to_the_whole()
    {
        var random = new SeededRandomness(5);
        for (var round = 0; round < 1000; round++)
        {
            var bought = Enumerable.Range(0, 1 + random.Next(40)).Select(_ => ((ShopCategory)(1 + random.Next(5)), Money.Cny(random.Next(100_000)))).ToList();
            var spending = SpendingReader.Divide(Day, Day, Currency.Cny, bought);
            Assert.Equal(bought.Sum(one => one.Item2.Minor), spending.Total.Minor);
            Assert.Equal(spending.Total, spending.Categories.Aggregate(Money.Zero(Currency.Cny), (sum, one) => sum + one.Amount));
            Assert.Equal(spending.Categories.Count == 0 ? 0 : 1000, spending.Categories.Sum(one => one.Share));
            Assert.Equal(spending.Categories.OrderByDescending(one => one.Amount.Minor), spending.Categories);
        }
    }

    [Fact]
    public async Task What_was_bought_is_counted_whole_less_what_was_refunded()
    {
        var world = new MoneyWorld();
        var (person, _) = world.JoinWithMoney();
        world.Book.Run(new RepayFromWallet(person.Session, Money.Cny(100_00), MoneyWorld.Pin));
        var tea = world.Book.Run(new MakePurchase(person.Session, "tea-house", Money.Cny(120_00), MoneyWorld.Pin)).Value;
        world.Book.Run(new MakePurchase(person.Session, "bookshop", Money.Cny(300_00), MoneyWorld.Pin, Periods: 3, AgreesToInstalments: true));
        world.Book.Run(new MakePurchase(person.Session, "bookshop", Money.Cny(1_00), MoneyWorld.Pin));
        world.Book.Run(new RefundPurchase(person.Session, tea.Id, Money.Cny(20_00)));
        var products = new CreditProducts([CreditProduct.Shipped()]);
        var billing = new BillingReader(world.Book.Reader, products);
        var reader = new SpendingReader(world.Book.Reader, billing);

        var cycle = (await reader.OfCycleAsync(person.Customer, TestContext.Current.CancellationToken))!;
        Assert.Equal([(ShopCategory.Culture, Money.Cny(301_00), 2), (ShopCategory.Dining, Money.Cny(100_00), 1)], cycle.Categories.Select(one => (one.Category, one.Amount, one.Purchases)));

        world.Book.Advance(TimeSpan.FromDays(32));
        Assert.Equal(Money.Cny(0), (await reader.OfCycleAsync(person.Customer, TestContext.Current.CancellationToken))!.Total);
        var statement = (await billing.StatementsAsync(person.Customer, cancel: TestContext.Current.CancellationToken))[0];
        Assert.Equal(cycle.Categories, (await reader.OfAsync(person.Customer, statement, TestContext.Current.CancellationToken)).Categories);
    }

    [Fact]
    public void Every_shop_has_a_category() => Assert.All(SandboxShops.All, shop => Assert.True(Enum.IsDefined(shop.Category) && shop.Category != ShopCategory.Other, shop.Code));
}
