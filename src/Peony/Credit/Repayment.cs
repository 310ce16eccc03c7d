using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>
/// A repayment (还款). From the wallet it is settled at once; from a card it is ordered, and settled or failed as the bank says; the bank may take the money back after that.
/// </summary>
/// <param name="Split">How it divided over the line; nothing until the money came.</param>
/// <param name="PaidOff">The plan that it paid off early: then it went through no statement.</param>
internal sealed record Repayment(
    RepaymentId Id,
    CustomerId Customer,
    RepaymentSource Source,
    CardView? Card,
    Money Amount,
    RepaymentState State,
    RepaymentSplit Split,
    DateTimeOffset OrderedAt,
    DateTimeOffset? EndedAt,
    string? BankReason,
    string? PaidOff = null) : IRecord
{
    public string Key => Id.Value;

    /// <summary>When the bank took the money back.</summary>
    public DateTimeOffset? ReturnedAt { get; init; }

    private const string ReferencePrefix = "repayment/";

    /// <summary>What the collection at the bank is for.</summary>
    public string Reference() => ReferencePrefix + Id.Value;

    /// <summary>The repayment a collection is for, or null when it is for something else.</summary>
    public static RepaymentId? OfReference(string reference) =>
        reference.StartsWith(ReferencePrefix, StringComparison.Ordinal) ? new RepaymentId(reference[ReferencePrefix.Length..]) : null;

    public static Repayment FromWallet(RepaymentId id, CustomerId customer, Money amount, RepaymentSplit split, DateTimeOffset now) =>
        new(id, customer, RepaymentSource.Wallet, Card: null, amount, RepaymentState.Settled, split, now, now, BankReason: null);

    public static Repayment OrderFromCard(RepaymentId id, CustomerId customer, CardView card, Money amount, DateTimeOffset now) =>
        new(id, customer, RepaymentSource.Card, card, amount, RepaymentState.Ordered, default, now, EndedAt: null, BankReason: null);

    /// <summary>The bank collected.</summary>
    /// <param name="take">Puts the money against the line; called when it was not before.</param>
    public Result<Repayment> Settle(Func<RepaymentSplit> take, DateTimeOffset now) => State switch
    {
        RepaymentState.Ordered => this with { State = RepaymentState.Settled, Split = take(), EndedAt = now },
        RepaymentState.Settled or RepaymentState.Returned => this,
        RepaymentState.Failed => CreditRefusals.RepaymentEnded,
    };

    /// <summary>The bank took back what it had collected: the repayment never was.</summary>
    public Result<Repayment> Return(string bankReason, DateTimeOffset now) => State switch
    {
        RepaymentState.Settled => this with { State = RepaymentState.Returned, BankReason = bankReason, ReturnedAt = now },
        RepaymentState.Returned => this,
        RepaymentState.Ordered or RepaymentState.Failed => CreditRefusals.RepaymentEnded,
    };

    public Result<Repayment> Fail(string bankReason, DateTimeOffset now) => State switch
    {
        RepaymentState.Ordered => this with { State = RepaymentState.Failed, BankReason = bankReason, EndedAt = now },
        RepaymentState.Failed => this,
        RepaymentState.Settled or RepaymentState.Returned => CreditRefusals.RepaymentEnded,
    };

    public RepaymentView View() =>
        new(Id, Source, Card is null ? null : $"{Card.Bank} ··{Card.LastFour}", Amount, State, Part(Split.ToDebt), Part(Split.ToInterest), Part(Split.ToFees), Part(Split.ToBalance), OrderedAt, EndedAt,
            BankReason);

    private Money Part(long minor) => new(minor, Amount.Currency);
}
