using Peony.Book;
using Peony.Customers;
using Peony.Operators;

namespace Peony.Merchants.Onboarding;

public readonly record struct MerchantApplicationId(string Value) : IId<MerchantApplicationId>
{
    public static string Prefix => "apl";
    public static MerchantApplicationId Of(string value) => new(value);
    public override string ToString() => Value;
}

/// <summary>Who applies.</summary>
public enum BusinessKind
{
    Company = 1,

    /// <summary>个体工商户.</summary>
    SoleTrader = 2,

    /// <summary>A person without a registered business.</summary>
    Person = 3,
}

/// <summary>Where an application stands.</summary>
public enum ApplicationState
{
    /// <summary>The applicant is at it; every step is kept.</summary>
    Draft = 1,

    /// <summary>Handed in; an operator reads it.</summary>
    Submitted = 2,

    /// <summary>One operator has proposed how to decide; another one decides.</summary>
    Proposed = 3,

    Approved = 4,

    Declined = 5,
}

/// <summary>What a business is.</summary>
/// <param name="Registration">Unified social credit identifier (GB 32100-2015); null for a person.</param>
/// <param name="LegalName">The name it is registered under, 1 to 100 characters; a person's own.</param>
/// <param name="Address">Where it is, 5 to 200 characters.</param>
public sealed record BusinessFacts(string? Registration, string LegalName, string Address);

/// <summary>How an operator proposes to decide.</summary>
/// <param name="RatePpm">The fee on a payment, parts per million; null when it is to be declined.</param>
/// <param name="Words">Why; the applicant reads it.</param>
public sealed record ApplicationProposal(OperatorId By, long? RatePpm, string Words, DateTimeOffset At);

/// <summary>Somebody applies to be a merchant: what they said, step by step, and what became of it.</summary>
/// <param name="Products">What they apply for; payments always.</param>
internal sealed record MerchantApplication(MerchantApplicationId Id, CustomerId Customer, ApplicationState State, BusinessKind Kind, string Name, MerchantCategory Category, BusinessFacts? Facts,
    IReadOnlyList<MerchantProduct> Products, DateTimeOffset StartedAt) : IRecord
{
    public DateTimeOffset? SubmittedAt { get; init; }

    public ApplicationProposal? Proposal { get; init; }

    public OperatorId? DecidedBy { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>What a second operator had against the proposal before.</summary>
    public string? Objection { get; init; }

    /// <summary>The merchant it became; in the sandbox from the moment it is handed in.</summary>
    public MerchantId? Merchant { get; init; }

    public string Key => Id.Value;

    /// <summary>The customer's application that is not decided yet: there is one at a time.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string? OpenOf => State is ApplicationState.Approved or ApplicationState.Declined ? null : Customer.Value;

    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsWaiting => State is ApplicationState.Submitted or ApplicationState.Proposed;

    public Result<MerchantApplication> Change() => State == ApplicationState.Draft ? this : OnboardingRefusals.Submitted;

    public Result<MerchantApplication> Submit(DateTimeOffset now) => State switch
    {
        ApplicationState.Draft when Facts is null => OnboardingRefusals.Incomplete,
        ApplicationState.Draft => this with { State = ApplicationState.Submitted, SubmittedAt = now },
        _ => OnboardingRefusals.Submitted,
    };

    public Result<MerchantApplication> Propose(ApplicationProposal proposal) => State switch
    {
        ApplicationState.Submitted or ApplicationState.Proposed => this with { State = ApplicationState.Proposed, Proposal = proposal, Objection = null },
        _ => OnboardingRefusals.NotWaiting,
    };

    /// <summary>A second operator agrees with what was proposed.</summary>
    public Result<MerchantApplication> Decide(OperatorId checker, DateTimeOffset now) => State switch
    {
        ApplicationState.Proposed => this with { State = Proposal!.RatePpm is null ? ApplicationState.Declined : ApplicationState.Approved, DecidedBy = checker, DecidedAt = now },
        _ => OnboardingRefusals.NotWaiting,
    };

    /// <summary>A second operator does not agree: it waits for another proposal.</summary>
    public Result<MerchantApplication> Object(string words) => State switch
    {
        ApplicationState.Proposed => this with { State = ApplicationState.Submitted, Objection = words },
        _ => OnboardingRefusals.NotWaiting,
    };

    public ApplicationView View() => new(Id, Customer, State, Kind, Name, Category, Facts, Products, StartedAt, SubmittedAt, Proposal, Objection, DecidedBy, DecidedAt, Merchant);
}

/// <summary>An application as its applicant and operators see it.</summary>
public sealed record ApplicationView(MerchantApplicationId Id, CustomerId Customer, ApplicationState State, BusinessKind Kind, string Name, MerchantCategory Category, BusinessFacts? Facts,
    IReadOnlyList<MerchantProduct> Products, DateTimeOffset StartedAt, DateTimeOffset? SubmittedAt, ApplicationProposal? Proposal, string? Objection, OperatorId? DecidedBy, DateTimeOffset? DecidedAt, MerchantId? Merchant);
