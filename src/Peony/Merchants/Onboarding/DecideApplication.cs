using Peony.Book;
using Peony.Ledger;
using Peony.Operators;

namespace Peony.Merchants.Onboarding;

/// <summary>An operator has read an application and proposes how to decide it.</summary>
/// <param name="RatePpm">The fee on a payment, 0 to 100,000 parts per million; null to decline.</param>
/// <param name="Words">Why; the applicant reads it.</param>
internal sealed record ProposeDecision(OperatorSessionId Session, MerchantApplicationId Application, long? RatePpm, string Words) : ICommand<ApplicationView>
{
    private const long RateMost = 100_000;

    public Result<ApplicationView> Handle(IWork work)
    {
        if (new AuthenticateOperator(Session, OperatorRole.Reviewer).Handle(work).IsRefused(out var refusal, out var maker))
        {
            return refusal;
        }

        if (work.Find<MerchantApplication>(Application.Value) is not { } application)
        {
            return OnboardingRefusals.NotFound;
        }

        if (RatePpm is < 0 or > RateMost)
        {
            return OnboardingRefusals.RateInvalid;
        }

        if (OperatorReason.Read(Words).IsRefused(out refusal, out var words)
            || application.Propose(new ApplicationProposal(maker.Operator, RatePpm, words, work.Now)).IsRefused(out refusal, out var proposed))
        {
            return refusal;
        }

        work.Save(proposed);
        return proposed.View();
    }
}

/// <summary>A second operator agrees with a proposal, and the merchant is open, or not; or objects, and it waits for another one.</summary>
/// <param name="Objection">What they have against it; null when they agree.</param>
internal sealed record DecideApplication(OperatorSessionId Session, MerchantApplicationId Application, string? Objection = null) : ICommand<ApplicationView>
{
    public Result<ApplicationView> Handle(IWork work)
    {
        if (FourEyes.Of<MerchantApplication>(work, Session, Application.Value, OnboardingRefusals.NotFound, one => one.Proposal?.By is { } by ? by : OnboardingRefusals.NotWaiting)
            .IsRefused(out var refusal, out var pair))
        {
            return refusal;
        }

        var (application, checker) = pair;
        if (Objection is not null)
        {
            if (OperatorReason.Read(Objection).IsRefused(out refusal, out var words) || application.Object(words).IsRefused(out refusal, out var back))
            {
                return refusal;
            }

            work.Save(back);
            return back.View();
        }

        if (application.Decide(checker, work.Now).IsRefused(out refusal, out var decided))
        {
            return refusal;
        }

        decided = decided with { Merchant = Carry(work, decided) };
        work.Save(decided);
        return decided.View();
    }

    /// <summary>Opens the merchant, or gives the one that is open already what was decided.</summary>
    private static MerchantId? Carry(IWork work, MerchantApplication decided)
    {
        if (decided.Merchant is not { } open)
        {
            return decided.Proposal!.RatePpm is { } rate ? Merchants.Merchant.Open(work, decided.Name, decided.Category, rate, decided.Products, decided.Customer).Id : null;
        }

        var merchant = work.Get<Merchant>(open.Value);
        work.Save(decided.Proposal!.RatePpm is { } agreed ? merchant with { RatePpm = agreed } : merchant with { State = MerchantState.Suspended });
        return open;
    }
}
