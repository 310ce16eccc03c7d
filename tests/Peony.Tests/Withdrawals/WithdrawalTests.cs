using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Ledger;
using Peony.Payouts;
using Peony.Wallet;
using Peony.Withdrawals;

namespace Peony.Tests.Withdrawals;

public sealed class WithdrawalTests
{
    private readonly WithdrawalWorld _world = new();

    [Fact]
    public void A_withdrawal_is_held_redeemed_and_paid_out()
    {
        var (lin, card) = _world.JoinSettled();

        var asked = _world.Ask(lin, card, 500_00).Value;
        Assert.Equal(WithdrawalState.AwaitingCode, asked.State);
        Assert.Equal(Money.Cny(50), asked.Fee);
        Assert.Equal(Money.Cny(500_50), asked.Held);
        Assert.Equal(500_50, _world.Held(lin));
        Assert.Equal(10_000_00, _world.Wallet(lin));

        var redeemed = _world.Redeem(lin, asked.Id, _world.CodeOnPhone()).Value;
        Assert.Equal(WithdrawalState.Ordered, redeemed.State);
        Assert.Equal(_world.Book.Now.AddHours(2), redeemed.ArrivesBy);
        Assert.Equal(0, _world.Held(lin));
        Assert.Equal(9_499_50, _world.Wallet(lin));
        Assert.Equal(500_00, _world.Account(PayoutAccounts.Clearing).Balance);

        _world.BankSays(asked.Id, BankSaid.Settled);
        Assert.Equal(WithdrawalState.Paid, _world.StateOf(asked.Id));
        Assert.Equal(50, _world.Fees);
        Assert.Empty(_world.WhatIsWrong());
        Assert.Equal(["withdrawal.code_sent", "withdrawal.paid"], _world.Inbox(lin));
    }

    [Fact]
    public void What_the_bank_returns_after_its_owner_was_erased_is_unclaimed_and_nobodys_wallet_grows()
    {
        var lin = _world.Join(wallet: 500_50);
        var card = _world.Bind(lin);
        _world.Book.Advance(TimeSpan.FromHours(25));
        var asked = _world.Ask(lin, card, 500_00).Value;
        _world.Redeem(lin, asked.Id, _world.CodeOnPhone());
        _world.BankSays(asked.Id, BankSaid.Settled);
        Assert.Equal((WithdrawalState.Paid, 0L), (_world.StateOf(asked.Id), _world.Wallet(lin)));
        Assert.True(_world.Book.Run(new CloseWallet(lin.Customer)).IsDone);

        _world.BankSays(asked.Id, BankSaid.Rejected, "AC04");

        Assert.Equal(WithdrawalState.Returned, _world.StateOf(asked.Id));
        Assert.Equal((0L, 500_50L), (_world.Wallet(lin), _world.Account(PayoutAccounts.Unclaimed).Balance));
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void A_credit_balance_is_withdrawn_in_full_to_a_card_without_a_fee()
    {
        var (lin, card) = _world.JoinSettled();

        var asked = _world.Ask(lin, card, 800_00, WithdrawalSource.CreditBalance).Value;
        Assert.Equal(Money.Cny(0), asked.Fee);
        _world.Redeem(lin, asked.Id, _world.CodeOnPhone());
        _world.BankSays(asked.Id, BankSaid.Settled);

        Assert.Equal(0, _world.CreditBalance(lin));
        Assert.Equal(10_000_00, _world.Wallet(lin));
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void A_credit_balance_reaches_the_wallet_at_once()
    {
        var (lin, _) = _world.JoinSettled();

        var asked = _world.Ask(lin, null, 800_00, WithdrawalSource.CreditBalance).Value;
        var redeemed = _world.Redeem(lin, asked.Id, _world.CodeOnPhone()).Value;

        Assert.Equal(WithdrawalState.Paid, redeemed.State);
        Assert.Null(redeemed.Payout);
        Assert.Equal(10_800_00, _world.Wallet(lin));
        Assert.Equal(0, _world.CreditBalance(lin));
        Assert.Contains("withdrawal.paid_to_wallet", _world.Inbox(lin));
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void A_credit_balance_reaches_a_wallet_never_used_before()
    {
        var lin = _world.Join();
        var chen = _world.Book.Run(new PlantSignIn(VerificationLevel.Basic)).Value;
        _world.Book.Run(new PlantMoney(chen.Customer, 0, 70_00, 999));
        var asked = _world.Ask(chen, null, 70_00, WithdrawalSource.CreditBalance).Value;

        _world.Redeem(chen, asked.Id, _world.CodeOnPhone());

        Assert.Equal(70_00, _world.Wallet(chen));
        Assert.Equal(0, _world.Wallet(lin));
    }

    [Fact]
    public void The_code_goes_out_with_one_sentence_on_what_it_does_and_that_nobody_asks_for_it()
    {
        var (lin, card) = _world.JoinSettled();

        _world.Ask(lin, card, 500_00);

        var text = Assert.Single(_world.Phones.Texts);
        Assert.Contains(_world.CodeOnPhone(), text, StringComparison.Ordinal);
        Assert.Contains("没有人会向您索要它", text, StringComparison.Ordinal);
        Assert.Contains("¥500.00", text, StringComparison.Ordinal);
        Assert.Contains("0001", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_code_stands_nowhere_but_in_the_text_message()
    {
        var (lin, card) = _world.JoinSettled();
        var asked = _world.Ask(lin, card, 500_00).Value;
        var code = _world.CodeOnPhone();
        _world.Redeem(lin, asked.Id, WithdrawalWorld.Wrong(code));
        _world.Redeem(lin, asked.Id, code);

        var bytes = System.Text.Encoding.ASCII.GetBytes(code);
        Assert.All(_world.Book.Journal, frame => Assert.True(frame.Payload.AsSpan().IndexOf(bytes) < 0));
        Assert.Null(_world.Record(asked.Id).Code);
    }

    [Fact]
    public void The_page_sees_how_far_the_code_has_come()
    {
        var (lin, card) = _world.JoinSettled();
        _world.Phones.Says = Peony.Notices.SmsState.Failed;

        var asked = _world.Ask(lin, card, 500_00).Value;

        Assert.Equal(CodeDelivery.Failed, _world.Record(asked.Id).Code!.Delivery);
        Assert.Equal([WithdrawalMomentKind.CodeIssued, WithdrawalMomentKind.CodeNotDelivered], _world.Record(asked.Id).Moments.Select(moment => moment.Kind));
    }

    [Fact]
    public void A_new_code_by_the_other_channel_kills_the_old_one_and_lives_five_minutes_itself()
    {
        var (lin, card) = _world.JoinSettled();
        var asked = _world.Ask(lin, card, 500_00).Value;
        var old = _world.CodeOnPhone();
        _world.SignInElsewhere(lin);
        _world.Book.Advance(TimeSpan.FromMinutes(4));

        var again = _world.Book.Run(new ResendCode(lin.Session, asked.Id, CodeChannel.Push)).Value;
        _world.Book.Settle();
        Assert.Equal(2, again.Code!.Number);
        Assert.Equal(CodeChannel.Push, again.Code.Channel);
        Assert.Equal(500_50, _world.Held(lin));
        Assert.Single(_world.Phones.Texts);

        Assert.Equal("withdrawal.code_wrong", _world.Redeem(lin, asked.Id, old).Refusal?.Code);
        _world.Book.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(WithdrawalState.AwaitingCode, _world.StateOf(asked.Id));

        var record = _world.Record(asked.Id);
        var pushed = _world.Codes.Derive(record.Code!.Nonce, record.BindingAsMade(record.Code));
        Assert.Equal(WithdrawalState.Ordered, _world.Redeem(lin, asked.Id, pushed).Value.State);
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void A_new_withdrawal_to_the_same_card_kills_the_old_one_and_takes_its_money()
    {
        var (lin, card) = _world.JoinSettled();
        var first = _world.AskWithPasskey(lin, card, 9_000_00).Value;
        var oldCode = _world.CodeOnPhone();

        var second = _world.AskWithPasskey(lin, card, 9_500_00).Value;

        Assert.Equal(WithdrawalState.Cancelled, _world.StateOf(first.Id));
        Assert.Equal(EndReasons.Replaced, _world.Record(first.Id).Reason);
        Assert.Equal("withdrawal.code_void", _world.Redeem(lin, first.Id, oldCode).Refusal?.Code);
        Assert.Equal(9_509_50, _world.Held(lin));
        Assert.Equal(WithdrawalState.Ordered, _world.Redeem(lin, second.Id, _world.CodeOnPhone()).Value.State);
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void Withdrawals_to_two_places_live_side_by_side()
    {
        var (lin, card) = _world.JoinSettled();
        var toCard = _world.Ask(lin, card, 100_00).Value;
        var toWallet = _world.Ask(lin, null, 100_00, WithdrawalSource.CreditBalance).Value;

        Assert.Equal(WithdrawalState.AwaitingCode, _world.StateOf(toCard.Id));
        Assert.Equal(WithdrawalState.AwaitingCode, _world.StateOf(toWallet.Id));
    }

    [Fact]
    public void Cancelling_frees_the_money_and_cancelling_again_changes_nothing()
    {
        var (lin, card) = _world.JoinSettled();
        var asked = _world.Ask(lin, card, 500_00).Value;

        Assert.Equal(WithdrawalState.Cancelled, _world.Cancel(lin, asked.Id).Value.State);
        Assert.Equal(0, _world.Held(lin));
        var frames = _world.Book.Journal.Count;
        Assert.Equal(WithdrawalState.Cancelled, _world.Cancel(lin, asked.Id).Value.State);

        Assert.Equal(frames, _world.Book.Journal.Count);
        Assert.Contains("withdrawal.cancelled", _world.Inbox(lin));
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void An_expired_code_frees_the_money_at_its_minute()
    {
        var (lin, card) = _world.JoinSettled();
        var asked = _world.Ask(lin, card, 500_00).Value;

        _world.Book.Advance(TimeSpan.FromSeconds(299));
        Assert.Equal(500_50, _world.Held(lin));
        _world.Book.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(0, _world.Held(lin));
        Assert.Equal(WithdrawalState.Expired, _world.StateOf(asked.Id));
        Assert.Equal("withdrawal.code_expired", _world.Redeem(lin, asked.Id, _world.CodeOnPhone()).Refusal?.Code);
        Assert.Contains("withdrawal.expired", _world.Inbox(lin));
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void The_last_wrong_try_kills_the_code_and_frees_the_money_although_it_was_refused()
    {
        var (lin, card) = _world.JoinSettled();
        var asked = _world.Ask(lin, card, 500_00).Value;
        var code = _world.CodeOnPhone();

        for (var left = 4; left >= 1; left--)
        {
            var wrong = _world.Redeem(lin, asked.Id, WithdrawalWorld.Wrong(code)).Refusal!;
            Assert.Equal("withdrawal.code_wrong", wrong.Code);
            Assert.Equal(left.ToString(System.Globalization.CultureInfo.InvariantCulture), wrong.Arguments!["left"]);
        }

        Assert.Equal("withdrawal.code_locked", _world.Redeem(lin, asked.Id, WithdrawalWorld.Wrong(code)).Refusal?.Code);
        Assert.Equal(0, _world.Held(lin));
        Assert.Equal(WithdrawalState.LockedOut, _world.StateOf(asked.Id));
        Assert.Equal("withdrawal.code_locked", _world.Redeem(lin, asked.Id, code).Refusal?.Code);
        Assert.Contains("withdrawal.locked_out", _world.Inbox(lin));
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void Three_wrong_codes_and_then_the_right_one_pay_out()
    {
        var (lin, card) = _world.JoinSettled();
        var asked = _world.Ask(lin, card, 500_00).Value;
        var code = _world.CodeOnPhone();
        for (var tries = 0; tries < 3; tries++)
        {
            _world.Redeem(lin, asked.Id, WithdrawalWorld.Wrong(code));
        }

        Assert.Equal(WithdrawalState.Ordered, _world.Redeem(lin, asked.Id, code).Value.State);
    }

    [Fact]
    public void A_code_works_once()
    {
        var (lin, card) = _world.JoinSettled();
        var asked = _world.Ask(lin, card, 500_00).Value;
        var code = _world.CodeOnPhone();
        _world.Redeem(lin, asked.Id, code);

        for (var again = 0; again < 20; again++)
        {
            Assert.Equal("withdrawal.code_used", _world.Redeem(lin, asked.Id, code).Refusal?.Code);
        }

        Assert.Equal(9_499_50, _world.Wallet(lin));
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void The_same_key_redeems_once_and_answers_alike()
    {
        var (lin, card) = _world.JoinSettled();
        var asked = _world.Ask(lin, card, 500_00).Value;
        var command = new RedeemCode(lin.Session, asked.Id, _world.CodeOnPhone());
        var key = new CallKey(lin.Session.Value, "key", new byte[16]);

        var first = _world.Book.Run(command, key).Value;
        Assert.Equal(first.State, _world.Book.Run(command, key).Value.State);
    }

    [Fact]
    public void A_dry_run_shows_the_postings_and_tells_nothing_of_the_code()
    {
        var (lin, card) = _world.JoinSettled();
        var asked = _world.Ask(lin, card, 500_00).Value;
        var code = _world.CodeOnPhone();

        var right = _world.Book.DryRun(new RedeemCode(lin.Session, asked.Id, code));
        var wrong = _world.Book.DryRun(new RedeemCode(lin.Session, asked.Id, WithdrawalWorld.Wrong(code)));

        Assert.Equal(right.Postings, wrong.Postings);
        Assert.Equal(right.Result.IsDone, wrong.Result.IsDone);
        Assert.Equal(2, right.Postings.Count);
        Assert.Equal(WithdrawalState.AwaitingCode, _world.StateOf(asked.Id));
        Assert.Equal(0, _world.Record(asked.Id).Code!.WrongTries);
    }

    [Theory]
    [InlineData("rejects", WithdrawalState.Rejected, "withdrawal.rejected")]
    [InlineData("pays and sends back", WithdrawalState.Returned, "withdrawal.returned")]
    public void What_the_bank_does_not_pay_comes_back_with_its_fee(string bank, WithdrawalState state, string notice)
    {
        var (lin, card) = _world.JoinSettled();
        var asked = _world.Ask(lin, card, 500_00).Value;
        _world.Redeem(lin, asked.Id, _world.CodeOnPhone());

        _world.BankSays(asked.Id, bank == "rejects" ? BankSaid.Rejected : BankSaid.Settled, "AC04");
        for (var again = 0; again < 50; again++)
        {
            _world.BankSays(asked.Id, BankSaid.Rejected, "AC04");
        }

        Assert.Equal(state, _world.StateOf(asked.Id));
        Assert.Equal("AC04", _world.Record(asked.Id).Reason);
        Assert.Equal(10_000_00, _world.Wallet(lin));
        Assert.Equal(0, _world.Fees);
        Assert.Single(_world.Inbox(lin), notice);
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void What_came_back_counts_no_more_against_the_limits_of_the_day()
    {
        var rules = WithdrawalRules.Shipped();
        var world = new WithdrawalWorld(rules with { Routes = [rules.Routes[0] with { DailyMost = 600_00 }, .. rules.Routes.Skip(1)] });
        var (lin, card) = world.JoinSettled();
        var asked = world.Ask(lin, card, 500_00).Value;
        world.Redeem(lin, asked.Id, world.CodeOnPhone());
        Assert.Equal("withdrawal.over_limit", world.Ask(lin, card, 500_00).Refusal?.Code);

        world.BankSays(asked.Id, BankSaid.Rejected, "AC04");

        Assert.True(world.Ask(lin, card, 500_00).IsDone);
    }

    [Fact]
    public void A_slow_bank_is_told_of()
    {
        var (lin, card) = _world.JoinSettled();
        var asked = _world.Ask(lin, card, 500_00).Value;
        _world.Redeem(lin, asked.Id, _world.CodeOnPhone());

        _world.Book.Advance(TimeSpan.FromDays(1));

        Assert.Contains("withdrawal.delayed", _world.Inbox(lin));
        Assert.Equal(WithdrawalState.Ordered, _world.StateOf(asked.Id));
    }

    [Fact]
    public void Unbinding_a_card_shows_what_waits_for_it_and_then_cancels_it()
    {
        var (lin, card) = _world.JoinSettled();
        var asked = _world.Ask(lin, card, 500_00).Value;

        Assert.Equal("card.in_use", _world.Book.Run(new UnbindCard(lin.Session, card.Id, MoneyWorld.Pin, [], _world.CardUses)).Refusal?.Code);
        _world.Unbind(lin, card);
        Assert.Equal("withdrawal.code_wrong", _world.Book.Run(new RedeemCode(lin.Session, asked.Id, _world.CodeOnPhone())).Refusal?.Code);
        _world.Book.Settle();

        Assert.Equal(WithdrawalState.Cancelled, _world.StateOf(asked.Id));
        Assert.Equal(EndReasons.CardUnbound, _world.Record(asked.Id).Reason);
        Assert.Equal(0, _world.Held(lin));
    }

    [Fact]
    public void Money_on_its_way_arrives_although_the_card_was_unbound_meanwhile()
    {
        var (lin, card) = _world.JoinSettled();
        var asked = _world.Ask(lin, card, 500_00).Value;
        _world.Redeem(lin, asked.Id, _world.CodeOnPhone());
        _world.Unbind(lin, card);
        _world.Book.Settle();

        _world.BankSays(asked.Id, BankSaid.Settled);

        Assert.Equal(WithdrawalState.Paid, _world.StateOf(asked.Id));
    }

    [Fact]
    public void A_restart_forgets_nothing()
    {
        var (lin, card) = _world.JoinSettled();
        var asked = _world.Ask(lin, card, 500_00).Value;
        var code = _world.CodeOnPhone();
        _world.Redeem(lin, asked.Id, WithdrawalWorld.Wrong(code));
        _world.Book.Restart();

        Assert.Equal("3", _world.Redeem(lin, asked.Id, WithdrawalWorld.Wrong(code)).Refusal?.Arguments!["left"]);
        _world.Book.Restart();
        Assert.Equal(WithdrawalState.Ordered, _world.Redeem(lin, asked.Id, code).Value.State);
    }
}
