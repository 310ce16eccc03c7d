using Peony.Cards;
using Peony.Customers;
using Peony.Ledger;
using Peony.Wallet;

namespace Peony.Tests.Wallet;

public sealed class TopUpTests
{
    private readonly MoneyWorld _world = new();

    [Fact]
    public void Money_is_in_the_wallet_only_when_the_bank_has_collected_it()
    {
        var (person, card) = Join();
        var topUp = Order(person, card.Id, 500_00).Value;
        Assert.Equal((TopUpState.Ordered, 0L), (topUp.State, _world.Wallet(person)));

        _world.BankSettles();
        Assert.Equal((TopUpState.Settled, 500_00L), (State(person, topUp.Id), _world.Wallet(person)));
        Assert.Equal(Money.Cny(500_00), Assert.Single(_world.Book.Told<TopUpSettled>()).Amount);
    }

    [Fact]
    public void A_collection_the_bank_rejects_moves_nothing_and_says_why()
    {
        var (person, card) = Join();
        var topUp = Order(person, card.Id, 500_00).Value;
        _world.BankRejects("AM04");
        Assert.Equal((TopUpState.Failed, 0L), (State(person, topUp.Id), _world.Wallet(person)));
        Assert.Equal("AM04", Assert.Single(_world.Book.Told<TopUpFailed>()).BankReason);
    }

    [Fact]
    public void The_end_of_a_top_up_is_told_once_however_often_it_is_reported()
    {
        var (person, card) = Join();
        var topUp = Order(person, card.Id, 500_00).Value;
        _world.BankSettles();
        Assert.True(_world.Book.Run(new EndTopUp(topUp.Id, BankReason: null)).IsDone);
        Assert.Single(_world.Book.Told<TopUpSettled>());
        Assert.Equal("wallet.top_up_ended", _world.Book.Run(new EndTopUp(topUp.Id, "AM04")).Refusal!.Code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(100_000_001)]
    public void An_amount_out_of_range_is_refused(long amount)
    {
        var (person, card) = Join();
        Assert.Equal("wallet.amount_invalid", Order(person, card.Id, amount).Refusal!.Code);
    }

    [Fact]
    public void It_takes_the_pin_a_debit_card_and_an_account_that_is_not_frozen()
    {
        var (person, card) = Join();
        var credit = _world.Bind(person, "4392260000000002", CardKind.Credit);
        Assert.Equal("card.not_debit", Order(person, credit.Id, 100).Refusal!.Code);
        Assert.Equal("card.not_found", Order(_world.Join(), card.Id, 100).Refusal!.Code);
        Assert.Equal("pin.wrong", _world.Book.Run(new OrderTopUp(person.Session, card.Id, Money.Cny(100), MoneyWorld.WrongPin)).Refusal!.Code);
        _world.Book.Run(new PlantFreeze(person.Customer, IsFrozen: true));
        Assert.Equal("customer.frozen", Order(person, card.Id, 100).Refusal!.Code);
    }

    [Fact]
    public void The_wallet_shows_what_is_held_apart()
    {
        var (person, card) = Join();
        _world.TopUp(person, card, 500_00);
        _world.Book.Run(new PlantHold(WalletAccounts.Of(person.Customer), Money.Cny(200_00)));
        var wallet = WalletReader.ViewAsync(_world.Book.Reader, person.Customer).Result;
        Assert.Equal((Money.Cny(500_00), Money.Cny(300_00), Money.Cny(200_00)), (wallet.Balance, wallet.Available, wallet.Held));
        Assert.Equal(wallet, _world.Book.Run(new ReadWallet(person.Customer)).Value);
    }

    [Fact]
    public void A_wallet_never_used_is_empty()
    {
        var wallet = WalletReader.ViewAsync(_world.Book.Reader, _world.Join().Customer).Result;
        Assert.Equal((Money.Cny(0), Money.Cny(0), Money.Cny(0)), (wallet.Balance, wallet.Available, wallet.Held));
    }

    private (Person Person, CardView Card) Join()
    {
        var person = _world.Join();
        return (person, _world.Bind(person));
    }

    private Book.Result<TopUpView> Order(Person person, CardId card, long amount) =>
        _world.Book.Run(new OrderTopUp(person.Session, card, Money.Cny(amount), MoneyWorld.Pin));

    private TopUpState State(Person person, TopUpId id) => WalletReader.TopUpAsync(_world.Book.Reader, person.Customer, id).Result!.State;
}
