using Peony.Book;
using Peony.Customers;

namespace Peony.Credit;

/// <summary>Where a customer's line stands, as <see cref="BillingRun"/> left it. It may lag behind the day: whoever needs it brings it up first (<see cref="LineBilling"/>).</summary>
internal sealed record CreditBilling(CustomerId Customer, BillingState State) : IRecord
{
    public string Key => Customer.Value;
}

/// <summary>A statement (账单) of a line.</summary>
/// <param name="Product">The version of the product it was made by.</param>
internal sealed record Statement(StatementId Id, CustomerId Customer, string Product, StatementCut Cut, DateTimeOffset At) : IRecord
{
    public string Key => Id.Value;
}
