using Peony.Book;
using Peony.Customers;
using Peony.Identifiers;

namespace Peony.Merchants.Onboarding;

/// <summary>The first step: who applies, and what the shop is called. Begins an application, or changes the one that was begun.</summary>
/// <param name="Name">What buyers see, 1 to 64 characters.</param>
internal sealed record SayWhoApplies(SessionId Session, BusinessKind Kind, string Name, MerchantCategory Category) : ICommand<ApplicationView>
{
    private const int NameMost = 64;

    public Result<ApplicationView> Handle(IWork work)
    {
        if (Applications.Applicant(work, Session).IsRefused(out var refusal, out var customer))
        {
            return refusal;
        }

        if (Text.Normalise(Name) is not { Length: > 0 and <= NameMost } name)
        {
            return OnboardingRefusals.Invalid.With("field", "name");
        }

        var begun = work.FindOne<MerchantApplication>(MerchantsModule.ByApplicant, customer.Value)
            ?? new MerchantApplication(work.NewId<MerchantApplicationId>(), customer, ApplicationState.Draft, Kind, name, Category, null, [MerchantProduct.Payments], work.Now);
        if (begun.Change().IsRefused(out refusal, out var draft))
        {
            return refusal;
        }

        // Another kind has other papers.
        var changed = draft with { Kind = Kind, Name = name, Category = Category, Facts = draft.Kind == Kind ? draft.Facts : null };
        work.Save(changed);
        return changed.View();
    }
}

/// <summary>The second step: what the business is.</summary>
internal sealed record SayWhatBusiness(SessionId Session, BusinessFacts Facts) : ICommand<ApplicationView>
{
    private const int NameMost = 100;
    private const int AddressLeast = 5;
    private const int AddressMost = 200;

    public Result<ApplicationView> Handle(IWork work)
    {
        if (Applications.Draft(work, Session).IsRefused(out var refusal, out var draft))
        {
            return refusal;
        }

        var registration = UnifiedCreditCode.Parse(Facts.Registration)?.Value;
        if (draft.Kind != BusinessKind.Person && registration is null)
        {
            return OnboardingRefusals.Invalid.With("field", "registration");
        }

        if (Text.Normalise(Facts.LegalName) is not { Length: > 0 and <= NameMost } name)
        {
            return OnboardingRefusals.Invalid.With("field", "legal_name");
        }

        if (Text.Normalise(Facts.Address) is not { Length: >= AddressLeast and <= AddressMost } address)
        {
            return OnboardingRefusals.Invalid.With("field", "address");
        }

        var changed = draft with { Facts = new BusinessFacts(draft.Kind == BusinessKind.Person ? null : registration, name, address) };
        work.Save(changed);
        return changed.View();
    }
}

/// <summary>The last step: which products, with their terms; it is handed in.</summary>
/// <param name="Products">Beside payments.</param>
/// <param name="IsSandbox">The shop opens at once, because nothing it is paid is money; what operators decide counts from then on.</param>
internal sealed record SubmitApplication(SessionId Session, IReadOnlyList<MerchantProduct> Products, bool IsSandbox) : ICommand<ApplicationView>
{
    /// <summary>The fee on a payment until operators have decided.</summary>
    private const long SandboxRate = 6_000;

    public Result<ApplicationView> Handle(IWork work)
    {
        if (Applications.Draft(work, Session).IsRefused(out var refusal, out var draft))
        {
            return refusal;
        }

        if (!Products.All(Enum.IsDefined))
        {
            return OnboardingRefusals.Invalid.With("field", "products");
        }

        if ((draft with { Products = [.. Products.Append(MerchantProduct.Payments).Distinct().Order()] }).Submit(work.Now).IsRefused(out refusal, out var submitted))
        {
            return refusal;
        }

        if (IsSandbox)
        {
            submitted = submitted with { Merchant = Merchants.Merchant.Open(work, submitted.Name, submitted.Category, SandboxRate, submitted.Products, submitted.Customer).Id };
        }

        work.Save(submitted);
        return submitted.View();
    }
}

internal static class Applications
{
    /// <summary>Who applies: somebody verified, whose account is not frozen.</summary>
    public static Result<CustomerId> Applicant(IWork work, SessionId session)
    {
        if (new AuthenticateActive(session).Handle(work).IsRefused(out var refusal, out var caller) || new RequireVerified(caller.Customer, VerificationLevel.Basic).Handle(work).IsRefused(out refusal, out _))
        {
            return refusal;
        }

        return caller.Customer;
    }

    public static Result<MerchantApplication> Draft(IWork work, SessionId session)
    {
        if (Applicant(work, session).IsRefused(out var refusal, out var customer))
        {
            return refusal;
        }

        return work.FindOne<MerchantApplication>(MerchantsModule.ByApplicant, customer.Value) is { } begun ? begun.Change() : OnboardingRefusals.NotFound;
    }
}
