using Peony.Book;
using Peony.Customers;
using Peony.Identifiers;
using Peony.Merchants;
using Peony.Merchants.Onboarding;
using Peony.Operators;
using Peony.Tests.Trades;
using Peony.Trades;

namespace Peony.Tests.Merchants;

/// <summary>Somebody applies to be a merchant.</summary>
public sealed class OnboardingTests
{
    private static readonly BusinessFacts Facts = new("91350100M000100Y43", "清心茶业有限公司", "福州市鼓楼区茶亭街 1 号");
    private readonly MoneyWorld _world = new();
    private readonly Person _person;
    private int _operators;

    public OnboardingTests() => _person = _world.Join();

    [Fact]
    public void Step_by_step_to_a_merchant_that_two_operators_have_agreed_on()
    {
        var (maker, checker) = (Operator(OperatorRole.Reviewer), Operator(OperatorRole.Reviewer));
        var application = Submit(isSandbox: false);
        Assert.Null(application.Merchant);
        Assert.Equal("operator.role_too_low", Refusal(new ProposeDecision(Operator(OperatorRole.Support), application.Id, 5_500, "ok")));
        Assert.Equal("application.not_waiting", Refusal(new DecideApplication(checker, application.Id)));
        Done(new ProposeDecision(maker, application.Id, 5_500, "执照真实"));
        Assert.Equal("operator.own_work", Refusal(new DecideApplication(maker, application.Id)));
        var decided = Done(new DecideApplication(checker, application.Id));
        Assert.Equal(ApplicationState.Approved, decided.State);
        Assert.Equal("application.not_waiting", Refusal(new DecideApplication(checker, application.Id)));

        var place = Assert.Single(new StaffReader(_world.Book.Reader).WorkplacesAsync(_person.Customer, TestContext.Current.CancellationToken).Result);
        Assert.Equal((StaffRole.Owner, 5_500L, decided.Merchant), (place.Role, place.Merchant.RatePpm, place.Merchant.Id));
        Assert.Equal([MerchantProduct.Payments, MerchantProduct.Instalments], place.Merchant.Products);
        var sold = _world.Book.Run(new PrepareTrade(new StaffProof(_person.Session, place.Merchant.Id, StaffRight.Sell), Till.Order("T1", 10_00)));
        Assert.True(sold.IsDone);
    }

    [Fact]
    public void An_objection_sends_it_back_and_another_proposal_declines_it()
    {
        var (maker, checker) = (Operator(OperatorRole.Reviewer), Operator(OperatorRole.Admin));
        var application = Submit(isSandbox: false);
        Done(new ProposeDecision(maker, application.Id, 5_500, "执照真实"));
        Assert.Equal("operator.reason_needed", Refusal(new DecideApplication(checker, application.Id, " ")));
        Assert.Equal((ApplicationState.Submitted, "地址不符"), (Done(new DecideApplication(checker, application.Id, "地址不符")) is var back ? back.State : 0, back.Objection));
        Done(new ProposeDecision(checker, application.Id, null, "地址不符"));
        Assert.Equal(ApplicationState.Declined, Done(new DecideApplication(maker, application.Id)).State);
        Assert.Empty(new StaffReader(_world.Book.Reader).WorkplacesAsync(_person.Customer, TestContext.Current.CancellationToken).Result);

        // Whoever was declined may apply again.
        Assert.NotEqual(application.Id, Submit(isSandbox: false).Id);
    }

    [Fact]
    public void In_the_sandbox_the_shop_works_at_once_and_a_decision_counts_from_then_on()
    {
        var (maker, checker) = (Operator(OperatorRole.Reviewer), Operator(OperatorRole.Reviewer));
        var application = Submit(isSandbox: true);
        var proof = new StaffProof(_person.Session, application.Merchant!.Value, StaffRight.Sell);
        Assert.True(_world.Book.Run(new PrepareTrade(proof, Till.Order("T1", 10_00))).IsDone);
        Done(new ProposeDecision(maker, application.Id, null, "禁售品"));
        Done(new DecideApplication(checker, application.Id));
        Assert.Equal("merchant.not_active", _world.Book.Run(new PrepareTrade(proof, Till.Order("T2", 10_00))).Refusal!.Code);
    }

    [Fact]
    public void What_is_missing_or_wrong_is_said_and_what_was_handed_in_stays()
    {
        Assert.Equal("application.not_found", Refusal(new SayWhatBusiness(_person.Session, Facts)));
        Assert.Equal("application.invalid", Refusal(new SayWhoApplies(_person.Session, BusinessKind.Company, " ", MerchantCategory.Dining)));
        Done(new SayWhoApplies(_person.Session, BusinessKind.Company, "清心茶馆", MerchantCategory.Dining));
        Assert.Equal("application.incomplete", Refusal(new SubmitApplication(_person.Session, [], IsSandbox: false)));
        Assert.Equal("application.invalid", Refusal(new SayWhatBusiness(_person.Session, Facts with { Registration = "91350100M000100Y44" })));
        Assert.Equal("application.invalid", Refusal(new SayWhatBusiness(_person.Session, Facts with { Address = "x" })));
        Done(new SayWhatBusiness(_person.Session, Facts));
        // Another kind has other papers.
        Assert.Null(Done(new SayWhoApplies(_person.Session, BusinessKind.Person, "清心茶馆", MerchantCategory.Dining)).Facts);
        Done(new SayWhatBusiness(_person.Session, Facts with { Registration = null }));
        Done(new SubmitApplication(_person.Session, [], IsSandbox: false));
        Assert.Equal("application.submitted", Refusal(new SayWhoApplies(_person.Session, BusinessKind.Person, "另一个", MerchantCategory.Dining)));
        Assert.Equal("application.submitted", Refusal(new SubmitApplication(_person.Session, [], IsSandbox: false)));
        Assert.Equal("application.rate_invalid", Refusal(new ProposeDecision(Operator(OperatorRole.Reviewer), new ApplicationReader(_world.Book.Reader).NewestOfAsync(_person.Customer, TestContext.Current.CancellationToken).Result!.Id, 100_001, "x")));
    }

    [Theory]
    [InlineData("91350100M000100Y43", true)]
    [InlineData("９１３５０１００m000100y43", true)]
    [InlineData("91350100M000100Y4X", false)]
    [InlineData("91350100O000100Y43", false)]
    [InlineData("91350100M000100Y4", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_credit_identifier_follows_from_its_own_characters(string? text, bool isOne) => Assert.Equal(isOne, UnifiedCreditCode.Parse(text) is { Value: "91350100M000100Y43" });

    [Fact]
    public void No_credit_identifier_with_one_character_changed_is_one()
    {
        const string alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
        const string right = "91350100M000100Y43";
        foreach (var place in Enumerable.Range(0, right.Length))
        {
            Assert.All(alphabet.Where(other => other != right[place]), other => Assert.Null(UnifiedCreditCode.Parse(right[..place] + other + right[(place + 1)..])));
        }
    }

    private ApplicationView Submit(bool isSandbox)
    {
        Done(new SayWhoApplies(_person.Session, BusinessKind.Company, "清心茶馆", MerchantCategory.Dining));
        Done(new SayWhatBusiness(_person.Session, Facts));
        return Done(new SubmitApplication(_person.Session, [MerchantProduct.Instalments], isSandbox));
    }

    private ApplicationView Done(ICommand<ApplicationView> command)
    {
        var result = _world.Book.Run(command);
        Assert.False(result.IsRefused(out var refusal, out var view), refusal?.Code);
        return view!;
    }

    private OperatorSessionId Operator(OperatorRole role) => _world.Book.Run(new PlantOperator($"o{_operators++}", role)).Value.Session;

    private string? Refusal(ICommand<ApplicationView> command) => _world.Book.Run(command).IsRefused(out var refusal, out _) ? refusal.Code : null;
}
