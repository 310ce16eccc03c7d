using Peony.Book;
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

/// <summary>A credit line as screens and other capabilities see it.</summary>
/// <param name="Owed">What is owed now.</param>
/// <param name="Available">Available credit (可用额度): what may still be bought on the line, besides the credit balance.</param>
/// <param name="CreditBalance">The credit balance (溢缴款) in all.</param>
/// <param name="CreditBalanceFree">The part of the credit balance that no hold sets aside.</param>
/// <param name="Reasons">Why the limit is what it is, in the customer's words.</param>
public sealed record CreditLineView(CustomerId Customer, Money Limit, Money Owed, Money Available, Money CreditBalance, Money CreditBalanceFree, DateTimeOffset OpenedAt,
    string TermsVersion, string RulesVersion, IReadOnlyList<CreditReason> Reasons);

/// <summary>One reason of a credit decision, in plain words of both languages, as the rule file said it on that day.</summary>
/// <param name="Rule">The rule's name in the file.</param>
/// <param name="Adds">What the rule added to the limit; zero for a rule that refused.</param>
public sealed record CreditReason(string Rule, Money Adds, string Zh, string En);

/// <param name="FromBalance">The part paid out of the credit balance.</param>
/// <param name="FromLine">The part bought on the line.</param>
public sealed record PurchaseView(PurchaseId Id, string Shop, Money Amount, Money FromBalance, Money FromLine, DateTimeOffset At);

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
}

/// <param name="ToOwed">What went against the debt; zero until settled.</param>
/// <param name="ToBalance">What was more than owed and became credit balance (溢缴款).</param>
/// <param name="BankReason">The bank's reason code of a failed collection.</param>
public sealed record RepaymentView(RepaymentId Id, RepaymentSource Source, string? Card, Money Amount, RepaymentState State, Money ToOwed, Money ToBalance,
    DateTimeOffset OrderedAt, DateTimeOffset? EndedAt, string? BankReason);
