using Peony.Book;
using Peony.Customers;

namespace Peony.Merchants.Onboarding;

/// <summary>Applications, for their applicants and for operators.</summary>
internal sealed class ApplicationReader(IBookReader reader)
{
    /// <summary>The customer's newest application, or null.</summary>
    public async Task<ApplicationView?> NewestOfAsync(CustomerId customer, CancellationToken cancel = default) =>
        await reader.ListAsync<MerchantApplication>(MerchantsModule.ByCustomer, customer.Value, new Page(1), cancel) is [var newest] ? newest.View() : null;

    public async Task<ApplicationView?> FindAsync(MerchantApplicationId id, CancellationToken cancel = default) => (await reader.FindAsync<MerchantApplication>(id.Value, cancel))?.View();

    /// <summary>Those that wait for an operator, the oldest first.</summary>
    public async Task<IReadOnlyList<ApplicationView>> WaitingAsync(Page page, CancellationToken cancel = default) =>
        [.. (await reader.ListAsync<MerchantApplication>(MerchantsModule.ByState, MerchantsModule.Waiting, page, cancel)).Select(one => one.View())];

    /// <summary>All, the newest first.</summary>
    public async Task<IReadOnlyList<ApplicationView>> AllAsync(Page page, CancellationToken cancel = default) => [.. (await reader.ListAllAsync<MerchantApplication>(page, cancel)).Select(one => one.View())];
}
