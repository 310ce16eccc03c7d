using Peony.Book;
using Peony.Cards;
using Peony.Ledger;
using Peony.Payouts;
using Peony.Risk;
using Peony.Withdrawals;

namespace Peony.Tests.Withdrawals;

public sealed class ReviewTests
{
    private readonly WithdrawalWorld _world = new();

    /// <summary>A customer whose withdrawal of 900.00 to a new card was redeemed and waits for an operator.</summary>
    private (Person Person, CardView Card, WithdrawalView Withdrawal) InReview()
    {
        var lin = _world.Join(wallet: 10_000_00);
        _world.Book.Advance(TimeSpan.FromHours(25));
        var card = _world.Bind(lin);
        var asked = _world.Ask(lin, card, 900_00).Value;
        return (lin, card, _world.Redeem(lin, asked.Id, _world.CodeOnPhone()).Value);
    }

    private IReadOnlyList<ReviewView> Queue => RiskReader.QueueAsync(_world.Book.Reader).Result;

    [Fact]
    public void What_risk_wants_looked_at_waits_with_its_money_held_after_the_code()
    {
        var (lin, _, withdrawal) = InReview();

        Assert.Equal(WithdrawalState.InReview, withdrawal.State);
        Assert.NotNull(withdrawal.RedeemedAt);
        Assert.Equal(900_90, _world.Held(lin));
        var review = Assert.Single(Queue);
        Assert.Equal((withdrawal.Id.Value, Money.Cny(900_00)), (review.Subject, review.Amount));
        Assert.Equal("new_card", Assert.Single(review.Reasons).Rule);
        Assert.Contains("withdrawal.held_for_review", _world.Inbox(lin));
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void Approval_pays_out_once()
    {
        var (lin, _, withdrawal) = InReview();
        _world.Book.Advance(TimeSpan.FromHours(2));

        Assert.Equal(WithdrawalState.Ordered, _world.Book.Run(new ApproveWithdrawal(withdrawal.Id, "op_1", "called the customer")).Value.State);
        Assert.Equal("withdrawal.not_in_review", _world.Book.Run(new ApproveWithdrawal(withdrawal.Id, "op_2", "again")).Refusal?.Code);
        Assert.Equal("withdrawal.not_in_review", _world.Book.Run(new DeclineWithdrawal(withdrawal.Id, "op_2", "no")).Refusal?.Code);
        _world.BankSays(withdrawal.Id, BankSaid.Settled);

        Assert.Equal(9_099_10, _world.Wallet(lin));
        Assert.Empty(Queue);
        Assert.Equal(WithdrawalState.Paid, _world.StateOf(withdrawal.Id));
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void No_operator_pays_out_what_no_code_released()
    {
        var lin = _world.Join(wallet: 10_000_00);
        var card = _world.Bind(lin);
        var asked = _world.Ask(lin, card, 900_00).Value;

        Assert.Equal("withdrawal.not_in_review", _world.Book.Run(new ApproveWithdrawal(asked.Id, "op_1", "looks fine")).Refusal?.Code);
        Assert.Equal("withdrawal.not_in_review", _world.Book.Run(new DeclineWithdrawal(asked.Id, "op_1", "looks odd")).Refusal?.Code);
        Assert.Equal("withdrawal.not_found", _world.Book.Run(new ApproveWithdrawal(new WithdrawalId("wd_none"), "op_1", "x")).Refusal?.Code);
    }

    [Fact]
    public void Declining_frees_the_money_with_a_reason()
    {
        var (lin, _, withdrawal) = InReview();

        Assert.Equal("withdrawal.reason_missing", _world.Book.Run(new DeclineWithdrawal(withdrawal.Id, "op_1", " ")).Refusal?.Code);
        Assert.Equal("withdrawal.reason_missing", _world.Book.Run(new ApproveWithdrawal(withdrawal.Id, "op_1", "")).Refusal?.Code);
        var declined = _world.Book.Run(new DeclineWithdrawal(withdrawal.Id, "op_1", "the customer says it was not them")).Value;

        Assert.Equal((WithdrawalState.Declined, "the customer says it was not them"), (declined.State, declined.Reason));
        Assert.Equal(0, _world.Held(lin));
        Assert.Contains("withdrawal.review_declined", _world.Inbox(lin));
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void A_review_nobody_decides_ends_with_no_and_the_money_free()
    {
        var (lin, _, withdrawal) = InReview();

        _world.Book.Advance(TimeSpan.FromHours(72));

        Assert.Equal((WithdrawalState.Declined, EndReasons.ReviewTimedOut), (_world.StateOf(withdrawal.Id), _world.Record(withdrawal.Id).Reason));
        Assert.Equal(0, _world.Held(lin));
        Assert.Empty(Queue);
    }

    [Fact]
    public void The_owner_may_cancel_while_it_waits()
    {
        var (lin, _, withdrawal) = InReview();

        Assert.Equal(WithdrawalState.Cancelled, _world.Cancel(lin, withdrawal.Id).Value.State);

        Assert.Empty(Queue);
        Assert.Equal(0, _world.Held(lin));
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void A_frozen_customer_is_not_approved()
    {
        var (lin, _, withdrawal) = InReview();
        _world.Book.Run(new PlantFreeze(lin.Customer, IsFrozen: true));

        Assert.Equal("customer.frozen", _world.Book.Run(new ApproveWithdrawal(withdrawal.Id, "op_1", "fine")).Refusal?.Code);
        Assert.Single(Queue);
    }

    [Fact]
    public void A_card_bound_anew_is_not_the_card_that_was_confirmed()
    {
        var (lin, card, withdrawal) = InReview();
        var uses = _world.Book.Run(new WhatUsesCard(lin.Session, card.Id, _world.CardUses)).Value.Uses.Select(use => use.Reference).ToList();
        // The unbinding cancels what waits, by an effect; until that has come through, the approval itself says no.
        _world.Book.Run(new UnbindCard(lin.Session, card.Id, MoneyWorld.Pin, uses, _world.CardUses));
        Assert.Equal("withdrawal.card_changed", _world.Book.Run(new ApproveWithdrawal(withdrawal.Id, "op_1", "fine")).Refusal?.Code);
        _world.Bind(lin);
        Assert.Equal("withdrawal.card_changed", _world.Book.Run(new ApproveWithdrawal(withdrawal.Id, "op_1", "fine")).Refusal?.Code);

        _world.Book.Settle();
        Assert.Equal(WithdrawalState.Cancelled, _world.StateOf(withdrawal.Id));
    }

    [Fact]
    public void Decisions_are_kept_with_what_was_known_and_why_also_when_the_answer_was_no()
    {
        var rules = RiskRules.Shipped();
        var strict = new WithdrawalWorld(risk: rules with { Rules = [.. rules.Rules, new RiskRule("none", new RiskCondition(AmountAbove: 1), RiskVerdict.Refuse, "不行。", "No.")] });
        var (lin, card) = strict.JoinSettled();

        var refusal = strict.Ask(lin, card, 500_00).Refusal!;

        Assert.Equal("withdrawal.refused_by_risk", refusal.Code);
        Assert.Equal(("不行。", "No."), (refusal.Arguments!["reasons_zh"], refusal.Arguments["reasons_en"]));
        var decision = Assert.Single(RiskReader.DecisionsOnAsync(strict.Book.Reader, lin.Customer).Result);
        Assert.Equal((RiskVerdict.Refuse, rules.Version, Money.Cny(500_00)), (decision.Verdict, decision.RulesVersion, decision.Facts.Amount));
        Assert.Equal("none", Assert.Single(decision.Reasons).Rule);
        Assert.Equal(25 * 60, decision.Facts.CardAgeMinutes);
        Assert.Equal(0, strict.Held(lin));
    }

    [Fact]
    public void A_new_device_needs_a_passkey_above_an_amount()
    {
        var (lin, card) = _world.JoinSettled();
        var elsewhere = _world.SignInElsewhere(lin);

        Assert.True(_world.Quote(elsewhere, card, 1_000_01).Value.NeedsPasskey);
        var refusal = _world.Ask(elsewhere, card, 1_000_01).Refusal!;
        Assert.Equal("withdrawal.passkey_required", refusal.Code);
        Assert.Contains("24 hours", refusal.Arguments!["reasons_en"], StringComparison.Ordinal);
        Assert.True(_world.AskWithPasskey(elsewhere, card, 1_000_01).IsDone);
        Assert.True(_world.Ask(elsewhere, card, 1_000_00).IsDone);
    }

    [Fact]
    public void A_credit_balance_to_the_wallet_can_wait_as_well()
    {
        var rules = RiskRules.Shipped();
        var strict = new WithdrawalWorld(risk: rules with { Rules = [new RiskRule("all", new RiskCondition(AmountAbove: 1), RiskVerdict.Review, "看一下。", "Look.")] });
        var (lin, _) = strict.JoinSettled();
        var asked = strict.Ask(lin, null, 800_00, WithdrawalSource.CreditBalance).Value;
        strict.Redeem(lin, asked.Id, strict.CodeOnPhone());
        Assert.Equal(10_000_00, strict.Wallet(lin));

        Assert.Equal(WithdrawalState.Paid, strict.Book.Run(new ApproveWithdrawal(asked.Id, "op_1", "fine")).Value.State);

        Assert.Equal(10_800_00, strict.Wallet(lin));
        Assert.Empty(strict.WhatIsWrong());
    }
}
