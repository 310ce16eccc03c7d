using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Edge;

namespace Peony.Risk;

/// <summary>Risk rules as data, decisions with reasons, and the review queue.</summary>
internal sealed class RiskModule(RiskRules rules) : IModule
{
    public const string BySubject = "subject";
    public const string ByCustomer = "customer";
    public const string ByState = "state";

    /// <summary>At most one open review a subject.</summary>
    public const string OpenBySubject = "open_subject";

    public void Describe(BookSchema schema)
    {
        schema.Constant(rules);
        schema.Record<RiskDecision>("risk_decision").Index(BySubject, decision => decision.Subject).Index(ByCustomer, decision => decision.Customer.Value);
        schema.Record<Review>("review").Index(ByState, review => review.State.ToString()).Index(ByCustomer, review => review.Customer.Value)
            .Unique(OpenBySubject, review => review.State == ReviewState.Open ? review.Subject : null);

        schema.Command<AssessRisk>("risk.assess");
        schema.Command<ForeseeRisk>("risk.foresee");
        schema.Command<OpenReview>("risk.open_review");
        schema.Command<CloseReview>("risk.close_review");
    }

    public void AddServices(IServiceCollection services, PeonyOptions options)
    {
    }

    public void MapApi(IEndpointRouteBuilder api)
    {
    }
}
