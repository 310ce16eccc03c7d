using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Payouts;

/// <summary>Money on its way from a customer's bank card to us: a top-up or a repayment. Its id is the end-to-end id, fixed before the first send.</summary>
internal sealed record Collection(
    CollectionId Id,
    string Reference,
    CustomerId Customer,
    CardId Card,
    int CardVersion,
    Money Amount,
    LedgerAccountId CreditTo,
    BankProgress Progress,
    DateTimeOffset OrderedAt) : IRecord
{
    public string Key => Id.Value;

    /// <summary>Debited when the bank takes back what it has collected; null when that is an operator's case.</summary>
    public LedgerAccountId? ReturnedTo { get; init; }

    /// <summary>When it was settled or failed, by the Book's time.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When the bank took the money back.</summary>
    public DateTimeOffset? ReturnedAt { get; init; }

    public static Collection Order(CollectionId id, CollectionRequest request, DateTimeOffset now) =>
        new(id, request.Reference, request.Customer, request.Card, request.CardVersion, request.Amount, request.CreditTo, BankProgress.Start, now) { ReturnedTo = request.ReturnedTo };

    public BankProgress After(BankAnswer answer) => Progress.Status == BankOrderStatus.Settled && answer.Said == BankSaid.Rejected && ReturnedTo is null
        ? Progress with { Contradiction = "rejected after settled" }
        : Progress.After(answer);

    public CollectionView View() => new(Id, Reference, Amount, Progress.Status, Progress.Reason, OrderedAt, EndedAt);
}

/// <summary>A collection as other capabilities and screens see it.</summary>
internal sealed record CollectionView(
    CollectionId Id,
    string Reference,
    Money Amount,
    BankOrderStatus Status,
    string? Reason,
    DateTimeOffset OrderedAt,
    DateTimeOffset? EndedAt);
