using Peony.Ledger;

namespace Peony.Credit;

/// <summary>One instalment: what is due, and what of it is paid.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Balance">The principal left when this instalment and those before are paid, and what is drawn until then.</param>
/// <param name="PaidInAdvance">The part of what is paid that came before the due day.</param>
/// <param name="PaidLate">The part that came after it.</param>
internal sealed record LoanInstalment(int Number, DateOnly Due, Money Interest, Money Principal, Money Balance, Money Paid, Money PaidInAdvance, Money PaidLate)
{
    public Money Total => Interest + Principal;
}

/// <summary>What pays a loan off on a day.</summary>
internal readonly record struct Payoff(Money Principal, Money Interest)
{
    public Money Total => Principal + Interest;
}

/// <summary>The instalments of a loan as of a day: a function of terms and facts alone.</summary>
/// <param name="Overpaid">What was repaid beyond all that was owed.</param>
internal sealed record LoanSchedule(IReadOnlyList<LoanInstalment> Instalments, Money Overpaid)
{
    public Money TotalInterest => Sum(instalment => instalment.Interest);

    public Money TotalDue => Sum(instalment => instalment.Total);

    public Money Paid => Sum(instalment => instalment.Paid);

    public Money PaidInAdvance => Sum(instalment => instalment.PaidInAdvance);

    public Money PaidLate => Sum(instalment => instalment.PaidLate);

    public Money Outstanding => TotalDue - Paid;

    /// <summary>The schedule as of a day. Until then interest is counted on the principal that was really owed, overdue or paid in advance; from then on all is expected to be paid when due.</summary>
    /// <param name="asOf">Later repayments are left out; drawdowns and changes of rate are known beforehand.</param>
    /// <exception cref="ArgumentException">The terms or facts cannot be.</exception>
    public static LoanSchedule Of(LoanTerms terms, LoanFacts facts, DateOnly asOf) => LoanReplay.Of(terms, facts, asOf).Schedule(asOf);

    /// <summary>What pays the loan off on a day, after what happened until then. After the last due day no more interest accrues.</summary>
    /// <param name="day">Later facts are left out.</param>
    /// <exception cref="ArgumentException">The terms or facts cannot be, or nothing is drawn until then.</exception>
    public static Payoff Payoff(LoanTerms terms, LoanFacts facts, DateOnly day)
    {
        var known = facts with { Drawdowns = [.. facts.Drawdowns.Where(drawn => drawn.Day <= day)], RateChanges = [.. facts.RateChanges.Where(change => change.From <= day)] };
        return LoanReplay.Of(terms, known, day).Payoff(day);
    }

    private Money Sum(Func<LoanInstalment, Money> part) => Instalments.Select(part).Aggregate((sum, next) => sum + next);
}
