using Peony.Book;
using Peony.Credit;
using Peony.Customers;
using Peony.Ledger;
using Peony.Operators;

namespace Peony.Tests.Credit.Limits;

public sealed class LineChangeTests
{
    private readonly LimitWorld _world = new();

    [Fact]
    public void A_limit_holds_when_a_second_operator_has_approved_it_and_the_ceiling_follows_at_once()
    {
        var change = _world.Prepare(LineChangeKind.Limit, 3_000_00, "income_shown").Value;
        Assert.Equal((LineChangeState.Prepared, 1_500_00L), (change.State, _world.Owed.Ceiling));
        Assert.Equal("credit.limit_exceeded", _world.Buy(1_500_01));

        Assert.Equal("operator.own_work", _world.Book.Run(new ApproveLineChange(_world.Wu.Session, change.Id)).Refusal?.Code);
        Assert.Equal("operator.own_work", _world.Book.Run(new RejectLineChange(_world.Wu.Session, change.Id, "a slip")).Refusal?.Code);
        var approved = _world.Book.Run(new ApproveLineChange(_world.Zhao.Session, change.Id)).Value;
        Assert.Equal((LineChangeState.Approved, Money.Cny(1_500_00), Money.Cny(3_000_00), (OperatorId?)_world.Zhao.Operator), (approved.State, approved.From, approved.To, approved.DecidedBy));
        Assert.Equal((Money.Cny(3_000_00), 3_000_00L), (_world.Line.Limit, _world.Owed.Ceiling));
        Assert.Null(_world.Buy(3_000_00));
        Assert.Equal("credit.limit_exceeded", _world.Buy(1));
        Assert.Empty(_world.Money.WhatIsWrong());
    }

    [Fact]
    public void A_limit_lowered_below_what_is_owed_stops_buying_until_it_is_paid_down_and_nothing_else()
    {
        Assert.Null(_world.Buy(1_000_00));
        _world.Change(LineChangeKind.Limit, 400_00, "paid_late");
        Assert.Equal((Money.Cny(400_00), Money.Cny(0), Money.Cny(1_000_00)), (_world.Line.Limit, _world.Line.Available, _world.Line.Owed));
        Assert.Empty(_world.Money.WhatIsWrong());

        Assert.Equal("credit.limit_exceeded", _world.Buy(1));
        Assert.True(_world.Repay(500_00).IsDone);
        Assert.Equal("credit.limit_exceeded", _world.Buy(1));
        Assert.Empty(_world.Money.WhatIsWrong());
        Assert.True(_world.Repay(200_00).IsDone);
        Assert.Equal("credit.limit_exceeded", _world.Buy(100_01));
        Assert.Null(_world.Buy(100_00));
        Assert.Empty(_world.Money.WhatIsWrong());
    }

    [Fact]
    public void The_books_say_so_when_more_is_owed_than_the_limit_and_than_was_owed_when_it_was_lowered()
    {
        Assert.Null(_world.Buy(1_000_00));
        _world.Change(LineChangeKind.Limit, 400_00);
        _world.Book.Run(new PlantRecord(_world.Record with { OwedAbove = 999_99 }));
        Assert.Contains(_world.Money.WhatIsWrong(), wrong => wrong.Contains("above its limit", StringComparison.Ordinal));
    }

    [Fact]
    public void The_books_say_so_when_a_limit_is_not_what_two_operators_decided()
    {
        _world.Change(LineChangeKind.Limit, 2_000_00);
        Assert.Empty(_world.Money.WhatIsWrong());
        _world.Book.Run(new PlantRecord(_world.Record with { FrozenAt = _world.Book.Now }));
        Assert.Contains(_world.Money.WhatIsWrong(), wrong => wrong.Contains("is frozen", StringComparison.Ordinal));
    }

    [Fact]
    public void A_frozen_line_buys_nothing_and_repays_as_ever_until_it_is_unfrozen()
    {
        Assert.Null(_world.Buy(300_00));
        _world.Change(LineChangeKind.Freeze, reason: "suspected_misuse");
        Assert.NotNull(_world.Line.FrozenAt);
        Assert.Equal("credit.line_frozen", _world.Buy(1_00));
        Assert.Equal("credit.line_frozen", _world.Book.Run(new MakePurchase(_world.Lin.Session, "bookshop", Money.Cny(200_00), MoneyWorld.Pin, 3, AgreesToInstalments: true)).Refusal?.Code);
        Assert.True(_world.Repay(300_00).IsDone);
        Assert.Equal("credit.line_frozen", _world.Prepare(LineChangeKind.Freeze).Refusal?.Code);
        _world.Change(LineChangeKind.Unfreeze);
        Assert.Null(_world.Buy(1_00));
        Assert.Equal("credit.line_not_frozen", _world.Prepare(LineChangeKind.Unfreeze).Refusal?.Code);
        Assert.Empty(_world.Money.WhatIsWrong());
    }

    [Theory]
    [InlineData(LineChangeState.Prepared, "approve", "Approved")]
    [InlineData(LineChangeState.Prepared, "reject", "Rejected")]
    [InlineData(LineChangeState.Approved, "approve", "credit.change_decided")]
    [InlineData(LineChangeState.Approved, "reject", "credit.change_decided")]
    [InlineData(LineChangeState.Rejected, "approve", "credit.change_decided")]
    [InlineData(LineChangeState.Rejected, "reject", "credit.change_decided")]
    public void A_change_is_decided_once(LineChangeState state, string act, string expected)
    {
        var now = new DateTimeOffset(2026, 3, 5, 2, 0, 0, TimeSpan.Zero);
        var change = new LineChange(new LineChangeId("lch_1"), _world.Lin.Customer, LineChangeKind.Limit, Money.Cny(1), Money.Cny(2), new LineReason("a", "甲", "A"), "note", state, _world.Wu.Operator, now);
        var next = act == "approve" ? change.Approve(_world.Zhao.Operator, Money.Cny(1), now) : change.Reject(_world.Zhao.Operator, "no", now);
        Assert.Equal(expected, next.IsRefused(out var refusal, out var decided) ? refusal.Code : decided.State.ToString());
    }

    [Fact]
    public void A_change_takes_a_role_a_limit_a_reason_for_it_a_note_and_nothing_else_that_waits()
    {
        var support = _world.Book.Run(new PlantOperator("Qian", OperatorRole.Support)).Value;
        Assert.Equal("operator.role_too_low", _world.Prepare(LineChangeKind.Limit, 2_000_00, by: support).Refusal?.Code);
        foreach (var limit in new long?[] { null, 0, -1, 1_500_00, 10_000_01 })
        {
            Assert.Equal("credit.limit_invalid", _world.Prepare(LineChangeKind.Limit, limit).Refusal?.Code);
        }

        Assert.Equal("credit.limit_invalid", _world.Prepare(LineChangeKind.Freeze, 100).Refusal?.Code);
        Assert.Equal("credit.reason_unknown", _world.Prepare(LineChangeKind.Limit, 2_000_00, "paid_late").Refusal?.Code);
        Assert.Equal("credit.reason_unknown", _world.Prepare(LineChangeKind.Limit, 1_000_00, "income_shown").Refusal?.Code);
        Assert.Equal("operator.reason_needed", _world.Book.Run(new PrepareLineChange(_world.Wu.Session, _world.Lin.Customer, LineChangeKind.Freeze, null, "asked_for", " ")).Refusal?.Code);
        Assert.Equal("credit.no_line_to_change", _world.Book.Run(new PrepareLineChange(_world.Wu.Session, _world.Money.Join().Customer, LineChangeKind.Freeze, null, "asked_for", "x")).Refusal?.Code);
        Assert.True(_world.Prepare(LineChangeKind.Freeze).IsDone);
        Assert.Equal("credit.change_waiting", _world.Prepare(LineChangeKind.Limit, 2_000_00).Refusal?.Code);
        Assert.Equal("credit.change_not_found", _world.Book.Run(new ApproveLineChange(_world.Zhao.Session, new LineChangeId("lch_none"))).Refusal?.Code);
        Assert.Equal("operator.session_ended", _world.Book.Run(new ApproveLineChange(new OperatorSessionId("os_none"), new LineChangeId("lch_none"))).Refusal?.Code);
    }

    [Fact]
    public void A_rejected_change_changes_nothing_and_leaves_room_for_the_next()
    {
        var change = _world.Prepare(LineChangeKind.Limit, 2_000_00).Value;
        Assert.Equal("operator.reason_needed", _world.Book.Run(new RejectLineChange(_world.Zhao.Session, change.Id, "")).Refusal?.Code);
        Assert.Equal("too high", _world.Book.Run(new RejectLineChange(_world.Zhao.Session, change.Id, "too high")).Value.RejectedBecause);
        Assert.Equal((Money.Cny(1_500_00), 1_500_00L), (_world.Line.Limit, _world.Owed.Ceiling));
        Assert.True(_world.Prepare(LineChangeKind.Limit, 1_800_00).IsDone);
    }

    [Fact]
    public void The_customer_sees_every_step_with_its_reason_and_is_told()
    {
        _world.Change(LineChangeKind.Limit, 2_000_00, "paid_on_time");
        _world.Change(LineChangeKind.Limit, 1_000_00, "paid_late");
        _world.Change(LineChangeKind.Freeze, reason: "suspected_misuse");
        _world.Change(LineChangeKind.Unfreeze);
        var steps = CreditReader.HistoryAsync(_world.Book.Reader, _world.Lin.Customer).Result;
        Assert.Equal([LineStepKind.Unfrozen, LineStepKind.Frozen, LineStepKind.Lowered, LineStepKind.Raised, LineStepKind.Opened], steps.Select(step => step.Kind));
        Assert.Equal([1_000_00L, 1_000_00, 1_000_00, 2_000_00, 1_500_00], steps.Select(step => step.Limit.Minor));
        Assert.Equal("您一直按时还款。", Assert.Single(steps[3].Reasons).Zh);
        Assert.Equal([LineStepKind.Raised, LineStepKind.Lowered, LineStepKind.Frozen, LineStepKind.Unfrozen], _world.Book.Told<CreditLineChanged>().Select(told => told.Kind));
        Assert.DoesNotContain("call of the customer", System.Text.Json.JsonSerializer.Serialize(steps), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"reasons":[]}""")]
    [InlineData("""{"reasons":[{"code":"a","for":["raise","lower","freeze","unfreeze"],"zh":"","en":"A"}]}""")]
    [InlineData("""{"reasons":[{"code":"a","for":["raise","lower","freeze","unfreeze"],"zh":"甲","en":"A"},{"code":"a","for":["raise"],"zh":"甲","en":"A"}]}""")]
    [InlineData("""{"reasons":[{"code":"a","for":["raise","lower","freeze"],"zh":"甲","en":"A"}]}""")]
    [InlineData("""{"reasons":[{"code":"a","for":["sell"],"zh":"甲","en":"A"}]}""")]
    public void Reasons_that_leave_something_without_one_are_not_loaded(string json) => Assert.Throws<InvalidOperationException>(() => LineReasons.Parse(json));
}

/// <summary>Saves a line as no slice would.</summary>
internal sealed record PlantRecord(CreditLine Line) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        work.Save(Line);
        return new Done();
    }
}
