using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

public readonly record struct PurchaseId(string Value) : IId<PurchaseId>
{
    public static string Prefix => "pur";
    public static PurchaseId Of(string value) => new(value);
    public override string ToString() => Value;
}

public readonly record struct RepaymentId(string Value) : IId<RepaymentId>
{
    public static string Prefix => "rep";
    public static RepaymentId Of(string value) => new(value);
    public override string ToString() => Value;
}

public readonly record struct StatementId(string Value) : IId<StatementId>
{
    public static string Prefix => "st";
    public static StatementId Of(string value) => new(value);
    public override string ToString() => Value;
}

public readonly record struct RefundId(string Value) : IId<RefundId>
{
    public static string Prefix => "ref";
    public static RefundId Of(string value) => new(value);
    public override string ToString() => Value;
}

/// <param name="Choice">What it did to instalments to come; null for a purchase that is not in instalments.</param>
/// <param name="ToDebt">What went against the debt, instalments to come among it.</param>
/// <param name="ToBalance">What was more than owed and became credit balance.</param>
public sealed record RefundView(RefundId Id, PurchaseId Purchase, Money Amount, RefundChoice? Choice, Money ToDebt, Money ToBalance, DateTimeOffset At);

/// <summary>What a refund of a purchase in instalments would do.</summary>
/// <param name="Parts">The instalments that would be left, the next one first.</param>
/// <param name="SavesFee">What of the fee would not be billed.</param>
/// <param name="ToBalance">What would become credit balance.</param>
/// <param name="Payable">What would be left to pay of the bill.</param>
public sealed record RefundPreview(RefundChoice Choice, IReadOnlyList<InstalmentPart> Parts, Money SavesFee, Money ToBalance, Money Payable);

public readonly record struct PlanId(string Value) : IId<PlanId>
{
    public static string Prefix => "plan";
    public static PlanId Of(string value) => new(value);
    public override string ToString() => Value;
}

/// <summary>A credit line as screens and other capabilities see it.</summary>
/// <param name="Owed">What is owed now: principal, interest and fees.</param>
/// <param name="Principal">The part of it that counts against the limit.</param>
/// <param name="Available">Available credit (可用额度): what may still be bought on the line, besides the credit balance.</param>
/// <param name="CreditBalance">The credit balance (溢缴款) in all.</param>
/// <param name="CreditBalanceFree">The part of the credit balance that no hold sets aside.</param>
/// <param name="Reasons">Why the limit was granted, in the customer's words; later changes are in the history.</param>
/// <param name="FrozenAt">When an operator froze it; null when it is not frozen.</param>
/// <param name="ClosedAt">When its owner closed it; null while it is open.</param>
public sealed record CreditLineView(CustomerId Customer, Money Limit, Money Owed, Money Principal, Money Available, Money CreditBalance, Money CreditBalanceFree, DateTimeOffset OpenedAt,
    string TermsVersion, string RulesVersion, string Product, IReadOnlyList<CreditReason> Reasons, DateTimeOffset? FrozenAt, DateTimeOffset? ClosedAt);

/// <summary>One reason of a credit decision, in plain words of both languages, as the rule file said it on that day.</summary>
/// <param name="Rule">The rule's name in the file.</param>
/// <param name="Adds">What the rule added to the limit; zero for a rule that refused.</param>
public sealed record CreditReason(string Rule, Money Adds, string Zh, string En);

/// <param name="FromBalance">The part paid out of the credit balance.</param>
/// <param name="FromLine">The part bought on the line.</param>
/// <param name="Periods">In how many instalments it is paid; null when with the next statement.</param>
public sealed record PurchaseView(PurchaseId Id, string Shop, Money Amount, Money FromBalance, Money FromLine, int? Periods, DateTimeOffset At);

/// <summary>A line's bill at this moment.</summary>
/// <param name="Statement">The last statement, or null before the first.</param>
/// <param name="Payable">What is left of it and of everything before: paid by the due day, no interest accrues on it.</param>
/// <param name="MinimumLeft">The least that must still be paid, with minimums missed.</param>
/// <param name="DueDay">When the last statement is due; null when that has passed or nothing is asked for.</param>
/// <param name="Overdue">What is missing of minimums whose due day has passed.</param>
/// <param name="Stage">The stage of being overdue (M1, …), empty when nothing is.</param>
/// <param name="Unbilled">What no statement has asked for yet.</param>
/// <param name="InPlans">Parts of instalment plans still to be billed, with their fees.</param>
/// <param name="Accrued">Interest accrued and not charged yet, whole minor units.</param>
/// <param name="WrittenOff">What was written off and not repaid since.</param>
/// <param name="NextStatementDay">The day at whose end the next statement is cut.</param>
public sealed record BillView(StatementId? Statement, Money Payable, Money MinimumLeft, DateOnly? DueDay, Money Overdue, int DaysPastDue, string Stage, Money Unbilled, Money InPlans, Money Accrued,
    Money WrittenOff, DateOnly NextStatementDay);

/// <summary>A statement (账单): what happened from the first to the last day it covers, and what it asks for.</summary>
/// <param name="DueDay">When it is to be paid; where an extension was granted, the day that moved to.</param>
/// <param name="Minimum">The least that must be paid by the due day, with minimums missed before.</param>
/// <param name="Previous">What the statement before asked for.</param>
/// <param name="PlanParts">Principal of instalments.</param>
/// <param name="ToPlans">What was turned into instalments, and so is not asked for any more.</param>
/// <param name="Reclaimed">What was spent of credit balance that was not there after all, because the repayment it came from was taken back.</param>
/// <param name="CorrectedAt">When it was last corrected, because something of its days became known later; null when it never was.</param>
/// <param name="TotalBefore">What it asked for before that.</param>
/// <param name="ExtendedFrom">The due day it had before an extension was granted; null without one.</param>
public sealed record StatementView(StatementId Id, DateOnly From, DateOnly Day, DateOnly DueDay, Money Total, Money Minimum, Money Overdue, Money Previous, Money Purchases, Money Advances,
    Money PlanParts, Money Interest, Money Fees, Money Repaid, Money Refunded, Money ToPlans, Money Reclaimed, DateTimeOffset? CorrectedAt, Money? TotalBefore,
    DateOnly? ExtendedFrom);

/// <summary>What is due on a day.</summary>
/// <param name="Amount">All of its parts together.</param>
public sealed record DueView(DateOnly Day, Money Amount, IReadOnlyList<DuePart> Parts);

/// <summary>Why something is due.</summary>
public enum DueKind
{
    /// <summary>The due day has passed; it is due now and bears interest.</summary>
    Past = 1,

    /// <summary>What is left of the last statement.</summary>
    Statement,

    /// <summary>An instalment that a statement to come bills.</summary>
    Instalment,

    /// <summary>What the next statement will ask for, as far as it is known: bought, charged or accrued since the last.</summary>
    Unbilled,
}

/// <summary>One thing that is due.</summary>
/// <param name="Interest">The part of the amount that is interest.</param>
/// <param name="Fees">The part of the amount that is fees.</param>
/// <param name="Statement">The statement that asks for it.</param>
/// <param name="Plan">The plan of an instalment, or the purchase that was made in instalments.</param>
/// <param name="Number">Which instalment it is, from 1.</param>
/// <param name="Periods">Of how many.</param>
public sealed record DuePart(DueKind Kind, Money Amount, Money Interest, Money Fees, StatementId? Statement = null, string? Plan = null, int? Number = null, int? Periods = null);

/// <summary>What a repayment would do, and what leaving the rest unpaid would cost up to a statement.</summary>
/// <param name="ToBalance">What would be more than owed.</param>
/// <param name="PayableAfter">What would be left to pay for no interest to accrue.</param>
/// <param name="MinimumAfter">What would be missing of the minimum.</param>
/// <param name="Interest">Interest that the statement of <paramref name="Until"/> would charge if nothing more is bought or paid.</param>
/// <param name="LateFees">Late fees until then.</param>
public sealed record RepaymentPreview(Money Amount, Money ToDebt, Money ToBalance, Money PayableAfter, Money MinimumAfter, Money Interest, Money LateFees, DateOnly Until);

/// <param name="Card">The card it collects from; null when it is off.</param>
/// <param name="IsMinimumOnly">Collects the minimum instead of all that is payable.</param>
public sealed record AutoRepaymentView(CardId? Card, bool IsMinimumOnly);

/// <param name="Principal">The part of the amount paid with it.</param>
/// <param name="Fee">The part of the fee billed with it.</param>
public sealed record InstalmentPart(Money Principal, Money Fee);

/// <summary>What an amount would cost in instalments.</summary>
/// <param name="Fee">In all; zero where the merchant bears it.</param>
/// <param name="AnnualSimplePpm">The annualised rate, monthly internal rate of return times 12, parts per million.</param>
/// <param name="AnnualCompoundPpm">The same compounded.</param>
/// <param name="Parts">One for each statement, the next one first.</param>
public sealed record InstalmentOffer(int Periods, Money Amount, Money Fee, long AnnualSimplePpm, long AnnualCompoundPpm, IReadOnlyList<InstalmentPart> Parts);

/// <summary>An instalment plan of which parts are still to be billed.</summary>
/// <param name="Id">The plan's, or the purchase's when it was bought in instalments.</param>
/// <param name="Principal">Principal no statement has billed yet.</param>
/// <param name="Fee">Fee no statement has billed yet.</param>
/// <param name="Payoff">What paying it off now costs; it holds until the next statement.</param>
/// <param name="Saves">What of the fee that saves.</param>
public sealed record PlanView(string Id, Money Principal, Money Fee, IReadOnlyList<InstalmentPart> Parts, DateOnly NextDay, Money Payoff, Money Saves);

/// <summary>Where a repayment comes from.</summary>
public enum RepaymentSource
{
    Wallet = 1,
    Card = 2,
}

public enum RepaymentState
{
    /// <summary>The bank was asked to collect from the card; nothing moved yet.</summary>
    Ordered = 1,

    /// <summary>The money came; what was owed went down and the rest became credit balance.</summary>
    Settled = 2,

    /// <summary>The bank did not collect; nothing moved.</summary>
    Failed = 3,

    /// <summary>The bank took back what it had collected; the line is as if it had never been repaid.</summary>
    Returned = 4,
}

/// <param name="ToOwed">What went against the debt; zero until settled.</param>
/// <param name="ToInterest">The part of it that was interest.</param>
/// <param name="ToFees">The part of it that was fees.</param>
/// <param name="ToBalance">What was more than owed and became credit balance (溢缴款).</param>
/// <param name="BankReason">The bank's reason code of a failed collection.</param>
public sealed record RepaymentView(RepaymentId Id, RepaymentSource Source, string? Card, Money Amount, RepaymentState State, Money ToOwed, Money ToInterest, Money ToFees, Money ToBalance,
    DateTimeOffset OrderedAt, DateTimeOffset? EndedAt, string? BankReason);
