using Peony.Book;
using Peony.Identifiers;

namespace Peony.Operators;

/// <summary>Four eyes: who prepared something does not decide it. Asked in the slice, not in the page.</summary>
internal static class FourEyes
{
    /// <summary>The matter a second operator is about to decide, and who that is.</summary>
    /// <param name="missing">When there is no such matter. Somebody without a session is not told which there are.</param>
    /// <param name="maker">Who prepared it: the id its record keeps; or why there is nothing to decide.</param>
    public static Result<(T Matter, OperatorId Checker)> Of<T>(IWork work, OperatorSessionId session, string id, Refusal missing, Func<T, Result<OperatorId>> maker)
        where T : class, IRecord
    {
        if (new AuthenticateOperator(session, OperatorRole.Reviewer).Handle(work).IsRefused(out var refusal, out var checker))
        {
            return refusal;
        }

        if (work.Find<T>(id) is not { } matter)
        {
            return missing;
        }

        if (maker(matter).IsRefused(out refusal, out var first))
        {
            return refusal;
        }

        return first == checker.Operator ? OperatorsRefusals.OwnWork : (matter, checker.Operator);
    }
}

/// <summary>Why an operator does something, in their words; no personal data.</summary>
internal static class OperatorReason
{
    /// <summary>Characters at most.</summary>
    public const int Most = 200;

    public static Result<string> Read(string? text)
    {
        var reason = Text.Normalise(text);
        return reason.Length is 0 or > Most ? OperatorsRefusals.ReasonNeeded : reason;
    }
}
