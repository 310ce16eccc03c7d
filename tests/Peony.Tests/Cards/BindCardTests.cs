using Peony.Book;
using Peony.Cards;
using Peony.Customers;

namespace Peony.Tests.Cards;

public sealed class BindCardTests
{
    private readonly MoneyWorld _world = new();

    [Fact]
    public void A_card_confirmed_by_the_bureau_is_bound_as_version_1()
    {
        var person = _world.Join();
        var card = _world.Bind(person);
        Assert.Equal((1, "CMB", CardKind.Debit, "0001", true), (card.Version, card.Bank, card.Kind, card.LastFour, card.IsBound));
        var told = Assert.Single(_world.Book.Told<CardBound>());
        Assert.Equal((person.Customer, card.Id), (told.Customer, told.Card));
    }

    [Fact]
    public void The_same_number_bound_again_is_the_same_card_in_its_next_version()
    {
        var person = _world.Join();
        var first = _world.Bind(person);
        Unbind(person, first);
        _world.Book.Advance(TimeSpan.FromDays(2));
        var second = _world.Bind(person);
        Assert.Equal(first.Id, second.Id);
        Assert.Equal(2, second.Version);
        Assert.Equal(first.BoundAt + TimeSpan.FromDays(2), second.BoundAt);
    }

    [Theory]
    [InlineData(FourElementsAnswer.Differ, "card.four_elements_differ")]
    [InlineData(FourElementsAnswer.NotSupported, "card.not_supported")]
    internal void A_no_of_the_bureau_binds_nothing(FourElementsAnswer answer, string refusal)
    {
        var person = _world.Join();
        Assert.Equal(refusal, _world.Book.Run(new BindCard(person.Session, MoneyWorld.Card("6226090000000001"), answer)).Refusal!.Code);
        Assert.Empty(_world.Book.Run(new ListCards(person.Customer)).Value.Cards);
    }

    [Fact]
    public void A_bound_number_is_not_bound_twice()
    {
        var person = _world.Join();
        _world.Bind(person);
        Assert.Equal("card.already_bound", TryBind(person));
    }

    [Fact]
    public void A_number_another_customer_has_bound_is_refused_until_they_unbind_it()
    {
        var first = _world.Join();
        var second = _world.Join();
        var card = _world.Bind(first);
        Assert.Equal("card.bound_elsewhere", TryBind(second));
        Unbind(first, card);
        Assert.Null(TryBind(second));
    }

    [Fact]
    public void The_rule_may_allow_one_number_for_two_customers()
    {
        var world = new MoneyWorld(CardRules.Shipped() with { SameNumberOfAnotherCustomer = SameNumberRule.Allow });
        world.Bind(world.Join());
        Assert.Equal(1, world.Bind(world.Join()).Version);
    }

    [Fact]
    public void An_unverified_customer_binds_no_card()
    {
        Assert.Equal("verification.required", TryBind(_world.Join(VerificationLevel.None)));
    }

    [Fact]
    public void A_frozen_customer_binds_no_card()
    {
        var person = _world.Join();
        _world.Book.Run(new PlantFreeze(person.Customer, IsFrozen: true));
        Assert.Equal("customer.frozen", TryBind(person));
    }

    [Fact]
    public void No_more_cards_are_bound_than_the_rules_allow()
    {
        var world = new MoneyWorld(CardRules.Shipped() with { MostBound = 1 });
        var person = world.Join();
        world.Bind(person);
        Assert.Equal("card.too_many", world.Book.Run(new BindCard(person.Session, MoneyWorld.Card("6226090000000002"), FourElementsAnswer.Agree)).Refusal!.Code);
    }

    [Fact]
    public void The_bureau_is_asked_at_most_ten_times_within_24_hours()
    {
        var person = _world.Join();
        for (var number = 0; number < 10; number++)
        {
            Assert.True(Ask(person, $"hash-{number}").IsDone);
        }

        Assert.Equal("card.too_many_tries", Ask(person, "hash-10").Refusal!.Code);
        _world.Book.Advance(TimeSpan.FromHours(24));
        Assert.True(Ask(person, "hash-10").IsDone);
    }

    [Fact]
    public void An_erased_customers_cards_are_forgotten_and_free_the_number()
    {
        var first = _world.Join();
        var card = _world.Bind(first);
        _world.Book.Run(new ForgetCards(first.Customer));
        var left = _world.Book.Run(new ReadCard(first.Customer, card.Id)).Value;
        Assert.Equal((false, ""), (left.IsBound, left.LastFour));
        Assert.Null(TryBind(_world.Join()));
    }

    private string? TryBind(Person person) =>
        _world.Book.Run(new BindCard(person.Session, MoneyWorld.Card("6226090000000001"), FourElementsAnswer.Agree)).Refusal?.Code;

    private Result<BindPermit> Ask(Person person, string hash) => _world.Book.Run(new AskToBind(person.Session, hash));

    private void Unbind(Person person, CardView card) =>
        Assert.False(_world.Book.Run(new UnbindCard(person.Session, card.Id, MoneyWorld.Pin, [], _world.CardUses)).Value.IsBound);
}
