using Peony.Book;
using Peony.Customers;

namespace Peony.Merchants;

/// <summary>A merchant as its people see it.</summary>
/// <param name="Number">16 digits: the seller id on the wire.</param>
/// <param name="RatePpm">The fee on a payment, parts per million.</param>
public sealed record MerchantView(MerchantId Id, string Number, string Name, MerchantCategory Category, MerchantState State, long RatePpm, IReadOnlyList<MerchantProduct> Products);

/// <summary>A merchant somebody works for, and as what.</summary>
public sealed record Workplace(MerchantView Merchant, StaffRole Role)
{
    public bool May(StaffRight right) => Role.May(right);
}

/// <summary>Somebody who works for a merchant, as its owner sees them.</summary>
internal sealed record StaffView(StaffId Id, CustomerId Customer, string Name, StaffRole Role, DateTimeOffset Since);

/// <summary>Who works where.</summary>
internal sealed class StaffReader(IBookReader reader)
{
    private static readonly Page Many = new(500, NewestFirst: false);

    /// <summary>Where a customer works, in the order in which they came there.</summary>
    public async Task<IReadOnlyList<Workplace>> WorkplacesAsync(CustomerId customer, CancellationToken cancel = default)
    {
        var found = new List<Workplace>();
        foreach (var member in (await reader.ListAsync<StaffMember>(MerchantsModule.ByCustomer, customer.Value, Many, cancel)).Where(member => member.Until is null))
        {
            found.Add(new Workplace(await ViewAsync(member.Merchant, cancel), member.Role));
        }

        return found;
    }

    /// <summary>The merchant of this number, when the customer works there; null otherwise.</summary>
    public async Task<Workplace?> FindAsync(CustomerId customer, string number, CancellationToken cancel = default) =>
        (await WorkplacesAsync(customer, cancel)).FirstOrDefault(place => place.Merchant.Number == number);

    /// <summary>Who works for a merchant now.</summary>
    public async Task<IReadOnlyList<StaffView>> OfAsync(MerchantId merchant, CancellationToken cancel = default) =>
        [.. (await reader.ListAsync<StaffMember>(MerchantsModule.ByMerchant, merchant.Value, Many, cancel)).Where(member => member.Until is null)
            .Select(member => new StaffView(member.Id, member.Customer, member.Name, member.Role, member.Since))];

    private async Task<MerchantView> ViewAsync(MerchantId id, CancellationToken cancel)
    {
        var merchant = await reader.FindAsync<Merchant>(id.Value, cancel) ?? throw new InvalidOperationException($"{id} has staff and is not there.");
        return new MerchantView(merchant.Id, merchant.Number, merchant.Name, merchant.Category, merchant.State, merchant.RatePpm, merchant.Products);
    }
}
