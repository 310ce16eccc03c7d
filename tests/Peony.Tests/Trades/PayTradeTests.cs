using Peony.Book;
using Peony.Credit;
using Peony.Customers;
using Peony.Ledger;
using Peony.Merchants;
using Peony.Trades;

namespace Peony.Tests.Trades;

/// <summary>A pay code is shown at a till.</summary>
public sealed class PayTradeTests
{
    private readonly MoneyWorld _world = new();
    private readonly Till _till;
    private readonly Person _lin;

    public PayTradeTests()
    {
        _till = new Till(_world);
        (_lin, _) = _world.JoinWithMoney();
    }

    [Fact]
    public void The_line_pays_and_the_merchant_is_owed_what_is_left_after_the_fee()
    {
        var paid = _till.Scan("T1", 88_50, _lin).Value;
        Assert.Equal((TradeState.Paid, 53L), (paid.State, paid.Fee.Minor));
        Assert.Equal([new FundPart(Funding.CreditLine, Money.Cny(88_50))], paid.PaidFrom);
        Assert.Equal((88_50L, 88_50L - 53), (_world.Owed(_lin), _till.Payable));
        Assert.Matches("^[0-9]{8}2200[0-9]{16}$", paid.Number);
        Assert.Matches("^2088[0-6][0-9]{11}$", paid.BuyerNumber!);
        Assert.Matches("^2088[7-9][0-9]{11}$", paid.SellerNumber);
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void The_credit_balance_pays_first_and_the_line_the_rest()
    {
        _world.Book.Run(new RepayFromWallet(_lin.Session, Money.Cny(30_00), MoneyWorld.Pin));
        var paid = _till.Scan("T1", 50_00, _lin).Value;
        Assert.Equal([new FundPart(Funding.CreditBalance, Money.Cny(30_00)), new FundPart(Funding.CreditLine, Money.Cny(20_00))], paid.PaidFrom);
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void What_the_line_has_no_room_for_the_wallet_pays()
    {
        _world.Buy(_lin, 1_450_00);
        var paid = _till.Scan("T1", 100_00, _lin).Value;
        Assert.Equal([new FundPart(Funding.Wallet, Money.Cny(100_00))], paid.PaidFrom);
        Assert.Equal((900_00L, 1_450_00L), (_world.Wallet(_lin), _world.Owed(_lin)));
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void Whoever_has_neither_is_told_what_the_line_said_and_keeps_the_code()
    {
        _world.Buy(_lin, 1_450_00);
        _world.Book.Run(new RepayFromWallet(_lin.Session, Money.Cny(1_000_00), MoneyWorld.Pin));
        _world.Buy(_lin, 1_000_00);
        var code = _till.CodeOf(_lin);
        Assert.Equal("credit.limit_exceeded", _world.Book.Run(new PayTrade(_till.Proof, Till.Order("T1", 100_00), code)).Refusal!.Code);
        Assert.Null(_till.Look("T1"));
        Assert.True(_world.Book.Run(new PayTrade(_till.Proof, Till.Order("T2", 10_00), code)).IsDone);
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void Only_what_the_order_allows_pays()
    {
        var paid = _till.Scan("T1", 10_00, _lin, allowed: [Funding.Wallet]).Value;
        Assert.Equal(Funding.Wallet, Assert.Single(paid.PaidFrom).Funding);
        Assert.Equal("trade.no_funding", _till.Scan("T2", 10_00, _lin, allowed: []).Refusal!.Code);
        var poor = _world.Join();
        Assert.Equal("credit.line_not_open", _till.Scan("T3", 10_00, poor, allowed: [Funding.CreditLine]).Refusal!.Code);
        Assert.Equal("trade.funds_short", _till.Scan("T4", 10_00, poor).Refusal!.Code);
    }

    [Fact]
    public void The_same_order_again_answers_as_it_stands_and_takes_nothing()
    {
        var paid = _till.Scan("T1", 88_50, _lin).Value;
        var again = _till.Scan("T1", 88_50, _lin).Value;
        Assert.Equal(paid.Number, again.Number);
        Assert.Equal(88_50, _world.Owed(_lin));
        Assert.Equal("trade.inconsistent", _till.Scan("T1", 88_51, _lin).Refusal!.Code);
        Assert.Equal(88_50, _world.Owed(_lin));
    }

    [Fact]
    public void The_number_of_another_merchant_is_another_trade()
    {
        var other = new Till(_world, "牡丹书店");
        _till.Scan("T1", 10_00, _lin);
        Assert.True(other.Scan("T1", 20_00, _lin).IsDone);
        Assert.Equal(30_00, _world.Owed(_lin));
        Assert.Equal((10_00, 20_00), (_till.Look("T1")!.Order.Total.Minor, other.Look("T1")!.Order.Total.Minor));
        Assert.Null(new TradeReader(_world.Book.Reader).FindAsync(other.App.Merchant, new TradeSelector(_till.Look("T1")!.Number, null), TestContext.Current.CancellationToken).Result);
    }

    [Fact]
    public void A_code_pays_once_and_is_useless_at_another_shop_afterwards()
    {
        var code = _till.CodeOf(_lin);
        Assert.True(_world.Book.Run(new PayTrade(_till.Proof, Till.Order("T1", 10_00), code)).IsDone);
        var other = new Till(_world, "牡丹书店");
        Assert.Equal("trade.pay_code_invalid", _world.Book.Run(new PayTrade(other.Proof, Till.Order("T1", 10_00), code)).Refusal!.Code);
        Assert.Equal(10_00, _world.Owed(_lin));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(59, true)]
    [InlineData(71, false)]
    [InlineData(-11, false)]
    public void A_code_lives_for_a_minute(int secondsLater, bool isGood)
    {
        var number = _world.Book.Run(new EnablePayCode(_lin.Session, MoneyWorld.Pin)).Value;
        var code = MoneyWorld.PayCodes.Make(number, new DateTimeOffset(2026, 3, 5, 10, 0, 0, TimeSpan.Zero), 7);
        Assert.Equal(isGood, MoneyWorld.PayCodes.Matches(code, new DateTimeOffset(2026, 3, 5, 10, 0, 0, TimeSpan.Zero).AddSeconds(secondsLater)));
    }

    [Fact]
    public void A_code_of_nobody_or_with_a_digit_changed_is_refused()
    {
        var code = _till.CodeOf(_lin);
        Assert.Matches(@"^(2[5-9]|30)\d{14,22}$", code);
        foreach (var place in Enumerable.Range(0, code.Length))
        {
            var changed = code[..place] + (char)('0' + ((code[place] - '0' + 1) % 10)) + code[(place + 1)..];
            Assert.Equal("trade.pay_code_invalid", _world.Book.Run(new PayTrade(_till.Proof, Till.Order("T" + place, 10_00), changed)).Refusal!.Code);
        }

        Assert.Equal("trade.pay_code_invalid", _world.Book.Run(new PayTrade(_till.Proof, Till.Order("T", 10_00), "286229999999999999")).Refusal!.Code);
        Assert.Equal(0, _world.Owed(_lin));
    }

    [Fact]
    public void A_code_ends_with_its_session()
    {
        var code = _till.CodeOf(_lin);
        _world.Book.Run(new Peony.Customers.SignIn.EndSession(_lin.Session, _lin.Session));
        Assert.Equal("trade.pay_code_invalid", _world.Book.Run(new PayTrade(_till.Proof, Till.Order("T1", 10_00), code)).Refusal!.Code);
    }

    [Fact]
    public void A_frozen_customer_pays_nothing()
    {
        var code = _till.CodeOf(_lin);
        _world.Book.Run(new PlantFreeze(_lin.Customer, IsFrozen: true));
        Assert.Equal("customer.frozen", _world.Book.Run(new PayTrade(_till.Proof, Till.Order("T1", 10_00), code)).Refusal!.Code);
    }

    [Fact]
    public void Above_what_a_code_pays_alone_the_phone_is_asked_and_says_yes_with_the_pin()
    {
        var waits = _till.Scan("T1", 1_000_01, _lin).Value;
        Assert.Equal((TradeState.Waiting, 0L), (waits.State, _world.Owed(_lin)));
        Assert.Equal("pin.wrong", _till.Confirm(_lin, waits.Id, pin: MoneyWorld.WrongPin).Refusal!.Code);
        Assert.Equal("trade.not_found", _till.Confirm(_world.Join(), waits.Id).Refusal!.Code);
        var paid = _till.Confirm(_lin, waits.Id).Value;
        Assert.Equal((TradeState.Paid, 1_000_01L), (paid.State, _world.Owed(_lin)));
        Assert.Equal(paid, _till.Confirm(_lin, waits.Id).Value);
        Assert.Equal(1_000_01, _world.Owed(_lin));
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void The_code_that_waits_for_the_phone_answers_again_that_it_waits()
    {
        var code = _till.CodeOf(_lin);
        var first = _world.Book.Run(new PayTrade(_till.Proof, Till.Order("T1", 1_200_00), code)).Value;
        Assert.Equal(first, _world.Book.Run(new PayTrade(_till.Proof, Till.Order("T1", 1_200_00), code)).Value);
    }

    [Fact]
    public void Instalments_of_the_order_wait_for_the_buyers_word_the_first_time_and_then_go_through()
    {
        var instalments = new TradeInstalments(3, InstalmentFeeBearer.Buyer);
        var waits = _till.Scan("T1", 600_00, _lin, instalments).Value;
        Assert.Equal(TradeState.Waiting, waits.State);
        Assert.Equal("credit.instalments_not_open", _till.Confirm(_lin, waits.Id).Refusal!.Code);
        Assert.Equal(TradeState.Paid, _till.Confirm(_lin, waits.Id, agrees: true).Value.State);
        Assert.Equal(TradeState.Paid, _till.Scan("T2", 600_00, _lin, instalments).Value.State);
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void The_merchant_who_bears_the_fee_of_instalments_is_owed_less()
    {
        var waits = _till.Scan("T1", 600_00, _lin, new TradeInstalments(3, InstalmentFeeBearer.Merchant)).Value;
        var paid = _till.Confirm(_lin, waits.Id, agrees: true).Value;
        Assert.True(paid.InstalmentFee.IsPositive);
        Assert.Equal(600_00 - paid.Fee.Minor - paid.InstalmentFee.Minor, _till.Payable);
        Assert.Empty(_world.WhatIsWrong());
    }

    [Theory]
    [InlineData("", 100, "x", "trade.order_invalid")]
    [InlineData("a/b", 100, "x", "trade.order_invalid")]
    [InlineData("T1", 100, "", "trade.order_invalid")]
    [InlineData("T1", 100, "a=b", "trade.order_invalid")]
    [InlineData("T1", 0, "x", "trade.amount_invalid")]
    [InlineData("T1", -5, "x", "trade.amount_invalid")]
    [InlineData("T1", 10_000_000_001, "x", "trade.amount_invalid")]
    public void An_order_that_cannot_be_is_refused(string number, long minor, string subject, string refusal) =>
        Assert.Equal(refusal, _world.Book.Run(new PayTrade(_till.Proof, new TradeOrder(number, Money.Cny(minor), subject), _till.CodeOf(_lin))).Refusal!.Code);

    [Fact]
    public void An_app_that_nobody_has_sells_nothing() =>
        Assert.Equal("merchant.app_unknown", _world.Book.Run(new PayTrade(new AppProof(new AppId("2021000000000000")), Till.Order("T1", 10_00), _till.CodeOf(_lin))).Refusal!.Code);
}
