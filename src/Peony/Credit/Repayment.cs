using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>How a repayment divides: what is owed first, the rest becomes credit balance (溢缴款).</summary>
internal readonly record struct RepaymentShares(Money ToOwed, Money ToBalance)
{
    /// <param name="owed">What is owed and not already being repaid, minor units.</param>
    public static RepaymentShares Of(Money amount, long owed)
    {
        var toOwed = new Money(Math.Min(amount.Minor, owed), amount.Currency);
        return new RepaymentShares(toOwed, amount - toOwed);
    }
}

/// <summary>
/// A repayment (还款). From the wallet it is settled at once; from a card it is ordered, and settled or failed as the bank says. Both ends are final.
/// </summary>
internal sealed record Repayment(
    RepaymentId Id,
    CustomerId Customer,
    RepaymentSource Source,
    CardView? Card,
    Money Amount,
    RepaymentState State,
    Money ToOwed,
    Money ToBalance,
    DateTimeOffset OrderedAt,
    DateTimeOffset? EndedAt,
    string? BankReason) : IRecord
{
    public string Key => Id.Value;

    private const string ReferencePrefix = "repayment/";

    /// <summary>What the collection at the bank is for.</summary>
    public string Reference() => ReferencePrefix + Id.Value;

    /// <summary>The repayment a collection is for, or null when it is for something else.</summary>
    public static RepaymentId? OfReference(string reference) =>
        reference.StartsWith(ReferencePrefix, StringComparison.Ordinal) ? new RepaymentId(reference[ReferencePrefix.Length..]) : null;

    public static Repayment FromWallet(RepaymentId id, CustomerId customer, Money amount, RepaymentShares shares, DateTimeOffset now) =>
        new(id, customer, RepaymentSource.Wallet, Card: null, amount, RepaymentState.Settled, shares.ToOwed, shares.ToBalance, now, now, BankReason: null);

    public static Repayment OrderFromCard(RepaymentId id, CustomerId customer, CardView card, Money amount, DateTimeOffset now)
    {
        var nothing = Money.Zero(amount.Currency);
        return new Repayment(id, customer, RepaymentSource.Card, card, amount, RepaymentState.Ordered, nothing, nothing, now, EndedAt: null, BankReason: null);
    }

    /// <summary>The bank collected. The shares are taken from the debt of this moment, not of the order's.</summary>
    public Result<Repayment> Settle(RepaymentShares shares, DateTimeOffset now) => State switch
    {
        RepaymentState.Ordered => this with { State = RepaymentState.Settled, ToOwed = shares.ToOwed, ToBalance = shares.ToBalance, EndedAt = now },
        RepaymentState.Settled => this,
        RepaymentState.Failed => CreditRefusals.RepaymentEnded,
    };

    public Result<Repayment> Fail(string bankReason, DateTimeOffset now) => State switch
    {
        RepaymentState.Ordered => this with { State = RepaymentState.Failed, BankReason = bankReason, EndedAt = now },
        RepaymentState.Failed => this,
        RepaymentState.Settled => CreditRefusals.RepaymentEnded,
    };

    public RepaymentView View() =>
        new(Id, Source, Card is null ? null : $"{Card.Bank} ··{Card.LastFour}", Amount, State, ToOwed, ToBalance, OrderedAt, EndedAt, BankReason);
}
