using Peony.Book;
using Peony.Customers;
using Peony.Customers.SignIn;
using Peony.Merchants;
using Peony.Tests.Trades;
using Peony.Trades;

namespace Peony.Tests.Merchants;

/// <summary>People who work for a merchant.</summary>
public sealed class StaffTests
{
    private readonly MoneyWorld _world = new();
    private readonly Person _owner;
    private readonly Till _till;

    public StaffTests()
    {
        _owner = _world.Join();
        _till = new Till(_world, owner: _owner.Customer);
    }

    private MerchantId Merchant => _till.App.Merchant;

    /// <summary>Every right of every role: the whole table.</summary>
    [Theory]
    [InlineData(StaffRole.Owner, "SeeTrades Sell Refund SeeMoney ManageKeys ManageStaff")]
    [InlineData(StaffRole.Accountant, "SeeTrades SeeMoney")]
    [InlineData(StaffRole.Supervisor, "SeeTrades Sell Refund")]
    [InlineData(StaffRole.Cashier, "SeeTrades Sell")]
    public void A_role_reaches_as_far_as_the_table_says(StaffRole role, string rights)
    {
        var person = _world.Join();
        Add(person, role);
        foreach (var right in Enum.GetValues<StaffRight>())
        {
            var asked = _world.Book.Run(new AuthenticateSeller(new StaffProof(person.Session, Merchant, right)));
            Assert.Equal(rights.Split(' ').Contains(right.ToString()) ? null : "merchant.right_missing", asked.IsRefused(out var refusal, out _) ? refusal.Code : null);
        }
    }

    [Fact]
    public void A_cashier_takes_a_payment_and_gives_nothing_back()
    {
        var (buyer, _) = _world.JoinWithMoney();
        var cashier = _world.Join();
        Add(cashier, StaffRole.Cashier);
        var paid = _world.Book.Run(new PayTrade(Proof(cashier, StaffRight.Sell), Till.Order("T1", 10_00), _till.CodeOf(buyer)));
        Assert.Equal(TradeState.Paid, paid.Value.State);
        var refund = _world.Book.Run(new RefundTrade(Proof(cashier, StaffRight.Refund), Till.Named("T1"), paid.Value.Order.Total, null, "退货"));
        Assert.Equal("merchant.right_missing", refund.Refusal!.Code);
        Assert.Equal(10_00, _world.Owed(buyer));
        Assert.True(_world.Book.Run(new RefundTrade(Proof(_owner, StaffRight.Refund), Till.Named("T1"), paid.Value.Order.Total, null, "退货")).IsDone);
        Assert.Equal(0, _world.Owed(buyer));
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void Who_left_or_never_came_or_signed_out_may_nothing()
    {
        var person = _world.Join();
        Assert.Equal("merchant.not_staff", Ask(person));
        var member = Add(person, StaffRole.Owner);
        Assert.Null(Ask(person));
        var other = new Till(_world, "牡丹书店");
        Assert.Equal("merchant.not_staff", _world.Book.Run(new AuthenticateSeller(new StaffProof(person.Session, other.App.Merchant, StaffRight.SeeTrades))).Refusal!.Code);
        _world.Book.Run(new PlantFreeze(person.Customer, IsFrozen: true));
        Assert.Equal("customer.frozen", Ask(person));
        _world.Book.Run(new PlantFreeze(person.Customer, IsFrozen: false));
        Assert.True(_world.Book.Run(new ChangeStaff(Proof(_owner, StaffRight.ManageStaff), member, null)).IsDone);
        Assert.Equal("merchant.not_staff", Ask(person));
        Add(person, StaffRole.Cashier);
        _world.Book.Run(new EndSession(person.Session, person.Session));
        Assert.Equal("session.ended", Ask(person));
    }

    [Fact]
    public void A_merchant_keeps_an_owner()
    {
        var first = Assert.Single(new StaffReader(_world.Book.Reader).OfAsync(Merchant, TestContext.Current.CancellationToken).Result);
        Assert.Equal("merchant.staff_last_owner", Change(first.Id, null));
        Assert.Equal("merchant.staff_last_owner", Change(first.Id, StaffRole.Cashier));
        Add(_world.Join(), StaffRole.Owner);
        Assert.Null(Change(first.Id, StaffRole.Cashier));
        Assert.Equal("merchant.right_missing", Change(first.Id, StaffRole.Owner));
    }

    [Fact]
    public void Nobody_has_two_roles_at_a_merchant_and_staff_of_another_is_not_found()
    {
        var person = _world.Join();
        var member = Add(person, StaffRole.Cashier);
        Assert.Equal("merchant.staff_already", _world.Book.Run(new AddStaff(Proof(_owner, StaffRight.ManageStaff), person.Customer, "again", StaffRole.Owner)).Refusal!.Code);
        var boss = _world.Join();
        var other = new Till(_world, "牡丹书店", boss.Customer);
        var asked = _world.Book.Run(new ChangeStaff(new StaffProof(boss.Session, other.App.Merchant, StaffRight.ManageStaff), member, StaffRole.Owner));
        Assert.Equal("merchant.staff_not_found", asked.Refusal!.Code);
        Assert.Equal("merchant.staff_name_invalid", _world.Book.Run(new AddStaff(Proof(_owner, StaffRight.ManageStaff), boss.Customer, " ", StaffRole.Owner)).Refusal!.Code);
        Assert.Equal("merchant.staff_unknown", _world.Book.Run(new AddStaff(Proof(_owner, StaffRight.ManageStaff), new CustomerId("cus_nobody"), "x", StaffRole.Owner)).Refusal!.Code);
        Assert.Equal(2, new StaffReader(_world.Book.Reader).OfAsync(Merchant, TestContext.Current.CancellationToken).Result.Count);
    }

    private StaffProof Proof(Person person, StaffRight right) => new(person.Session, Merchant, right);

    private StaffId Add(Person person, StaffRole role) => _world.Book.Run(new AddStaff(Proof(_owner, StaffRight.ManageStaff), person.Customer, "小王", role)).Value;

    private string? Ask(Person person) => _world.Book.Run(new AuthenticateSeller(Proof(person, StaffRight.SeeTrades))).IsRefused(out var refusal, out _) ? refusal.Code : null;

    private string? Change(StaffId member, StaffRole? role) =>
        _world.Book.Run(new ChangeStaff(Proof(_owner, StaffRight.ManageStaff), member, role)).IsRefused(out var refusal, out _) ? refusal.Code : null;
}
