using Peony.Book;
using Peony.Ledger;
using Peony.Operators;

namespace Peony.Wallet.Disbursements;

/// <summary>A disbursement (发放): many customers' wallets paid from the fund in one request, each line with its own result. Which wallets were paid stands in its entry.</summary>
/// <param name="Purpose">What customers read beside the money: <c>三月餐补</c>.</param>
internal sealed record Disbursement(DisbursementId Id, string Purpose, OperatorId Operator, DateTimeOffset At, int Lines, int Paid, Money TotalPaid) : IRecord
{
    public string Key => Id.Value;

    public DisbursementView View() => new(Id, Purpose, Operator, At, Lines, Paid, TotalPaid, Lines - Paid);
}

/// <summary>The lines of a disbursement that were not paid. A record of its own, kept only if there are any: lists of disbursements and customers' statements do without it.</summary>
internal sealed record DisbursementRefused(DisbursementId Id, IReadOnlyList<RefusedLine> Lines) : IRecord
{
    public string Key => Id.Value;
}
