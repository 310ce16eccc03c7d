using Peony.Book;
using Peony.Credit;
using Peony.Ledger;

namespace Peony.Tests.Credit.Limits;

/// <summary>What an overdue line may do, and that a bill paid sets everything free in the same commit.</summary>
public sealed class OverdueStopTests
{
    private readonly LimitWorld _world = new();

    /// <summary>1,000.00 bought in the month before, nothing paid by the due day.</summary>
    public OverdueStopTests()
    {
        Assert.Null(_world.Buy(1_000_00));
        var month = _world.Book.Now.AddMonths(1).Month;
        _world.GoTo(month, 10);
        Assert.Null(_world.Buy(1_00));
        _world.GoTo(month, 11);
    }

    [Fact]
    public void From_the_day_after_the_due_day_an_overdue_line_buys_nothing_and_says_how_much_to_pay()
    {
        var refusal = _world.Money.Buy(_world.Lin, 1_00).Refusal!;
        Assert.Equal(("credit.line_overdue", _world.Bill.Overdue.ToString()), (refusal.Code, refusal.Arguments!["overdue"]));
        Assert.Equal("credit.line_overdue", _world.Book.Run(new MakePurchase(_world.Lin.Session, "bookshop", Money.Cny(200_00), MoneyWorld.Pin, 3, AgreesToInstalments: true)).Refusal?.Code);
        Assert.Equal(new DateOnly(2026, _world.Book.Now.Month, 10), _world.Record.OverdueSince);
        Assert.Equal(1_001_00, _world.Money.Owed(_world.Lin));
    }

    [Fact]
    public void Paid_from_the_wallet_limit_and_overdue_state_are_free_in_the_same_commit()
    {
        var before = _world.Book.Journal.Count;
        Assert.Equal((1, "M1"), (_world.Bill.DaysPastDue, _world.Bill.Stage));
        var overdue = _world.Bill.Overdue;
        Assert.True(_world.Repay(overdue.Minor).IsDone);
        Assert.Equal(before + 1, _world.Book.Journal.Count);
        ExpectFree(overdue);
        Assert.Null(_world.Buy(1_00));
    }

    [Fact]
    public void Paid_from_a_card_they_are_free_in_the_commit_in_which_the_money_arrives()
    {
        var overdue = _world.Bill.Overdue;
        var repayment = _world.Book.Run(new RepayFromCard(_world.Lin.Session, _world.Card.Id, overdue, MoneyWorld.Pin)).Value;
        Assert.Equal((overdue, "M1", "credit.line_overdue"), (_world.Bill.Overdue, _world.Bill.Stage, _world.Buy(1_00)));
        var collection = Assert.Single(_world.Book.Reader.ListAllAsync<Peony.Payouts.Collection>().Result, one => one.Progress.IsOpen());
        _world.Book.Run(new Peony.Payouts.CollectionAnswered(collection.Id, new Peony.Payouts.BankAnswer(Peony.Payouts.BankSaid.Settled), []));
        Assert.Equal(overdue, _world.Bill.Overdue);

        // The one command that puts the money against the debt.
        var before = _world.Book.Journal.Count;
        Assert.True(_world.Book.Run(new EndRepayment(repayment.Id, BankReason: null)).IsDone);
        Assert.Equal(before + 1, _world.Book.Journal.Count);
        ExpectFree(overdue);
        Assert.Null(_world.Buy(1_00));
    }

    [Fact]
    public void Part_of_it_is_not_enough()
    {
        var overdue = _world.Bill.Overdue;
        Assert.True(_world.Repay(overdue.Minor - 1).IsDone);
        Assert.Equal((Money.Cny(1), "credit.line_overdue"), (_world.Bill.Overdue, _world.Buy(1_00)));
        Assert.True(_world.Repay(1).IsDone);
        Assert.Null(_world.Buy(1_00));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(31, false)]
    public void The_terms_say_from_which_day_on(int stopFromDays, bool isStopped)
    {
        var product = CreditProduct.Shipped();
        product = product with { Overdue = product.Overdue with { StopFromDays = stopFromDays } };
        var due = new DateOnly(2026, 3, 10);
        Assert.Equal(isStopped, product.StopsOn(due.AddDays(1), due));
        Assert.False(product.StopsOn(due, due));
        Assert.True(product.StopsOn(due.AddDays(stopFromDays), due));
        Assert.False(product.StopsOn(due.AddDays(100), since: null));
    }

    [Fact]
    public void A_purchase_on_a_line_that_is_not_overdue_does_not_load_the_billing()
    {
        _world.Repay(_world.Line.Owed.Minor);
        Assert.Null(_world.Buy(1_00));
        _world.Book.Restart();
        Assert.Null(_world.Buy(1_00));
        Assert.DoesNotContain(_world.Book.Core.Memory.Records.Keys, key => key.Type == "credit_billing");
    }

    private void ExpectFree(Money paid)
    {
        var (bill, line) = (_world.Bill, _world.Line);
        Assert.Equal((0, "", Money.Cny(0), null), (bill.DaysPastDue, bill.Stage, bill.Overdue, _world.Record.OverdueSince));
        Assert.Equal((Money.Cny(1_001_00) - paid, Money.Cny(1_500_00 - 1_001_00) + paid), (line.Principal, line.Available));
        Assert.Empty(_world.Money.WhatIsWrong());
    }
}
