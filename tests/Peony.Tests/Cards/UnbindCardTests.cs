using Peony.Cards;
using Peony.Ledger;
using Peony.Wallet;

namespace Peony.Tests.Cards;

public sealed class UnbindCardTests
{
    private readonly MoneyWorld _world = new();

    [Fact]
    public void An_unused_card_is_unbound_with_the_pin_and_stays_readable()
    {
        var person = _world.Join();
        var card = _world.Bind(person);
        Assert.Null(Unbind(person, card, MoneyWorld.Pin));
        Assert.False(_world.Book.Run(new ReadCard(person.Customer, card.Id)).Value.IsBound);
        Assert.Equal("card.unbound", _world.Book.Run(new ReadDebitCard(person.Customer, card.Id)).Refusal!.Code);
        Assert.Equal("card.unbound", Unbind(person, card, MoneyWorld.Pin));
        Assert.Single(_world.Book.Told<CardUnbound>());
    }

    [Fact]
    public void The_wrong_pin_unbinds_nothing_and_counts()
    {
        var person = _world.Join();
        var card = _world.Bind(person);
        Assert.Equal("pin.wrong", Unbind(person, card, MoneyWorld.WrongPin));
        for (var wrong = 2; wrong <= 5; wrong++)
        {
            Unbind(person, card, MoneyWorld.WrongPin);
        }

        Assert.Equal("pin.locked", Unbind(person, card, MoneyWorld.Pin));
    }

    [Fact]
    public void What_uses_the_card_must_be_seen_before_it_is_unbound()
    {
        var person = _world.Join();
        var card = _world.Bind(person);
        var topUp = _world.Book.Run(new OrderTopUp(person.Session, card.Id, Money.Cny(100), MoneyWorld.Pin)).Value;
        Assert.Equal("card.in_use", Unbind(person, card, MoneyWorld.Pin));

        var uses = _world.Book.Run(new WhatUsesCard(person.Session, card.Id, _world.CardUses)).Value.Uses;
        var use = Assert.Single(uses);
        Assert.Equal((topUp.Id.Value, "top_up", Money.Cny(100)), (use.Reference, use.Kind, use.Amount));
        Assert.Null(Unbind(person, card, MoneyWorld.Pin, use.Reference));

        _world.BankSettles();
        Assert.Equal(100, _world.Wallet(person));
    }

    [Fact]
    public void Every_registered_check_is_asked()
    {
        var person = _world.Join();
        var card = _world.Bind(person);
        var checks = new CardUseChecks([new TopUpCardUse(), new AlwaysInUse()]);
        Assert.Equal("withdrawal", Assert.Single(_world.Book.Run(new WhatUsesCard(person.Session, card.Id, checks)).Value.Uses).Kind);
        Assert.Equal("card.in_use", _world.Book.Run(new UnbindCard(person.Session, card.Id, MoneyWorld.Pin, [], checks)).Refusal!.Code);
    }

    [Fact]
    public void Another_customers_card_looks_like_no_card()
    {
        var card = _world.Bind(_world.Join());
        var stranger = _world.Join();
        Assert.Equal("card.not_found", Unbind(stranger, card, MoneyWorld.Pin));
        Assert.Equal("card.not_found", _world.Book.Run(new ReadCard(stranger.Customer, card.Id)).Refusal!.Code);
        Assert.Equal("card.not_found", _world.Book.Run(new WhatUsesCard(stranger.Session, card.Id, _world.CardUses)).Refusal!.Code);
    }

    [Fact]
    public void A_credit_card_receives_and_pays_nothing()
    {
        var person = _world.Join();
        var card = _world.Bind(person, kind: CardKind.Credit);
        Assert.Equal("card.not_debit", _world.Book.Run(new ReadDebitCard(person.Customer, card.Id)).Refusal!.Code);
    }

    private string? Unbind(Person person, CardView card, Customers.PinProof pin, params string[] seen) =>
        _world.Book.Run(new UnbindCard(person.Session, card.Id, pin, seen, _world.CardUses)).Refusal?.Code;
}
