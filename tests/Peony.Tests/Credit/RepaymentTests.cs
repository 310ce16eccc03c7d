using Peony.Book;
using Peony.Cards;
using Peony.Credit;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Tests.Credit;

/// <summary>Takes the timer away that closes a line's days.</summary>
internal sealed record DelayNight(CustomerId Customer) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        work.CancelTimer($"credit/close/{Customer.Value}");
        return new Done();
    }
}

public sealed class RepaymentTests
{
    private readonly MoneyWorld _world = new();

    [Fact]
    public void A_repayment_from_the_wallet_lowers_what_is_owed_at_once()
    {
        var (person, _) = _world.JoinWithMoney();
        _world.Buy(person, 300_00);
        var repayment = FromWallet(person, 100_00).Value;
        Assert.Equal((RepaymentState.Settled, Money.Cny(100_00), Money.Cny(0)), (repayment.State, repayment.ToOwed, repayment.ToBalance));
        Assert.Equal((200_00L, 900_00L), (_world.Owed(person), _world.Wallet(person)));
    }

    [Fact]
    public void What_is_more_than_owed_becomes_credit_balance()
    {
        var (person, _) = _world.JoinWithMoney();
        _world.Buy(person, 300_00);
        FromWallet(person, 800_00);
        Assert.Equal((0L, 500_00L, 200_00L), (_world.Owed(person), _world.CreditBalance(person), _world.Wallet(person)));
    }

    [Fact]
    public void A_wallet_that_does_not_cover_it_repays_nothing()
    {
        var (person, _) = _world.JoinWithMoney();
        var refusal = FromWallet(person, 1_000_01).Refusal!;
        Assert.Equal(("wallet.balance_short", "1000.00 CNY"), (refusal.Code, refusal.Arguments!["available"]));
        Assert.Equal(1_000_00, _world.Wallet(person));
    }

    [Fact]
    public void A_repayment_from_a_card_goes_against_what_is_owed_when_the_money_comes()
    {
        var (person, card) = _world.JoinWithMoney();
        _world.Buy(person, 300_00);
        var ordered = FromCard(person, card, 500_00).Value;
        Assert.Equal((RepaymentState.Ordered, 300_00L), (ordered.State, _world.Owed(person)));

        _world.Buy(person, 150_00);
        _world.BankSettles();
        var settled = CreditReader.RepaymentAsync(_world.Book.Reader, person.Customer, ordered.Id).Result!;
        Assert.Equal((RepaymentState.Settled, Money.Cny(450_00), Money.Cny(50_00)), (settled.State, settled.ToOwed, settled.ToBalance));
        Assert.Equal((0L, 50_00L, 0L), (_world.Owed(person), _world.CreditBalance(person), _world.Balance(CreditAccounts.RepaymentsReceived)));
    }

    [Fact]
    public void A_report_that_comes_twice_leaves_days_it_closed_closed_once()
    {
        var (person, card) = _world.JoinWithMoney();
        _world.Buy(person, 300_00);
        var repayment = FromCard(person, card, 10_00).Value;
        _world.BankSettles();
        // The night is late: nobody has closed the days when the report comes again.
        _world.Book.Run(new DelayNight(person.Customer));
        _world.Book.Advance(TimeSpan.FromDays(75));
        Assert.Equal(RepaymentState.Settled, _world.Book.Run(new EndRepayment(repayment.Id, BankReason: null)).Value.State);
        Assert.True(FromWallet(person, 100_00).IsDone);
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void Two_repayments_on_their_way_may_overpay_together()
    {
        var (person, card) = _world.JoinWithMoney();
        _world.Buy(person, 300_00);
        FromCard(person, card, 300_00);
        FromCard(person, card, 300_00);
        _world.BankSettles();
        Assert.Equal((0L, 300_00L), (_world.Owed(person), _world.CreditBalance(person)));
    }

    [Fact]
    public void A_collection_the_bank_rejects_leaves_the_debt()
    {
        var (person, card) = _world.JoinWithMoney();
        _world.Buy(person, 300_00);
        var ordered = FromCard(person, card, 300_00).Value;
        _world.BankRejects();
        Assert.Equal(RepaymentState.Failed, CreditReader.RepaymentAsync(_world.Book.Reader, person.Customer, ordered.Id).Result!.State);
        Assert.Equal((300_00L, 0L), (_world.Owed(person), _world.Balance(CreditAccounts.RepaymentsReceived)));
        Assert.Equal("credit.repayment_ended", _world.Book.Run(new EndRepayment(ordered.Id, BankReason: null)).Refusal!.Code);
    }

    [Fact]
    public void The_end_of_a_repayment_is_posted_once_however_often_it_is_reported()
    {
        var (person, card) = _world.JoinWithMoney();
        _world.Buy(person, 300_00);
        var ordered = FromCard(person, card, 100_00).Value;
        _world.BankSettles();
        Assert.True(_world.Book.Run(new EndRepayment(ordered.Id, BankReason: null)).IsDone);
        Assert.Equal(200_00, _world.Owed(person));
        Assert.Single(_world.Book.Told<RepaymentSettled>());
    }

    [Fact]
    public void A_frozen_customer_repays_what_is_owed_and_no_more()
    {
        var (person, card) = _world.JoinWithMoney();
        _world.Buy(person, 300_00);
        _world.Book.Run(new PlantFreeze(person.Customer, IsFrozen: true));
        Assert.Equal("customer.frozen", FromWallet(person, 300_01).Refusal!.Code);
        Assert.Equal("customer.frozen", FromCard(person, card, 300_01).Refusal!.Code);
        Assert.True(FromWallet(person, 300_00).IsDone);
    }

    [Fact]
    public void It_takes_a_line_an_amount_the_pin_and_an_own_debit_card()
    {
        var (person, card) = _world.JoinWithMoney();
        Assert.Equal("credit.line_not_open", FromWallet(_world.Join(), 100).Refusal!.Code);
        Assert.Equal("credit.amount_invalid", FromWallet(person, 0).Refusal!.Code);
        Assert.Equal("credit.amount_invalid", FromCard(person, card, long.MaxValue).Refusal!.Code);
        Assert.Equal("pin.wrong", _world.Book.Run(new RepayFromWallet(person.Session, Money.Cny(1), MoneyWorld.WrongPin)).Refusal!.Code);
        var other = _world.JoinWithOtherCard();
        Assert.Equal("card.not_found", FromCard(other, card, 100).Refusal!.Code);
    }

    private Book.Result<RepaymentView> FromWallet(Person person, long amount) =>
        _world.Book.Run(new RepayFromWallet(person.Session, Money.Cny(amount), MoneyWorld.Pin));

    private Book.Result<RepaymentView> FromCard(Person person, CardView card, long amount) =>
        _world.Book.Run(new RepayFromCard(person.Session, card.Id, Money.Cny(amount), MoneyWorld.Pin));
}
