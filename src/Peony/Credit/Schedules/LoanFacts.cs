using Peony.Ledger;

namespace Peony.Credit;

/// <summary>Money that moved on a day: drawn by the borrower, or repaid.</summary>
internal readonly record struct DatedAmount(DateOnly Day, Money Amount);

/// <summary>A new yearly rate. The first day that bears it is <paramref name="From"/>; a day's interest accrues over the night before it.</summary>
internal readonly record struct RateChange(DateOnly From, Rate Annual);

/// <summary>What happened to a loan, in any order. A schedule is computed from these and the terms, never from an earlier schedule.</summary>
/// <param name="Drawdowns">One or more, each within the periods of the terms; those of the future are planned.</param>
/// <param name="Repayments">None before the first drawdown.</param>
internal sealed record LoanFacts(IReadOnlyList<DatedAmount> Drawdowns, IReadOnlyList<DatedAmount> Repayments, IReadOnlyList<RateChange> RateChanges)
{
    /// <summary>The most a loan draws, in minor units: ten trillion yuan. Interest on it stays within decimals.</summary>
    public const long MostDrawn = 1_000_000_000_000_000;

    public static LoanFacts Drawn(DateOnly day, Money amount) => new([new(day, amount)], [], []);

    /// <summary>Says what is wrong with the facts.</summary>
    /// <exception cref="ArgumentException">Nothing is drawn or too much, an amount is not above zero, currencies differ, or a day is out of range.</exception>
    public void Check(LoanTerms terms)
    {
        if (Drawdowns.Count == 0)
        {
            throw new ArgumentException("Nothing is drawn.");
        }

        var currency = Drawdowns[0].Amount.Currency;
        foreach (var (day, amount) in Drawdowns.Concat(Repayments))
        {
            if (!amount.IsPositive || amount.Currency != currency)
            {
                throw new ArgumentException($"{amount} on {day:yyyy-MM-dd} is not an amount above zero in {currency}.");
            }
        }

        if (Drawdowns.Aggregate((Int128)0, (sum, drawn) => sum + drawn.Amount.Minor) > MostDrawn)
        {
            throw new ArgumentException($"More is drawn than {new Money(MostDrawn, currency)}.");
        }

        var (first, last) = (terms.Periods[0].From, terms.Periods[^1].Due);
        if (Drawdowns.Any(drawn => drawn.Day < first || drawn.Day > last))
        {
            throw new ArgumentException($"A drawdown is not between {first:yyyy-MM-dd} and {last:yyyy-MM-dd}, where instalments repay it.");
        }

        if (Repayments.Any(repaid => repaid.Day < Drawdowns.Min(drawn => drawn.Day)))
        {
            throw new ArgumentException("A repayment comes before the first drawdown.");
        }
    }
}
