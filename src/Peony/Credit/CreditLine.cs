using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>
/// The open credit line of a customer; one each. What is owed stands in the ledger alone, so a purchase does not touch this record.
/// </summary>
/// <param name="Card">The card shown when the line was opened.</param>
/// <param name="Reasons">Why the limit is what it is.</param>
internal sealed record CreditLine(CustomerId Customer, Money Limit, CardId Card, AcceptedTerms Terms, string RulesVersion, IReadOnlyList<CreditReason> Reasons,
    DateTimeOffset OpenedAt) : IRecord
{
    public string Key => Customer.Value;

    public CreditLineView View(AccountState owed, AccountState balance) => new(
        Customer,
        Limit,
        new Money(owed.Balance, Limit.Currency),
        new Money(owed.Room, Limit.Currency),
        new Money(balance.Balance, Limit.Currency),
        new Money(balance.Available, Limit.Currency),
        OpenedAt,
        Terms.Version,
        RulesVersion,
        Reasons);
}

/// <summary>An application for a credit line that was refused, with the reasons the customer was told.</summary>
internal sealed record RefusedApplication(CreditApplicationId Id, CustomerId Customer, CardId Card, string RulesVersion, IReadOnlyList<CreditReason> Reasons,
    DateTimeOffset At) : IRecord
{
    public string Key => Id.Value;
}

internal readonly record struct CreditApplicationId(string Value) : IId<CreditApplicationId>
{
    public static string Prefix => "capp";
    public static CreditApplicationId Of(string value) => new(value);
    public override string ToString() => Value;
}
