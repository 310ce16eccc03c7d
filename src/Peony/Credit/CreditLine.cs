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
/// <param name="OwedAbove">The most principal that was owed when it came to be above the limit, minor units: the limit was lowered, or a repayment was taken back. Nothing is bought until it is paid down, so more is never owed.</param>
/// <param name="FrozenAt">When an operator froze it: nothing is bought on it, and it is repaid as ever.</param>
/// <param name="OverdueSince">The due day of the oldest minimum missed, kept here so that a purchase need not load the billing.</param>
/// <param name="Cap">The spending cap the customer set.</param>
/// <param name="ClosedAt">When its owner closed it. It can be opened again by a new application, which takes this record's place.</param>
/// <param name="Origin">When and under which product it was first opened, where it was opened again: its facts count from there.</param>
internal sealed record CreditLine(CustomerId Customer, Money Limit, CardId Card, AcceptedTerms Terms, string Product, string RulesVersion, IReadOnlyList<CreditReason> Reasons,
    DateTimeOffset OpenedAt, DateTimeOffset? InstalmentsSince = null, DateOnly? StoppedOn = null, long? OwedAbove = null, DateTimeOffset? FrozenAt = null, DateOnly? OverdueSince = null,
    SpendingCap? Cap = null, DateTimeOffset? ClosedAt = null, LineOrigin? Origin = null) : IRecord
{
    public string Key => Customer.Value;

    public LineOrigin First() => Origin ?? new LineOrigin(OpenedAt, Product);

    /// <summary>The billing on the day it was first opened.</summary>
    public BillingState Start(CreditProducts products) => First().State ?? BillingState.Opened(products.Of(First().Product).DayOf(First().OpenedAt));

    public bool IsOpen => ClosedAt is null;

    /// <summary>The limit it was opened with: what its reasons add up to.</summary>
    public Money Granted() => Reasons.Aggregate(Money.Zero(Limit.Currency), (sum, reason) => sum + reason.Adds);

    /// <summary>The limit, where operators lowered it below what was granted; else null.</summary>
    public Money? Lowered() => Limit < Granted() ? Limit : null;

    /// <summary>The ceiling of the account of what is owed, minor units.</summary>
    public long Ceiling => IsOpen ? Limit.Minor : 0;

    /// <summary>The most principal that can be owed now, minor units: the limit, or what came to be owed above it.</summary>
    public long MostOwed => Math.Max(Ceiling, OwedAbove ?? 0);

    /// <param name="owed">The principal owed now, with what is pending, minor units.</param>
    public CreditLine WithLimit(Money limit, long owed) => (this with { Limit = limit, OwedAbove = null }).WithOwed(owed);

    /// <summary>After more came to be owed by something else than buying.</summary>
    /// <param name="owed">The principal owed now, with what is pending, minor units.</param>
    public CreditLine WithOwed(long owed) => owed > MostOwed ? this with { OwedAbove = owed } : this;

    /// <summary>Follows the billing: since when a minimum has been missing, or null.</summary>
    public CreditLine WithOverdue(DateOnly? since) => since == OverdueSince ? this : this with { OverdueSince = since };

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
        Reasons,
        FrozenAt,
        ClosedAt);
}

/// <summary>Where the facts of a line begin.</summary>
/// <param name="Product">The version of the product.</param>
/// <param name="State">Where it stood then, if it was taken over from elsewhere; null for a line that began with nothing.</param>
internal sealed record LineOrigin(DateTimeOffset OpenedAt, string Product, BillingState? State = null);

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
