using Peony.Ledger;
using Peony.Risk;

namespace Peony.Tests.Risk;

public sealed class RiskRulesTests
{
    private static readonly RiskFacts Calm = new("withdrawal", Money.Cny(100_00), CardAgeMinutes: 100_000, DeviceAgeMinutes: 100_000, ActsOfDay: 0, Money.Cny(0), WrongSecretsOfDay: 0);

    private readonly RiskRules _rules = RiskRules.Shipped();

    [Fact]
    public void What_no_rule_speaks_of_is_allowed()
    {
        var (verdict, reasons) = _rules.Decide(Calm);

        Assert.Equal(RiskVerdict.Allow, verdict);
        Assert.Empty(reasons);
    }

    [Fact]
    public void All_rules_that_hold_give_their_reasons_and_the_strictest_decides()
    {
        var (verdict, reasons) = _rules.Decide(Calm with { Amount = Money.Cny(30_000_00), DeviceAgeMinutes = 5, CardAgeMinutes = 5 });

        Assert.Equal(RiskVerdict.Review, verdict);
        Assert.Equal(["new_device", "new_card", "large"], reasons.Select(reason => reason.Rule));
        Assert.All(reasons, reason => Assert.True(reason.Zh.Length > 0 && reason.En.Length > 0));
    }

    [Fact]
    public void Each_shipped_rule_holds_from_its_edge_and_not_before()
    {
        Assert.Equal(RiskVerdict.Allow, _rules.Decide(Calm with { DeviceAgeMinutes = 24 * 60, Amount = Money.Cny(1_000_01) }).Verdict);
        Assert.Equal(RiskVerdict.Passkey, _rules.Decide(Calm with { DeviceAgeMinutes = (24 * 60) - 1, Amount = Money.Cny(1_000_01) }).Verdict);
        Assert.Equal(RiskVerdict.Allow, _rules.Decide(Calm with { CardAgeMinutes = 5, Amount = Money.Cny(800_00) }).Verdict);
        Assert.Equal(RiskVerdict.Review, _rules.Decide(Calm with { CardAgeMinutes = 5, Amount = Money.Cny(800_01) }).Verdict);
        Assert.Equal(RiskVerdict.Allow, _rules.Decide(Calm with { CardAgeMinutes = null, Amount = Money.Cny(800_01) }).Verdict);
        Assert.Equal(RiskVerdict.Allow, _rules.Decide(Calm with { ActsOfDay = 9 }).Verdict);
        Assert.Equal(RiskVerdict.Review, _rules.Decide(Calm with { ActsOfDay = 10 }).Verdict);
        Assert.Equal(RiskVerdict.Refuse, _rules.Decide(Calm with { ActsOfDay = 30 }).Verdict);
        Assert.Equal(RiskVerdict.Passkey, _rules.Decide(Calm with { WrongSecretsOfDay = 10 }).Verdict);
    }

    [Theory]
    [InlineData("""{"version": "1", "rules": [{"name": "a", "when": {}, "then": "refuse", "zh": "x", "en": "x"}]}""")]
    [InlineData("""{"version": "1", "rules": [{"name": "a", "when": {"act": "withdrawal"}, "then": "review", "zh": "x", "en": "x"}]}""")]
    [InlineData("""{"version": "1", "rules": [{"name": "a", "when": {"amountAbove": 1}, "then": "allow", "zh": "x", "en": "x"}]}""")]
    [InlineData("""{"version": "1", "rules": [{"name": "a", "when": {"amountAbove": 1, "moon": "full"}, "then": "refuse", "zh": "x", "en": "x"}]}""")]
    [InlineData("""{"version": "1", "rules": [{"name": "a", "when": {"amountAbove": 1}, "then": "refuse", "zh": "x", "en": "x"}, {"name": "a", "when": {"amountAbove": 2}, "then": "refuse", "zh": "x", "en": "x"}]}""")]
    [InlineData("not json")]
    public void Rules_that_mean_nothing_do_not_start(string json) => Assert.Throws<InvalidOperationException>(() => RiskRules.Parse(json));
}
