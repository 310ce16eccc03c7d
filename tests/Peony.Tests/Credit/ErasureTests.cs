using Peony.Book;
using Peony.Credit;
using Peony.Ledger;
using Peony.Wallet;

namespace Peony.Tests.Credit;

public sealed class ErasureTests
{
    private readonly MoneyWorld _world = new();

    [Fact]
    public void A_customer_with_money_here_is_not_erased()
    {
        var (person, _) = _world.JoinWithMoney();
        Assert.Equal("erasure.money_left", Ask(new CloseWallet(person.Customer)));
        _world.Book.Run(new RepayFromWallet(person.Session, Money.Cny(1_000_00), MoneyWorld.Pin));
        Assert.Null(Ask(new CloseWallet(person.Customer)));
        Assert.Equal("erasure.money_left", Ask(new SettledCreditLine(person.Customer)));
        _world.Buy(person, 1_000_00);
        Assert.Null(Ask(new SettledCreditLine(person.Customer)));
    }

    [Fact]
    public void A_customer_who_owes_or_waits_for_the_bank_is_not_erased()
    {
        var (person, card) = _world.JoinWithMoney();
        _world.Buy(person, 100);
        Assert.Equal("erasure.money_left", Ask(new SettledCreditLine(person.Customer)));
        _world.Book.Run(new RepayFromCard(person.Session, card.Id, Money.Cny(100), MoneyWorld.Pin));
        Assert.Equal("erasure.open_business", Ask(new SettledCreditLine(person.Customer)));
        _world.Book.Run(new OrderTopUp(person.Session, card.Id, Money.Cny(100), MoneyWorld.Pin));
        Assert.Equal("erasure.open_business", Ask(new CloseWallet(person.Customer)));
    }

    private string? Ask(ICommand<Done> check) => _world.Book.Run(check).Refusal?.Code;
}
