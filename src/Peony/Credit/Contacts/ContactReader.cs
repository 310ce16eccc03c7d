using Peony.Book;
using Peony.Customers;

namespace Peony.Credit;

/// <summary>What pages and the API read of contacts.</summary>
internal static class ContactReader
{
    /// <summary>Contacts with a customer, newest first.</summary>
    public static async Task<IReadOnlyList<ContactView>> ListAsync(IBookReader reader, CustomerId customer, Page? page = null, CancellationToken cancel = default) =>
        [.. (await reader.ListAsync<Contact>(CreditReader.ByCustomer, customer.Value, page, cancel)).Select(contact => contact.View())];
}
