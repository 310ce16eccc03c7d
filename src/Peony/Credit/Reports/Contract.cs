using Peony.Ledger;

namespace Peony.Credit;

/// <summary>A figure of a report beside the ledger's own: they are the same, or something is wrong.</summary>
/// <param name="Reported">What the report adds up to.</param>
/// <param name="Ledger">What the ledger's balances add up to, read by themselves.</param>
public sealed record TieOut(string Name, Money Reported, Money Ledger)
{
    public Money Difference => Reported - Ledger;
}

/// <summary>A ledger account, or all accounts of one kind that customers have.</summary>
/// <param name="Account">The account's name, <c>customer/*/wallet</c> for those of customers.</param>
/// <param name="Accounts">How many they are.</param>
/// <param name="Debit">The balance where it is on the debit side, else zero.</param>
/// <param name="Credit">The balance where it is on the credit side, else zero.</param>
public sealed record TrialRow(string Account, int Accounts, Money Debit, Money Credit);

/// <summary>The trial balance (试算平衡表): every balance on its side, and both sides are the same.</summary>
/// <param name="TieOuts">Debit against credit, one for each currency.</param>
public sealed record LedgerTrialBalance(DateTimeOffset At, IReadOnlyList<TrialRow> Rows, IReadOnlyList<TieOut> TieOuts);

/// <summary>The lines of one stage of being overdue, by what they owe.</summary>
/// <param name="Stage"><c>current</c>, or the stage's name in the product.</param>
public sealed record AgeingRow(string Stage, int Lines, Money Principal, Money Interest, Money Fees);

/// <summary>Portfolio at risk: the principal of lines overdue more than so many days, of all principal.</summary>
/// <param name="Ppm">Parts per million; 0 when nothing is owed.</param>
public sealed record PortfolioAtRisk(int MoreThanDays, int Lines, Money Principal, long Ppm);

/// <summary>The ageing (账龄) of what is owed, as the billing of all lines has it, against the ledger.</summary>
/// <param name="TieOuts">Principal, interest and fees.</param>
public sealed record Ageing(DateTimeOffset At, IReadOnlyList<AgeingRow> Rows, IReadOnlyList<PortfolioAtRisk> AtRisk, IReadOnlyList<TieOut> TieOuts);

/// <param name="Month">The first day of the month, by the business day something was charged for.</param>
public sealed record IncomeRow(DateOnly Month, Money Interest, Money LateFees, Money InstalmentFees, Money AdvanceFees);

/// <summary>What lines earned by month and kind, from the postings, against the balances of the income accounts.</summary>
public sealed record Income(DateTimeOffset At, IReadOnlyList<IncomeRow> Months, IReadOnlyList<TieOut> TieOuts);
