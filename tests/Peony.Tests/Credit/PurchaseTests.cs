using Peony.Credit;
using Peony.Ledger;

namespace Peony.Tests.Credit;

public sealed class PurchaseTests
{
    private readonly MoneyWorld _world = new();

    [Fact]
    public void A_purchase_is_owed_and_the_shop_is_owed_the_same()
    {
        var (person, _) = _world.JoinWithMoney();
        var purchase = _world.Buy(person, 300_00).Value;
        Assert.Equal((Money.Cny(0), Money.Cny(300_00)), (purchase.FromBalance, purchase.FromLine));
        Assert.Equal((300_00L, 300_00L), (_world.Owed(person), _world.Balance(CreditAccounts.SandboxMerchants)));
    }

    [Fact]
    public void The_limit_can_be_used_to_the_last_fen_and_not_beyond()
    {
        var (person, _) = _world.JoinWithMoney();
        Assert.True(_world.Buy(person, 1_500_00).IsDone);
        var refusal = _world.Buy(person, 1).Refusal!;
        Assert.Equal(("credit.limit_exceeded", "0.00 CNY"), (refusal.Code, refusal.Arguments!["available"]));
        Assert.Equal(1_500_00, _world.Owed(person));
        Assert.Single(CreditReader.PurchasesAsync(_world.Book.Reader, person.Customer).Result);
    }

    [Fact]
    public void The_credit_balance_pays_first_and_the_line_the_rest_in_one_entry()
    {
        var (person, _) = _world.JoinWithMoney();
        _world.Book.Run(new RepayFromWallet(person.Session, Money.Cny(200_00), MoneyWorld.Pin));
        Assert.Equal(200_00, _world.CreditBalance(person));

        var first = _world.Buy(person, 150_00).Value;
        Assert.Equal((Money.Cny(150_00), Money.Cny(0)), (first.FromBalance, first.FromLine));
        var second = _world.Buy(person, 150_00).Value;
        Assert.Equal((Money.Cny(50_00), Money.Cny(100_00)), (second.FromBalance, second.FromLine));
        Assert.Equal(2, _world.Book.Reader.EntryAsync(new EntryKey($"purchase/{second.Id}/made")).Result.Count);
        Assert.Equal((0L, 100_00L), (_world.CreditBalance(person), _world.Owed(person)));
    }

    [Fact]
    public void Held_credit_balance_is_not_spent()
    {
        var (person, _) = _world.JoinWithMoney();
        _world.Book.Run(new RepayFromWallet(person.Session, Money.Cny(200_00), MoneyWorld.Pin));
        _world.Book.Run(new PlantHold(CreditAccounts.Balance(person.Customer), Money.Cny(150_00)));
        var purchase = _world.Buy(person, 100_00).Value;
        Assert.Equal((Money.Cny(50_00), Money.Cny(50_00)), (purchase.FromBalance, purchase.FromLine));
    }

    [Fact]
    public void Refusals_come_in_order_and_move_nothing()
    {
        var (person, _) = _world.JoinWithMoney();
        Assert.Equal("credit.line_not_open", _world.Buy(_world.Join(), 100).Refusal!.Code);
        Assert.Equal("credit.shop_not_found", _world.Book.Run(new MakePurchase(person.Session, "nowhere", Money.Cny(100), MoneyWorld.Pin)).Refusal!.Code);
        Assert.Equal("credit.amount_invalid", _world.Buy(person, 0).Refusal!.Code);
        Assert.Equal("credit.amount_invalid", _world.Buy(person, long.MaxValue).Refusal!.Code);
        Assert.Equal("credit.amount_invalid", _world.Book.Run(new MakePurchase(person.Session, "bookshop", new Money(1, Currency.Usd), MoneyWorld.Pin)).Refusal!.Code);
        Assert.Equal("pin.wrong", _world.Buy(person, 100, MoneyWorld.WrongPin).Refusal!.Code);
        _world.Book.Run(new PlantFreeze(person.Customer, IsFrozen: true));
        Assert.Equal("customer.frozen", _world.Buy(person, 100).Refusal!.Code);
        Assert.Equal(0, _world.Owed(person));
    }
}
