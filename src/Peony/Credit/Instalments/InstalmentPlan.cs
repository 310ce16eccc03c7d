using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>Purchases of a statement that were turned into instalments. A purchase in instalments from the start needs none: the purchase says it.</summary>
internal sealed record InstalmentPlan(PlanId Id, CustomerId Customer, Money Amount, int Periods, Money Fee, DateOnly Day, DateTimeOffset At) : IRecord
{
    public string Key => Id.Value;
}
