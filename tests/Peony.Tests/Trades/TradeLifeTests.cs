using Peony.Book;
using Peony.Credit;
using Peony.Ledger;
using Peony.Trades;

namespace Peony.Tests.Trades;

/// <summary>Codes of the till, pages, closing, cancelling, refunds.</summary>
public sealed class TradeLifeTests
{
    private readonly MoneyWorld _world = new();
    private readonly Till _till;
    private readonly Person _lin;

    public TradeLifeTests()
    {
        _till = new Till(_world);
        (_lin, _) = _world.JoinWithMoney();
    }

    [Fact]
    public void A_code_of_the_till_becomes_a_trade_when_it_is_opened_and_is_paid_from_what_the_buyer_chose()
    {
        var prepared = Prepare("T1", 25_00);
        Assert.Equal(TradeState.Prepared, prepared.State);
        Assert.Equal(prepared, Prepare("T1", 25_00));
        Assert.Equal(TradeState.Waiting, _world.Book.Run(new OpenTrade(_lin.Session, prepared.Id)).Value.State);
        var paid = _till.Confirm(_lin, prepared.Id, Funding.Wallet).Value;
        Assert.Equal((TradeState.Paid, 975_00L), (paid.State, _world.Wallet(_lin)));
        Assert.Equal("trade.already_paid", _world.Book.Run(new PrepareTrade(_till.Proof, Till.Order("T1", 25_00))).Refusal!.Code);
    }

    [Fact]
    public void A_trade_for_one_buyer_is_paid_by_nobody_else()
    {
        var number = _world.Book.Run(new Peony.Customers.NumberOfCustomer(_lin.Customer)).Value;
        var made = _world.Book.Run(new CreateTrade(_till.Proof, Till.Order("T1", 25_00), number)).Value;
        var other = _world.JoinWithOtherCard();
        Assert.Equal("trade.not_found", _till.Confirm(other, made.Id).Refusal!.Code);
        Assert.Equal("trade.other_buyer", _till.Scan("T1", 25_00, other).Refusal!.Code);
        Assert.Equal("trade.buyer_unknown", _world.Book.Run(new CreateTrade(_till.Proof, Till.Order("T2", 25_00), "2088000000000000")).Refusal!.Code);
        Assert.True(_till.Confirm(_lin, made.Id).IsDone);
    }

    [Fact]
    public void Nobody_pays_a_trade_whose_time_is_over()
    {
        var prepared = Prepare("T1", 25_00);
        _world.Book.Advance(TimeSpan.FromHours(2));
        Assert.Equal("trade.already_closed", _till.Confirm(_lin, prepared.Id).Refusal!.Code);
        Assert.Equal("trade.already_closed", _till.Scan("T1", 25_00, _lin).Refusal!.Code);
        Assert.Equal(TradeState.Closed, _till.Look("T1")!.State);
    }

    [Fact]
    public void A_closed_trade_is_paid_by_nobody_and_a_paid_one_is_not_closed()
    {
        var prepared = Prepare("T1", 25_00);
        Assert.Equal(TradeState.Closed, Close("T1").Value.State);
        Assert.Equal(TradeState.Closed, Close("T1").Value.State);
        Assert.Equal("trade.already_closed", _till.Confirm(_lin, prepared.Id).Refusal!.Code);
        _till.Scan("T2", 25_00, _lin);
        Assert.Equal("trade.not_waiting", Close("T2").Refusal!.Code);
        Assert.Equal("trade.not_found", Close("T3").Refusal!.Code);
    }

    [Fact]
    public void Cancelling_closes_what_waits_gives_back_what_was_paid_and_blocks_what_never_was()
    {
        Prepare("T1", 25_00);
        Assert.Equal(CancelAction.Closed, Cancel("T1").Value.Action);
        _till.Scan("T2", 25_00, _lin);
        Assert.Equal(CancelAction.Refunded, Cancel("T2").Value.Action);
        Assert.Equal(CancelAction.Refunded, Cancel("T2").Value.Action);
        Assert.Equal((0L, 0L), (_world.Owed(_lin), _till.Payable));
        Assert.Equal(CancelAction.Nothing, Cancel("T3").Value.Action);
        Assert.Equal(CancelAction.Nothing, Cancel("T3").Value.Action);
        Assert.Null(_till.Look("T3"));
        Assert.Equal("trade.already_closed", _till.Scan("T3", 25_00, _lin).Refusal!.Code);
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void A_payment_of_yesterday_is_refunded_and_not_cancelled()
    {
        _till.Scan("T1", 25_00, _lin);
        _world.Book.Advance(TimeSpan.FromHours(25));
        Assert.Equal("trade.cancel_too_late", Cancel("T1").Refusal!.Code);
        Assert.True(_till.Refund("T1", 25_00, null).IsDone);
    }

    [Fact]
    public void Refunds_go_where_the_money_came_from_with_their_part_of_the_fee()
    {
        _till.Scan("T1", 100_00, _lin);
        var first = _till.Refund("T1", 30_00, "R1").Value;
        Assert.Equal([new FundPart(Funding.CreditLine, Money.Cny(30_00))], first.ToFunding);
        Assert.Equal((70_00L, 70_00L - 42), (_world.Owed(_lin), _till.Payable));
        _till.Scan("T2", 100_00, _lin, allowed: [Funding.Wallet]);
        _till.Refund("T2", 30_00, "R1");
        Assert.Equal(930_00, _world.Wallet(_lin));
        Assert.Empty(_world.WhatIsWrong());
        Assert.Equal(TradeState.Closed, _till.Refund("T1", 70_00, "R2").Value.Trade.State);
        _till.Refund("T2", 70_00, "R2");
        Assert.Equal((0L, 1_000_00L, 0L), (_world.Owed(_lin), _world.Wallet(_lin), _till.Payable));
        Assert.Equal(0, _world.Balance(Peony.Merchants.MerchantAccounts.FeeIncome));
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void A_refund_is_made_once_and_never_goes_beyond_what_was_paid()
    {
        _till.Scan("T1", 100_00, _lin);
        Assert.False(_till.Refund("T1", 40_00, "R1").Value.IsRepeat);
        Assert.True(_till.Refund("T1", 40_00, "R1").Value.IsRepeat);
        Assert.Equal("trade.refund_inconsistent", _till.Refund("T1", 41_00, "R1").Refusal!.Code);
        Assert.Equal("trade.refund_too_much", _till.Refund("T1", 60_01, "R2").Refusal!.Code);
        Assert.Equal("trade.refund_needs_number", _till.Refund("T1", 60_00, null).Refusal!.Code);
        Assert.Equal("trade.refund_too_much", _till.Refund("T1", 0, "R3").Refusal!.Code);
        Assert.Equal(60_00, _world.Owed(_lin));
    }

    [Fact]
    public void What_is_not_paid_or_was_closed_is_not_refunded()
    {
        Prepare("T1", 25_00);
        Assert.Equal("trade.not_paid", _till.Refund("T1", 25_00, null).Refusal!.Code);
        Close("T1");
        Assert.Equal("trade.not_paid", _till.Refund("T1", 25_00, null).Refusal!.Code);
        Assert.Equal("trade.not_found", _till.Refund("T9", 25_00, null).Refusal!.Code);
    }

    [Fact]
    public void After_the_time_for_refunds_a_trade_is_finished()
    {
        _till.Scan("T1", 25_00, _lin, allowed: [Funding.Wallet]);
        _world.Book.Advance(TimeSpan.FromDays(365));
        Assert.Equal(TradeState.Finished, _till.Look("T1")!.State);
        Assert.Equal("trade.finished", _till.Refund("T1", 25_00, null).Refusal!.Code);
        Assert.Equal("trade.finished", Cancel("T1").Refusal!.Code);
    }

    [Fact]
    public void A_refund_after_the_bill_was_paid_becomes_credit_balance()
    {
        _till.Scan("T1", 100_00, _lin);
        _world.Book.Run(new RepayFromWallet(_lin.Session, Money.Cny(100_00), MoneyWorld.Pin));
        Assert.Equal([new FundPart(Funding.CreditBalance, Money.Cny(100_00))], _till.Refund("T1", 100_00, null).Value.ToFunding);
        Assert.Equal(100_00, _world.CreditBalance(_lin));
        Assert.Empty(_world.WhatIsWrong());
    }

    /// <summary>Whatever is asked of a trade in any order, its money adds up, and it never gives back more than it took.</summary>
    [Fact]
    public void Trades_add_up_whatever_is_asked_of_them_in_any_order()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var world = new MoneyWorld();
            var till = new Till(world);
            var (lin, _) = world.JoinWithMoney();
            for (var step = 0; step < 40; step++)
            {
                var own = "T" + random.Next(4);
                var amount = random.Next(1, 4) * 50_00;
                switch (random.Next(7))
                {
                    case 0:
                        till.Scan(own, amount, lin);
                        break;
                    case 1:
                        world.Book.Run(new PrepareTrade(till.Proof, Till.Order(own, amount)));
                        break;
                    case 2 when till.Look(own) is { } trade:
                        till.Confirm(lin, trade.Id, random.Next(2) == 0 ? Funding.Wallet : null);
                        break;
                    case 3:
                        till.Refund(own, random.Next(1, 200_00), "R" + random.Next(3));
                        break;
                    case 4:
                        world.Book.Run(new CloseTrade(till.Proof, Till.Named(own)));
                        break;
                    case 5:
                        world.Book.Run(new CancelTrade(till.Proof, Till.Named(own)));
                        break;
                    default:
                        world.Book.Advance(TimeSpan.FromHours(random.Next(1, 40)));
                        break;
                }
            }

            Assert.True(world.WhatIsWrong() is [], $"seed {seed}: {string.Join("; ", world.WhatIsWrong())}");
        }
    }

    private TradeView Prepare(string own, long minor) => _world.Book.Run(new PrepareTrade(_till.Proof, Till.Order(own, minor))).Value;

    private Result<TradeView> Close(string own) => _world.Book.Run(new CloseTrade(_till.Proof, Till.Named(own)));

    private Result<CancelView> Cancel(string own) => _world.Book.Run(new CancelTrade(_till.Proof, Till.Named(own)));
}
