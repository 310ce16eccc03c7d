using Peony.Book;
using Peony.Customers;
using Peony.Ledger;
using Peony.Operators;

namespace Peony.Wallet.Disbursements;

public readonly record struct FundingId(string Value) : IId<FundingId>
{
    public static string Prefix => "fun";
    public static FundingId Of(string value) => new(value);
    public override string ToString() => Value;
}

public readonly record struct DisbursementId(string Value) : IId<DisbursementId>
{
    public static string Prefix => "dis";
    public static DisbursementId Of(string value) => new(value);
    public override string ToString() => Value;
}

public enum FundingState
{
    /// <summary>Waits for a second operator; nothing moved yet.</summary>
    Prepared = 1,

    /// <summary>The money is in the fund.</summary>
    Approved = 2,

    /// <summary>A second operator said no; nothing moved.</summary>
    Rejected = 3,
}

/// <summary>A funding (注资) as screens and the API see it.</summary>
/// <param name="Note">What it is for, in the words of who prepared it.</param>
/// <param name="DecidedBy">The second operator.</param>
/// <param name="Reason">Why it was rejected.</param>
public sealed record FundingView(FundingId Id, Money Amount, string Note, FundingState State, OperatorId PreparedBy, DateTimeOffset PreparedAt, OperatorId? DecidedBy,
    DateTimeOffset? DecidedAt, string? Reason);

/// <summary>One line of a disbursement: a customer's wallet by its ledger account, whose name is made once where the line is read and not in the writer, and what to pay into it.</summary>
internal readonly record struct DisbursementLine(LedgerAccountId Wallet, Money Amount)
{
    public static DisbursementLine To(CustomerId customer, Money amount) => new(WalletAccounts.Of(customer), amount);
}

/// <summary>Why a line was not paid.</summary>
public enum LineRefusal
{
    /// <summary>Nobody has a wallet under this id: it opens at its first use.</summary>
    WalletNotOpen = 1,

    /// <summary>The wallet was closed when its customer was erased.</summary>
    WalletClosed = 2,

    /// <summary>What was left in the fund did not cover the line.</summary>
    FundShort = 3,

    /// <summary>The amount is not above zero, or above the most of a line.</summary>
    AmountInvalid = 4,

    /// <summary>Wallets are in yuan and the amount is not.</summary>
    CurrencyDiffers = 5,
}

/// <summary>A line that was not paid, in few words, for there may be thousands.</summary>
/// <param name="Index">Its place among the lines sent, from 0.</param>
public readonly record struct UnpaidLine(int Index, LineRefusal Code);

/// <summary>What came of a disbursement. Every line that is not in <paramref name="Refused"/> was paid.</summary>
/// <param name="Lines">How many lines were sent.</param>
public sealed record Disbursed(DisbursementId Id, int Lines, int Paid, Money TotalPaid, IReadOnlyList<UnpaidLine> Refused);

/// <summary>A disbursement (发放) in a list.</summary>
/// <param name="Refused">How many lines were not paid.</param>
public sealed record DisbursementView(DisbursementId Id, string Purpose, OperatorId Operator, DateTimeOffset At, int Lines, int Paid, Money TotalPaid, int Refused);

/// <summary>A line that was not paid, with whom and how much it was for.</summary>
/// <param name="Index">Its place among the lines sent, from 0.</param>
public sealed record RefusedLine(int Index, LineRefusal Code, CustomerId Customer, Money Amount);

/// <summary>A disbursement with the lines that were not paid.</summary>
public sealed record DisbursementDetail(DisbursementView Disbursement, IReadOnlyList<RefusedLine> Refused);

/// <summary>The operator's own money set aside for disbursements (发放资金): what may still be paid out of it.</summary>
public sealed record FundView(Money Balance);
