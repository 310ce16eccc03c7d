using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Payouts;

/// <summary>Money on its way to a customer's bank card. Its id is the end-to-end id, fixed before the first send.</summary>
internal sealed record Payout(
    PayoutId Id,
    string Reference,
    CustomerId Customer,
    CardId Card,
    int CardVersion,
    Money Amount,
    LedgerAccountId ReturnTo,
    EntryKey FundedBy,
    BankProgress Progress,
    DateTimeOffset OrderedAt) : IRecord
{
    public string Key => Id.Value;

    /// <summary>When the bank settled it, by the Book's time.</summary>
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>When it was rejected or returned, by the Book's time.</summary>
    public DateTimeOffset? ReturnedAt { get; init; }

    public static Payout Order(PayoutId id, PayoutRequest request, DateTimeOffset now) => new(id, request.Reference, request.Customer, request.Card,
        request.CardVersion, request.Amount, request.ReturnTo, request.FundedBy, BankProgress.Start, now);

    public PayoutView View() => new(Id, Reference, Amount, Progress.Status, Progress.Reason, OrderedAt, SettledAt, ReturnedAt);
}

/// <summary>A payout as other capabilities and screens see it.</summary>
/// <param name="Reason">Why it was rejected or returned, as an ISO 20022 code; <see cref="BankReasons"/> puts it in words.</param>
internal sealed record PayoutView(
    PayoutId Id,
    string Reference,
    Money Amount,
    BankOrderStatus Status,
    string? Reason,
    DateTimeOffset OrderedAt,
    DateTimeOffset? SettledAt,
    DateTimeOffset? ReturnedAt);
