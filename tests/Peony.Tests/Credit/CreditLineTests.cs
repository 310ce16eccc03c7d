using Peony.Cards;
using Peony.Credit;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Tests.Credit;

public sealed class CreditLineTests
{
    private readonly MoneyWorld _world = new();

    [Fact]
    public void A_verified_customer_with_an_own_card_opens_a_line_and_sees_why_its_limit_is_what_it_is()
    {
        var person = _world.Join();
        var line = _world.OpenLine(person, _world.Bind(person));
        Assert.Equal((Money.Cny(1_500_00), Money.Cny(0), Money.Cny(1_500_00)), (line.Limit, line.Owed, line.Available));
        Assert.Equal(["verified", "debit_card"], line.Reasons.Select(reason => reason.Rule));
        Assert.Equal(line.Limit.Minor, line.Reasons.Sum(reason => reason.Adds.Minor));
        Assert.Equal(line.Limit, Assert.Single(_world.Book.Told<CreditLineOpened>()).Limit);
    }

    [Fact]
    public void The_terms_accepted_are_kept_word_by_word()
    {
        var person = _world.Join();
        _world.OpenLine(person, _world.Bind(person));
        var line = _world.Book.Reader.FindAsync<CreditLine>(person.Customer.Value).Result!;
        var kept = _world.Book.Reader.FindAsync<TermsText>(line.Terms.Digest).Result!;
        Assert.Equal((_world.Terms.Version, _world.Terms.Zh, _world.Terms.En), (kept.Version, kept.Zh, kept.En));
    }

    [Fact]
    public void Terms_that_were_not_shown_are_not_accepted()
    {
        var person = _world.Join();
        var card = _world.Bind(person);
        Assert.Equal("credit.terms_changed", _world.Book.Run(new OpenCreditLine(person.Session, card.Id, "other")).Refusal!.Code);
    }

    [Fact]
    public void A_dry_run_answers_the_limit_and_opens_nothing()
    {
        var person = _world.Join();
        var card = _world.Bind(person);
        Assert.Equal(Money.Cny(1_500_00), _world.Book.DryRun(new OpenCreditLine(person.Session, card.Id, _world.Terms.Digest)).Result.Value.Limit);
        Assert.Null(CreditReader.LineAsync(_world.Book.Reader, person.Customer).Result);
    }

    [Fact]
    public void One_line_a_customer()
    {
        var person = _world.Join();
        var card = _world.Bind(person);
        _world.OpenLine(person, card);
        Assert.Equal("credit.line_already_open", _world.Book.Run(new OpenCreditLine(person.Session, card.Id, _world.Terms.Digest)).Refusal!.Code);
    }

    [Fact]
    public void Without_an_own_card_there_is_no_line()
    {
        var card = _world.Bind(_world.Join());
        Assert.Equal("card.not_found", _world.Book.Run(new OpenCreditLine(_world.Join().Session, card.Id, _world.Terms.Digest)).Refusal!.Code);
    }

    [Theory]
    [InlineData(VerificationLevel.Basic, CardKind.Debit, 0, 1_500_00)]
    [InlineData(VerificationLevel.Basic, CardKind.Credit, 0, 3_000_00)]
    [InlineData(VerificationLevel.Basic, CardKind.Debit, 720, 5_000_00)]
    [InlineData(VerificationLevel.Enhanced, CardKind.Debit, 0, 5_500_00)]
    [InlineData(VerificationLevel.Enhanced, CardKind.Credit, 720, 10_000_00)]
    public void The_shipped_rules_decide(VerificationLevel level, CardKind kind, int cardAgeHours, long limit)
    {
        var decision = CreditLineRules.Shipped().Decide(new CreditApplicant(level, kind, TimeSpan.FromHours(cardAgeHours)));
        Assert.True(decision.IsGranted);
        Assert.Equal(limit, decision.Limit.Minor);
        Assert.Equal(limit, decision.Reasons.Sum(reason => reason.Adds.Minor));
    }

    [Fact]
    public void A_refusing_rule_says_why_in_both_languages()
    {
        var decision = CreditLineRules.Shipped().Decide(new CreditApplicant(VerificationLevel.None, CardKind.Debit, TimeSpan.Zero));
        Assert.False(decision.IsGranted);
        var reason = Assert.Single(decision.Reasons);
        Assert.Equal(("尚未完成实名认证。", "Your identity is not verified yet."), (reason.Zh, reason.En));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("""{"version":"1","currency":"CNY","least":2,"most":1,"mostZh":"","mostEn":"","leastZh":"","leastEn":"","rules":[]}""")]
    [InlineData("""{"version":"1","currency":"CNY","least":1,"most":1,"mostZh":"","mostEn":"","leastZh":"","leastEn":"","rules":[{"name":"a","when":{},"zh":"","en":""}]}""")]
    [InlineData("""{"version":"1","currency":"CNY","least":1,"most":1,"mostZh":"","mostEn":"","leastZh":"","leastEn":"","rules":[],"typo":1}""")]
    public void Rules_that_contradict_themselves_are_not_loaded(string json) => Assert.Throws<InvalidOperationException>(() => CreditLineRules.Parse(json));
}
