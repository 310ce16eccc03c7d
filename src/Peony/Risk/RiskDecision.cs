using Peony.Book;
using Peony.Customers;

namespace Peony.Risk;

/// <summary>A risk decision as it was made: what was known, which rules held, what followed. Kept for ever, also when the answer was no.</summary>
/// <param name="Subject">What was decided on: <c>wd_…</c>.</param>
/// <param name="RulesVersion">The version of the rule file that decided.</param>
internal sealed record RiskDecision(RiskDecisionId Id, CustomerId Customer, string Subject, RiskFacts Facts, string RulesVersion, RiskVerdict Verdict,
    IReadOnlyList<RiskReason> Reasons, DateTimeOffset At) : IRecord
{
    public string Key => Id.Value;
}

/// <summary>Decides by the rules, for another capability inside its work, and records the decision; it stays recorded when the caller refuses because of it.</summary>
internal sealed record AssessRisk(CustomerId Customer, string Subject, RiskFacts Facts) : ICommand<RiskAssessment>
{
    public Result<RiskAssessment> Handle(IWork work)
    {
        var rules = work.Use<RiskRules>();
        var (verdict, reasons) = rules.Decide(Facts);
        var decision = new RiskDecision(work.NewId<RiskDecisionId>(), Customer, Subject, Facts, rules.Version, verdict, reasons, work.Now);
        work.Save(decision);
        work.KeepOnRefusal(decision);
        return new RiskAssessment(decision.Id, verdict, reasons);
    }
}

/// <summary>What the rules would decide, recorded nowhere: for a review step before anything is asked for.</summary>
internal sealed record ForeseeRisk(RiskFacts Facts) : ICommand<RiskForeseen>
{
    public Result<RiskForeseen> Handle(IWork work)
    {
        var (verdict, reasons) = work.Use<RiskRules>().Decide(Facts);
        return new RiskForeseen(verdict, reasons);
    }
}

internal sealed record RiskForeseen(RiskVerdict Verdict, IReadOnlyList<RiskReason> Reasons);
