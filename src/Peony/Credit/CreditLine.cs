using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>
/// The open credit line of a customer; one each. What is owed stands in the ledger alone, so a purchase does not touch this record.
/// </summary>
/// <param name="Product">The version of the product the customer agreed to.</param>
/// <param name="Card">The card shown when the line was opened.</param>
/// <param name="Reasons">Why the limit is what it is.</param>
/// <param name="StoppedOn">The day its debt was written off: nothing more is bought on it.</param>
/// <param name="InstalmentsSince">When the customer agreed to instalments, at their first use.</param>
internal sealed record CreditLine(CustomerId Customer, Money Limit, CardId Card, AcceptedTerms Terms, string Product, string RulesVersion, IReadOnlyList<CreditReason> Reasons,
    DateTimeOffset OpenedAt, DateTimeOffset? InstalmentsSince = null, DateOnly? StoppedOn = null) : IRecord
{
    public string Key => Customer.Value;

    public CreditLineView View(CreditStand stand) => new(
        Customer,
        Limit,
        new Money(stand.Debt, Limit.Currency),
        new Money(stand.Owed.Balance, Limit.Currency),
        new Money(stand.Owed.Room, Limit.Currency),
        new Money(stand.Balance.Balance, Limit.Currency),
        new Money(stand.Balance.Available, Limit.Currency),
        OpenedAt,
        Terms.Version,
        RulesVersion,
        Product,
        Reasons);
}

/// <summary>The accounts of a line at one moment.</summary>
internal readonly record struct CreditStand(AccountState Owed, AccountState Interest, AccountState Fees, AccountState Balance)
{
    public static CreditStand Of(IWork work, CustomerId customer) => new(
        work.Account(CreditAccounts.Owed(customer)), work.Account(CreditAccounts.Interest(customer)), work.Account(CreditAccounts.Fees(customer)), work.Account(CreditAccounts.Balance(customer)));

    /// <summary>Everything owed: principal, interest and fees, minor units.</summary>
    public long Debt => Owed.Balance + Interest.Balance + Fees.Balance;
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
