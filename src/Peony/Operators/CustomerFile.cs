using Peony.Book;
using Peony.Customers;
using Peony.Customers.Verification;

namespace Peony.Operators;

/// <summary>
/// The only way of an operator to a customer's personal data: the view is recorded in the Book first, with its reason, and then the envelopes are opened.
/// </summary>
internal sealed class CustomerFile(IBook book, IBookReader reader, Secrets secrets, CustomerContacts contacts, SealedFiles files)
{
    /// <summary>Name, phone and ID number in clear.</summary>
    public async Task<Result<CustomerContact?>> OpenAsync(OperatorSessionId session, CustomerId customer, string reason, CancellationToken cancel = default) =>
        (await book.RunAsync(new RecordDataView(session, customer.Value, "contact", reason), cancel: cancel)).IsRefused(out var refusal, out _)
            ? refusal
            : await contacts.FindAsync(customer, cancel);

    /// <summary>A photo of the second verification level: <c>front</c>, <c>back</c> or <c>face</c>; null when there is none.</summary>
    public async Task<Result<byte[]?>> OpenPhotoAsync(OperatorSessionId session, CustomerId customer, string kind, string reason, CancellationToken cancel = default)
    {
        if ((await book.RunAsync(new RecordDataView(session, customer.Value, "photos", reason), cancel: cancel)).IsRefused(out var refusal, out _))
        {
            return refusal;
        }

        var name = (await reader.FindAsync<Customer>(customer.Value, cancel))?.Photos?.FirstOrDefault(photo => photo.StartsWith(kind + "-", StringComparison.Ordinal));
        return name is null ? (byte[]?)null : await files.ReadAsync(customer, name, cancel);
    }

    /// <summary>Finds a customer by id or by the whole phone number; the number is compared by its keyed hash and nothing is opened.</summary>
    public async Task<CustomerId?> FindAsync(string idOrPhone, CancellationToken cancel = default)
    {
        var text = idOrPhone.Trim();
        if (Ids.IsWellFormed<CustomerId>(text))
        {
            return await reader.FindAsync<Customer>(text, cancel) is { } customer ? customer.Id : null;
        }

        return Identifiers.MobileNumber.Parse(text).Number is { } phone
            && await reader.ListAsync<Customer>("phone", PersonalHashes.Phone(secrets, phone), new Page(1), cancel) is [{ } found]
            ? found.Id
            : null;
    }

    /// <summary>Who looked at this customer's data, newest first.</summary>
    public Task<IReadOnlyList<DataView>> ViewsAsync(CustomerId customer, Page? page = null, CancellationToken cancel = default) =>
        reader.ListAsync<DataView>("customer", customer.Value, page, cancel);
}
