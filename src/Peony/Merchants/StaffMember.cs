using System.Collections.Frozen;
using Peony.Book;
using Peony.Customers;

namespace Peony.Merchants;

public readonly record struct StaffId(string Value) : IId<StaffId>
{
    public static string Prefix => "stf";
    public static StaffId Of(string value) => new(value);
    public override string ToString() => Value;
}

/// <summary>What somebody is at a merchant.</summary>
public enum StaffRole
{
    /// <summary>Everything; a merchant always has one.</summary>
    Owner = 1,

    /// <summary>Looks at payments and money.</summary>
    Accountant = 2,

    /// <summary>Takes payments and gives them back.</summary>
    Supervisor = 3,

    /// <summary>Takes payments.</summary>
    Cashier = 4,
}

/// <summary>What somebody may do at a merchant; each act of the portal belongs to one.</summary>
public enum StaffRight
{
    SeeTrades = 1,
    Sell = 2,
    Refund = 3,
    SeeMoney = 4,
    ManageKeys = 5,
    ManageStaff = 6,
}

/// <summary>Who may do what: the one table of it.</summary>
internal static class StaffRights
{
    private static readonly FrozenDictionary<StaffRole, StaffRight[]> Table = new Dictionary<StaffRole, StaffRight[]>
    {
        [StaffRole.Owner] = Enum.GetValues<StaffRight>(),
        [StaffRole.Accountant] = [StaffRight.SeeTrades, StaffRight.SeeMoney],
        [StaffRole.Supervisor] = [StaffRight.SeeTrades, StaffRight.Sell, StaffRight.Refund],
        [StaffRole.Cashier] = [StaffRight.SeeTrades, StaffRight.Sell],
    }.ToFrozenDictionary();

    public static bool May(this StaffRole role, StaffRight right) => Table[role].Contains(right);
}

/// <summary>Somebody who works for a merchant: a customer who signs in as always and has a role here.</summary>
/// <param name="Name">As the merchant calls them, 1 to 64 characters.</param>
internal sealed record StaffMember(StaffId Id, MerchantId Merchant, CustomerId Customer, string Name, StaffRole Role, DateTimeOffset Since, DateTimeOffset? Until = null) : IRecord
{
    public string Key => Id.Value;

    /// <summary>The seat of a person at a merchant; null when it was given up, so that it may be taken again.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string? Seat => Until is null ? SeatOf(Merchant, Customer) : null;

    public static string SeatOf(MerchantId merchant, CustomerId customer) => $"{merchant.Value}/{customer.Value}";
}
