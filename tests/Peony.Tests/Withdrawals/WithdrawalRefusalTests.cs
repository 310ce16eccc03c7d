using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Ledger;
using Peony.Payouts;
using Peony.Risk;
using Peony.Withdrawals;

namespace Peony.Tests.Withdrawals;

/// <summary>Every no of a withdrawal, and that nothing moved with it.</summary>
public sealed class WithdrawalRefusalTests
{
    private readonly WithdrawalWorld _world = new();

    [Fact]
    public void A_strangers_withdrawal_is_not_found_through_any_door()
    {
        var (lin, card) = _world.JoinSettled();
        var asked = _world.Ask(lin, card, 500_00).Value;
        var code = _world.CodeOnPhone();
        var chen = _world.Join();

        Assert.Equal("withdrawal.not_found", _world.Redeem(chen, asked.Id, code).Refusal?.Code);
        Assert.Equal("withdrawal.not_found", _world.Cancel(chen, asked.Id).Refusal?.Code);
        Assert.Equal("withdrawal.not_found", _world.Book.Run(new ResendCode(chen.Session, asked.Id, CodeChannel.Sms)).Refusal?.Code);
        Assert.Equal("withdrawal.not_found", _world.Redeem(chen, new WithdrawalId("wd_none"), code).Refusal?.Code);
        Assert.Null(WithdrawalReader.OneAsync(_world.Book.Reader, _world.Rules, chen.Customer, asked.Id).Result);
        Assert.Equal("card.not_found", _world.Ask(chen, card, 500_00).Refusal?.Code);
        Assert.Equal(0, _world.Record(asked.Id).Code!.WrongTries);
    }

    [Fact]
    public void Only_an_own_bound_debit_card_receives_a_withdrawal()
    {
        var (lin, card) = _world.JoinSettled();
        var credit = _world.Bind(lin, "4096660000000002", CardKind.Credit);
        _world.Unbind(lin, card);

        Assert.Equal("card.not_debit", _world.Ask(lin, credit, 500_00).Refusal?.Code);
        Assert.Equal("card.unbound", _world.Ask(lin, card, 500_00).Refusal?.Code);
    }

    [Fact]
    public void A_wallet_balance_is_not_withdrawn_to_itself()
    {
        var (lin, _) = _world.JoinSettled();

        Assert.Equal("withdrawal.same_balance", _world.Ask(lin, null, 500_00).Refusal?.Code);
        Assert.Equal("withdrawal.same_balance", _world.Quote(lin, null, 500_00).Refusal?.Code);
    }

    [Fact]
    public void An_unverified_customer_verifies_first()
    {
        var chen = _world.Join(VerificationLevel.None, wallet: 100_00, creditBalance: 100_00);

        Assert.Equal("verification.required", _world.Ask(chen, null, 50_00, WithdrawalSource.CreditBalance).Refusal?.Code);
        Assert.Equal("verification.required", _world.Quote(chen, null, 50_00, WithdrawalSource.CreditBalance).Refusal?.Code);
    }

    [Fact]
    public void Above_the_days_amount_the_enhanced_level_is_needed()
    {
        var chen = _world.Join(VerificationLevel.Basic, wallet: 50_000_00);
        var card = _world.Bind(chen);
        _world.Book.Advance(TimeSpan.FromHours(25));

        Assert.Equal("verification.higher_required", _world.Ask(chen, card, 10_000_01).Refusal?.Code);
        var asked = _world.Ask(chen, card, 4_000_00).Value;
        _world.Redeem(chen, asked.Id, _world.CodeOnPhone());
        Assert.Equal("verification.higher_required", _world.Ask(chen, card, 6_000_01).Refusal?.Code);
        Assert.Equal((Money.Cny(6_000_00), WithdrawalBound.Verification), (_world.Quote(chen, card, null).Value.Most, _world.Quote(chen, card, null).Value.Bound));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-100)]
    public void An_amount_is_above_zero(long amount)
    {
        var (lin, card) = _world.JoinSettled();

        Assert.Equal("withdrawal.amount_invalid", _world.Ask(lin, card, amount).Refusal?.Code);
        Assert.Equal("withdrawal.amount_invalid",
            _world.Book.Run(new RequestWithdrawal(lin.Session, WithdrawalSource.Wallet, card.Id, new Money(500, Currency.Usd), MoneyWorld.Pin)).Refusal?.Code);
    }

    [Fact]
    public void What_is_not_there_is_not_withdrawn_and_the_fee_must_fit_as_well()
    {
        var (lin, card) = _world.JoinSettled();

        var refusal = _world.AskWithDetails(lin, card, 9_995_00).Refusal!;
        Assert.Equal("withdrawal.not_enough", refusal.Code);
        Assert.Equal(RefusalKind.Declined, refusal.Kind);
        Assert.Equal("9990.01 CNY", refusal.Arguments!["most"]);
        Assert.True(_world.AskWithPasskey(lin, card, 9_990_01).IsDone);
        Assert.Equal(10_000_00, _world.Held(lin));
    }

    [Fact]
    public void What_another_withdrawal_holds_is_not_there()
    {
        var (lin, card) = _world.JoinSettled();
        _world.Ask(lin, null, 800_00, WithdrawalSource.CreditBalance);

        Assert.Equal("withdrawal.not_enough", _world.Ask(lin, card, 1, WithdrawalSource.CreditBalance).Refusal?.Code);
    }

    [Fact]
    public void A_card_bound_less_than_a_day_ago_receives_little_but_something()
    {
        var lin = _world.Join(wallet: 10_000_00);
        _world.Book.Advance(TimeSpan.FromHours(25));
        var card = _world.Bind(lin);
        var boundAt = _world.Book.Now;

        var refusal = _world.Ask(lin, card, 1_000_01).Refusal!;
        Assert.Equal("withdrawal.over_limit", refusal.Code);
        Assert.Equal(("1000.00 CNY", "new_card"), (refusal.Arguments!["most"], refusal.Arguments["bound"]));
        var quote = _world.Quote(lin, card, null).Value;
        Assert.Equal((Money.Cny(1_000_00), WithdrawalBound.NewCard, boundAt.AddHours(24)), (quote.Most, quote.Bound, quote.MoreFrom));

        var asked = _world.Ask(lin, card, 400_00).Value;
        _world.Redeem(lin, asked.Id, _world.CodeOnPhone());
        Assert.Equal("withdrawal.over_limit", _world.Ask(lin, card, 600_01).Refusal?.Code);
        Assert.True(_world.Ask(lin, card, 500_00).IsDone);

        _world.Book.Advance(TimeSpan.FromHours(24));
        Assert.True(_world.Ask(lin, card, 4_000_00).IsDone);
    }

    [Fact]
    public void A_card_bound_again_is_new_again()
    {
        var (lin, card) = _world.JoinSettled();
        _world.Unbind(lin, card);
        var again = _world.Bind(lin);

        Assert.Equal(2, again.Version);
        Assert.Equal("withdrawal.over_limit", _world.Ask(lin, again, 1_000_01).Refusal?.Code);
    }

    [Fact]
    public void The_tightest_limit_speaks()
    {
        var lin = _world.Join(VerificationLevel.Basic, wallet: 100_000_00);
        var card = _world.Bind(lin);

        var refusal = _world.Ask(lin, card, 60_000_00).Refusal!;

        Assert.Equal(("withdrawal.over_limit", "1000.00 CNY", "new_card"), (refusal.Code, refusal.Arguments!["most"], refusal.Arguments["bound"]));
    }

    [Fact]
    public void A_wrong_PIN_counts_and_holds_nothing()
    {
        var (lin, card) = _world.JoinSettled();

        Assert.Equal("pin.wrong", _world.Ask(lin, card, 500_00, pin: MoneyWorld.WrongPin).Refusal?.Code);
        for (var tries = 0; tries < 4; tries++)
        {
            _world.Ask(lin, card, 500_00, pin: MoneyWorld.WrongPin);
        }

        Assert.Equal("pin.locked", _world.Ask(lin, card, 500_00).Refusal?.Code);
        Assert.Equal(0, _world.Held(lin));
        Assert.Empty(_world.Phones.Texts);
    }

    [Fact]
    public void A_frozen_customer_withdraws_nothing_and_may_cancel()
    {
        var (lin, card) = _world.JoinSettled();
        var asked = _world.Ask(lin, card, 500_00).Value;
        _world.Book.Run(new PlantFreeze(lin.Customer, IsFrozen: true));

        Assert.Equal("customer.frozen", _world.Redeem(lin, asked.Id, _world.CodeOnPhone()).Refusal?.Code);
        Assert.Equal("customer.frozen", _world.Ask(lin, card, 500_00).Refusal?.Code);
        Assert.Equal(WithdrawalState.Cancelled, _world.Cancel(lin, asked.Id).Value.State);
    }

    [Fact]
    public void Above_an_amount_a_passkey_over_the_same_details_is_needed()
    {
        var (lin, card) = _world.JoinSettled();
        Assert.True(_world.Quote(lin, card, 5_000_01).Value.NeedsPasskey);
        Assert.False(_world.Quote(lin, card, 5_000_00).Value.NeedsPasskey);

        var refusal = _world.Ask(lin, card, 5_000_01).Refusal!;
        Assert.Equal("withdrawal.passkey_required", refusal.Code);
        Assert.Equal(_world.Quote(lin, card, 5_000_01).Value.Details, refusal.Arguments!["details"]);
        var other = _world.Quote(lin, card, 5_000_02).Value.Details!;
        Assert.Equal("withdrawal.passkey_differs", _world.Ask(lin, card, 5_000_01, passkey: new PasskeyProof("passkey", other)).Refusal?.Code);
        Assert.True(_world.AskWithPasskey(lin, card, 5_000_01).IsDone);
    }

    [Fact]
    public void The_details_of_a_passkey_change_with_everything_shown()
    {
        var (lin, card) = _world.JoinSettled();
        var (chen, chensCard) = _world.JoinSettled("6226090000000009");
        string[] details =
        [
            _world.Quote(lin, card, 100_00).Value.Details!,
            _world.Quote(lin, card, 100_01).Value.Details!,
            _world.Quote(lin, card, 100_00, WithdrawalSource.CreditBalance).Value.Details!,
            _world.Quote(lin, null, 100_00, WithdrawalSource.CreditBalance).Value.Details!,
            _world.Quote(chen, chensCard, 100_00).Value.Details!,
        ];

        Assert.Equal(details.Length, details.Distinct().Count());
        Assert.Equal(details[0], _world.Quote(lin, card, 100_00).Value.Details);
    }

    [Fact]
    public void Five_codes_an_hour_are_enough_over_all_withdrawals()
    {
        var (lin, card) = _world.JoinSettled();
        var asked = _world.Ask(lin, card, 100_00).Value;
        var from = _world.Book.Now;
        _world.Book.Run(new ResendCode(lin.Session, asked.Id, CodeChannel.Sms));
        _world.Ask(lin, null, 100_00, WithdrawalSource.CreditBalance);
        _world.Ask(lin, card, 100_00);
        asked = _world.Ask(lin, card, 100_00).Value;

        var refusal = _world.Ask(lin, card, 100_00).Refusal!;
        Assert.Equal("withdrawal.too_many_codes", refusal.Code);
        Assert.Equal(from.AddHours(1), DateTimeOffset.Parse(refusal.Arguments!["until"], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("withdrawal.too_many_codes", _world.Book.Run(new ResendCode(lin.Session, asked.Id, CodeChannel.Sms)).Refusal?.Code);
        _world.Book.Advance(TimeSpan.FromHours(1));
        Assert.True(_world.Ask(lin, card, 100_00).IsDone);
    }

    [Fact]
    public void Twenty_wrong_codes_a_day_are_enough_and_cancelling_stays_possible()
    {
        var (lin, card) = _world.JoinSettled();
        for (var round = 0; round < 4; round++)
        {
            // After ten wrong codes risk asks for a passkey as well.
            var asked = _world.AskWithPasskey(lin, card, 100_00).Value;
            for (var tries = 0; tries < 5; tries++)
            {
                _world.Redeem(lin, asked.Id, WithdrawalWorld.Wrong(_world.CodeOnPhone()));
            }

            _world.Book.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal("withdrawal.too_many_tries", _world.Ask(lin, card, 100_00).Refusal?.Code);
        _world.Book.Advance(TimeSpan.FromHours(19) + TimeSpan.FromMinutes(59));
        Assert.Equal("withdrawal.too_many_tries", _world.Ask(lin, card, 100_00).Refusal?.Code);
        _world.Book.Advance(TimeSpan.FromMinutes(1));
        var after = _world.AskWithPasskey(lin, card, 100_00).Value;
        Assert.Equal(WithdrawalState.Ordered, _world.Redeem(lin, after.Id, _world.CodeOnPhone()).Value.State);
    }

    [Fact]
    public void The_twentieth_wrong_try_stops_the_right_code_of_another_withdrawal_too()
    {
        var rules = WithdrawalRules.Shipped();
        var world = new WithdrawalWorld(rules with { Code = rules.Code with { WrongTriesPerDay = 3 } });
        var (lin, card) = world.JoinSettled();
        var first = world.Ask(lin, null, 100_00, WithdrawalSource.CreditBalance).Value;
        for (var tries = 0; tries < 3; tries++)
        {
            world.Redeem(lin, first.Id, WithdrawalWorld.Wrong(world.CodeOnPhone()));
        }

        Assert.Equal("withdrawal.too_many_tries", world.Redeem(lin, first.Id, world.CodeOnPhone()).Refusal?.Code);
        Assert.Equal("withdrawal.too_many_tries", world.Ask(lin, card, 100_00).Refusal?.Code);
        Assert.Equal(WithdrawalState.Cancelled, world.Cancel(lin, first.Id).Value.State);
    }

    [Fact]
    public void A_spray_over_many_customers_brakes_everybody_for_the_hour()
    {
        var rules = WithdrawalRules.Shipped();
        var world = new WithdrawalWorld(rules with { Code = rules.Code with { WrongTriesPerHourOfAll = 10 } });
        for (var customer = 0; customer < 10; customer++)
        {
            var one = world.Join(creditBalance: 100_00);
            var asked = world.Ask(one, null, 100_00, WithdrawalSource.CreditBalance).Value;
            world.Redeem(one, asked.Id, WithdrawalWorld.Wrong(world.CodeOnPhone()));
        }

        var lin = world.Join(creditBalance: 100_00);
        var honest = world.Ask(lin, null, 100_00, WithdrawalSource.CreditBalance).Value;
        var refusal = world.Redeem(lin, honest.Id, world.CodeOnPhone()).Refusal!;
        Assert.Equal("withdrawal.paused", refusal.Code);
        Assert.Equal(WithdrawalState.Cancelled, world.Cancel(lin, honest.Id).Value.State);

        world.Book.Advance(DateTimeOffset.Parse(refusal.Arguments!["until"], System.Globalization.CultureInfo.InvariantCulture) - world.Book.Now);
        var later = world.Ask(lin, null, 100_00, WithdrawalSource.CreditBalance).Value;
        Assert.Equal(WithdrawalState.Paid, world.Redeem(lin, later.Id, world.CodeOnPhone()).Value.State);
    }

    [Fact]
    public void A_push_needs_another_enrolled_device()
    {
        var (lin, card) = _world.JoinSettled();

        Assert.Equal("withdrawal.no_other_device", _world.Ask(lin, card, 100_00, channel: CodeChannel.Push).Refusal?.Code);
        _world.SignInElsewhere(lin);
        Assert.True(_world.Ask(lin, card, 100_00, channel: CodeChannel.Push).IsDone);
        Assert.Empty(_world.Phones.Texts);
    }

    [Fact]
    public void Another_session_gets_no_new_code()
    {
        var (lin, card) = _world.JoinSettled();
        var asked = _world.Ask(lin, card, 100_00).Value;
        var elsewhere = _world.SignInElsewhere(lin);

        Assert.Equal("withdrawal.other_session", _world.Book.Run(new ResendCode(elsewhere.Session, asked.Id, CodeChannel.Sms)).Refusal?.Code);
        Assert.Equal(WithdrawalState.Cancelled, _world.Cancel(elsewhere, asked.Id).Value.State);
    }

    [Fact]
    public void Limits_of_a_single_withdrawal_and_of_a_day_are_kept()
    {
        var rules = WithdrawalRules.Shipped();
        var world = new WithdrawalWorld(rules with { Routes = [rules.Routes[0] with { SingleMost = 1_000_00, DailyMost = 1_500_00 }, .. rules.Routes.Skip(1)] });
        var (lin, card) = world.JoinSettled();

        var single = world.Ask(lin, card, 1_000_01).Refusal!;
        Assert.Equal(("withdrawal.over_limit", "single"), (single.Code, single.Arguments!["bound"]));
        var at = world.Book.Now;
        var asked = world.Ask(lin, card, 1_000_00).Value;
        world.Redeem(lin, asked.Id, world.CodeOnPhone());
        var daily = world.Ask(lin, card, 500_01).Refusal!;
        Assert.Equal(("withdrawal.over_limit", "daily"), (daily.Code, daily.Arguments!["bound"]));
        var quote = world.Quote(lin, card, null).Value;
        Assert.Equal((Money.Cny(500_00), WithdrawalBound.Daily, at.AddHours(24)), (quote.Most, quote.Bound, quote.MoreFrom));
        Assert.True(world.Ask(lin, card, 500_00).IsDone);
    }

    [Fact]
    public void A_withdrawal_that_is_over_is_over()
    {
        var (lin, card) = _world.JoinSettled();
        var paid = _world.Ask(lin, card, 100_00).Value;
        _world.Redeem(lin, paid.Id, _world.CodeOnPhone());
        Assert.Equal("withdrawal.too_late_to_cancel", _world.Cancel(lin, paid.Id).Refusal?.Code);
        Assert.Equal("withdrawal.code_used", _world.Book.Run(new ResendCode(lin.Session, paid.Id, CodeChannel.Sms)).Refusal?.Code);

        var expired = _world.Ask(lin, card, 100_00).Value;
        _world.Book.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("withdrawal.ended", _world.Cancel(lin, expired.Id).Refusal?.Code);
        Assert.Equal("withdrawal.ended", _world.Book.Run(new ResendCode(lin.Session, expired.Id, CodeChannel.Sms)).Refusal?.Code);
        Assert.Equal("withdrawal.not_ordered", _world.Book.Run(new SettleWithdrawal(expired.Id)).Refusal?.Code);
        Assert.Equal("withdrawal.not_in_review", _world.Book.Run(new ApproveWithdrawal(expired.Id, "op_1", "fine")).Refusal?.Code);
    }

    [Theory]
    [InlineData("12345678")]
    [InlineData("1234 5678")]
    [InlineData(" 1234-5678 ")]
    public void A_typed_code_is_eight_digits_however_they_are_spaced(string typed) => Assert.Equal("12345678", WithdrawalText.Code(typed, "code"));

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("1234567")]
    [InlineData("123456789")]
    [InlineData("１２３４５６７８")]
    [InlineData("1234567x")]
    public void Anything_else_is_no_code_and_no_try(string? typed) => Assert.Throws<Peony.Edge.InvalidRequestException>(() => WithdrawalText.Code(typed, "code"));

    [Fact]
    public void Nobody_is_erased_while_a_withdrawal_is_open()
    {
        var (lin, card) = _world.JoinSettled();
        var asked = _world.Ask(lin, card, 100_00).Value;
        var check = new WithdrawalErasureCheck().Of(lin.Customer);
        Assert.Equal("erasure.open_business", _world.Book.Run(check).Refusal?.Code);
        _world.Redeem(lin, asked.Id, _world.CodeOnPhone());
        Assert.Equal("erasure.open_business", _world.Book.Run(check).Refusal?.Code);

        _world.BankSays(asked.Id, BankSaid.Settled);
        Assert.True(_world.Book.Run(check).IsDone);
    }

    [Fact]
    public void Commands_and_bodies_print_without_their_secrets()
    {
        Assert.DoesNotContain("12345678", new RedeemCode(new SessionId("ses_1"), new WithdrawalId("wd_1"), "12345678").ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("12345678", new RedeemCodeRequest("12345678").ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("135790", new AskWithdrawalRequest(WithdrawalSource.Wallet, Money.Cny(1), "135790").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_refusal_has_its_words_in_both_languages()
    {
        foreach (var type in new[] { typeof(WithdrawalRefusals), typeof(RiskRefusals) })
        {
            foreach (var field in type.GetFields())
            {
                Assert.True(Peony.Edge.RefusalTexts.Has(((Refusal)field.GetValue(null)!).Code), field.Name);
            }
        }
    }
}
