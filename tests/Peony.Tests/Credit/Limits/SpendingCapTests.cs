using Peony.Book;
using Peony.Credit;
using Peony.Ledger;

namespace Peony.Tests.Credit.Limits;

public sealed class SpendingCapTests
{
    private readonly LimitWorld _world = new();

    public SpendingCapTests() => _world.GoTo(_world.Book.Now.Month, 10);

    [Fact]
    public void A_cap_holds_at_once_counts_what_was_bought_before_and_says_what_is_left()
    {
        Assert.Null(_world.Buy(300_00));
        var cap = Set(500_00).Value;
        Assert.Equal((Money.Cny(500_00), Money.Cny(300_00), Money.Cny(200_00)), (cap.Most, cap.Spent, cap.Left));
        var refusal = _world.Money.Buy(_world.Lin, 200_01).Refusal!;
        Assert.Equal(("credit.cap_reached", "200.00 CNY"), (refusal.Code, refusal.Arguments!["left"]));
        Assert.Null(_world.Buy(200_00));
        Assert.Equal("credit.cap_reached", _world.Buy(1));
        Assert.Equal((Money.Cny(500_00), Money.Cny(0)), (Cap.Spent, Cap.Left!.Value));
    }

    [Fact]
    public void What_the_credit_balance_pays_does_not_count()
    {
        Set(100_00);
        _world.Repay(300_00);
        Assert.Null(_world.Buy(400_00));
        Assert.Equal(Money.Cny(100_00), Cap.Spent);
        Assert.Equal("credit.cap_reached", _world.Buy(1));
    }

    [Fact]
    public void The_next_cycle_begins_the_day_after_the_statement_day()
    {
        Set(100_00);
        Assert.Null(_world.Buy(100_00));
        var month = _world.Book.Now.AddMonths(1).Month;
        _world.GoTo(month, 1);
        Assert.Equal("credit.cap_reached", _world.Buy(1));
        _world.GoTo(month, 2);
        Assert.Null(_world.Buy(100_00));
        Assert.Equal("credit.cap_reached", _world.Buy(1));
    }

    [Fact]
    public void Lowered_it_holds_at_once_and_needs_no_pin()
    {
        Set(500_00);
        Assert.Null(_world.Buy(100_00));
        Assert.Equal(Money.Cny(50_00), Set(150_00).Value.Left);
        Assert.Equal("credit.cap_reached", _world.Buy(50_01));
        Assert.Equal(Money.Cny(0), Set(80_00).Value.Left);
    }

    [Theory]
    [InlineData(300_00L)]
    [InlineData(null)]
    public void Raised_or_taken_away_it_needs_the_pin_and_holds_from_the_next_cycle(long? raised)
    {
        Set(100_00);
        Assert.Equal("credit.cap_needs_pin", Set(raised).Refusal?.Code);
        Assert.Equal("pin.wrong", Set(raised, MoneyWorld.WrongPin).Refusal?.Code);
        var cap = Set(raised, MoneyWorld.Pin).Value;
        Assert.Equal((Money.Cny(100_00), raised), (cap.Most, cap.NextMost?.Minor));
        Assert.Equal("credit.cap_reached", _world.Buy(100_01));
        Assert.Null(_world.Buy(100_00));
        _world.GoTo(cap.NextFrom!.Value.Month, cap.NextFrom.Value.Day);
        Assert.Equal((raised, null), (Cap.Most?.Minor, Cap.NextFrom));
        Assert.Null(_world.Buy(300_00));
        Assert.Equal(raised is null ? null : "credit.cap_reached", _world.Buy(1_00));
    }

    [Fact]
    public void What_was_to_be_raised_is_forgotten_when_it_is_lowered_or_left_as_it_is()
    {
        Set(100_00);
        Set(300_00, MoneyWorld.Pin);
        Assert.Null(Set(100_00).Value.NextFrom);
        Set(300_00, MoneyWorld.Pin);
        Assert.Null(Set(90_00).Value.NextFrom);
        Assert.Equal(Money.Cny(90_00), Cap.Most);
    }

    [Fact]
    public void A_cap_after_one_that_was_taken_away_counts_again_what_was_bought_meanwhile()
    {
        Set(100_00);
        var next = Set(null, MoneyWorld.Pin).Value.NextFrom!.Value;
        _world.GoTo(next.Month, next.Day);
        Assert.Null(_world.Buy(70_00));
        Assert.Equal((Money.Cny(70_00), Money.Cny(30_00)), (Set(100_00).Value.Spent, Cap.Left!.Value));
    }

    [Fact]
    public void Without_a_cap_a_purchase_keeps_one_record_and_one_entry_and_reads_no_counter()
    {
        Assert.Null(_world.Buy(10_00));
        Assert.Null(_world.Book.Reader.FindAsync<CycleSpending>(_world.Lin.Customer.Value).Result);
        var (frames, loads) = (_world.Book.Journal.Count, _world.Book.Loads);
        Assert.Null(_world.Buy(10_00));
        var frame = FrameCodec.Decode(_world.Book.Journal[^1].Payload, _world.Book.Journal[^1].Hash);
        Assert.Equal(frames + 1, _world.Book.Journal.Count);
        Assert.Equal(["purchase"], frame.Ops.OfType<RecordOp>().Select(op => op.Type));
        Assert.Single(frame.Ops.OfType<EntryOp>());
        Assert.Equal(loads, _world.Book.Loads);
    }

    [Fact]
    public void Refusals_come_in_order()
    {
        Assert.Equal("session.ended", _world.Book.Run(new SetSpendingCap(new Peony.Customers.SessionId("ses_none"), Money.Cny(1))).Refusal?.Code);
        Assert.Equal("credit.line_not_open", _world.Book.Run(new SetSpendingCap(_world.Money.Join().Session, Money.Cny(1))).Refusal?.Code);
        foreach (var most in new[] { Money.Cny(0), Money.Cny(-1), Money.Cny(100_000_001), new Money(1, Currency.Usd) })
        {
            Assert.Equal("credit.amount_invalid", _world.Book.Run(new SetSpendingCap(_world.Lin.Session, most)).Refusal?.Code);
        }

        Assert.Null(Set(null).Value.Most);
    }

    private SpendingCapView Cap => CreditReader.CapAsync(_world.Book.Reader, new CreditProducts([CreditProduct.Shipped()]), _world.Lin.Customer).Result!;

    private Result<SpendingCapView> Set(long? most, Peony.Customers.PinProof? pin = null) =>
        _world.Book.Run(new SetSpendingCap(_world.Lin.Session, most is { } minor ? Money.Cny(minor) : null, pin));
}
