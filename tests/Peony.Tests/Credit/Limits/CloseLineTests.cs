using Peony.Book;
using Peony.Credit;
using Peony.Ledger;

namespace Peony.Tests.Credit.Limits;

public sealed class CloseLineTests
{
    private readonly LimitWorld _world = new();

    [Fact]
    public void A_settled_line_is_closed_and_buys_and_repays_no_more()
    {
        Assert.Null(_world.Buy(100_00));
        _world.Repay(100_00);
        var closed = Close().Value;
        Assert.Equal((_world.Book.Now, Money.Cny(0)), (closed.ClosedAt!.Value, closed.Available));
        Assert.Equal("credit.line_not_open", _world.Buy(1_00));
        Assert.Equal("credit.line_not_open", _world.Repay(1_00).Refusal?.Code);
        Assert.Equal("credit.line_not_open", Close().Refusal?.Code);
        Assert.Equal("credit.line_not_open", _world.Book.Run(new SetAutoRepayment(_world.Lin.Session, _world.Card.Id, IsMinimumOnly: false, MoneyWorld.Pin)).Refusal?.Code);
        Assert.Equal("credit.no_line_to_change", _world.Prepare(LineChangeKind.Freeze).Refusal?.Code);
        Assert.Single(_world.Book.Told<CreditLineClosed>());
        Assert.Null(CreditReader.OpenLineAsync(_world.Book.Reader, _world.Lin.Customer).Result);
        Assert.Empty(_world.Money.WhatIsWrong());
    }

    [Fact]
    public void What_is_owed_set_aside_on_its_way_in_instalments_or_left_as_balance_keeps_it_open()
    {
        Assert.Equal("pin.wrong", _world.Book.Run(new CloseCreditLine(_world.Lin.Session, MoneyWorld.WrongPin)).Refusal?.Code);
        Assert.Null(_world.Buy(100_00));
        Assert.Equal(("credit.close_owing", "100.00 CNY"), Refused(Close(), "owed"));

        _world.Book.Run(new RepayFromCard(_world.Lin.Session, _world.Card.Id, Money.Cny(150_00), MoneyWorld.Pin));
        Assert.Equal("credit.close_repaying", Close().Refusal?.Code);
        _world.Money.BankSettles();
        Assert.Equal(("credit.close_balance_left", "50.00 CNY"), Refused(Close(), "balance"));

        Assert.Null(_world.Buy(50_00));
        Assert.True(_world.Book.Run(new MakePurchase(_world.Lin.Session, "bookshop", Money.Cny(200_00), MoneyWorld.Pin, 3, AgreesToInstalments: true)).IsDone);
        Assert.Equal("credit.close_plan_open", Close().Refusal?.Code);
        Assert.NotNull(_world.Money.Book.Reader.FindAsync<CreditLine>(_world.Lin.Customer.Value).Result);
        Assert.True(_world.Record.IsOpen);
    }

    [Fact]
    public void Interest_that_would_be_charged_keeps_it_open_and_less_than_a_fen_is_forgotten()
    {
        Assert.Null(_world.Buy(1_000_00));
        Miss();
        var owed = _world.Line.Owed.Minor;
        Assert.True(_world.Repay(owed).IsDone);
        Assert.True(_world.Bill.Accrued.IsPositive);
        Assert.Equal(("credit.close_owing", _world.Bill.Accrued.ToString()), Refused(Close(), "owed"));

        var state = Billing;
        _world.Book.Run(new PlantBilling(new CreditBilling(_world.Lin.Customer, state with { AccruedMicro = 999_999 })));
        Assert.True(Close().IsDone);
        Assert.Equal(0, Billing.AccruedMicro);
    }

    [Fact]
    public void Nothing_of_the_line_runs_any_more_and_its_statements_stay()
    {
        _world.Book.Run(new SetAutoRepayment(_world.Lin.Session, _world.Card.Id, IsMinimumOnly: false, MoneyWorld.Pin));
        Assert.Null(_world.Buy(100_00));
        Statement();
        Assert.NotEmpty(Timers());
        _world.Repay(100_00);
        Assert.True(Close().IsDone);

        // The last statement is still to come, and after it nothing.
        Assert.Equal([$"credit/close/{_world.Lin.Customer.Value}"], Timers());
        _world.Book.Advance(TimeSpan.FromDays(32));
        Assert.Empty(Timers());
        Assert.Null(CreditReader.AutoRepaymentAsync(_world.Book.Reader, _world.Lin.Customer).Result.Card);
        Assert.Equal(2, _world.Book.Reader.ListAsync<Statement>(CreditReader.ByCustomer, _world.Lin.Customer.Value).Result.Count);
        var frames = _world.Book.Journal.Count;
        _world.Book.Advance(TimeSpan.FromDays(100));
        Assert.Equal(frames, _world.Book.Journal.Count);
    }

    [Fact]
    public void A_refund_after_it_is_credit_balance_and_wakes_no_timer()
    {
        var purchase = _world.Money.Buy(_world.Lin, 100_00).Value;
        _world.Repay(100_00);
        Close();
        Assert.True(_world.Book.Run(new RefundPurchase(_world.Lin.Session, purchase.Id, Money.Cny(30_00))).IsDone);
        Assert.Equal(30_00L, _world.Money.CreditBalance(_world.Lin));
        _world.Book.Advance(TimeSpan.FromDays(32));
        Assert.Empty(Timers());
        Assert.Equal(Money.Cny(30_00), _world.Book.Run(new ReadCreditLine(_world.Lin.Customer)).Value.CreditBalanceFree);
        Assert.Empty(_world.Money.WhatIsWrong());
    }

    [Fact]
    public void It_is_opened_again_by_a_new_application_and_the_books_go_on()
    {
        Assert.Null(_world.Buy(1_000_00));
        Miss();
        _world.Repay(_world.Line.Owed.Minor);
        Statement();
        _world.Repay(_world.Line.Owed.Minor);
        Assert.True(Close().IsDone);
        _world.GoTo(_world.Book.Now.AddMonths(2).Month, 20);
        var line = _world.Money.OpenLine(_world.Lin, _world.Card);
        Assert.Equal((null, _world.Book.Now, Money.Cny(5_000_00)), (line.ClosedAt, line.OpenedAt, line.Available));
        Assert.Empty(_world.Money.WhatIsWrong());

        Assert.Null(_world.Buy(200_00));
        Statement();
        Assert.Equal(Money.Cny(200_00), _world.Bill.Payable);
        Assert.Equal([LineStepKind.Opened, LineStepKind.Closed, LineStepKind.Opened], CreditReader.HistoryAsync(_world.Book.Reader, _world.Lin.Customer).Result.Select(step => step.Kind));
        Assert.Empty(_world.Money.WhatIsWrong());
    }

    [Fact]
    public void Closed_and_opened_again_on_the_same_day_it_goes_on_too()
    {
        Assert.True(Close().IsDone);
        _world.Money.OpenLine(_world.Lin, _world.Card);
        Assert.Null(_world.Buy(1_500_00));
        Statement();
        Assert.Equal(Money.Cny(1_500_00), _world.Bill.Payable);
        Assert.Empty(_world.Money.WhatIsWrong());
    }

    [Fact]
    public void What_operators_decided_is_not_undone_by_closing_and_opening_again()
    {
        _world.Change(LineChangeKind.Limit, 700_00, "paid_late");
        Close();
        var line = _world.Money.OpenLine(_world.Lin, _world.Card);
        Assert.Equal((Money.Cny(700_00), "lowered"), (line.Limit, line.Reasons[^1].Rule));
        Assert.Empty(_world.Money.WhatIsWrong());

        var waiting = _world.Prepare(LineChangeKind.Limit, 900_00).Value;
        Close();
        Assert.Equal("credit.no_line_to_change", _world.Book.Run(new ApproveLineChange(_world.Zhao.Session, waiting.Id)).Refusal?.Code);
        _world.Book.Advance(TimeSpan.FromSeconds(1));
        _world.Money.OpenLine(_world.Lin, _world.Card);
        Assert.Equal("credit.no_line_to_change", _world.Book.Run(new ApproveLineChange(_world.Zhao.Session, waiting.Id)).Refusal?.Code);
        Assert.True(_world.Book.Run(new RejectLineChange(_world.Zhao.Session, waiting.Id, "closed since")).IsDone);

        _world.Change(LineChangeKind.Freeze);
        Close();
        Assert.Equal("credit.line_frozen", _world.Book.Run(new OpenCreditLine(_world.Lin.Session, _world.Card.Id, _world.Money.Terms.Digest)).Refusal?.Code);
    }

    private BillingState Billing => _world.Book.Reader.FindAsync<CreditBilling>(_world.Lin.Customer.Value).Result!.State;

    private Result<CreditLineView> Close() => _world.Book.Run(new CloseCreditLine(_world.Lin.Session, MoneyWorld.Pin));

    private static (string?, string?) Refused(Result<CreditLineView> result, string argument) => (result.Refusal?.Code, result.Refusal?.Arguments?.GetValueOrDefault(argument));

    /// <summary>To the day after the next statement day.</summary>
    private void Statement()
    {
        var product = CreditProduct.Shipped();
        var day = product.CycleEnd(product.DayOf(_world.Book.Now)).AddDays(1);
        _world.GoTo(day.Month, day.Day);
    }

    /// <summary>Past the due day of the next statement.</summary>
    private void Miss()
    {
        Statement();
        _world.GoTo(_world.Book.Now.Month, 20);
    }

    private List<string> Timers() =>
        [.. _world.Book.Tables.LoadAsync(new LoadRequest { Number = 1, TimersAfter = (0, "", 1000) }, default).Result.NextTimers.Select(timer => timer.Key).Where(key => key.Contains(_world.Lin.Customer.Value, StringComparison.Ordinal))];
}

/// <summary>Saves a billing as no slice would.</summary>
internal sealed record PlantBilling(CreditBilling Billing) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        work.Save(Billing);
        return new Done();
    }
}
